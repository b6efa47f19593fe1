"""Villagers' spelling in standard Indonesian: tokens with their place in the message.

Order of attempts for a word: stated phrases and synonyms, regional words of the guessed language,
slang, standard Indonesian; then the same for the word without stretched letters ("paspooor"),
with letters for digits ("b3rapa"), and for its part before an ending ("brpnya"). A word that
nothing explains stays as it was typed.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.text_concepts import Concepts
from knowledge.text_language import INDONESIAN, Lexicon
from knowledge.text_repair import Affixes, Shortened
from knowledge.text_stem import Stemmer

# Longest message looked at: about two screens, near Telegram's limit of 4,096 characters.
MAX_CHARS = 4_000
CACHE_WORDS = 20_000
_DROPPED = frozenset({"Cf", "Cs", "Co", "Cn", "Mn", "Me"})  # marks, surrogates, unassigned
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*[^\W\d_]*|[^\W_]+(?:['’`-][^\W_]+)*['’]?")
_AMOUNT = re.compile(r"(rp|rm|nt|sr|usd|hkd|sgd)?(\d+(?:[.,]\d+)*)([a-z]*)")
_TWICE = re.compile(r"([a-z]{3,})2(an|nya|in)?")
_STRETCHED = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"([a-z])\1+")
_ENDING = re.compile(r"(.{2,})(nya|ny|kah|lah|kan|ku|mu)")
_LEET = str.maketrans("013457", "oieast")
MIN_LEET_CHARS = 4
UNITS = {
    "jt": "juta",
    "jta": "juta",
    "juta": "juta",
    "rb": "ribu",
    "rbu": "ribu",
    "ribu": "ribu",
    "k": "ribu",
    "th": "tahun",
    "thn": "tahun",
    "taun": "tahun",
    "tahun": "tahun",
    "bl": "bulan",
    "bln": "bulan",
    "bulan": "bulan",
    "mgg": "minggu",
    "minggu": "minggu",
    "hr": "hari",
    "hri": "hari",
    "hari": "hari",
    "jam": "jam",
    "org": "orang",
    "orang": "orang",
    "x": "kali",
    "kali": "kali",
    "kg": "kg",
    "rm": "ringgit",
    "ringgit": "ringgit",
    "nt": "nt",
    "dolar": "dolar",
    "riyal": "riyal",
    "yen": "yen",
    "won": "won",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number: raw = text[start:end], norm = lower-case standard Indonesian.

    `norm` may hold several words ("gabisa" -> "tidak bisa"), and one token may span several
    ("buku ijo" -> "paspor").
    """

    raw: str
    norm: str
    start: int
    end: int


def clean(text: str) -> str:
    """`text` without control and invisible characters, NFKC, single spaces, at most MAX_CHARS."""
    folded = unicodedata.normalize("NFKC", text[:MAX_CHARS])
    kept = (
        " " if unicodedata.category(char) == "Cc" else char
        for char in folded
        if unicodedata.category(char) not in _DROPPED
    )
    return " ".join("".join(kept).split())[:MAX_CHARS].rstrip()


def fold(word: str) -> str:
    """`word` in lower case without diacritics, apostrophes in one form."""
    lowered = word.lower().replace("’", "'").replace("`", "'")
    if lowered.isascii():
        return lowered
    parts = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in parts if not unicodedata.combining(char)) or lowered


class Words:
    """The word lists, read once by `load` and passed around."""

    def __init__(
        self,
        *,
        slang: Mapping[str, str],
        synonyms: Mapping[tuple[str, ...], str],
        lexicon: Lexicon,
        stemmer: Stemmer,
        stopwords: frozenset[str] = frozenset(),
        openings: frozenset[tuple[str, ...]] = frozenset(),
        affixes: Affixes,
        shortened: Shortened,
        concepts: Concepts,
        polite: frozenset[str] = frozenset(),
    ) -> None:
        self.polite = polite
        self.concepts = concepts
        self.stopwords = stopwords
        self._affixes = affixes
        self._shortened = shortened
        self._openings = openings
        self._slang = slang
        self._synonyms = synonyms
        self._longest = max((len(phrase) for phrase in synonyms), default=1)
        self._lexicon = lexicon
        self._stemmer = stemmer
        self._standard = lru_cache(maxsize=CACHE_WORDS)(self._find_standard)

    @classmethod
    def load(cls, folder: Traversable | None = None) -> Words:
        """The packaged lists, or those of `folder`. Takes about 0.2 s."""
        folder = folder if folder is not None else files("knowledge") / "words"
        phrases = _read_pairs(folder / "synonyms.csv")
        stated = _read_pairs(folder / "stems.csv")
        stemmer = Stemmer(_read_lines(folder / "roots.txt"), stated=stated)
        return cls(
            slang=_read_pairs(folder / "slang-id.csv"),
            synonyms={tuple(phrase.split()): standard for phrase, standard in phrases.items()},
            lexicon=Lexicon.read(folder / "regional-id.csv"),
            stemmer=stemmer,
            stopwords=frozenset(_read_lines(folder / "stopwords-id.txt")),
            openings=frozenset(
                tuple(line.split())
                for line in (folder / "openings.txt").read_text(encoding="utf-8").splitlines()
            ),
            affixes=Affixes.read(folder / "affixes.csv"),
            shortened=Shortened(
                _read_lines(folder / "common.txt"), _read_lines(folder / "acronyms.txt")
            ),
            concepts=Concepts.read(
                folder / "concepts.txt", folder / "countries-id.csv", stem=stemmer.stem
            ),
            polite=frozenset(_read_lines(folder / "smalltalk.txt")),
        )

    def tokenize(self, text: str) -> list[Token]:
        """The words and numbers of `text` in order; pass text through `clean` first."""
        found = [(match.start(), match.end()) for match in _TOKEN.finditer(text[:MAX_CHARS])]
        words = [fold(text[start:end]) for start, end in found]
        language = self._lexicon.guess(words, is_indonesian=self.is_indonesian)
        tokens = []
        at = 0
        while at < len(words):
            size, norm = self._phrase(words, at)
            if norm is None:
                size, norm = 1, self._standard(words[at], language)
            start, end = found[at][0], found[at + size - 1][1]
            tokens.append(Token(raw=text[start:end], norm=norm, start=start, end=end))
            at += size
        return tokens

    def without_opening(self, tokens: Sequence[Token]) -> Sequence[Token]:
        """`tokens` after greetings and "mau tanya"; all of them if nothing else was said."""
        at = 0
        while at < len(tokens):
            for size in (3, 2, 1):
                spoken = " ".join(token.norm for token in tokens[at : at + size])
                if len(tokens) - at >= size and tuple(spoken.split()) in self._openings:
                    at += size
                    break
            else:
                return tokens[at:]
        return tokens

    def stem(self, word: str) -> str:
        """The root of one lower-case word ("dipulangin" -> "pulang"), itself if unknown."""
        return self._stemmer.stem(word)

    def guess_language(self, text: str) -> str:
        """A code of `text_language.LANGUAGES`, or "id", also when unsure."""
        words = [fold(match.group()) for match in _TOKEN.finditer(text[:MAX_CHARS])]
        return self._lexicon.guess(words, is_indonesian=self.is_indonesian)

    def translate(self, word: str, language: str) -> str:
        """The Indonesian for a folded word of `language`; the word itself if it is not listed."""
        return self._lexicon.translate(word, language) or word

    def is_indonesian(self, word: str) -> bool:
        """Whether the lists know `word` as Indonesian, everyday spelling included."""
        return word in self._slang or (word,) in self._synonyms or self._is_standard(word)

    def _is_standard(self, word: str) -> bool:
        return word in self.stopwords or self._stemmer.stem(word) in self._stemmer.roots

    def _phrase(self, words: Sequence[str], at: int) -> tuple[int, str | None]:
        for size in range(min(self._longest, len(words) - at), 0, -1):
            standard = self._synonyms.get(tuple(words[at : at + size]))
            if standard is not None:
                return size, standard
        return 1, None

    def _find_standard(self, word: str, language: str) -> str:
        if any(char.isdigit() for char in word):
            return self._standard_number(word, language)
        for spelling in _spellings(word):
            standard = self._listed(spelling, language)
            if standard is not None:
                return standard
        if word in self._shortened.acronyms:
            return word
        return self._repair(word, language) or _STRETCHED.sub(r"\1", word)

    def _repair(self, word: str, language: str) -> str | None:
        """What a word that no list knows most likely stands for."""
        if language != INDONESIAN:
            for before, base, after in self._affixes.bases(word, language):
                standard = self._listed(base, language)
                if standard is not None:
                    return standard if " " in standard else before + standard + after
        restored = self._shortened.restore(word)
        return restored and (self._listed(restored, INDONESIAN) or restored)

    def _listed(self, word: str, language: str) -> str | None:
        """What the lists say of one spelling; None if they do not know it."""
        standard: str | None = None
        if language != INDONESIAN:
            standard = self._lexicon.translate(word, language)
        standard = standard or self._slang.get(word)
        if standard is None and self._is_standard(word):
            standard = word
        if standard is None and (ending := _ENDING.fullmatch(word)):
            base = self._synonyms.get((ending[1],)) or self._slang.get(ending[1])
            if base is None and ending[2] == "ny" and self._is_standard(ending[1]):
                base = ending[1]
            standard = base and base + ("nya" if ending[2] == "ny" else ending[2])
        if standard is None:
            return self._synonyms.get((word,))
        return self._synonyms.get(tuple(standard.split()), standard)

    def _standard_number(self, word: str, language: str) -> str:
        """Amounts spelled out ("2jt" -> "2 juta"); digits inside words read as letters."""
        if amount := _AMOUNT.fullmatch(word):
            currency, digits, unit = amount.groups()
            if not unit or unit in UNITS:
                return " ".join(part for part in (currency, digits, UNITS.get(unit)) if part)
        if twice := _TWICE.fullmatch(word):
            base = self._find_standard(twice[1], language)
            return f"{base}-{base}{twice[2] or ''}" if " " not in base else base
        letters = word.translate(_LEET)
        if len(word) >= MIN_LEET_CHARS and letters.isalpha():
            return self._listed(letters, language) or word
        return word


def _spellings(word: str) -> Iterator[str]:
    """`word`, then without stretched and doubled letters."""
    yield word
    for shorter in (
        _STRETCHED.sub(r"\1\1", word),
        _STRETCHED.sub(r"\1", word),
        _DOUBLED.sub(r"\1", word),
    ):
        if shorter != word:
            yield shorter


def _read_lines(file: Traversable) -> list[str]:
    return file.read_text(encoding="utf-8").split()


def _read_pairs(file: Traversable) -> dict[str, str]:
    """The first two columns of a CSV file with one header line."""
    reader = csv.reader(file.read_text(encoding="utf-8").splitlines())
    next(reader)
    return {row[0]: row[1] for row in reader}
