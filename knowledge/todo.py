"""What a person must still confirm, generated from the content: the list behind `faq todo`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import yaml

from knowledge.entries import Entry
from knowledge.helplines import Helpline
from knowledge.index import FaqIndex
from knowledge.render import cite


@dataclass(frozen=True, slots=True)
class Group:
    """Items that the same people can confirm; `words` is empty for what no other group took."""

    title: str
    who: str
    words: re.Pattern[str] | None

    def takes(self, item: str) -> bool:
        """Tell whether an item belongs here."""
        return self.words is None or self.words.search(item) is not None


def load_groups() -> tuple[Group, ...]:
    """Read the packaged groups, in the order in which they take items."""
    raw = yaml.safe_load((files("knowledge") / "todo.yaml").read_text("utf-8"))
    return tuple(_group(item) for item in raw["groups"])


def todo(index: FaqIndex) -> Iterator[str]:
    """Give the lines of the list: how much there is, group by group, then the telephone numbers."""
    open_entries = [entry for slug, entry in index.entries.items() if slug not in index.checked_on]
    numbers = [
        helpline
        for helpline in index.helplines.values()
        if helpline.number and helpline.id not in index.confirmed
    ]
    items = sum(len(entry.perlu_dicek) for entry in open_entries)
    yield (
        f"{items} hal harus dipastikan pada {len(open_entries)} jawaban yang belum ditandai "
        f"diperiksa, dan {len(numbers)} nomor telepon."
    )
    taken: set[tuple[str, str]] = set()
    for group in load_groups():
        lines = list(_group_lines(group, open_entries, index, taken))
        if lines:
            count = sum(line.startswith("    - ") for line in lines)
            yield from ("", f"{group.title} ({count}): {group.who}", *lines)
    if numbers:
        yield from ("", f"Nomor telepon ({len(numbers)}): coba telepon, catat tanggalnya")
        for helpline in numbers:
            yield from _number_lines(helpline)
    if bare := [entry for entry in open_entries if not entry.perlu_dicek]:
        yield from ("", f"Tinggal dibaca dan ditandai diperiksa ({len(bare)})")
        yield from (f"  {_name(entry)}" for entry in bare)


def _group_lines(
    group: Group, entries: Sequence[Entry], index: FaqIndex, taken: set[tuple[str, str]]
) -> Iterator[str]:
    """Give the lines of a group topic by topic; `taken` holds what earlier groups took."""
    titles = {topic.id: topic.title for topic in index.topics}
    topic = ""
    for entry in entries:
        found = [
            item
            for item in entry.perlu_dicek
            if (entry.slug, item) not in taken and group.takes(item)
        ]
        taken |= {(entry.slug, item) for item in found}
        if found and entry.topic != topic:
            topic = entry.topic
            yield f"  [{titles[topic]}]"
        if found:
            yield f"  {_name(entry)}"
            yield from (f"    - {item}" for item in found)


def _name(entry: Entry) -> str:
    return f"{entry.slug}: {entry.title} (tinjau sebelum {entry.review_by})"


def _number_lines(helpline: Helpline) -> Iterator[str]:
    yield f"  {helpline.id}: {helpline.name}, {helpline.number}; {cite(helpline.source)}"
    yield from (f"    - {item}" for item in helpline.perlu_dicek)


def _group(raw: dict[str, object]) -> Group:
    words = raw["words"]
    assert isinstance(words, list)
    pattern = "|".join(re.escape(word) for word in words)
    words_pattern = re.compile(rf"(?<!\w)(?:{pattern})(?!\d)", re.IGNORECASE) if words else None
    return Group(str(raw["title"]), str(raw["who"]), words_pattern)
