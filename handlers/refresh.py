"""Bringing what was published into the running process: nobody restarts for an edit."""

from datetime import datetime

from sqlmodel import Session

from escalation import office_confirmations
from escalation.offices import Offices, load_offices
from handlers import audit
from handlers.database import Database
from handlers.resources import Knowledge, Resources
from knowledge import store


def current_mark(db: Session, *, now: datetime) -> tuple[int, ...]:
    """Give what changes with anything a villager may read; also daily, as numbers grow old."""
    return (*store.version_mark(db), audit.last_content_change(db), now.toordinal())


def refresh_offices(db: Session, resources: Resources) -> None:
    """Bring in which offices admins vouched for, where that changed."""
    if office_confirmations.newest_id(db) != resources.offices.mark:
        resources.offices = confirmed_offices(db)


def confirmed_offices(db: Session) -> Offices:
    """Give the packaged offices with what admins vouched for."""
    newest = office_confirmations.newest_id(db)
    found = office_confirmations.in_force(db)
    codes = {regency: row.office_code for regency, row in found.items()}
    return load_offices().vouched(codes, mark=newest)


def refresh(database: Database, resources: Resources, *, now: datetime) -> bool:
    """Load the FAQ and phrasings again if they changed; True where they did. A tenth of a second.

    The offices, too.
    """
    with database.read() as db:
        refresh_offices(db, resources)
        mark = current_mark(db, now=now)
        if mark == resources.knowledge.mark or store.is_empty(db):
            return False
        faq, variants = store.load_index(db, now=now), store.load_variants(db)
    matcher = resources.knowledge.matcher.over(variants)
    resources.knowledge = Knowledge(faq, matcher, mark)
    return True
