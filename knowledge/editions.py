"""Editions of an entry in the database: a draft beside what is published, and all before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from knowledge.entries import Entry
from knowledge.models import FaqGolden, FaqVariant, FaqVersion, Origin, VersionState
from knowledge.store import entry_from_json, entry_to_json, newest_numbers
from knowledge.variants import Variant

MARK_CHARS = 16


class DraftChanged(Exception):
    """Somebody else saved or published this entry since it was opened."""

    def __init__(self, by: str, at: datetime) -> None:
        """Keep who it was and when."""
        self.by, self.at = by, at
        super().__init__("changed")


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of an entry with the phrasings that it brings and takes away."""

    number: int
    state: str
    entry: Entry
    added: tuple[Variant, ...]
    removed: tuple[str, ...]
    created_at: datetime
    created_by: str
    published_at: datetime | None
    published_by: str | None
    checked_by: str | None
    checked_on: date | None
    mark: str
    """Stands for the content: another one means that somebody changed it."""


def draft_of(db: Session, slug: str) -> Edition | None:
    """Give the draft of an entry, if there is one."""
    row = _row(db, slug, VersionState.DRAFT)
    return _edition(row) if row else None


def published_of(db: Session, slug: str) -> Edition | None:
    """Give what villagers read of an entry, if it is published."""
    row = _row(db, slug, VersionState.PUBLISHED)
    return _edition(row) if row else None


def history(db: Session, slug: str) -> list[Edition]:
    """Give every version of an entry, newest first."""
    rows = db.exec(
        select(FaqVersion)
        .where(col(FaqVersion.slug) == slug)
        .order_by(col(FaqVersion.number).desc())
    ).all()
    return [_edition(row) for row in rows]


def drafts(db: Session) -> Mapping[str, Edition]:
    """Give every draft by slug."""
    rows = db.exec(
        select(FaqVersion)
        .where(col(FaqVersion.state) == VersionState.DRAFT)
        .order_by(FaqVersion.slug)
    ).all()
    return {row.slug: _edition(row) for row in rows}


def save_draft(
    db: Session,
    entry: Entry,
    *,
    added: Sequence[Variant],
    removed: Sequence[str],
    by: str,
    mark: str | None,
    now: datetime,
) -> Edition:
    """Keep a draft beside what is published. Raises DraftChanged.

    `mark` is that of what the editor had before their eyes, the draft or else the published
    version, "" where there was neither; None writes over whatever is there. A draft that says
    just this already stays as it is: a button is pressed twice.
    """
    row = _row(db, entry.slug, VersionState.DRAFT)
    content = entry_to_json(entry)
    phrasings = {"add": [asdict(variant) for variant in added], "remove": list(removed)}
    if row is not None and (row.content, row.phrasings) == (content, phrasings):
        return _edition(row)
    shown = row or _row(db, entry.slug, VersionState.PUBLISHED)
    if mark is not None and shown is not None and _edition(shown).mark != mark:
        changed_by, changed_at = shown.published_by, shown.published_at
        raise DraftChanged(changed_by or shown.created_by, changed_at or shown.created_at)
    if row is None:
        row = FaqVersion(
            slug=entry.slug,
            topic=entry.topic,
            position=_position(db, entry),
            number=newest_numbers(db).get(entry.slug, 0) + 1,
            state=VersionState.DRAFT,
            content={},
            origin=Origin.EDITOR,
            created_at=now,
            created_by=by,
        )
    row.topic, row.content, row.phrasings = entry.topic, content, phrasings
    row.created_at, row.created_by = now, by
    db.add(row)
    db.flush()
    return _edition(row)


def discard_draft(db: Session, slug: str) -> None:
    """Throw a draft away."""
    row = _row(db, slug, VersionState.DRAFT)
    if row is not None:
        db.delete(row)


def publish(db: Session, slug: str, *, by: str, checked: bool, now: datetime) -> Edition:
    """Put a draft in the place of what is published, with its phrasings.

    `checked`: the named person who publishes vouches for the content today.
    """
    row = _row(db, slug, VersionState.DRAFT, lock=True)
    assert row is not None
    db.execute(
        update(FaqVersion)
        .where(col(FaqVersion.slug) == slug, col(FaqVersion.state) == VersionState.PUBLISHED)
        .values(state=VersionState.ARCHIVED)
    )
    row.state, row.published_at, row.published_by = VersionState.PUBLISHED, now, by
    row.checked_by, row.checked_on = (by, now.date()) if checked else (None, None)
    db.add(row)
    edition = _edition(row)
    _change_phrasings(db, slug, edition)
    db.flush()
    return edition


def withdraw(db: Session, slug: str) -> None:
    """Take an entry away from villagers; its versions and golden questions stay to be read."""
    db.execute(
        update(FaqVersion)
        .where(col(FaqVersion.slug) == slug, col(FaqVersion.state) == VersionState.PUBLISHED)
        # An editor's word: a newer package must not bring it back.
        .values(state=VersionState.ARCHIVED, origin=Origin.EDITOR)
    )
    db.execute(
        update(FaqVariant)
        .where(col(FaqVariant.slug) == slug)
        .values(is_withdrawn=True, origin=Origin.EDITOR)
    )


def golden(db: Session, slug: str | None = None) -> Sequence[FaqGolden]:
    """Give the golden questions of an entry, or all of entries that are published."""
    query = select(FaqGolden).order_by(FaqGolden.slug, col(FaqGolden.id))
    if slug is not None:
        return db.exec(query.where(col(FaqGolden.slug) == slug)).all()
    published = select(FaqVersion.slug).where(col(FaqVersion.state) == VersionState.PUBLISHED)
    return db.exec(query.where(col(FaqGolden.slug).in_(published))).all()


def set_golden(db: Session, slug: str, texts: Sequence[str], *, by: str, now: datetime) -> None:
    """Make these the golden questions of an entry."""
    wanted = dict.fromkeys(texts)
    for row in golden(db, slug):
        if row.text in wanted:
            del wanted[row.text]
        else:
            db.delete(row)
    for text in wanted:
        db.add(FaqGolden(slug=slug, text=text, created_at=now, created_by=by))


def phrasings_of(db: Session, slug: str) -> list[Variant]:
    """Give the phrasings in force for an entry."""
    rows = db.exec(
        select(FaqVariant)
        .where(col(FaqVariant.slug) == slug, col(FaqVariant.is_withdrawn).is_(False))
        .order_by(col(FaqVariant.id))
    ).all()
    return [
        Variant(row.slug, row.text, row.lang, row.register_name, row.is_reviewed) for row in rows
    ]


def changed_phrasings(current: Sequence[Variant], edition: Edition) -> tuple[Variant, ...]:
    """Give all phrasings as they would be with this edition published."""
    slug, gone = edition.entry.slug, set(edition.removed)
    new = {variant.text for variant in edition.added}
    kept = [v for v in current if v.slug != slug or (v.text not in gone and v.text not in new)]
    return (*kept, *edition.added)


def _change_phrasings(db: Session, slug: str, edition: Edition) -> None:
    stored = {
        row.text: row
        for row in db.exec(select(FaqVariant).where(col(FaqVariant.slug) == slug)).all()
    }
    for text in edition.removed:
        if text in stored:
            row = stored[text]
            row.is_withdrawn, row.origin = True, Origin.EDITOR
            db.add(row)
    for variant in edition.added:
        row = stored.get(variant.text) or FaqVariant(
            slug=slug,
            text=variant.text,
            lang=variant.lang,
            register_name=variant.register,
            is_reviewed=variant.reviewed,
            origin=Origin.EDITOR,
        )
        row.is_withdrawn, row.origin = False, Origin.EDITOR
        db.add(row)


def _row(db: Session, slug: str, state: VersionState, *, lock: bool = False) -> FaqVersion | None:
    query = select(FaqVersion).where(col(FaqVersion.slug) == slug, col(FaqVersion.state) == state)
    return db.exec(query.with_for_update() if lock else query).one_or_none()


def _position(db: Session, entry: Entry) -> int:
    before = db.exec(
        select(FaqVersion.position)
        .where(col(FaqVersion.slug) == entry.slug)
        .order_by(col(FaqVersion.number).desc())
    ).first()
    if before is not None:
        return before
    last = select(func.max(FaqVersion.position)).where(col(FaqVersion.topic) == entry.topic)
    return (db.exec(last).one() or 0) + 1


def _edition(row: FaqVersion) -> Edition:
    phrasings: dict[str, Any] = row.phrasings or {}
    raw = json.dumps([row.content, phrasings], sort_keys=True).encode()
    return Edition(
        number=row.number,
        state=row.state,
        entry=entry_from_json(row.content),
        added=tuple(Variant(**raw_variant) for raw_variant in phrasings.get("add", [])),
        removed=tuple(phrasings.get("remove", [])),
        created_at=row.created_at,
        created_by=row.created_by,
        published_at=row.published_at,
        published_by=row.published_by,
        checked_by=row.checked_by,
        checked_on=row.checked_on,
        mark=hashlib.sha256(raw).hexdigest()[:MARK_CHARS],
    )
