"""How FAQ entries are read from YAML, and what is wrong with their form."""

import re
from collections.abc import Iterator
from datetime import date
from importlib.resources.abc import Traversable

from knowledge.entries import CERTAINTIES, ContentError, Entry, Problem, Source, Topic
from knowledge.located_yaml import Fields, Located, read_yaml

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
TOPIC_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Also the name of the topic's file."""

NUMERIC_DAY = re.compile(r"\d{4}(-\d\d?){1,2}")


def read_source(raw: Located, *, file: str, slug: str | None) -> tuple[Source, list[Problem]]:
    """Read one source with the problems found in it."""
    fields = Fields(raw, file=file, slug=slug)
    source = Source(
        title=fields.text("title"),
        publisher=fields.optional("publisher") or "",
        date=fields.optional("date") or "",
        url=fields.optional("url"),
    )
    for key, message in source_faults(source):
        fields.fault(key, message)
    fields.unknown()
    return source, fields.problems


def source_faults(source: Source) -> Iterator[tuple[str, str]]:
    """Give what is wrong with the form of a source, by field."""
    if not _is_day_or_month(source.date):
        yield "date", f"`date` bukan tanggal yang ada: {source.date!r}"
    if source.url and not source.url.startswith(("https://", "http://")):
        yield "url", f"`url` harus diawali https://: {source.url!r}"


def _is_day_or_month(text: str) -> bool:
    if not NUMERIC_DAY.fullmatch(text):
        return True
    try:
        date.fromisoformat(text if text.count("-") > 1 else f"{text}-01")
    except ValueError:
        return False
    return True


def read_entry(raw: Located, *, topic: str, file: str) -> tuple[Entry, list[Problem]]:
    """Read one entry with the problems found in its form (not in its content: see `lint`)."""
    slug = str(raw.get("slug", "")).strip()
    fields = Fields(raw, file=file, slug=slug or None)
    sources = [read_source(item, file=file, slug=slug) for item in fields.mappings("sources")]
    entry = Entry(
        slug=fields.text("slug"),
        topic=topic,
        title=fields.text("title"),
        question=fields.text("question"),
        answer=fields.text("answer"),
        steps=fields.texts("steps"),
        bring=fields.texts("bring"),
        cost=fields.optional("cost"),
        time=fields.optional("time"),
        warnings=fields.texts("warnings"),
        contacts=fields.texts("contacts"),
        sources=tuple(source for source, _ in sources),
        review_by=fields.day("review_by"),
        certainty=fields.text("certainty"),
        perlu_dicek=fields.texts("perlu_dicek"),
        related=fields.texts("related"),
    )
    if entry.slug and not SLUG.fullmatch(entry.slug):
        fields.fault("slug", f"slug {entry.slug!r} hanya boleh huruf kecil, angka dan tanda -")
    if entry.certainty and entry.certainty not in CERTAINTIES:
        fields.fault("certainty", f"`certainty` harus salah satu dari {', '.join(CERTAINTIES)}")
    fields.unknown()
    problems = fields.problems + [problem for _, found in sources for problem in found]
    return entry, problems


def read_topic(text: str, *, file: str) -> tuple[Topic, dict[str, int], list[Problem]]:
    """Read one topic file: the topic, the line of each slug, and the problems found.

    Raises ContentError where the file is not YAML or not a topic at all.
    """
    raw = read_yaml(text, file=file)
    if not isinstance(raw, Located):
        raise ContentError([Problem(file, 1, None, "berkas harus berisi topic, title, entries")])
    fields = Fields(raw, file=file, slug=None)
    topic_id, title = fields.text("topic"), fields.text("title")
    if topic_id and not TOPIC_ID.fullmatch(topic_id):
        fields.fault("topic", f"topic {topic_id!r} hanya boleh huruf kecil, angka dan tanda -")
    entries: list[Entry] = []
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for item in fields.mappings("entries"):
        entry, found = read_entry(item, topic=topic_id, file=file)
        problems += found
        if entry.slug in lines:
            problems.append(Problem(file, item.line, entry.slug, "slug ganda dalam berkas ini"))
        lines[entry.slug] = item.line
        entries.append(entry)
    order = fields.optional("order") or "0"
    if not order.isdecimal():
        fields.fault("order", f"`order` harus angka, bukan {order!r}")
    fields.unknown()
    topic = Topic(topic_id, title, tuple(entries), int(order) if order.isdecimal() else 0)
    return topic, lines, fields.problems + problems


def topic_files(folder: Traversable) -> list[Traversable]:
    """Give the topic files of a folder in the order of their names."""
    files = [item for item in folder.iterdir() if item.name.endswith(".yaml")]
    return sorted(files, key=lambda item: item.name)
