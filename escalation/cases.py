"""Cases: a state machine with an owner always, a memory never edited, and no silent end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from escalation.assignment import Owner, Rung, owner_for
from escalation.case_states import (
    TRANSITIONS,
    CaseState,
    EventKind,
    IllegalTransition,
    Outcome,
    Reason,
)
from escalation.models import Case, CaseEvent
from escalation.offices import Offices
from escalation.risk import Level
from escalation.roster import load_roster

SAME_STORY = timedelta(hours=72)
"""A contact's messages within this time belong to one case (issue: same story in 72 h)."""

OFFICIALS_INVOLVED = "aparat-terlibat"
"""The indicator that routes a case past the whole local office (rules of care)."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one message says that a person must see. `facts_sealed` are the card's fields.

    `since` is when the message was stored: the policy's time runs from there.
    """

    contact_id: int
    area_code: str | None
    level: Level
    kind: str | None
    indicators: tuple[str, ...]
    facts_sealed: bytes
    outside: bool = False
    since: datetime | None = None
    is_drill: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What a report did: the case, and whether officers must be told."""

    case: Case
    is_new: bool
    is_raised: bool


def open_case_of(db: Session, contact_id: int, *, now: datetime, lock: bool = False) -> Case | None:
    """Give the contact's newest open case: one an officer holds, or one of the last 72 hours.

    `lock` keeps others from changing it until this transaction ends.
    """
    query = (
        select(Case)
        .where(
            col(Case.contact_id) == contact_id,
            (col(Case.state) == CaseState.ACCEPTED)
            | (
                (col(Case.state) == CaseState.NEW) & (col(Case.last_message_at) >= now - SAME_STORY)
            ),
        )
        .order_by(col(Case.id).desc())
        .limit(1)
    )
    return db.exec(query.with_for_update() if lock else query).first()


def report(db: Session, told: Report, *, offices: Offices, now: datetime) -> Change:
    """Open a case for a report, or join it to the same story; the level never falls by itself."""
    case = open_case_of(db, told.contact_id, now=now, lock=True)
    if case is None:
        return Change(open_new(db, told, offices=offices, now=now), is_new=True, is_raised=False)
    old, new = Level(case.level), told.level
    case.last_message_at = now
    case.indicators = sorted({*case.indicators, *told.indicators})
    raised = new.rank > old.rank
    if raised:
        case.level = new
        case.facts_sealed = told.facts_sealed
        since = told.since or now
        is_waiting = case.state == CaseState.ACCEPTED and case.waits_since is not None
        case.waits_since = min(case.waits_since or since, since) if is_waiting else since
    if case.area_code is None:
        case.area_code = told.area_code
    db.add(case)
    kind = EventKind.RAISED if raised else EventKind.JOINED
    record(db, case, kind, now=now, detail=f"{old} → {new}" if raised else "")
    goes_outside = told.outside and not case.is_outside
    if goes_outside:
        move_outside(db, case, offices=offices, now=now)
    return Change(case, is_new=False, is_raised=raised or goes_outside)


def open_new(db: Session, told: Report, *, offices: Offices, now: datetime) -> Case:
    """Open a case for a report, whatever else its contact has open."""
    roster = load_roster(db, now=now)
    owner = owner_for(told.area_code, roster=roster, offices=offices, outside=told.outside)
    case = Case(
        contact_id=told.contact_id,
        area_code=told.area_code,
        level=told.level,
        kind=told.kind,
        indicators=sorted(told.indicators),
        facts_sealed=told.facts_sealed,
        state=CaseState.NEW,
        rung=owner.rung,
        owner_id=owner.officer_id,
        is_outside=told.outside,
        is_drill=told.is_drill,
        opened_at=told.since or now,
        last_message_at=now,
        held_since=now,
        waits_since=told.since or now,
    )
    db.add(case)
    db.flush()
    detail = f"pemegang: {owner.rung}"
    record(db, case, EventKind.OPENED, now=now, to=owner.officer_id, detail=detail)
    return case


def move_person(db: Session, before: int, after: int) -> None:
    """Give the cases of one contact to another: they turned out to be the same person."""
    db.execute(update(Case).where(col(Case.contact_id) == before).values(contact_id=after))


def move_outside(db: Session, case: Case, *, offices: Offices, now: datetime) -> None:
    """Take a case away from the whole local office: on request, or where officials figure."""
    case.is_outside = True
    roster = load_roster(db, now=now)
    owner = owner_for(case.area_code, roster=roster, offices=offices, outside=True)
    give(db, case, owner, by=None, detail="ke luar kantor setempat", now=now)


def set_area(db: Session, case: Case, area_code: str, *, offices: Offices, now: datetime) -> bool:
    """Note where a case comes from; True where this gives a new case a nearer owner."""
    case.area_code = area_code
    db.add(case)
    if case.state != CaseState.NEW:
        return False
    roster = load_roster(db, now=now)
    owner = owner_for(area_code, roster=roster, offices=offices, outside=case.is_outside)
    if owner.officer_id in (None, case.owner_id):
        return False
    give(db, case, owner, by=None, detail="desa diketahui", now=now)
    return True


def accept(
    db: Session, case: Case, *, officer_id: int, now: datetime, rung: Rung | None = None
) -> None:
    """Let an officer take a case; from now on this person is its owner, at `rung` if given.

    Raises IllegalTransition where somebody took it already.
    """
    state = next_state(case, EventKind.ACCEPTED)
    before, case.state = case.state, state
    case.owner_id, case.rung = officer_id, rung or case.rung
    case.accepted_at = case.last_officer_at = case.held_since = now
    # Taken is not yet answered: the villager still waits.
    case.waits_since = now
    db.add(case)
    record(
        db,
        case,
        EventKind.ACCEPTED,
        officer_id=officer_id,
        to=officer_id,
        before=before,
        now=now,
    )


def close(
    db: Session,
    case: Case,
    *,
    officer_id: int,
    outcome: Outcome,
    reason: Reason,
    now: datetime,
) -> None:
    """Close an accepted case with what was found and why. Raises IllegalTransition."""
    state = next_state(case, EventKind.CLOSED)
    before, case.state = case.state, state
    case.outcome, case.reason = outcome, reason
    case.closed_at = now
    case.waits_since = None
    db.add(case)
    record(
        db,
        case,
        EventKind.CLOSED,
        officer_id=officer_id,
        before=before,
        detail=f"{outcome}: {reason}",
        now=now,
    )


def record(
    db: Session,
    case: Case,
    kind: EventKind,
    *,
    now: datetime,
    officer_id: int | None = None,
    to: int | None = None,
    before: str | None = None,
    detail: str = "",
) -> None:
    """Append one step to a case's history; the clock then looks at the case anew."""
    assert case.id is not None
    case.due_at = None
    db.add(
        CaseEvent(
            case_id=case.id,
            at=now,
            officer_id=officer_id,
            to_officer_id=to,
            kind=kind,
            from_state=before,
            to_state=case.state,
            detail=detail,
        )
    )


def open_cases(
    db: Session, *, officer_id: int | None = None, with_drills: bool = False
) -> Sequence[Case]:
    """Give open cases, the most pressing first; those of one officer where one is named."""
    query = select(Case).where(col(Case.state) != CaseState.CLOSED)
    if officer_id is not None:
        query = query.where(col(Case.owner_id) == officer_id)
    if not with_drills:
        query = query.where(col(Case.is_drill).is_(False))
    return sorted(db.exec(query).all(), key=lambda case: (-Level(case.level).rank, case.opened_at))


def history(db: Session, case_id: int) -> Sequence[CaseEvent]:
    """Give a case's steps, oldest first."""
    return db.exec(
        select(CaseEvent).where(col(CaseEvent.case_id) == case_id).order_by(col(CaseEvent.id))
    ).all()


def give(
    db: Session,
    case: Case,
    owner: Owner,
    *,
    by: int | None,
    detail: str,
    now: datetime,
    kind: EventKind = EventKind.HANDED_OVER,
) -> None:
    """Let somebody else hold a case, who has yet to take it. The policy's time runs on."""
    before, case.state = case.state, CaseState.NEW
    if before == CaseState.ACCEPTED:
        case.waits_since = now
    case.owner_id, case.rung = owner.officer_id, Rung(owner.rung)
    case.accepted_at = None
    case.held_since = now
    db.add(case)
    to = owner.officer_id
    record(db, case, kind, officer_id=by, to=to, before=before, detail=detail, now=now)


def next_state(case: Case, kind: EventKind) -> CaseState:
    """Give the state that a step leads to. Raises IllegalTransition."""
    state = TRANSITIONS[kind].get(CaseState(case.state))
    if state is None:
        raise IllegalTransition(f"{kind} from {case.state}")
    return state
