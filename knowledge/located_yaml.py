"""YAML that remembers its lines, read field by field: a wrong one is named with file and line."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from knowledge.entries import ContentError, Problem

TEXT_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("timestamp", "int", "float"))
"""Kept as written: a number read as a number loses its 0 or +, and 8:30 becomes 510."""


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
