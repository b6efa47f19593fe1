"""Groups of words that mean alike in this field: what "gembok" and "dikurung" have in common.

A rare word says little to a model that has seen it twice; its group is common. Countries are one
group, so that a country's name need not decide what is asked about it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable

COUNTRY = "#negara"
NUMBER = "#angka"
SHORTEST_ALIAS = 3
"""Shorter names of countries ("as", "uk") are ordinary words too."""


class Concepts:
    """The groups of a root."""

    def __init__(self, groups: Mapping[str, tuple[str, ...]]) -> None:
        self._groups = groups

    @classmethod
    def read(
        cls, file: Traversable, countries: Traversable, *, stem: Callable[[str], str]
    ) -> Concepts:
        """The groups of a file (a line each: name, colon, words) and the names of countries."""
        groups: dict[str, list[str]] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            name, _, words = line.partition(":")
            for root in {form for word in words.split() for form in (word, stem(word))}:
                groups.setdefault(root, []).append(f"#{name}")
        for row in csv.DictReader(countries.read_text(encoding="utf-8").splitlines()):
            for alias in (row["name"].lower(), *row["aliases"].split(";")):
                if " " not in alias and len(alias) >= SHORTEST_ALIAS:
                    groups[alias] = groups[stem(alias)] = [COUNTRY]
        return cls({root: tuple(names) for root, names in groups.items()})

    def of(self, root: str) -> tuple[str, ...]:
        """The groups of a root; the root itself where it has none."""
        if root[:1].isdigit():
            return (NUMBER,)
        return self._groups.get(root) or (root,)
