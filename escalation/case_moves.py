"""How a case passes from hand to hand, and what counts as an officer's sign of life."""

from datetime import datetime

from sqlmodel import Session

from escalation import cases
from escalation.assignment import Owner, ladder, next_owner
from escalation.case_states import CaseState, EventKind, Outcome, Reason
from escalation.deadlines import Cause
from escalation.models import Case
from escalation.offices import Offices
from escalation.roster import load_roster


def climb(db: Session, case: Case, to: Owner, *, cause: Cause, now: datetime) -> None:
    """Give a case to the next step because its owner was silent or is not there."""
    cases.give(
        db,
        case,
        to,
        by=None,
        detail=f"ke {to.rung}: {cause}",
        now=now,
        kind=EventKind.CLIMBED,
    )


def hand_over(db: Session, case: Case, *, by: int | None, offices: Offices, now: datetime) -> Owner:
    """Pass a case to the next person on its ladder. Raises IllegalTransition."""
    cases.next_state(case, EventKind.HANDED_OVER)
    owner = _next_on_ladder(db, case, offices=offices, now=now, also_tried=by)
    cases.give(db, case, owner, by=by, detail=f"ke {owner.rung}", now=now)
    return owner


def pass_on_undelivered(
    db: Session, case: Case, *, officer_id: int, offices: Offices, now: datetime
) -> Owner:
    """Give a case whose notice could not be delivered to the next person on its ladder."""
    owner = _next_on_ladder(db, case, offices=offices, now=now, also_tried=officer_id)
    cases.record(db, case, EventKind.UNDELIVERED, officer_id=officer_id, now=now)
    if case.state == CaseState.NEW and case.owner_id == officer_id:
        cases.give(db, case, owner, by=None, detail=f"ke {owner.rung}", now=now)
    return owner


def officer_acted(db: Session, case: Case, *, now: datetime) -> None:
    """Note that the officer did something for the villager: nobody waits for now."""
    case.last_officer_at = now
    case.waits_since = None
    case.due_at = None
    db.add(case)


def villager_waits(db: Session, case: Case, *, now: datetime) -> None:
    """Note that the villager waits for the officer; since the first unanswered message."""
    case.waits_since = case.waits_since or now
    case.due_at = None
    db.add(case)


def end_drill(db: Session, case: Case, *, now: datetime) -> None:
    """Close a drill, taken or not."""
    before, case.state = case.state, CaseState.CLOSED
    case.outcome, case.reason = Outcome.UNKNOWN, Reason.DRILL
    case.closed_at, case.waits_since = now, None
    db.add(case)
    cases.record(db, case, EventKind.CLOSED, before=before, detail=Reason.DRILL, now=now)


def look_again(db: Session, case: Case, *, at: datetime | None) -> None:
    """Set when the clock looks at a case again, if nothing happens to it before."""
    case.due_at = at
    db.add(case)


def _next_on_ladder(
    db: Session, case: Case, *, offices: Offices, now: datetime, also_tried: int | None
) -> Owner:
    roster = load_roster(db, now=now)
    steps = ladder(case.area_code, roster=roster, offices=offices, outside=case.is_outside)
    tried: set[int] = set()
    for event in cases.history(db, case.id or 0):
        undelivered = event.officer_id if event.kind == EventKind.UNDELIVERED else None
        tried |= {id for id in (undelivered, event.to_officer_id) if id is not None}
    tried |= {id for id in (also_tried, case.owner_id) if id is not None}
    return next_owner(steps, tried=frozenset(tried))
