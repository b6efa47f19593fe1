"""Telephone numbers as villagers and recruiters write them, as digits with country code.

Recruiters spell numbers so that filters miss them: "o8l2", "nol delapan dua belas", dots between
digits, keycap emoji. Everything is read in the order of the text, without repeats.
"""

from __future__ import annotations

import re
import unicodedata

from escalation.entities_money import DIGIT_WORDS

# ITU E.164: at most 15 digits with country code; shorter than 9 is an office's short number.
MIN_PHONE_DIGITS, MAX_PHONE_DIGITS = 9, 15
MIN_SPELLED = 2  # words for digits in one run; "08 satu" alone is no number

_MORE_WORDS = {"zero": "0", "siji": "1", "loro": "2", "telu": "3", "papat": "4",
               "wolu": "8", "songo": "9", "sanga": "9", "sebelas": "11",
               "sepuluh": "10"}  # fmt: skip
_WORDS = DIGIT_WORDS | _MORE_WORDS
_ANY_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_TEEN = re.compile(r"\b(dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan)\s?belas\b", re.I)
_TWICE = re.compile(rf"\b(?:dobel|double|dobol)\s?({_ANY_WORD}|\d)\b", re.I)
_PART = rf"(?:(?:{_ANY_WORD})|\d+)"
# "…3311, 2 orang": a single digit after a comma counts something else.
_GAP = rf"[\s.\-–—_·/()]{{0,3}}|\s?,\s?(?={_ANY_WORD}|\d{{3}})"
_RUN = re.compile(rf"(?<![^\W\d_]){_PART}(?:(?:{_GAP}){_PART}){{1,}}(?![^\W\d_])", re.I)
_PIECE = re.compile(rf"{_ANY_WORD}|\d+", re.I)

_SEP = r"[\s.\-–—_·()/*|~]{0,3}"
_DIGIT = r"[0-9oOlI]"
_MOBILE = re.compile(
    rf"(?:(?<![0-9])(?:\+?{_SEP}6{_SEP}2(?:{_SEP}[0oO])?|0)|(?<![0-9A-Za-z])[oO])"
    rf"{_SEP}8(?:{_SEP}{_DIGIT}){{7,11}}(?![0-9A-Za-z])"
)
# Glued to what follows ("081200003311wa") only plain digits count.
_GLUED = re.compile(r"(?<![0-9])(?:62|0)8\d{8,11}(?=[A-Za-z])")
_FOREIGN = re.compile(rf"\+\s?(?!6{_SEP}2)[1-9]\d{{0,2}}(?:{_SEP}\d){{6,12}}(?!\d)")
_RULES = (_MOBILE, _GLUED, _FOREIGN)
_ALIKE = str.maketrans("oOlI", "0011")
_KEYCAP = dict.fromkeys(map(ord, "\ufe0f\u20e3\u200b\u200c\u200d\u2060"))


def take_phones(text: str) -> tuple[tuple[str, ...], str]:
    """Return the numbers and the text without them (so that they are no sums or ages)."""
    rest = _in_digits(text)
    found: dict[int, str] = {}
    for rule in _RULES:
        for match in rule.finditer(rest):
            digits = _with_country(re.sub(r"\D", "", match[0].translate(_ALIKE)))
            if MIN_PHONE_DIGITS <= len(digits) <= MAX_PHONE_DIGITS:
                found.setdefault(match.start(), digits)
    for rule in _RULES:
        rest = rule.sub(lambda m: " " * len(m[0]), rest)
    return tuple(dict.fromkeys(found[at] for at in sorted(found))), rest


def hide_phones(text: str, *, sign: str) -> str:
    """Return the text with `sign` for each number; where there is one, its words are digits."""
    rest = _in_digits(text)
    hidden = rest
    for rule in _RULES:
        hidden = rule.sub(sign, hidden)
    return text if hidden == rest else hidden


def _in_digits(text: str) -> str:
    plain = "".join(_as_plain(sign) for sign in text.translate(_KEYCAP))
    return _RUN.sub(_spelled_out, _TWICE.sub(r"\1 \1", _TEEN.sub(_teen, plain)))


def _as_plain(sign: str) -> str:
    """Return a digit of another shape (full width, circled) as a plain one."""
    if sign.isascii():
        return sign
    value = unicodedata.digit(sign, None)
    return sign if value is None else str(value)


def _teen(match: re.Match[str]) -> str:
    return f"1{_WORDS[match[1].lower()]}"


def _spelled_out(match: re.Match[str]) -> str:
    """Return a run of words and digits as digits, if it is long enough to be a number."""
    pieces = _PIECE.findall(match[0])
    if sum(not piece.isdigit() for piece in pieces) < MIN_SPELLED and not _opens(pieces):
        return match[0]
    digits = "".join(_WORDS.get(piece.lower(), piece) for piece in pieces)
    return digits if len(digits) >= MIN_PHONE_DIGITS else match[0]


def _opens(pieces: list[str]) -> bool:
    """Say whether only the zero at the start is a word: "nol 812 0000 1234"."""
    return _WORDS.get(pieces[0].lower()) == "0" and pieces[1].startswith("8")


def _with_country(digits: str) -> str:
    if digits.startswith("0"):
        return f"62{digits[1:]}"
    return f"62{digits[3:]}" if digits.startswith("620") else digits
