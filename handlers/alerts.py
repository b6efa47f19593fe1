"""Telling officers: notices become sealed cards in the outbox, and none is ever dropped."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from escalation import cases
from escalation.case_states import CaseState
from escalation.models import Case, Officer
from escalation.notices import Notice, NoticeKind, notices_for
from escalation.risk import Level
from escalation.roster import break_route
from handlers import cards, outbox
from handlers.models import Contact, OutboxItem, OutboxKind, OutboxStatus, Priority
from handlers.resources import Resources

DIGEST = 8
"""Priority of a card that waits for the morning; apart, so that it holds up nothing else."""

MORNING = time(7, 0)


def notify(
    db: Session, case: Case, kind: NoticeKind, *, resources: Resources, now: datetime
) -> int:
    """Queue the cards of a case for everybody who must see it; give how many were new."""
    queued = 0
    for notice in notices_for(db, case, kind, offices=resources.offices, now=now):
        if _queue(db, case, notice, resources=resources, now=now):
            queued += 1
    return queued


def _queue(db: Session, case: Case, notice: Notice, *, resources: Resources, now: datetime) -> bool:
    contact = db.get_one(Contact, notice.contact_id)
    officer = db.get_one(Officer, notice.officer_id)
    facts = resources.sealer.open_json(case.facts_sealed, purpose=cards.FACTS)
    message = cards.card(
        case, facts, notice.kind, texts=resources.texts, zone=contact.zone, addressee=officer.name
    )
    priority, due = _urgency(case, zone=contact.zone, now=now)
    round_ = len(cases.history(db, notice.case_id))
    draft = outbox.Draft(
        contact_id=notice.contact_id,
        message=message,
        dedupe_key=f"notice:{case.id}:{notice.kind}:{round_}:{notice.contact_id}",
        kind=OutboxKind.NOTICE,
        priority=priority,
        case_id=case.id,
        officer_id=notice.officer_id,
        due_at=due,
    )
    return outbox.queue(db, draft, sealer=resources.sealer, now=now) is not None


def _urgency(case: Case, *, zone: str, now: datetime) -> tuple[int, datetime]:
    level = Level(case.level)
    if level == Level.DARURAT:
        return Priority.URGENT, now
    if cards.is_interrupting(level, is_request=not case.indicators):
        return Priority.NORMAL, now
    return DIGEST, next_morning(now, zone=zone)


def next_morning(now: datetime, *, zone: str) -> datetime:
    """Give the next seven o'clock of a zone, in the zone of `now`."""
    local = now.astimezone(ZoneInfo(zone))
    morning = local.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)
    if morning <= local:
        morning += timedelta(days=1)
    return morning.astimezone(now.tzinfo)


def notice_failed(
    db: Session, item: OutboxItem, *, code: str, resources: Resources, now: datetime
) -> None:
    """Bring a case whose card will never arrive to the next person on its ladder."""
    break_route(db, item.contact_id, code=code)
    db.flush()
    notice_stuck(db, item, resources=resources, now=now)


def notice_stuck(db: Session, item: OutboxItem, *, resources: Resources, now: datetime) -> None:
    """Bring a case to the next person beside a card that does not get through; it is still tried.

    Nothing is passed on where the same card reached its officer, or may yet, on another route.
    """
    if item.case_id is None or item.officer_id is None:
        return
    # Locked first: two routes that fail at once must not each count on the other.
    case = db.get_one(Case, item.case_id, with_for_update=True)
    if case.state == CaseState.CLOSED or _reaches_elsewhere(db, item):
        return
    cases.pass_on_undelivered(
        db, case, officer_id=item.officer_id, offices=resources.offices, now=now
    )
    notify(db, case, NoticeKind.HANDED_OVER, resources=resources, now=now)


def _reaches_elsewhere(db: Session, item: OutboxItem) -> bool:
    same_card = item.dedupe_key.rpartition(":")[0]
    other = select(OutboxItem.id).where(
        col(OutboxItem.dedupe_key).startswith(f"{same_card}:", autoescape=True),
        col(OutboxItem.officer_id) == item.officer_id,
        col(OutboxItem.id) != item.id,
        col(OutboxItem.status).in_((OutboxStatus.SENT, OutboxStatus.WAITING)),
    )
    return db.exec(other).first() is not None


def untold_cases(db: Session) -> list[Case]:
    """Give new cases of which no officer has been told or is about to be."""
    told = select(OutboxItem.case_id).where(
        col(OutboxItem.kind) == OutboxKind.NOTICE,
        col(OutboxItem.status) != OutboxStatus.FAILED,
        col(OutboxItem.case_id).is_not(None),
    )
    return list(
        db.exec(select(Case).where(col(Case.state) == CaseState.NEW, ~col(Case.id).in_(told))).all()
    )


def revive_untold(db: Session, *, resources: Resources, now: datetime) -> int:
    """Tell somebody of every case nobody was told of, as soon as there is somebody to tell."""
    return sum(
        notify(db, case, NoticeKind.NEW, resources=resources, now=now) for case in untold_cases(db)
    )
