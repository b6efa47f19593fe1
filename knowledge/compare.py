"""Two versions of an entry side by side, field by field, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from knowledge.entries import Entry
from knowledge.forms import LIST_FIELDS, TEXT_FIELDS, sources_to_text

SAME, GONE, NEW = "sama", "hilang", "baru"
WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: its parts in order, each the same, gone, or new."""

    field: str
    parts: tuple[tuple[str, str], ...]


def changes(old: Entry | None, new: Entry) -> list[Change]:
    """Give the fields that differ, in the order of the form; all filled ones where old is None."""
    found = []
    for field in ("topic", *TEXT_FIELDS, *LIST_FIELDS, "sources"):
        before, after = _text(old, field) if old else "", _text(new, field)
        if before != after:
            found.append(Change(field, tuple(_parts(WORD.findall(before), WORD.findall(after)))))
    return found


def _text(entry: Entry, field: str) -> str:
    if field == "sources":
        return sources_to_text(entry)
    value = getattr(entry, field)
    return "\n".join(value) if isinstance(value, tuple) else str(value or "")


def _parts(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    parts = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            parts.append((SAME, "".join(before[start:end])))
            continue
        if end > start:
            parts.append((GONE, "".join(before[start:end])))
        if new_end > new_start:
            parts.append((NEW, "".join(after[new_start:new_end])))
    return parts
