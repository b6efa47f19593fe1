"""Looking at open cases: which are due, how long the oldest waits, which stand at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, update
from sqlmodel import Session, col, or_, select

from escalation import cases
from escalation.assignment import Owner, Roster, Rung, desk
from escalation.case_states import CaseState, EventKind
from escalation.deadlines import Standing, Step
from escalation.models import Case, CaseEvent
from escalation.risk import Level
from escalation.roster import load_roster


def due_cases(db: Session, *, roster: Roster, now: datetime) -> Sequence[int]:
    """Give the open cases the clock must look at, the most pressing first.

    Those whose time has come, and those whose owner can no longer be reached.
    """
    lost = col(Case.owner_id).in_(_lost_owners(db, roster=roster))
    found = db.exec(
        select(Case.id, Case.level).where(
            col(Case.state) != CaseState.CLOSED,
            or_(col(Case.due_at).is_(None), col(Case.due_at) <= now, lost),
        )
    ).all()
    pressing = sorted((-Level(level).rank, id) for id, level in found if id is not None)
    return [id for _, id in pressing]


def desk_cases(db: Session) -> Sequence[Case]:
    """Give the open cases that the national desk itself holds, the most pressing first."""
    found = cases.open_cases(db, with_drills=True)
    return [case for case in found if case.owner_id is None]


def look_at_all(db: Session) -> None:
    """Let the clock look at every open case anew: the policy may have changed."""
    db.execute(update(Case).where(col(Case.state) != CaseState.CLOSED).values(due_at=None))


def standing_of(case: Case, *, zone: str) -> Standing:
    """Give a case as the deadlines see it."""
    return Standing(
        level=Level(case.level),
        is_request=not case.indicators,
        is_accepted=case.state == CaseState.ACCEPTED,
        owner=Owner(Rung(case.rung), case.owner_id),
        area_code=case.area_code,
        is_outside=case.is_outside,
        opened_at=case.opened_at,
        waits_since=case.waits_since,
        zone=zone,
    )


def steps_of(events: Sequence[CaseEvent]) -> tuple[Step, ...]:
    """Give a history as the deadlines see it."""
    return tuple(Step(event.at, EventKind(event.kind), event.to_officer_id) for event in events)


@dataclass(frozen=True, slots=True)
class LadderState:
    """What shows whether somebody answers: seconds of the oldest case nobody took, and counts."""

    oldest_untaken_seconds: float
    at_desk: int
    unreachable: int


def ladder_state(db: Session, *, now: datetime) -> LadderState:
    """Give how the open cases stand; drills do not count."""
    oldest = oldest_untaken(db)
    return LadderState(
        oldest_untaken_seconds=(now - oldest).total_seconds() if oldest else 0.0,
        at_desk=at_desk(db),
        unreachable=unreachable_owners(db, roster=load_roster(db, now=now)),
    )


def oldest_untaken(db: Session) -> datetime | None:
    """Give since when the oldest case waits that nobody has taken; drills do not count."""
    return db.exec(
        select(func.min(col(Case.waits_since))).where(
            col(Case.state) == CaseState.NEW, col(Case.is_drill).is_(False)
        )
    ).one()


def at_desk(db: Session) -> int:
    """Count the open cases that stand at the national desk; drills do not count."""
    return db.exec(
        select(func.count())
        .select_from(Case)
        .where(
            col(Case.state) != CaseState.CLOSED,
            col(Case.rung) == Rung.NASIONAL,
            col(Case.is_drill).is_(False),
        )
    ).one()


def open_count(db: Session) -> int:
    """Count the open cases; drills do not count."""
    return db.exec(
        select(func.count())
        .select_from(Case)
        .where(col(Case.state) != CaseState.CLOSED, col(Case.is_drill).is_(False))
    ).one()


def unreachable_owners(db: Session, *, roster: Roster) -> int:
    """Count the open cases that nobody holds who can be reached; drills do not count."""
    query = (
        select(func.count())
        .select_from(Case)
        .where(col(Case.state) != CaseState.CLOSED, col(Case.is_drill).is_(False))
    )
    lost = col(Case.owner_id).in_(_lost_owners(db, roster=roster))
    nobody = col(Case.owner_id).is_(None) & literal(not desk(roster))
    return db.exec(query.where(or_(lost, nobody))).one()


def _lost_owners(db: Session, *, roster: Roster) -> set[int]:
    """Give who holds an open case and can no longer be reached."""
    owners = db.exec(
        select(Case.owner_id).where(col(Case.state) != CaseState.CLOSED).distinct()
    ).all()
    return {id for id in owners if id is not None and id not in roster.reachable}
