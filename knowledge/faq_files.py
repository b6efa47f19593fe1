"""The FAQ as files: read and checked whole, and exported back."""

import json
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml
from sqlmodel import Session

from knowledge import store
from knowledge.entries import ContentError, Entry, Problem
from knowledge.helplines import Helpline
from knowledge.lint import Content, lint
from knowledge.packaged import packaged_folder, read_content
from knowledge.variants import (
    OUT_OF_SCOPE,
    SMALL_TALK,
    SUFFIX,
    Variant,
    VariantError,
    load_variants,
)

LABEL_FILES = {OUT_OF_SCOPE: "luar", SMALL_TALK: "sapa"}


@dataclass(frozen=True, slots=True)
class Linted:
    """A folder with all that is wrong with it; `content` is None where it cannot be read."""

    problems: tuple[Problem, ...]
    content: Content | None = None
    variants: tuple[Variant, ...] = ()


def lint_folder(folder: Path | None) -> Linted:
    """Check entries and phrasings of a folder as `faq import` does; never raises for content."""
    try:
        content, problems = read_content(folder)
    except ContentError as error:
        return Linted(error.problems)
    problems += lint(content)
    source = folder or packaged_folder()
    try:
        variants = load_variants(source)
        problems += _stray_phrasings(source, known=_known(content))
    except VariantError as error:
        variants = ()
        problems.append(_broken_phrasing(str(error)))
    return Linted(tuple(problems), content, variants)


def read_checked(folder: Path | None) -> tuple[Content, tuple[Variant, ...]]:
    """Read a folder that has no problem at all. Raises ContentError, VariantError."""
    content, problems = read_content(folder)
    if problems := [*problems, *lint(content)]:
        raise ContentError(problems)
    variants = load_variants(folder or packaged_folder())
    known = _known(content)
    if any(variant.slug not in known for variant in variants):
        raise ContentError(_stray_phrasings(folder or packaged_folder(), known=known))
    return content, variants


def export(db: Session, folder: Path, *, now: datetime) -> int:
    """Write the published FAQ as `faq import` reads it; give the number of files."""
    folder.mkdir(parents=True, exist_ok=True)
    index = store.load_index(db, now=now)
    topic_of = {slug: entry.topic for slug, entry in index.entries.items()} | LABEL_FILES
    lines: dict[str, list[str]] = {}
    for variant in store.load_variants(db):
        row: dict[str, object] = {
            "slug": variant.slug,
            "text": variant.text,
            "lang": variant.lang,
            "register": variant.register,
        }
        if not variant.reviewed:
            row["reviewed"] = False
        name = topic_of.get(variant.slug)
        if name is not None:
            lines.setdefault(name, []).append(json.dumps(row, ensure_ascii=False))
    for topic in index.topics:
        raw = {
            "topic": topic.id,
            "title": topic.title,
            "order": topic.order,
            "entries": [_entry(entry) for entry in topic.entries],
        }
        _write_yaml(folder / f"{topic.id}.yaml", raw)
    helplines = [_helpline(helpline) for helpline in index.helplines.values()]
    _write_yaml(folder / "contacts.yaml", {"contacts": helplines})
    for name, rows in lines.items():
        (folder / f"{name}{SUFFIX}").write_text("\n".join(rows) + "\n", "utf-8")
    return len(index.topics) + 1 + len(lines)


def _known(content: Content) -> set[str]:
    return {entry.slug for entry in content.entries} | set(LABEL_FILES)


def _broken_phrasing(message: str) -> Problem:
    file, _, told = message.partition(":")
    line, _, told = told.partition(":")
    if not line.isdecimal():
        return Problem(f"*{SUFFIX}", 1, None, "berkas kalimat warga tidak ada")
    return Problem(file, int(line), None, f"kalimat warga rusak:{told}")


def _stray_phrasings(folder: Traversable, *, known: Set[str]) -> Iterator[Problem]:
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(SUFFIX):
            continue
        for number, line in enumerate(file.read_text("utf-8").split("\n"), start=1):
            slug = json.loads(line)["slug"] if line.strip() else None
            if slug is not None and slug not in known:
                yield Problem(file.name, number, slug, "kalimat untuk entri yang tidak ada")


def _entry(entry: Entry) -> dict[str, object]:
    raw = store.entry_to_json(entry)
    del raw["topic"]
    raw["sources"] = [_without_none(source) for source in raw["sources"]]
    return {key: value for key, value in raw.items() if value not in (None, [], ())}


def _helpline(helpline: Helpline) -> dict[str, object]:
    raw = store.helpline_to_json(helpline)
    raw["sources"] = [_without_none(raw.pop("source"))]
    return {key: value for key, value in raw.items() if value not in (None, [], ())}


def _without_none(raw: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in raw.items() if value is not None}


def _write_yaml(path: Path, value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, "utf-8")
