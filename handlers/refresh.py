"""Bringing what was published into the running process: nobody restarts for an edit."""

from datetime import datetime

from sqlmodel import Session

from handlers import audit
from handlers.database import Database
from handlers.resources import Knowledge, Resources
from knowledge import store


def current_mark(db: Session, *, now: datetime) -> tuple[int, ...]:
    """Give what changes with anything a villager may read; also daily, as numbers grow old."""
    return (*store.version_mark(db), audit.last_content_change(db), now.toordinal())


def refresh(database: Database, resources: Resources, *, now: datetime) -> bool:
    """Load the FAQ and phrasings again if they changed; True where they did. A tenth of a second."""
    with database.read() as db:
        mark = current_mark(db, now=now)
        if mark == resources.knowledge.mark or store.is_empty(db):
            return False
        faq, variants = store.load_index(db, now=now), store.load_variants(db)
    matcher = resources.knowledge.matcher.over(variants)
    resources.knowledge = Knowledge(faq, matcher, mark)
    return True
