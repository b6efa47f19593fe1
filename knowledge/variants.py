"""Phrasings of villagers, by FAQ slug: what the matcher is trained on and compares with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

# Labels beside the FAQ's own slugs: must not be answered from it, and only greeted or thanked.
OUT_OF_SCOPE = "LUAR"
SMALL_TALK = "SAPA"
SUFFIX = ".variants.jsonl"
REGISTERS = frozenset({"santai", "slang", "cerita", "baku", "tersirat", "daerah"})
# Longer than any voice note read out; past it a line is a paste accident.
MAX_TEXT_CHARS = 1_000


class VariantError(ValueError):
    """A phrasing file that cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One phrasing. `reviewed` is False while no native speaker has read a regional line."""

    slug: str
    text: str
    lang: str
    register: str
    reviewed: bool = True


def load_variants(folder: Traversable | Path | None = None) -> tuple[Variant, ...]:
    """Every phrasing of a folder (the packaged FAQ by default), by file name and line.

    Raises VariantError naming file and line.
    """
    folder = folder if folder is not None else files("knowledge") / "faq"
    found = sorted(
        (file for file in folder.iterdir() if file.name.endswith(SUFFIX)),
        key=lambda file: file.name,
    )
    if not found:
        raise VariantError(f"no *{SUFFIX} in {folder}")
    variants: list[Variant] = []
    places: dict[tuple[str, str], str] = {}
    for file in found:
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
            if not line.strip():
                continue
            place = f"{file.name}:{number}"
            variant = _read(line, place=place)
            key = (variant.slug, variant.text)
            if key in places:
                raise VariantError(f"{place}: same slug and text as {places[key]}")
            places[key] = place
            variants.append(variant)
    return tuple(variants)


def content_hash(variants: Iterable[Variant]) -> str:
    """A hash of slugs and texts, whatever their order: says whether a model fits them."""
    lines = sorted(f"{variant.slug}\t{variant.text}" for variant in variants)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _read(line: str, *, place: str) -> Variant:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise VariantError(f"{place}: not JSON: {error.msg}") from error
    if not isinstance(row, dict):
        raise VariantError(f"{place}: not an object")
    values = {}
    for key in ("slug", "text", "lang", "register"):
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            raise VariantError(f"{place}: {key} is missing or empty")
        values[key] = value
    if len(values["text"]) > MAX_TEXT_CHARS:
        raise VariantError(f"{place}: text is longer than {MAX_TEXT_CHARS} characters")
    if values["register"] not in REGISTERS:
        raise VariantError(f"{place}: register {values['register']!r} is none of the known ones")
    reviewed = row.get("reviewed", True)
    if not isinstance(reviewed, bool):
        raise VariantError(f"{place}: reviewed is not true or false")
    return Variant(**values, reviewed=reviewed)
