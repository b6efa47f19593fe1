"""FAQ entries: their shape, and what can be wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

CERTAINTIES = ("tinggi", "sedang", "rendah")
UNDATED = ("", "t.t.", "tanpa tanggal")
"""What stands for the date of a source that has none."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was published. `date` is the text as published ("2025-03-26", "2025")."""

    title: str
    publisher: str
    date: str
    url: str | None = None

    @property
    def is_dated(self) -> bool:
        """Tell whether it says who published it and when."""
        return bool(self.publisher) and self.date not in UNDATED


@dataclass(frozen=True, slots=True)
class Entry:
    """One checked answer. `title` is what a list row shows; `contacts` are ids of the contact register."""

    slug: str
    topic: str
    title: str
    question: str
    answer: str
    steps: tuple[str, ...]
    bring: tuple[str, ...]
    cost: str | None
    time: str | None
    warnings: tuple[str, ...]
    contacts: tuple[str, ...]
    sources: tuple[Source, ...]
    review_by: date
    certainty: str
    perlu_dicek: tuple[str, ...]
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of entries, in the order the menu shows them."""

    id: str
    title: str
    entries: tuple[Entry, ...]
    order: int = 0
    """Place in the menu, lowest first."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where; `str()` is the line shown to a person."""

    file: str
    line: int
    slug: str | None
    message: str

    def __str__(self) -> str:
        """Give `file:line [slug] message`."""
        where = f" [{self.slug}]" if self.slug else ""
        return f"{self.file}:{self.line}{where} {self.message}"


class ContentError(Exception):
    """Content that cannot be used. Carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order they were found."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
