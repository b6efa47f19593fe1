"""What editors do to the FAQ: each function is one unit of work, and tells the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlers import audit
from handlers.access import Role
from handlers.audit import Action
from handlers.database import Database
from handlers.models import Account
from handlers.publishing import Check, check, read_material
from handlers.refresh import refresh
from handlers.resources import Resources
from knowledge import editions, store
from knowledge.editions import DraftChanged, Edition
from knowledge.entries import ContentError, Entry, Problem
from knowledge.variants import Variant


class Blocked(Exception):
    """A draft that may not be published. Carries what stands against it."""

    def __init__(self, found: Check) -> None:
        """Keep the check."""
        self.check = found
        super().__init__("blocked")


class NothingThere(Exception):
    """An entry, version or draft that does not exist."""


@dataclass(frozen=True, slots=True)
class Work:
    """What an editor hands in: the entry, phrasings to bring and take away, golden questions."""

    entry: Entry
    added: tuple[Variant, ...] = ()
    removed: tuple[str, ...] = ()
    golden: tuple[str, ...] | None = None
    """None leaves the golden questions as they are."""


def save(
    database: Database, work: Work, *, mark: str | None, by: Account, now: datetime
) -> Edition:
    """Keep a draft. Raises DraftChanged where somebody else saved or published meanwhile."""
    slug = work.entry.slug
    with database.write() as unit:
        edition = editions.save_draft(
            unit.db,
            work.entry,
            added=work.added,
            removed=work.removed,
            by=by.name,
            mark=mark,
            now=now,
        )
        if work.golden is not None:
            _set_golden(unit.db, slug, work.golden, by=by, now=now)
        audit.note(unit.db, Action.DRAFT_SAVED, by=by, now=now, subject=slug)
        unit.commit()
    return edition


def save_many(
    database: Database, works: Sequence[Work], *, by: Account, now: datetime, source: str
) -> int:
    """Keep many drafts, all or none: an import. What it does not name stays as it is.

    Raises ContentError where another person's draft would be lost.
    """
    with database.write() as unit:
        found = {work.entry.slug: editions.draft_of(unit.db, work.entry.slug) for work in works}
        if lost := [
            Problem(source, 0, slug, f"ada draf dari {draft.created_by}; terbitkan atau buang dulu")
            for slug, draft in found.items()
            if draft is not None and draft.created_by != by.name
        ]:
            raise ContentError(lost)
        for work in works:
            before = found[work.entry.slug]
            editions.save_draft(
                unit.db,
                work.entry,
                added=before.added if before else (),
                removed=before.removed if before else (),
                by=by.name,
                mark=None,
                now=now,
            )
        detail = f"{len(works)} entri dari {source}"
        audit.note(unit.db, Action.IMPORTED, by=by, now=now, detail=detail)
        unit.commit()
    return len(works)


def discard(database: Database, slug: str, *, by: Account, now: datetime) -> None:
    """Throw a draft away."""
    with database.write() as unit:
        editions.discard_draft(unit.db, slug)
        audit.note(unit.db, Action.DRAFT_DISCARDED, by=by, now=now, subject=slug)
        unit.commit()


def restore(database: Database, slug: str, number: int, *, by: Account, now: datetime) -> Edition:
    """Make an old version the draft; it goes through the gate like any other.

    Raises NothingThere, and DraftChanged where another draft would be lost.
    """
    with database.write() as unit:
        found = [old for old in editions.history(unit.db, slug) if old.number == number]
        if not found:
            raise NothingThere
        draft = editions.draft_of(unit.db, slug)
        if draft is not None and draft.entry != found[0].entry:
            raise DraftChanged(draft.created_by, draft.created_at)
        edition = editions.save_draft(
            unit.db, found[0].entry, added=(), removed=(), by=by.name, mark=None, now=now
        )
        detail = f"dari versi {number}"
        audit.note(unit.db, Action.DRAFT_SAVED, by=by, now=now, subject=slug, detail=detail)
        unit.commit()
    return edition


def check_draft(
    database: Database, slug: str, *, by: Account, resources: Resources, now: datetime
) -> Check:
    """Say what stands against publishing a draft, with nothing open while it is worked out.

    The audit log notes who was shown villagers' questions. Raises NothingThere.
    """
    return _checked(database, slug, by=by, resources=resources, now=now)[0]


def publish(
    database: Database,
    slug: str,
    *,
    mark: str,
    is_checked: bool,
    by: Account,
    resources: Resources,
    now: datetime,
) -> Edition:
    """Give villagers what the draft says. Raises Blocked, DraftChanged, NothingThere.

    `mark` is that of the draft whose check the editor saw. Only an admin can vouch (`is_checked`).
    """
    found, draft, phrasings = _checked(database, slug, by=by, resources=resources, now=now)
    if draft.mark != mark:
        raise DraftChanged(draft.created_by, draft.created_at)
    if not found.is_free:
        raise Blocked(found)
    with database.write() as unit:
        current = editions.draft_of(unit.db, slug)
        if current is None:
            raise NothingThere
        if current.mark != mark or store.phrasings_mark(unit.db) != phrasings:
            raise DraftChanged(current.created_by, current.created_at)
        is_vouched = is_checked and by.role == Role.ADMIN
        edition = editions.publish(unit.db, slug, by=by.name, checked=is_vouched, now=now)
        detail = f"versi {edition.number}, {found.asked + found.replayed} pertanyaan diuji"
        audit.note(unit.db, Action.PUBLISHED, by=by, now=now, subject=slug, detail=detail)
        if is_vouched:
            audit.note(unit.db, Action.ENTRY_CONFIRMED, by=by, now=now, subject=slug)
        unit.commit()
    refresh(database, resources, now=now)
    return edition


def is_published(database: Database, slug: str, *, mark: str) -> bool:
    """Tell whether this very draft is what villagers read: *Terbitkan* was pressed twice."""
    with database.read() as db:
        published = editions.published_of(db, slug)
    return published is not None and published.mark == mark


def withdraw(
    database: Database, slug: str, *, by: Account, resources: Resources, now: datetime
) -> None:
    """Take an entry away from villagers, with its phrasings. Raises NothingThere."""
    with database.write() as unit:
        if editions.published_of(unit.db, slug) is None:
            if not editions.history(unit.db, slug):
                raise NothingThere
            return  # pressed twice
        editions.withdraw(unit.db, slug)
        audit.note(unit.db, Action.WITHDRAWN, by=by, now=now, subject=slug)
        unit.commit()
    refresh(database, resources, now=now)


def _checked(
    database: Database, slug: str, *, by: Account, resources: Resources, now: datetime
) -> tuple[Check, Edition, tuple[int, ...]]:
    refresh(database, resources, now=now)
    with database.read() as db:
        draft = editions.draft_of(db, slug)
        if draft is None:
            raise NothingThere
        material = read_material(db, draft, faq=resources.knowledge.faq, sealer=resources.sealer)
        phrasings = store.phrasings_mark(db)
    found = check(material, by=by, resources=resources)
    if read := sum(bool(one.text) and not one.is_own for one in found.turned):
        with database.write() as unit:
            detail = f"{read} pertanyaan"
            audit.note(unit.db, Action.GAPS_READ, by=by, now=now, subject=slug, detail=detail)
            unit.commit()
    return found, draft, phrasings


def _set_golden(
    db: Session, slug: str, texts: tuple[str, ...], *, by: Account, now: datetime
) -> None:
    before = {row.text for row in editions.golden(db, slug)}
    if before != set(texts):
        editions.set_golden(db, slug, texts, by=by.name, now=now)
        audit.note(db, Action.GOLDEN_CHANGED, by=by, now=now, subject=slug)
