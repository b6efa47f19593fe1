"""What a person must still confirm, generated from the content: the list behind `faq todo`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge.entries import Entry
from knowledge.helplines import Helpline
from knowledge.index import FaqIndex
from knowledge.plain_yaml import read_values
from knowledge.render import cite


@dataclass(frozen=True, slots=True)
class Group:
    """Items that the same people can confirm; `words` is empty for what no other group took."""

    title: str
    who: str
    place: int
    words: re.Pattern[str] | None

    def takes(self, item: str) -> bool:
        """Tell whether an item belongs here."""
        return self.words is None or self.words.search(item) is not None


@cache
def load_groups() -> tuple[Group, ...]:
    """Read the packaged groups, in the order in which they take items."""
    raw = read_values((files("knowledge") / "todo.yaml").read_text("utf-8"))
    return tuple(_group(item) for item in raw["groups"])


def group_of(item: str, groups: Sequence[Group]) -> Group:
    """Give the group that takes an item: the first that fits; the last takes everything."""
    return next(group for group in groups if group.takes(item))


def todo(index: FaqIndex) -> Iterator[str]:
    """Give the lines of the list: how much, the contacts, then group by group, urgent ones first."""
    entries = [entry for slug, entry in index.entries.items() if slug not in index.checked_on]
    contacts = [
        helpline
        for helpline in index.helplines.values()
        if (helpline.number or helpline.perlu_dicek) and helpline.id not in index.confirmed
    ]
    items = sum(len(entry.perlu_dicek) for entry in entries)
    yield (
        f"{items} hal harus dipastikan pada {len(entries)} jawaban yang belum ditandai diperiksa, "
        f"dan {len(contacts)} kontak."
    )
    if contacts:
        yield from ("", f"Kontak ({len(contacts)}): coba telepon atau datangi, catat tanggalnya")
        for helpline in contacts:
            yield from _contact_lines(helpline)
    groups = load_groups()
    for group in sorted(groups, key=lambda group: group.place):
        lines = list(_group_lines(group, groups, entries, index))
        if lines:
            count = sum(line.startswith("    - ") for line in lines)
            yield from ("", f"{group.title} ({count}): {group.who}", *lines)
    if bare := [entry for entry in entries if not entry.perlu_dicek]:
        yield from ("", f"Tinggal dibaca dan ditandai diperiksa ({len(bare)})")
        yield from (f"  {_name(entry)}" for entry in bare)


def _group_lines(
    group: Group, groups: Sequence[Group], entries: Sequence[Entry], index: FaqIndex
) -> Iterator[str]:
    titles = {topic.id: topic.title for topic in index.topics}
    topic = ""
    for entry in entries:
        found = [item for item in entry.perlu_dicek if group_of(item, groups) is group]
        if found and entry.topic != topic:
            topic = entry.topic
            yield f"  [{titles[topic]}]"
        if found:
            yield f"  {_name(entry)}"
            yield from (f"    - {item}" for item in found)


def _name(entry: Entry) -> str:
    return f"{entry.slug}: {entry.title} (tinjau sebelum {entry.review_by})"


def _contact_lines(helpline: Helpline) -> Iterator[str]:
    number = helpline.number or "tanpa nomor"
    yield f"  {helpline.id}: {helpline.name}, {number}; {cite(helpline.source)}"
    yield from (f"    - {item}" for item in helpline.perlu_dicek)


def _group(raw: dict[str, object]) -> Group:
    words = raw["words"]
    assert isinstance(words, list)
    pattern = "|".join(re.escape(word) for word in words)
    words_pattern = re.compile(rf"(?<!\w)(?:{pattern})(?!\d)", re.IGNORECASE) if words else None
    return Group(str(raw["title"]), str(raw["who"]), int(str(raw["urutan"])), words_pattern)
