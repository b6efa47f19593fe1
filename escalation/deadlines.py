"""What is due on a case now: who must be told, to whom it climbs. A function of its arguments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from escalation.assignment import Owner, Roster, Rung
from escalation.case_states import EventKind
from escalation.climbing import DESK_ITSELF, steps_above
from escalation.offices import Offices
from escalation.policy import Policy, Rule
from escalation.risk import Level

GIVES_OWNER = (EventKind.OPENED, EventKind.HANDED_OVER, EventKind.CLIMBED, EventKind.ACCEPTED)
BY_CLOCK = (EventKind.REMINDED, EventKind.SPREAD)
"""What the clock did itself: no sign of life of anybody."""


OFTEN = 6
"""So many times the desk is reminded at the short interval, then at so many times the interval."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as the deadlines see it.

    `waits_since`: since when somebody must act; None while nobody waits for an officer.
    `zone` is the owner's, for working hours.
    """

    level: Level
    is_request: bool
    is_accepted: bool
    owner: Owner
    area_code: str | None
    is_outside: bool
    opened_at: datetime
    waits_since: datetime | None
    zone: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case's history, oldest first; `holder` is who got the case in it."""

    at: datetime
    kind: EventKind
    holder: int | None = None


class Deed(StrEnum):
    """What the clock must do."""

    CLIMB = "climb"
    """Another owner, who is told what the former was told."""

    SPREAD = "spread"
    """Everybody above is told; the owner stays."""

    REMIND = "remind"
    """Whoever holds the case is told again."""


class Cause(StrEnum):
    """Why something is due."""

    SILENT = "belum ada Terima"
    UNANSWERED = "sudah diterima, warga belum dijawab"
    IDLE = "lama tanpa kabar"
    UNREACHABLE = "petugas tidak bisa dihubungi"
    AWAY = "petugas libur"


@dataclass(frozen=True, slots=True)
class Due:
    """What is due now, if anything, and when to look again at the latest."""

    deed: Deed | None
    look_at: datetime | None
    cause: Cause = Cause.SILENT
    to: Owner | None = None


def due(
    case: Standing,
    history: Sequence[Step],
    *,
    policy: Policy,
    roster: Roster,
    offices: Offices,
    now: datetime,
) -> Due:
    """Give what is due on an open case at `now`.

    An owner is climbed past once only, never to a lower rung, at last to the desk itself, which
    is reminded for ever. Everything follows from stored times: a restart changes nothing.
    """
    above = _Above(case, history, roster, offices)
    holder = case.owner.officer_id
    if holder is not None and holder not in roster.reachable:
        return Due(Deed.CLIMB, None, Cause.UNREACHABLE, above.next())
    rule = policy.rule(case.level, is_request=case.is_request)
    timer = _Timer(case, policy, rule)
    if not case.is_accepted:
        return _untaken(case, history, timer=timer, above=above, now=now)
    if case.waits_since is not None:
        return _unanswered(case, history, timer=timer, above=above, now=now)
    return _idle(case, history, timer=timer, above=above, now=now)


def reaches_desk_at(case: Standing, *, policy: Policy) -> datetime | None:
    """Give until when a case is taken or stands at the national desk; None where nobody waits."""
    if case.waits_since is None:
        return None
    rule = policy.rule(case.level, is_request=case.is_request)
    return policy.later(case.waits_since, rule.in_all, rule=rule, zone=case.zone)


@dataclass(frozen=True, slots=True)
class _Timer:
    case: Standing
    policy: Policy
    rule: Rule

    def told(self, at: datetime) -> datetime:
        """Give when somebody who got a case at a time can know of it."""
        if not self.rule.in_digest:
            return at
        return self.policy.hours.next_digest(at, zone=self.case.zone)


@dataclass(frozen=True, slots=True)
class _Above:
    case: Standing
    history: Sequence[Step]
    roster: Roster
    offices: Offices

    def next(self) -> Owner:
        """Give the first step above whose officer never held this case."""
        held = {step.holder for step in self.history if step.holder is not None}
        steps = steps_above(
            self.case.owner,
            self.case.area_code,
            roster=self.roster,
            offices=self.offices,
            outside=self.case.is_outside,
        )
        return next(step for step in steps if step.officer_id not in held)


def _untaken(
    case: Standing, history: Sequence[Step], *, timer: _Timer, above: _Above, now: datetime
) -> Due:
    rule, policy = timer.rule, timer.policy
    since = case.waits_since or case.opened_at
    moved = max([since, *(step.at for step in history if step.kind in GIVES_OWNER)])
    if case.owner == DESK_ITSELF:
        return _at_desk(moved, history, rule=rule, now=now)
    in_all = policy.later(since, rule.in_all, rule=rule, zone=case.zone)
    if now >= in_all:
        return Due(Deed.CLIMB, None, to=DESK_ITSELF)
    times = [in_all]
    if rule.rung is not None:
        told = timer.told(moved)
        rung = policy.later(told, rule.rung, rule=rule, zone=case.zone)
        if now >= rung:
            return Due(Deed.CLIMB, None, to=above.next())
        times.append(rung)
    if rule.spread is not None and not _done(history, EventKind.SPREAD, since=since):
        spread = policy.later(since, rule.spread, rule=rule, zone=case.zone)
        if now >= spread:
            return Due(Deed.SPREAD, min(times))
        times.append(spread)
    return Due(None, min(times))


def _at_desk(moved: datetime, history: Sequence[Step], *, rule: Rule, now: datetime) -> Due:
    if rule.again is None:
        # The digest names it every morning.
        return Due(None, None)
    reminded = [step.at for step in history if step.kind in BY_CLOCK and step.at >= moved]
    # Somebody who was called an hour long and did not come is not brought by ten calls more.
    pause = rule.again if len(reminded) < OFTEN else rule.again * OFTEN
    again = max([moved, *reminded]) + pause
    return Due(Deed.REMIND, now + pause) if now >= again else Due(None, again)


def _unanswered(
    case: Standing, history: Sequence[Step], *, timer: _Timer, above: _Above, now: datetime
) -> Due:
    """Judge an officer who took a case and lets its villager wait."""
    rule, since = timer.rule, case.waits_since
    assert since is not None
    until = timer.policy.later(since, rule.silent, rule=rule, zone=case.zone)
    if now >= until:
        return Due(Deed.CLIMB, None, Cause.UNANSWERED, _past(case, above))
    half = timer.policy.later(since, rule.silent / 2, rule=rule, zone=case.zone)
    if rule.in_digest or _done(history, EventKind.REMINDED, since=since):
        return Due(None, until)
    if now >= half:
        return Due(Deed.REMIND, until, Cause.UNANSWERED)
    return Due(None, half)


def _idle(
    case: Standing, history: Sequence[Step], *, timer: _Timer, above: _Above, now: datetime
) -> Due:
    """Judge a case that was taken and answered and then left open without any sign of life."""
    rule = timer.rule
    since = max([case.opened_at, *(step.at for step in history if step.kind not in BY_CLOCK)])
    first = timer.policy.later(since, rule.idle, rule=rule, zone=case.zone)
    last = timer.policy.later(since, rule.idle * 2, rule=rule, zone=case.zone)
    if now >= last:
        return Due(Deed.CLIMB, None, Cause.IDLE, _past(case, above))
    if now >= first and not _done(history, EventKind.REMINDED, since=since):
        return Due(Deed.REMIND, last, Cause.IDLE)
    return Due(None, first if now < first else last)


def _past(case: Standing, above: _Above) -> Owner:
    return DESK_ITSELF if case.owner.rung == Rung.NASIONAL else above.next()


def _done(history: Sequence[Step], kind: EventKind, *, since: datetime) -> bool:
    return any(step.kind == kind and step.at >= since for step in history)
