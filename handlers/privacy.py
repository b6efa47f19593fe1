"""Erasing a person: what is stored about a contact goes, except a case somebody works on."""

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from escalation.case_states import CaseState
from escalation.models import Case
from handlers import contacts, late_answers, media, offers
from handlers.models import (
    Contact,
    InboxItem,
    InboxStatus,
    LinkCode,
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
    """Delete what is stored about a person, on all their channels; True where an open case stays.

    The rows of messages stay without their bodies, so that the balance still adds up; question
    records stay without their pseudonym, as bare counts.
    """
    person_id = contacts.person_of(contact)
    open_case = db.exec(
        select(Case.id).where(
            col(Case.contact_id) == person_id, col(Case.state) != CaseState.CLOSED
        )
    ).first()
    known = {id: contacts.pseudonym(id, sealer=sealer) for id in contacts.of_person(db, person_id)}
    _erase_messages(db, list(known), keeps_case=open_case is not None)
    db.execute(
        update(QuestionRecord)
        .where(col(QuestionRecord.pseudonym).in_(known.values()))
        .values(pseudonym="")
    )
    if open_case is None:
        # Every file stands with a case, and what stands with one stays while one is open.
        media.erase(db, list(known))
    offers.erase(db, list(known.values()))
    late_answers.erase(db, list(known))
    for id in known:
        one = db.get_one(Contact, id)
        one.state_sealed = None
        one.area_code = None
        if open_case is None:
            one.person_id = None
        db.add(one)
    return open_case is not None


def _erase_messages(db: Session, contact_ids: list[int], *, keeps_case: bool) -> None:
    kept = col(InboxItem.case_id).is_not(None) if keeps_case else col(InboxItem.id) < 0
    db.execute(delete(TranscriptLine).where(col(TranscriptLine.contact_id).in_(contact_ids)))
    db.execute(delete(LinkCode).where(col(LinkCode.contact_id).in_(contact_ids)))
    db.execute(
        update(InboxItem)
        .where(
            col(InboxItem.contact_id).in_(contact_ids),
            col(InboxItem.status) != InboxStatus.WAITING,
            ~kept,
        )
        .values(body_sealed=ERASED)
    )
    db.execute(
        update(OutboxItem)
        .where(
            col(OutboxItem.contact_id).in_(contact_ids),
            col(OutboxItem.kind) != OutboxKind.NOTICE,
            col(OutboxItem.status).in_((OutboxStatus.SENT, OutboxStatus.FAILED)),
        )
        .values(payload_sealed=ERASED)
    )
