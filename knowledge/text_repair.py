"""What a word that no list knows most likely stands for.

Chat drops vowels ("kntrk", "dtahan"): the commonest word with the same consonants in order is
meant. Regional words carry endings and prefixes of their own ("dendanipun", "diuruih"): the
Indonesian ones take their place and the rest is looked up.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

VOWELS = frozenset("aiueo")
SHORTEST = 3
"""Shorter words without vowels stand for too many things."""

MOST_DROPPED = 5
SHORTEST_BASE = 3


def skeleton(word: str) -> str:
    """The consonants of a word in order."""
    return "".join(char for char in word if char not in VOWELS)


class Shortened:
    """Words by their consonants."""

    def __init__(self, common: Sequence[str], acronyms: Iterable[str]) -> None:
        """Take words commonest first, and what only looks like a shortened word."""
        self.acronyms = frozenset(acronyms)
        self._by_skeleton: dict[str, list[str]] = {}
        for word in common:
            self._by_skeleton.setdefault(skeleton(word), []).append(word)

    def restore(self, word: str) -> str | None:
        """The commonest word of which `word` has all the consonants and some vowels, in order."""
        if len(word) < SHORTEST or word in self.acronyms:
            return None
        for full in self._by_skeleton.get(skeleton(word), ()):
            if 0 < len(full) - len(word) <= MOST_DROPPED and _is_within(word, full):
                return full
        return None


@dataclass(frozen=True, slots=True)
class Affix:
    """A regional ending (`is_ending`) or prefix and the Indonesian one."""

    regional: str
    standard: str
    is_ending: bool

    def strip(self, word: str) -> tuple[str, str, str] | None:
        """Indonesian prefix, base, Indonesian ending; None where the affix is not there."""
        if len(word) < len(self.regional) + SHORTEST_BASE:
            return None
        if self.is_ending and word.endswith(self.regional):
            return "", word.removesuffix(self.regional), self.standard
        if not self.is_ending and word.startswith(self.regional):
            return self.standard, word.removeprefix(self.regional), ""
        return None


class Affixes:
    """The regional affixes of every language, longest first."""

    def __init__(self, affixes: Mapping[str, Sequence[Affix]]) -> None:
        self._affixes = affixes

    @classmethod
    def read(cls, file: Traversable) -> Affixes:
        """The rows of a file (columns lang, regional, standard; a hyphen says where the word is)."""
        found: dict[str, list[Affix]] = {}
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
            is_ending = row["regional"].startswith("-")
            affix = Affix(row["regional"].strip("-"), row["standard"].strip("-"), is_ending)
            found.setdefault(row["lang"], []).append(affix)
        return cls({k: sorted(v, key=lambda a: -len(a.regional)) for k, v in found.items()})

    def bases(self, word: str, language: str) -> Iterator[tuple[str, str, str]]:
        """Ways to read `word` as Indonesian prefix, base, Indonesian ending, one affix off first."""
        once = [cut for affix in self._affixes.get(language, ()) if (cut := affix.strip(word))]
        yield from once
        for before, base, after in once:
            for affix in self._affixes[language]:
                cut = affix.strip(base)
                if cut and bool(cut[2]) != bool(after):
                    yield before + cut[0], cut[1], cut[2] + after


def _is_within(short: str, full: str) -> bool:
    """Whether the letters of `short` stand in `full` in the same order, from the same first one."""
    if short[0] != full[0] and not (short[0] not in VOWELS and full[0] in VOWELS):
        return False
    letters = iter(full)
    return all(char in letters for char in short)
