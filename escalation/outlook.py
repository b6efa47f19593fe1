"""What comes next on a case if nobody does anything: the clock's own rules, looked at ahead."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from escalation.assignment import Roster
from escalation.case_states import EventKind
from escalation.climbing import DESK_ITSELF
from escalation.deadlines import Deed, Due, Standing, Step, due
from escalation.offices import Offices
from escalation.policy import Policy

LEAVES = {Deed.SPREAD: EventKind.SPREAD, Deed.REMIND: EventKind.REMINDED}
"""What the clock writes into the history when it does something that keeps the owner."""

MOST_STEPS = 8
"""More reminders than this never stand between a case and its next owner."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Until when the owner has time, and what follows: another owner, or at the desk a reminder.

    `at` may have passed: the clock has then not come by yet. `due.to` is None at the desk.
    """

    at: datetime
    due: Due


def outlook(
    case: Standing,
    history: Sequence[Step],
    *,
    policy: Policy,
    roster: Roster,
    offices: Offices,
) -> Outlook | None:
    """Give what comes next on an open case; None where nothing ever does, as at the desk at night.

    Found by asking `due` again and again, later each time, so that both never say different things.
    """
    steps = list(history)
    at = max([case.opened_at, *([case.waits_since] if case.waits_since else ())])
    at = max([at, *(step.at for step in steps)])
    for _ in range(MOST_STEPS):
        found = due(case, steps, policy=policy, roster=roster, offices=offices, now=at)
        if found.deed == Deed.CLIMB:
            return Outlook(at, found)
        if found.deed is not None:
            if case.owner == DESK_ITSELF:
                return Outlook(at, replace(found, to=None))
            steps.append(Step(at, LEAVES[found.deed]))
            continue
        if found.look_at is None or found.look_at <= at:
            return None
        at = found.look_at
    return None
