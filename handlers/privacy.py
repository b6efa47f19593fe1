"""Erasing a person: what is stored about a contact goes, except a case somebody works on."""

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from escalation.case_states import CaseState
from escalation.models import Case
from handlers import contacts
from handlers.models import (
    Contact,
    InboxItem,
    InboxStatus,
    OutboxItem,
    OutboxKind,
    OutboxStatus,
    QuestionRecord,
    TranscriptLine,
)
from handlers.sealing import Sealer

ERASED = b""
"""A sealed body after erasing: nothing is left to open."""


def erase(db: Session, contact: Contact, *, sealer: Sealer) -> bool:
    """Delete what is stored about a contact; True where an open case stays.

    The rows of messages stay without their bodies, so that the balance still adds up; question
    records stay without their pseudonym, as bare counts.
    """
    assert contact.id is not None
    open_case = db.exec(
        select(Case.id).where(
            col(Case.contact_id) == contact.id, col(Case.state) != CaseState.CLOSED
        )
    ).first()
    kept = col(InboxItem.case_id).is_not(None) if open_case else col(InboxItem.id) < 0
    db.execute(delete(TranscriptLine).where(col(TranscriptLine.contact_id) == contact.id))
    db.execute(
        update(InboxItem)
        .where(
            col(InboxItem.contact_id) == contact.id,
            col(InboxItem.status) != InboxStatus.WAITING,
            ~kept,
        )
        .values(body_sealed=ERASED)
    )
    db.execute(
        update(OutboxItem)
        .where(
            col(OutboxItem.contact_id) == contact.id,
            col(OutboxItem.kind) != OutboxKind.NOTICE,
            col(OutboxItem.status).in_((OutboxStatus.SENT, OutboxStatus.FAILED)),
        )
        .values(payload_sealed=ERASED)
    )
    db.execute(
        update(QuestionRecord)
        .where(col(QuestionRecord.pseudonym) == contacts.pseudonym(contact.id, sealer=sealer))
        .values(pseudonym="")
    )
    contact.state_sealed = None
    contact.area_code = None
    db.add(contact)
    return open_case is not None
