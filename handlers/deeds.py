"""Carrying out what is due on one case: its history, the new cards, a word to the former owner."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from escalation import case_moves, cases
from escalation.assignment import Owner, desk_to_tell
from escalation.case_states import CaseState, EventKind
from escalation.case_watch import standing_of, steps_of
from escalation.deadlines import GIVES_OWNER, Deed, Due, due
from escalation.models import Case, CaseEvent, Officer
from escalation.notices import NoticeKind, above
from escalation.risk import Level
from escalation.roster import load_roster, routes_of
from handlers import alerts, outbox
from handlers.cards import local_time, marked
from handlers.messages import OutboundMessage
from handlers.models import OutboxKind
from handlers.resources import Resources

LOOK_AGAIN = timedelta(hours=6)
"""A case on which nothing can become due is looked at this often all the same."""

ENOUGH = 10
"""More deeds at one look than this would mean that the clock does not come to rest."""


def carry_out(db: Session, case_id: int, *, resources: Resources, now: datetime) -> int:
    """Do all that is due on one case; give how many deeds that was."""
    case = db.exec(select(Case).where(col(Case.id) == case_id).with_for_update()).one_or_none()
    if case is None or case.state == CaseState.CLOSED:
        return 0
    if case.is_drill and now >= case.opened_at + resources.deadlines.drill_ends_after:
        _end_drill(db, case, resources=resources, now=now)
        return 1
    for done in range(ENOUGH):
        found = _judge(db, case, resources=resources, now=now)
        if found.deed is None:
            at = found.look_at or now + LOOK_AGAIN
            if case.is_drill:
                at = min(at, case.opened_at + resources.deadlines.drill_ends_after)
            case_moves.look_again(db, case, at=at)
            return done
        _do(db, case, found, resources=resources, now=now)
        db.flush()
    return ENOUGH


def trail_of(
    events: Sequence[CaseEvent],
    *,
    resources: Resources,
    db: Session,
    zone: str,
    by_hand: bool = False,
) -> str:
    """Give who was told of a case before and when, as a line for the next.

    `by_hand`: its owner passes it on, and was not silent.
    """
    told = [
        resources.texts.say(
            "petugas.jejak_satu",
            nama=_name(db, event.to_officer_id, resources=resources),
            waktu=local_time(event.at, zone=zone),
        )
        for event in events
        if event.kind in GIVES_OWNER and event.kind != EventKind.ACCEPTED
    ]
    taken = any(event.kind == EventKind.ACCEPTED for event in events)
    key = ("jejak_dialihkan" if by_hand else "jejak_diterima") if taken else "jejak"
    return resources.texts.say(f"petugas.{key}", daftar="; ".join(told)) if told else ""


def _judge(db: Session, case: Case, *, resources: Resources, now: datetime) -> Due:
    roster = load_roster(db, now=now)
    return due(
        standing_of(case, zone=resources.zone_of(roster, case.owner_id)),
        steps_of(cases.history(db, case.id or 0)),
        policy=resources.deadlines,
        roster=roster,
        offices=resources.offices,
        now=now,
    )


def _do(db: Session, case: Case, found: Due, *, resources: Resources, now: datetime) -> None:
    if found.deed == Deed.CLIMB:
        assert found.to is not None
        _climb(db, case, found, found.to, resources=resources, now=now)
        return
    roster = load_roster(db, now=now)
    zone = resources.zone_of(roster, case.owner_id)
    trail = trail_of(cases.history(db, case.id or 0), resources=resources, db=db, zone=zone)
    if found.deed == Deed.SPREAD:
        everyone = above(case, roster=roster, offices=resources.offices)
        cases.record(db, case, EventKind.SPREAD, now=now, detail=found.cause)
        alerts.notify(
            db, case, NoticeKind.SPREAD, resources=resources, now=now, to=everyone, trail=trail
        )
        return
    cases.record(db, case, EventKind.REMINDED, now=now, detail=found.cause)
    if case.state == CaseState.NEW:
        alerts.notify(db, case, NoticeKind.REMINDED, resources=resources, now=now, trail=trail)
    elif case.owner_id is not None:
        alerts.remind_owner(db, case, resources=resources, now=now)


def _climb(
    db: Session, case: Case, found: Due, to: Owner, *, resources: Resources, now: datetime
) -> None:
    roster = load_roster(db, now=now)
    former = case.owner_id
    # In an emergency whoever stands above is told again, not only the next.
    is_urgent = case.level == Level.DARURAT
    everyone = above(case, roster=roster, offices=resources.offices) if is_urgent else ()
    zone = resources.zone_of(roster, to.officer_id)
    trail = trail_of(cases.history(db, case.id or 0), resources=resources, db=db, zone=zone)
    case_moves.climb(db, case, to, cause=found.cause, now=now)
    db.flush()
    alerts.notify(
        db, case, NoticeKind.CLIMBED, resources=resources, now=now, to=everyone, trail=trail
    )
    told_again = to.officer_id is None and former in desk_to_tell(roster)
    if former is not None and former in roster.reachable and not told_again:
        name = _name(db, to.officer_id, resources=resources)
        text = resources.texts.say("petugas.sudah_naik", nomor=case.id, kepada=name)
        _tell(db, case, former, text, resources=resources, now=now)


def _tell(
    db: Session, case: Case, officer_id: int, text: str, *, resources: Resources, now: datetime
) -> None:
    for contact_id in routes_of(db, officer_id)[:1]:
        round_ = len(cases.history(db, case.id or 0))
        draft = outbox.Draft(
            contact_id=contact_id,
            message=OutboundMessage(marked(text, case, texts=resources.texts)),
            dedupe_key=f"moved:{case.id}:{round_}:{contact_id}",
            # Without the case: if this line fails, nothing about the case is lost.
            kind=OutboxKind.NOTICE,
            officer_id=officer_id,
        )
        outbox.queue(db, draft, sealer=resources.sealer, now=now)


def _end_drill(db: Session, case: Case, *, resources: Resources, now: datetime) -> None:
    case_moves.end_drill(db, case, now=now)
    if case.owner_id is not None:
        text = resources.texts.say("petugas.latihan_selesai", nomor=case.id)
        _tell(db, case, case.owner_id, text, resources=resources, now=now)


def _name(db: Session, officer_id: int | None, *, resources: Resources) -> str:
    if officer_id is None:
        return resources.texts.say("petugas.meja_nasional")
    return db.get_one(Officer, officer_id).name
