"""The FAQ in and out of files: what comes in becomes drafts, never published by itself."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from handlers import audit, editing
from handlers.audit import Action
from handlers.database import Database
from handlers.editing import Work
from handlers.models import Account
from handlers.refresh import refresh
from handlers.resources import Resources
from knowledge import faq_files
from knowledge.entries import ContentError, Entry, Problem
from knowledge.entry_files import read_topic
from knowledge.faq_sheets import read_sheet, write_sheet
from knowledge.forms import problems_of
from knowledge.index import FaqIndex


def bring_in(
    database: Database,
    *,
    name: str,
    data: bytes,
    by: Account,
    resources: Resources,
    now: datetime,
) -> int:
    """Save what a YAML topic or an XLSX sheet changes as drafts; give how many entries that are.

    Raises ContentError with the line or row of every fault; nothing is then changed.
    """
    refresh(database, resources, now=now)
    faq = resources.knowledge.faq
    if name.lower().endswith(".xlsx"):
        topics = {topic.id for topic in faq.topics}
        entries: Sequence[Entry] = read_sheet(
            data, topics=topics, slugs=faq.entries.keys(), helplines=faq.helplines
        )
    elif name.lower().endswith((".yaml", ".yml")):
        entries = _from_yaml(name, data, faq=faq)
    else:
        raise ContentError([Problem(name or "-", 1, None, "pilih berkas .xlsx atau .yaml")])
    works = [Work(entry) for entry in entries if faq.entries.get(entry.slug) != entry]
    if not works:
        return 0
    return editing.save_many(database, works, by=by, now=now, source=name)


def sheet(database: Database, *, by: Account, resources: Resources, now: datetime) -> bytes:
    """Give every published entry as an XLSX file."""
    refresh(database, resources, now=now)
    faq = resources.knowledge.faq
    _note(database, by=by, now=now, detail="xlsx")
    return write_sheet(entry for topic in faq.topics for entry in topic.entries)


def folder(database: Database, place: Path, *, by: Account, now: datetime) -> None:
    """Write the published FAQ as the YAML files that `faq import` reads."""
    with database.read() as db:
        faq_files.export(db, place, now=now)
    _note(database, by=by, now=now, detail="yaml")


def _from_yaml(name: str, data: bytes, *, faq: FaqIndex) -> Sequence[Entry]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContentError([Problem(name, 1, None, "simpan berkas sebagai UTF-8")]) from error
    topic, lines, problems = read_topic(text, file=name)
    if all(known.id != topic.id for known in faq.topics):
        problems.append(Problem(name, 1, None, f"topik tidak ada: {topic.id}"))
    known = {*faq.entries, *lines}
    for entry in topic.entries:
        found = problems_of(entry, slugs=known, helplines=faq.helplines)
        problems += [Problem(name, lines[entry.slug], entry.slug, message) for message in found]
    if problems:
        raise ContentError(problems)
    return topic.entries


def _note(database: Database, *, by: Account, now: datetime, detail: str) -> None:
    with database.write() as work:
        audit.note(work.db, Action.EXPORTED, by=by, now=now, detail=detail)
        work.commit()
