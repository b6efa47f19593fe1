"""How place names are compared: tokens, keys that ignore spelling habits, typo distance."""

import re
import unicodedata

from rapidfuzz.distance import OSA

MAX_CHARACTERS = 300  # a place fits in far less; caps the work on pasted text
MAX_TOKENS = 40

BOUNDARY = ","

# Written forms of words inside names, met in the official list or in messages.
ABBREVIATIONS = {
    "sei": "sungai",
    "sungei": "sungai",
    "sei2": "sungai",
    "tj": "tanjung",
    "tjg": "tanjung",
    "tjung": "tanjung",
    "tanjong": "tanjung",
    "gn": "gunung",
    "gng": "gunung",
    "gng2": "gunung",
    "kp": "kampung",
    "kpg": "kampung",
    "kamp": "kampung",
    "kampong": "kampung",
    "lbk": "lubuk",
    "mns": "meunasah",
    "perk": "perkebunan",
    "psr": "pasar",
    "sp": "simpang",
    "tlk": "teluk",
    "bkt": "bukit",
    "tbg": "tebing",
    "pem": "pematang",
    "kep": "kepulauan",
    "pulo": "pulau",
    "bdr": "bandar",
    "utr": "utara",
    "slt": "selatan",
    "sltn": "selatan",
    "sel": "selatan",
    "tmr": "timur",
    "tim": "timur",
    "brt": "barat",
    "tgh": "tengah",
    "teng": "tengah",
    "dlm": "dalam",
    "bahru": "baru",
    "baharu": "baru",
}

_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_COUNTING = "satu dua tiga empat lima enam tujuh delapan"
ROMAN = {word: str(value) for value, word in enumerate(_ROMAN.split(), start=1)}
NUMBER_WORDS = {word: str(value) for value, word in enumerate(_COUNTING.split(), start=1)}
_WRITTEN_OUT = ABBREVIATIONS | ROMAN

_TOKEN = re.compile(r"[a-z]+|[0-9]+|[,;\n()/]")
_DOUBLED = re.compile(r"([a-z])\1+")
_OLD_SPELLING = (
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("dh", "d"),
    ("th", "t"),
    ("bh", "b"),
    ("kh", "k"),
    ("v", "p"),
    ("f", "p"),
)
_HABIT = re.compile(r"oe|dj|tj|dh|th|bh|kh|v|f|([a-z])\1")
_DIGITS = re.compile(r"[0-9]+")


def tokenize(text: str) -> list[str]:
    """Lower-case words and numbers of a text, in order; commas and their like become BOUNDARY."""
    plain = text[:MAX_CHARACTERS]
    if plain.isascii() and plain.replace(" ", "").isalpha():
        return plain.lower().split()[:MAX_TOKENS]
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
    plain = plain.casefold().translate(_DROPPED)
    found = _TOKEN.findall(plain)[:MAX_TOKENS]
    return [word if word.isalnum() else BOUNDARY for word in found]


_DROPPED = {ord(mark): None for mark in "'’‘`´ʼ\u0300\u0301\u0302\u0303\u0308"}


def name_key(words: list[str]) -> str:
    """One string for a name: abbreviations written out, numerals as digits, joined."""
    return "".join(_written_out(words))


def _written_out(words: list[str]) -> list[str]:
    parts = [_WRITTEN_OUT.get(word, word) for word in words]
    if len(parts) > 1:
        parts[-1] = NUMBER_WORDS.get(parts[-1], parts[-1])
    return parts


def loose_key(words: list[str]) -> str:
    """The key with old spellings modernised and doubled letters single ("Soemberredjo")."""
    return "".join(_modern(word) for word in _written_out(words))


def _modern(word: str) -> str:
    if not _HABIT.search(word):
        return word
    for old, new in _OLD_SPELLING:
        if old in word:
            word = word.replace(old, new)
    return _DOUBLED.sub(r"\1", word)


def slips(length: int) -> int:
    """How many typing slips a name of this length may carry and still be recognised."""
    if length < 5:
        return 0
    return 1 if length < 9 else 2


def typo_distance(first: str, second: str, *, limit: int) -> int:
    """Typing slips between two keys, limit + 1 when more; differing numbers never match."""
    if first[:1] != second[:1] and first[1:2] != second[1:2]:
        return limit + 1
    if _DIGITS.findall(first) != _DIGITS.findall(second):
        return limit + 1
    return OSA.distance(first, second, score_cutoff=limit)


def is_contraction(short: str, name: str) -> bool:
    """Whether `short` is `name` with letters left out but no consonant added ("bnyuwngi")."""
    if len(short) < 4 or not short.isalpha() or short[0] != name[0] or short[-1] != name[-1]:
        return False
    letters = iter(name)
    return _consonants(short) == _consonants(name) and all(letter in letters for letter in short)


def _consonants(key: str) -> str:
    return "".join(letter for letter in key if letter not in "aeiou")
