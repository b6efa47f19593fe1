"""Entries from forms and tables: flat texts in, an entry and what is wrong with it out."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date

from knowledge.entries import CERTAINTIES, Entry, Problem
from knowledge.entry_files import read_entry, source_faults
from knowledge.helplines import Helpline
from knowledge.lint import entry_faults
from knowledge.located_yaml import Located

TEXT_FIELDS = ("title", "question", "answer", "cost", "time", "review_by", "certainty")
LIST_FIELDS = ("steps", "bring", "warnings", "contacts", "related", "perlu_dicek")
SOURCE_FIELDS = ("title", "publisher", "date", "url")
SOURCE_BREAK = "|"


def entry_from_form(
    fields: Mapping[str, str | Sequence[str]],
    sources: Sequence[Mapping[str, str]],
    *,
    slug: str,
    topic: str,
    file: str = "isian",
    line: int = 1,
) -> tuple[Entry, list[Problem]]:
    """Read an entry as a form or a table's row gives it; empty sources and lines are left out."""
    raw: dict[str, object] = {"slug": slug}
    for key in TEXT_FIELDS:
        raw[key] = fields.get(key, "")
    for key in LIST_FIELDS:
        value = fields.get(key, ())
        raw[key] = lines_of(value) if isinstance(value, str) else list(value)
    raw["sources"] = [
        located({key: text for key, text in source.items() if text}, line=line)
        for source in sources
        if any(source.values())
    ]
    return read_entry(located(raw, line=line), topic=topic, file=file)


def lines_of(text: str) -> list[str]:
    """Give the lines of a text field that have something in them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def located(raw: Mapping[str, object], *, line: int) -> Located:
    """Give a mapping whose faults are told at one line."""
    found = Located(raw)
    found.line, found.key_lines = line, {}
    return found


def problems_of(
    entry: Entry, *, slugs: Set[str], helplines: Mapping[str, Helpline]
) -> Iterable[str]:
    """Give what keeps an entry from being published; `slugs` are those of all entries."""
    for key in ("title", "question", "answer", "certainty"):
        if not getattr(entry, key):
            yield f"`{key}` wajib diisi"
    if entry.certainty and entry.certainty not in CERTAINTIES:
        yield f"`certainty` harus salah satu dari {', '.join(CERTAINTIES)}"
    if entry.review_by == date.min:
        yield "`review_by` wajib diisi"
    for source in entry.sources:
        yield from (message for _, message in source_faults(source))
    yield from entry_faults(entry, slugs={*slugs, entry.slug}, contacts=helplines)


def sources_to_text(entry: Entry) -> str:
    """Give the sources one a line, their fields apart by "|", as a table's cell holds them."""
    rows = ([s.title, s.publisher, s.date, s.url or ""] for s in entry.sources)
    return "\n".join(f" {SOURCE_BREAK} ".join(row).rstrip(" |") for row in rows)


def sources_from_text(text: str) -> list[dict[str, str]]:
    """Read what `sources_to_text` wrote."""
    found = []
    for line in lines_of(text):
        parts = [part.strip() for part in line.split(SOURCE_BREAK)]
        found.append(dict(zip(SOURCE_FIELDS, [*parts, "", "", ""], strict=False)))
    return found
