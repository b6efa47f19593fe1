"""FAQ entries: their shape, how they are read from YAML and what makes one publishable."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any

import yaml

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
TOPIC_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Also the name of the topic's file."""

CERTAINTIES = ("tinggi", "sedang", "rendah")
UNDATED = ("", "t.t.", "tanpa tanggal")
"""What stands for the date of a source that has none."""

NUMERIC_DAY = re.compile(r"\d{4}(-\d\d?){1,2}")
TEXT_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("timestamp", "int", "float"))
"""Kept as written: a number read as a number loses its 0 or +, and 8:30 becomes 510."""


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


class Located(dict[str, Any]):
    """A YAML mapping that remembers its line and the lines of its keys (1-based)."""

    line: int
    key_lines: Mapping[str, int]


class _Loader(yaml.SafeLoader):
    """SafeLoader whose mappings are `Located`, with dates and numbers as text and unique keys."""


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    mapping = Located()
    mapping.line = node.start_mark.line + 1
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in lines:
            mark = key_node.start_mark
            raise yaml.MarkedYAMLError(problem=f"kunci ganda: {key}", problem_mark=mark)
        lines[key] = key_node.start_mark.line + 1
        mapping[key] = loader.construct_object(value_node, deep=True)
    mapping.key_lines = lines
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in TEXT_TAGS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(text: str, *, file: str) -> Any:
    """Parse YAML into `Located` mappings. Raises ContentError with the line of the fault."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise ContentError([Problem(file, line, None, f"YAML rusak: {error.problem}")]) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ContentError([Problem(file, line, None, f"YAML rusak: {error.reason}")]) from error


class Fields:
    """Reads one mapping field by field and collects what is wrong with it."""

    def __init__(self, raw: Located, *, file: str, slug: str | None) -> None:
        """Take the mapping; `slug` is named in every problem."""
        self.raw = raw
        self.file = file
        self.slug = slug
        self.problems: list[Problem] = []
        self._seen: set[str] = set()

    def fault(self, key: str, message: str) -> None:
        """Note a problem at the line of `key` (or of the mapping where the key is absent)."""
        line = self.raw.key_lines.get(key, self.raw.line)
        self.problems.append(Problem(self.file, line, self.slug, message))

    def text(self, key: str) -> str:
        """Give a required text, whitespace at its ends removed."""
        value = self.optional(key)
        if value is None:
            self.fault(key, f"`{key}` wajib diisi")
        return value or ""

    def optional(self, key: str) -> str | None:
        """Give a text or None where it is absent or empty."""
        self._seen.add(key)
        value = self.raw.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(key, f"`{key}` harus berupa teks")
            return None
        return value.strip() or None

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts, empty where it is absent."""
        self._seen.add(key)
        value = self.raw.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, f"`{key}` harus berupa daftar teks")
            return ()
        if not all(item.strip() for item in value):
            self.fault(key, f"`{key}` punya butir kosong")
        return tuple(item.strip() for item in value)

    def mappings(self, key: str) -> list[Located]:
        """Give a list of mappings, empty where it is absent."""
        self._seen.add(key)
        value = self.raw.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, Located) for item in value):
            self.fault(key, f"`{key}` harus berupa daftar berisi kunci dan nilai")
            return []
        return value

    def day(self, key: str) -> date:
        """Give a required ISO date."""
        value = self.text(key)
        try:
            return date.fromisoformat(value)
        except ValueError:
            if value:
                self.fault(key, f"`{key}` harus tanggal tahun-bulan-hari, bukan {value!r}")
            return date.min

    def unknown(self) -> None:
        """Note every key that nobody asked for: usually a misspelt one."""
        for key in self.raw:
            if key not in self._seen:
                self.fault(key, f"kunci tidak dikenal: `{key}`")


def read_source(raw: Located, *, file: str, slug: str | None) -> tuple[Source, list[Problem]]:
    """Read one source with the problems found in it."""
    fields = Fields(raw, file=file, slug=slug)
    source = Source(
        title=fields.text("title"),
        publisher=fields.optional("publisher") or "",
        date=fields.optional("date") or "",
        url=fields.optional("url"),
    )
    if NUMERIC_DAY.fullmatch(source.date) and not _is_day_or_month(source.date):
        fields.fault("date", f"`date` bukan tanggal yang ada: {source.date!r}")
    fields.unknown()
    return source, fields.problems


def _is_day_or_month(text: str) -> bool:
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
