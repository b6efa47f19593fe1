"""Telling officers: notices become sealed cards in the outbox, and none is ever dropped."""

from datetime import datetime

from sqlmodel import Session, col, select

from escalation import case_moves, cases
from escalation.case_states import CaseState
from escalation.models import Case, Officer
from escalation.notices import Notice, NoticeKind, notices_for, routes_for
from escalation.risk import Level
from escalation.roster import break_route, load_roster
from handlers import cards, outbox
from handlers.messages import Choice, OutboundMessage
from handlers.models import OutboxItem, OutboxKind, OutboxStatus, Priority
from handlers.other_routes import goes_elsewhere
from handlers.resources import Resources

DIGEST = 8
"""Priority of what waits for the morning; apart, so that it holds up nothing else."""


def notify(
    db: Session,
    case: Case,
    kind: NoticeKind,
    *,
    resources: Resources,
    now: datetime,
    to: tuple[int, ...] = (),
    trail: str = "",
) -> int:
    """Queue the cards of a case for everybody who must see it; give how many were new.

    `to` are officers beside those whom the case concerns anyway. What waits for the digest gets
    no card: the digest lists every such case as it stands in the morning.
    """
    if waits_for_digest(case):
        return 0
    roster, queued = load_roster(db, now=now), 0
    for notice in notices_for(db, case, kind, offices=resources.offices, now=now, to=to):
        zone = resources.zone_of(roster, notice.officer_id)
        if _queue(db, case, notice, resources=resources, now=now, trail=trail, zone=zone):
            queued += 1
    return queued


def waits_for_digest(case: Case) -> bool:
    """Tell whether a case is brought by the morning digest only."""
    return not cards.is_interrupting(Level(case.level), is_request=not case.indicators)


def _queue(
    db: Session,
    case: Case,
    notice: Notice,
    *,
    resources: Resources,
    now: datetime,
    trail: str,
    zone: str,
) -> bool:
    officer = db.get_one(Officer, notice.officer_id)
    facts = resources.sealer.open_json(case.facts_sealed, purpose=cards.FACTS)
    message = cards.card(
        case,
        facts,
        notice.kind,
        texts=resources.texts,
        zone=zone,
        addressee=officer.name,
        trail=trail,
    )
    round_ = len(cases.history(db, notice.case_id))
    is_urgent = Level(case.level) == Level.DARURAT and not case.is_drill
    draft = outbox.Draft(
        contact_id=notice.contact_id,
        message=message,
        dedupe_key=f"notice:{case.id}:{notice.kind}:{round_}:{notice.contact_id}",
        kind=OutboxKind.NOTICE,
        priority=Priority.URGENT if is_urgent else Priority.NORMAL,
        case_id=case.id,
        officer_id=notice.officer_id,
    )
    return outbox.queue(db, draft, sealer=resources.sealer, now=now) is not None


def taken(db: Session, case: Case, *, by: int, resources: Resources, now: datetime) -> None:
    """Tell those whom an emergency called as well that somebody has taken it."""
    if case.level != Level.DARURAT:
        return
    told = db.exec(
        select(OutboxItem.officer_id, OutboxItem.contact_id, OutboxItem.status).where(
            col(OutboxItem.case_id) == case.id,
            col(OutboxItem.kind) == OutboxKind.NOTICE,
            col(OutboxItem.officer_id).is_not(None),
            col(OutboxItem.officer_id) != by,
        )
    ).all()
    name = db.get_one(Officer, by).name
    text = resources.texts.say("petugas.sudah_diterima_lain", nomor=case.id, nama=name)
    message = OutboundMessage(cards.marked(text, case, texts=resources.texts))
    round_ = len(cases.history(db, case.id or 0))
    reached = {
        officer_id: contact_id
        for officer_id, contact_id, status in reversed(told)
        if status == OutboxStatus.SENT
    }
    for officer_id, contact_id in reached.items():
        draft = outbox.Draft(
            contact_id=contact_id,
            message=message,
            dedupe_key=f"taken:{case.id}:{round_}:{contact_id}",
            kind=OutboxKind.NOTICE,
            officer_id=officer_id,
        )
        outbox.queue(db, draft, sealer=resources.sealer, now=now)


def remind_owner(db: Session, case: Case, *, resources: Resources, now: datetime) -> None:
    """Ask whoever took a case whether it is still in hand."""
    assert case.owner_id is not None
    texts = resources.texts
    since = case.waits_since or case.last_message_at
    zone = resources.zone_of(load_roster(db, now=now), case.owner_id)
    key = "masih_menunggu" if case.waits_since else "masih_terbuka"
    text = texts.say(f"petugas.{key}", nomor=case.id, waktu=cards.local_time(since, zone=zone))
    busy = Choice(f"k:{case.id}:urus", texts.say("petugas.tombol.urus"))
    message = OutboundMessage(
        cards.marked(text, case, texts=texts), (busy, *cards.actions(case, texts=texts))
    )
    round_ = len(cases.history(db, case.id or 0))
    for contact_id in routes_for(db, case.owner_id, level=Level(case.level)):
        draft = outbox.Draft(
            contact_id=contact_id,
            message=message,
            dedupe_key=f"notice:{case.id}:urus:{round_}:{contact_id}",
            kind=OutboxKind.NOTICE,
            case_id=case.id,
            officer_id=case.owner_id,
        )
        outbox.queue(db, draft, sealer=resources.sealer, now=now)


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
    if item.officer_id is None:
        return
    # Locked first: two routes that fail at once must not each count on the other.
    case = db.get_one(Case, item.case_id, with_for_update=True) if item.case_id else None
    if case is not None and case.state == CaseState.CLOSED:
        return
    if goes_elsewhere(db, item, resources=resources, now=now) or case is None:
        return
    holder = case.owner_id
    case_moves.pass_on_undelivered(
        db, case, officer_id=item.officer_id, offices=resources.offices, now=now
    )
    if case.owner_id != holder:
        notify(db, case, NoticeKind.HANDED_OVER, resources=resources, now=now)


def untold_cases(db: Session) -> list[Case]:
    """Give new cases of which no officer has been told or is about to be.

    What waits for the digest is not among them: every digest is made of the cases themselves.
    """
    told = select(OutboxItem.case_id).where(
        col(OutboxItem.kind) == OutboxKind.NOTICE,
        col(OutboxItem.status) != OutboxStatus.FAILED,
        col(OutboxItem.case_id).is_not(None),
    )
    found = db.exec(
        select(Case).where(col(Case.state) == CaseState.NEW, ~col(Case.id).in_(told))
    ).all()
    return [case for case in found if not waits_for_digest(case)]


def revive_untold(db: Session, *, resources: Resources, now: datetime) -> int:
    """Tell somebody of every case nobody was told of, as soon as there is somebody to tell."""
    return sum(
        notify(db, case, NoticeKind.NEW, resources=resources, now=now) for case in untold_cases(db)
    )
