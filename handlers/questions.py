"""Question records: what every question and tip tells the early warning, without its words."""

from datetime import datetime

from sqlmodel import Session, col, select

from handlers import contacts
from handlers.database import insert_once
from handlers.models import Contact, Ending, QuestionRecord
from handlers.sealing import Sealer
from handlers.turn import QuestionDraft


def record(
    db: Session,
    draft: QuestionDraft,
    *,
    contact: Contact,
    inbox_id: int,
    topic: str | None,
    ending: Ending,
    sealer: Sealer,
    now: datetime,
) -> None:
    """Write the record of one message, once."""
    insert_once(
        db,
        QuestionRecord(
            inbox_id=inbox_id,
            pseudonym=contacts.pseudonym(contacts.person_of(contact), sealer=sealer),
            at=now,
            kind=draft.kind,
            area_code=contact.area_code,
            topic=topic,
            slug=draft.slug,
            level=draft.level,
            indicators=list(draft.indicators),
            language=draft.language,
            channel=contact.channel,
            ending=ending,
        ),
    )


def mark_helpful(db: Session, contact: Contact, slug: str, *, yes: bool, sealer: Sealer) -> None:
    """Note what a person said of the newest answer they got from an entry."""
    found = db.exec(
        select(QuestionRecord)
        .where(
            col(QuestionRecord.pseudonym)
            == contacts.pseudonym(contacts.person_of(contact), sealer=sealer),
            col(QuestionRecord.slug) == slug,
        )
        .order_by(col(QuestionRecord.id).desc())
        .limit(1)
    ).first()
    if found is not None:
        found.helpful = yes
        db.add(found)


def set_area(db: Session, contact: Contact, *, since: datetime, sealer: Sealer) -> None:
    """Give a person's village to what they asked shortly before they named it."""
    rows = db.exec(
        select(QuestionRecord).where(
            col(QuestionRecord.pseudonym)
            == contacts.pseudonym(contacts.person_of(contact), sealer=sealer),
            col(QuestionRecord.area_code).is_(None),
            col(QuestionRecord.at) >= since,
        )
    ).all()
    for row in rows:
        row.area_code = contact.area_code
        db.add(row)
