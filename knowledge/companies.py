"""The register of licensed placement companies (P3MI), and what it says of a name.

A name that is found says nothing of the person who uses it: callers word every finding so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from rapidfuzz import fuzz

from knowledge.plain_yaml import read_as_text

FRESH_FOR = timedelta(days=14)
"""How old a list may be before every finding from it carries a warning (licences change weekly)."""

CANDIDATES_SHOWN = 4
LIKE = 86.0
"""Likeness in percent from which a listed name may be the one that is meant."""

SAME_WORD = 80.0
SHORTEST_BEGINNING = 4
SHORTEST_INITIALS = 3
LONGEST_NAME_WORDS = 6
VOWELS = re.compile(r"[aeiou]")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")
NAME_END = re.compile(r"[,?!;:\n()\"“”/]|\.(?=\s|$)")


class CompanyStatus(StrEnum):
    """What the list says of a company's licence."""

    ACTIVE = "aktif"
    REVOKED = "dicabut"
    SUSPENDED = "dihentikan sementara"
    EXPIRED = "habis"


@dataclass(frozen=True, slots=True)
class Company:
    """One row of the list. `id` is that of its row in the database, 0 where it has none yet."""

    name: str
    status: CompanyStatus
    licence: str = ""
    address: str = ""
    city: str = ""
    note: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Register:
    """The list in force and the day it describes; without a day no list was ever imported."""

    as_of: date | None = None
    companies: tuple[Company, ...] = ()

    def days_old(self, today: date) -> int:
        """Give the age of the list in days; 0 where there is none."""
        return (today - self.as_of).days if self.as_of else 0

    def is_stale(self, today: date) -> bool:
        """Tell whether the list is older than 14 days."""
        return self.as_of is not None and today - self.as_of > FRESH_FOR

    def by_id(self, id: int) -> Company | None:
        """Give the company of a row of the list in force."""
        return next((company for company in self.companies if company.id == id), None)


class Match(StrEnum):
    """How far a name was found."""

    NO_LIST = "kosong"
    NONE = "tidak_ada"
    SIMILAR = "mirip"
    SEVERAL = "beberapa"
    EXACT = "sama"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the register says of a name; candidates are those alike, the likest first."""

    match: Match
    candidates: tuple[Company, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """A company's name for comparing: its words in order, and its legal form."""

    words: tuple[str, ...]
    form: str

    @property
    def joined(self) -> str:
        """Give the name without blanks: people part and join its words as they like."""
        return "".join(self.words)


@cache
def company_words() -> Mapping[str, Any]:
    """Read the packaged words."""
    text = (files("knowledge") / "company-words.yaml").read_text("utf-8")
    raw: Mapping[str, Any] = read_as_text(text)
    return raw


def name_of(text: str) -> Name:
    """Read a name for comparing: small letters, no legal form, short forms written out."""
    known = company_words()
    text = re.sub(r"\b([pc])\s?\.\s?([tv])\b", r"\1\2", text.lower())
    words = WORD.findall(text)
    form = next((word for word in words if word in known["bentuk"]), "")
    kept = [
        word for word in words if word not in known["bentuk"] and word not in ("tbk", "persero")
    ]
    return Name(tuple(known["singkatan"].get(word, word) for word in kept), form)


def look_up(asked: str, register: Register) -> Finding:
    """Say what the register holds under a name, as somebody writes it from memory.

    Only the very name of a PT counts as the same; whoever makes up a look-alike lives on the
    difference, so anything else is only similar.
    """
    if register.as_of is None:
        return Finding(Match.NO_LIST)
    wanted = name_of(asked)
    if not wanted.words:
        return Finding(Match.NONE)
    scored = [(likeness(wanted, _listed(company.name)), company) for company in register.companies]
    same = tuple(company for score, company in scored if score > 100)
    if len(same) == 1:
        return Finding(Match.EXACT, same)
    alike = sorted(
        ((score, company) for score, company in scored if score >= LIKE),
        key=lambda item: (-item[0], item[1].name),
    )
    candidates = tuple(company for _, company in alike[:CANDIDATES_SHOWN])
    if not candidates:
        return Finding(Match.NONE)
    return Finding(Match.SIMILAR if len(candidates) == 1 else Match.SEVERAL, candidates)


@lru_cache(maxsize=4096)
def _listed(name: str) -> Name:
    """Read a name of the list, once; what villagers write is not kept."""
    return name_of(name)


def likeness(asked: Name, listed: Name) -> float:
    """Give how alike two names are, in percent; 101 where they are the same."""
    if asked.words == listed.words or asked.joined == listed.joined:
        return 101 if asked.form in ("", "pt", "p3mi", "pjtki", listed.form) else 100
    score = max(
        fuzz.ratio(asked.joined, listed.joined),
        fuzz.token_sort_ratio(" ".join(asked.words), " ".join(listed.words)),
    )
    shorter, longer = sorted((asked.words, listed.words), key=len)
    if len(shorter) > 1 and _follows(shorter, longer):
        score = max(score, 96 if len(shorter) == len(longer) else 90)
    initials = "".join(word[0] for word in listed.words)
    if len(asked.words) == 1 and len(initials) >= SHORTEST_INITIALS and asked.joined == initials:
        score = max(score, LIKE)
    return score


def _follows(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Tell whether the words of one name stand in the other, in their order."""
    rest = iter(longer)
    return all(any(_is_word(word, other) for other in rest) for word in shorter)


def _is_word(one: str, other: str) -> bool:
    """Tell whether two words of names are the same but for a slip or a short form."""
    if one[0] != other[0]:
        return False
    short, full = sorted((one, other), key=len)
    if fuzz.ratio(one, other) >= SAME_WORD:
        return True
    if len(short) >= SHORTEST_BEGINNING and full.startswith(short):
        return True
    return len(short) > 1 and not VOWELS.search(short) and VOWELS.sub("", full) == short


def company_in(text: str) -> str | None:
    """Give the company that a text names after its legal form ("pt maju jaya"), None without."""
    known = company_words()
    forms = "|".join(known["bentuk"])
    # "P.T. Maju" and "PT.Maju" are written, too.
    flat = re.sub(r"\b([PpCc])\s?\.\s?([TtVv])\b\.?", r"\1\2 ", text)
    for match in re.finditer(rf"(?<!\w)({forms})\b\.?(?=[\s.])", flat, re.IGNORECASE):
        rest = NAME_END.split(flat[match.end() :].lstrip(" ."), maxsplit=1)[0].split()
        while rest and rest[0].lower() in known["pembuka"]:
            rest = rest[1:]
        words: list[str] = []
        for word in rest[:LONGEST_NAME_WORDS]:
            plain = word.strip("'\"’*_-").lower()
            if plain in known["penutup"] or (words and plain in known["penutup_lunak"]):
                break
            words.append(word)
        if any(any(map(str.isalpha, word)) for word in words):
            return _written(match[1], words)
    return None


def _written(form: str, words: Sequence[str]) -> str:
    """Write a name as on a letterhead, where somebody typed it in small letters."""
    form = form.upper() if len(form) <= 5 else form.capitalize()
    return " ".join([form, *(word if word[:1].isupper() else word.capitalize() for word in words)])


def asks_about_company(text: str, *, surely: bool = False) -> bool:
    """Tell whether a text names a company and asks if it can be trusted.

    Words of its name do not count. `surely`: only words that judge nothing but a company.
    """
    name = company_in(text)
    if name is None:
        return False
    known = company_words()
    asking = set(known["memeriksa"]) | (set() if surely else set(known["memeriksa_mungkin"]))
    return bool((set(WORD.findall(text.lower())) - set(name_of(name).words)) & asking)
