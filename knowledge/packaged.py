"""The FAQ that comes with the package: the seed of the database and its review copy in git."""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.entries import ContentError, Problem, Topic
from knowledge.entry_files import read_topic, topic_files
from knowledge.helplines import Helpline, office_helplines, read_helplines
from knowledge.lint import Content

COVERAGE_FILE = "coverage.txt"
"""Slugs that a folder must hold, one a line; a folder without it may hold any."""

OFFICES_FILE = "offices.csv"
"""Numbers of immigration offices, all from the same two lists; an export holds them as YAML."""


def packaged_folder() -> Traversable:
    """Give the folder of the packaged FAQ."""
    return files("knowledge") / "faq"


def read_content(folder: Traversable | None = None) -> tuple[Content, list[Problem]]:
    """Read every topic and the contacts of a folder; the packaged FAQ where none is given.

    The problems are those of form; `knowledge.lint.lint` finds those of content.
    Raises ContentError where a file cannot be read at all.
    """
    folder = folder or packaged_folder()
    topics: list[Topic] = []
    places: dict[str, tuple[str, int]] = {}
    problems: list[Problem] = []
    for file in topic_files(folder):
        if file.name == "contacts.yaml":
            continue
        topic, lines, found = read_topic(_read_text(file), file=file.name)
        topics.append(topic)
        problems += found
        problems += [
            Problem(file.name, line, slug, f"slug sudah dipakai di {places[slug][0]}")
            for slug, line in lines.items()
            if slug in places
        ]
        places |= {slug: (file.name, line) for slug, line in lines.items() if slug not in places}
    topics.sort(key=lambda topic: (topic.order, topic.id))
    return Content(topics, places, read_register(folder), _read_coverage(folder)), problems


def read_register(folder: Traversable) -> Mapping[str, Helpline]:
    """Read the contact register of a folder. Raises ContentError."""
    file = folder / "contacts.yaml"
    if not file.is_file():
        raise ContentError([Problem(file.name, 1, None, "berkas kontak tidak ada")])
    helplines = dict(read_helplines(_read_text(file), file=file.name))
    offices = folder / OFFICES_FILE
    if offices.is_file():
        helplines |= office_helplines(_read_text(offices))
    return helplines


def _read_coverage(folder: Traversable) -> frozenset[str]:
    file = folder / COVERAGE_FILE
    lines = _read_text(file).split("\n") if file.is_file() else []
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _read_text(file: Traversable) -> str:
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ContentError(
            [Problem(file.name, line, None, "simpan berkas sebagai UTF-8")]
        ) from error
