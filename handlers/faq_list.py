"""The list of entries as editors search it: state, age, and how each does with villagers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from handlers import faq_figures
from handlers.database import Database
from handlers.faq_figures import Figures
from handlers.refresh import refresh
from handlers.resources import Resources
from knowledge import editions
from knowledge.entries import Entry
from knowledge.render import main_source

PAGE = 25
WEAK_BELOW = 0.6
"""With fewer than this share of "membantu" an entry is worth a look."""

FOUND_FROM = 0.2


class Filter(StrEnum):
    """What a list may be narrowed to."""

    ALL = "semua"
    DRAFT = "draf"
    UNCHECKED = "belum dipastikan"
    OVERDUE = "lewat tanggal"
    WEAK = "kurang membantu"


class Order(StrEnum):
    """What a list may be ordered by."""

    MENU = "menu"
    ASKED = "paling ditanya"
    REVIEW = "tanggal tinjau"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in the list."""

    entry: Entry
    is_published: bool
    has_draft: bool
    checked_on: date | None
    is_overdue: bool
    source_date: str
    figures: Figures

    @property
    def is_weak(self) -> bool:
        """Tell whether too few villagers say that it helps."""
        share = self.figures.helpfulness
        return share is not None and share < WEAK_BELOW


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an editor looks for. `page` counts from 1."""

    text: str = ""
    topic: str = ""
    filter: Filter = Filter.ALL
    order: Order = Order.MENU
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of what was found."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int


def find(database: Database, wanted: Wanted, *, resources: Resources, now: datetime) -> Listed:
    """Give a page of entries, drafts of new ones included."""
    refresh(database, resources, now=now)
    faq = resources.knowledge.faq
    with database.read() as db:
        drafts = editions.drafts(db)
        figures = faq_figures.by_entry(db, now=now)
    entries = {entry.slug: entry for topic in faq.topics for entry in topic.entries}
    entries |= {slug: draft.entry for slug, draft in drafts.items() if slug not in entries}
    rows = [
        Row(
            entry,
            is_published=slug in faq.entries,
            has_draft=slug in drafts,
            checked_on=faq.checked_on.get(slug),
            is_overdue=now.date() > entry.review_by,
            source_date=source.date if (source := main_source(entry)) else "",
            figures=figures.get(slug, Figures()),
        )
        for slug, entry in entries.items()
    ]
    found = _ordered(
        [row for row in _searched(rows, wanted, resources) if _passes(row, wanted)], wanted
    )
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, wanted.page), pages)
    return Listed(found[(page - 1) * PAGE : page * PAGE], len(found), page, pages)


def _searched(rows: list[Row], wanted: Wanted, resources: Resources) -> list[Row]:
    """Give the rows with these words, and those that a villager asking so would be shown."""
    text = wanted.text.strip().lower()
    if not text:
        return rows
    candidates = resources.knowledge.matcher.match(text).candidates
    meant = {one.slug: one.score for one in candidates if one.score >= FOUND_FROM}
    hits = []
    for row in rows:
        entry = row.entry
        words = f"{entry.slug} {entry.title} {entry.question} {entry.answer} {entry.cost or ''}"
        has_all = all(word in words.lower() for word in text.split())
        if has_all or entry.slug in meant:
            hits.append((-meant.get(entry.slug, 0.0), row))
    return [row for _, row in sorted(hits, key=lambda hit: hit[0])]


def _passes(row: Row, wanted: Wanted) -> bool:
    if wanted.topic and row.entry.topic != wanted.topic:
        return False
    tests = {
        Filter.ALL: True,
        Filter.DRAFT: row.has_draft,
        Filter.UNCHECKED: row.is_published and row.checked_on is None,
        Filter.OVERDUE: row.is_overdue,
        Filter.WEAK: row.is_weak,
    }
    return tests[wanted.filter]


def _ordered(rows: list[Row], wanted: Wanted) -> list[Row]:
    if wanted.order == Order.ASKED:
        return sorted(rows, key=lambda row: -row.figures.asked)
    if wanted.order == Order.REVIEW:
        return sorted(rows, key=lambda row: row.entry.review_by)
    return rows
