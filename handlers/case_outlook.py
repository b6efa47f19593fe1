"""What comes next on cases, as a page shows it: until when, and who gets the case after that."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from escalation.assignment import Roster
from escalation.case_states import CaseState
from escalation.case_watch import standing_of, steps_of
from escalation.deadlines import Cause
from escalation.models import Case, CaseEvent
from escalation.outlook import outlook
from handlers.resources import Resources


class Task(StrEnum):
    """What must happen by the time."""

    TAKE = "terima"
    ANSWER = "jawab"
    TELL = "kabari"
    REMIND = "meja"


@dataclass(frozen=True, slots=True)
class Next:
    """Until when what must be done, and to whom the case goes otherwise.

    `to_officer` is None for the national desk itself; `zone` is the owner's.
    """

    task: Task
    at: datetime
    zone: str
    to_officer: int | None
    rung: str
    is_owner_away: bool


def read_next(
    db: Session, found: Sequence[Case], *, roster: Roster, resources: Resources
) -> dict[int, Next]:
    """Give what comes next on each open case, by its id; nothing for those on which nothing does."""
    ids = [case.id for case in found if case.state != CaseState.CLOSED]
    events: defaultdict[int, list[CaseEvent]] = defaultdict(list)
    for event in db.exec(
        select(CaseEvent).where(col(CaseEvent.case_id).in_(ids)).order_by(col(CaseEvent.id))
    ).all():
        events[event.case_id].append(event)
    told = {}
    for case in found:
        if case.id is None or case.state == CaseState.CLOSED:
            continue
        after = _next(case, events[case.id], roster=roster, resources=resources)
        if after is not None:
            told[case.id] = after
    return told


def _next(
    case: Case, events: Sequence[CaseEvent], *, roster: Roster, resources: Resources
) -> Next | None:
    zone = resources.zone_of(roster, case.owner_id)
    found = outlook(
        standing_of(case, zone=zone),
        steps_of(events),
        policy=resources.deadlines,
        roster=roster,
        offices=resources.offices,
    )
    if found is None:
        return None
    to = found.due.to
    task = Task.TAKE
    if to is None:
        task = Task.REMIND
    elif case.state == CaseState.ACCEPTED:
        task = Task.ANSWER if case.waits_since is not None else Task.TELL
    return Next(
        task,
        found.at,
        zone,
        to_officer=to.officer_id if to else None,
        rung=str(to.rung) if to else "",
        is_owner_away=found.due.cause == Cause.UNREACHABLE,
    )
