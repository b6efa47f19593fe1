"""Late answers: who asked in vain and agreed is told once the answer is there, once, in 30 days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from escalation.case_states import CaseState
from escalation.models import Case
from escalation.risk import Level
from handlers import contacts, outbox
from handlers.database import insert_once
from handlers.late_models import LateWish
from handlers.messages import Choice, OutboundMessage
from handlers.models import (
    Contact,
    Ending,
    OutboxItem,
    OutboxKind,
    OutboxStatus,
    QuestionRecord,
)
from handlers.resources import Resources
from handlers.sealing import Sealer
from handlers.turn import Turn, Understanding, View
from knowledge.entries import Entry
from knowledge.render import first_screen, spoken_date

WITHIN = timedelta(days=30)
"""After this nobody is told any more: the wish was for now, and telephones change hands."""

ASKS = "kabari"
"""The button's id, until the message it is about is known; then with that message's number."""

LEAST_WORDS = 3
"""Fewer words than this are rather a slip than a question to come back to."""

AT_ONCE = 50
DEDUPE = "late:"


@dataclass(frozen=True, slots=True)
class Told:
    """How many agreed in the last 30 days, and to how many the answer was sent."""

    agreed: int
    told: int


def may_offer(meaning: Understanding, view: View, *, spoken_level: str | None) -> bool:
    """Tell whether to offer it: an ordinary question, and nobody whom a message might endanger."""
    calm = meaning.assessment.level == Level.TIDAK and spoken_level in (None, Level.TIDAK)
    has_words = len(meaning.text.split()) >= LEAST_WORDS
    is_known_person = not view.is_officer and view.case is None
    return calm and has_words and is_known_person and not meaning.is_out_of_scope


def with_number(turn: Turn, inbox_id: int) -> Turn:
    """Let the button say which question it is about, so that it still means that one later."""
    if not any(choice.id == ASKS for reply in turn.replies for choice in reply.choices):
        return turn
    numbered = f"{ASKS}:{inbox_id}"
    told = tuple(
        replace(
            reply,
            choices=tuple(
                replace(choice, id=numbered) if choice.id == ASKS else choice
                for choice in reply.choices
            ),
        )
        for reply in turn.replies
    )
    offered = tuple(numbered if id == ASKS else id for id in turn.state.offered)
    return replace(turn, replies=told, state=replace(turn.state, offered=offered))


def agree(db: Session, contact: Contact, inbox_id: int, *, sealer: Sealer, now: datetime) -> bool:
    """Note that somebody wants to hear of their own unanswered question; False for any other."""
    pseudonym = contacts.pseudonym(contacts.person_of(contact), sealer=sealer)
    asked = db.exec(
        select(QuestionRecord).where(
            col(QuestionRecord.inbox_id) == inbox_id,
            col(QuestionRecord.pseudonym) == pseudonym,
            col(QuestionRecord.ending) == Ending.UNKNOWN,
            col(QuestionRecord.gap_outcome).is_(None),
            col(QuestionRecord.at) >= now - WITHIN,
        )
    ).one_or_none()
    if asked is None or contact.id is None:
        return False
    wish = LateWish(inbox_id=inbox_id, contact_id=contact.id, asked_at=asked.at, agreed_at=now)
    insert_once(db, wish)
    return True


def close(db: Session, inbox_ids: Sequence[int], *, slug: str | None, now: datetime) -> int:
    """Note which entry answers these questions; without one, nobody is told. Give how many wait."""
    found = db.execute(
        update(LateWish)
        .where(
            col(LateWish.inbox_id).in_(inbox_ids),
            col(LateWish.slug).is_(None),
            col(LateWish.ended_at).is_(None),
        )
        .values(slug=slug, ended_at=None if slug else now)
        .returning(col(LateWish.id))
        .execution_options(synchronize_session=False)
    )
    return len(found.all()) if slug else 0


def queue_due(db: Session, *, resources: Resources, now: datetime) -> int:
    """Queue what can be told now; give how many. Doing it twice, or in two processes, tells once.

    An entry that is still a draft waits for being published, quiet hours for the morning, and who
    has an open case for its end: a telephone may be watched then.
    """
    _give_up(db, now=now)
    wishes = db.exec(
        select(LateWish)
        .where(
            col(LateWish.slug).in_(list(resources.knowledge.faq.entries)),
            col(LateWish.queued_at).is_(None),
            col(LateWish.ended_at).is_(None),
        )
        .order_by(col(LateWish.id))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    return sum(_queue(db, wish, resources=resources, now=now) for wish in wishes)


def _queue(db: Session, wish: LateWish, *, resources: Resources, now: datetime) -> bool:
    contact = db.get_one(Contact, wish.contact_id)
    if resources.deadlines.hours.is_quiet(now, zone=contact.zone):
        return False
    if _has_open_case(db, contacts.person_of(contact)):
        return False
    entry = resources.knowledge.faq.entries[wish.slug or ""]
    draft = outbox.Draft(
        contact_id=wish.contact_id,
        message=_message(wish, entry, zone=contact.zone, resources=resources, now=now),
        dedupe_key=f"{DEDUPE}{wish.inbox_id}",
        kind=OutboxKind.RELAY,
    )
    outbox.queue(db, draft, sealer=resources.sealer, now=now)
    wish.queued_at = now
    db.add(wish)
    return True


def _message(
    wish: LateWish, entry: Entry, *, zone: str, resources: Resources, now: datetime
) -> OutboundMessage:
    """Word the answer. It opens neutrally and never quotes what was asked."""
    faq, say = resources.knowledge.faq, resources.texts.say
    asked = wish.asked_at.astimezone(ZoneInfo(zone)).date()
    text = say(
        "jawaban_menyusul",
        tanggal=spoken_date(asked.isoformat()),
        isi=first_screen(entry, checked_on=faq.checked_on.get(entry.slug), today=now.date()),
    )
    return OutboundMessage(
        text,
        (
            Choice(f"m:{entry.slug}:0", say("tombol.selengkapnya")),
            Choice(f"h:{entry.slug}:ya", say("tombol.membantu")),
            Choice(f"h:{entry.slug}:tidak", say("tombol.tidak_membantu")),
        ),
    )


def _has_open_case(db: Session, person_id: int) -> bool:
    found = select(Case.id).where(
        col(Case.contact_id) == person_id, col(Case.state) != CaseState.CLOSED
    )
    return db.exec(found.limit(1)).first() is not None


def _give_up(db: Session, *, now: datetime) -> None:
    """End wishes that grew too old, and take back what still waits for their people to write."""
    old = db.exec(
        select(LateWish).where(
            col(LateWish.ended_at).is_(None), col(LateWish.agreed_at) < now - WITHIN
        )
    ).all()
    for wish in old:
        wish.ended_at = now
        db.add(wish)
    _cancel(db, [wish.inbox_id for wish in old if wish.queued_at is not None])


def _cancel(db: Session, inbox_ids: Sequence[int]) -> None:
    if inbox_ids:
        db.execute(
            update(OutboxItem)
            .where(
                col(OutboxItem.dedupe_key).in_([f"{DEDUPE}{id}" for id in inbox_ids]),
                col(OutboxItem.status).in_(outbox.UNSENT),
            )
            .values(status=OutboxStatus.CANCELLED, payload_sealed=b"")
            .execution_options(synchronize_session=False)
        )


def erase(db: Session, contact_ids: Sequence[int]) -> None:
    """Forget the wishes of a person, and what is still to be sent for them."""
    of_person = col(LateWish.contact_id).in_(contact_ids)
    _cancel(db, db.exec(select(LateWish.inbox_id).where(of_person)).all())
    db.execute(delete(LateWish).where(of_person))


def waiting_for(db: Session, inbox_ids: Sequence[int]) -> set[int]:
    """Give which of these questions somebody waits for."""
    found = select(LateWish.inbox_id).where(
        col(LateWish.inbox_id).in_(inbox_ids), col(LateWish.ended_at).is_(None)
    )
    return set(db.exec(found).all())


def told_lately(db: Session, *, now: datetime) -> Told:
    """Count those who agreed in the last 30 days, and the late answers that a provider accepted."""
    since = now - WITHIN
    agreed = select(func.count()).select_from(LateWish).where(col(LateWish.agreed_at) >= since)
    # Digits come before letters in every collation: the index on the key serves this.
    told = (
        select(func.count())
        .select_from(OutboxItem)
        .where(
            col(OutboxItem.dedupe_key) >= f"{DEDUPE}0",
            col(OutboxItem.dedupe_key) < f"{DEDUPE}a",
            col(OutboxItem.status) == OutboxStatus.SENT,
            col(OutboxItem.created_at) >= since,
        )
    )
    return Told(db.exec(agreed).one(), db.exec(told).one())
