"""Whom to tell about a case: values that the handlers word, seal and queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from escalation.assignment import Owner, Roster, Rung, desk_to_tell, ladder, local_officers
from escalation.climbing import everyone_above
from escalation.models import Case
from escalation.offices import Offices
from escalation.risk import Level
from escalation.roster import load_roster, routes_of


class NoticeKind(StrEnum):
    """Why an officer hears of a case."""

    NEW = "baru"
    RAISED = "tingkat"
    HANDED_OVER = "dialihkan"
    CLIMBED = "naik"
    SPREAD = "semua"
    REMINDED = "ingat"
    MESSAGE = "pesan"
    SAFETY = "keamanan"


PASSED_ON = (NoticeKind.HANDED_OVER, NoticeKind.CLIMBED)
"""Say that a case is now the reader's own."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One card for one officer on one contact."""

    case_id: int
    officer_id: int
    contact_id: int
    kind: NoticeKind
    level: Level


def recipients(case: Case, *, roster: Roster, offices: Offices) -> tuple[int, ...]:
    """Give the officers to tell: the owner; in a darurat also the deputy and the national desk.

    A case that the national desk itself holds goes to everybody on the desk. Nobody of the local
    office hears of a case that goes past it.
    """
    found: list[int] = []
    if case.owner_id is not None:
        found.append(case.owner_id)
    if case.level == Level.DARURAT and case.owner_id is not None:
        deputy = roster.deputies.get(case.owner_id)
        found += [deputy] if deputy is not None and deputy in roster.reachable else []
    if case.level == Level.DARURAT or case.owner_id is None:
        found += desk_to_tell(roster)
    hidden = _hidden_from(case, roster=roster, offices=offices)
    return tuple(id for id in dict.fromkeys(found) if id not in hidden)


def may_take(case: Case, officer_id: int, *, roster: Roster, offices: Offices) -> bool:
    """Tell whether an officer may accept or see a case: who is told of it, and its ladder."""
    if officer_id in _hidden_from(case, roster=roster, offices=offices):
        return False
    steps = ladder(case.area_code, roster=roster, offices=offices, outside=case.is_outside)
    told = recipients(case, roster=roster, offices=offices)
    near = {step.officer_id for step in steps}
    deputies = {roster.deputies.get(id) for id in near if id is not None}
    return officer_id in {case.owner_id, *told, *near, *deputies}


def rung_of(case: Case, officer_id: int, *, roster: Roster, offices: Offices) -> Rung:
    """Give the rung at which an officer takes a case."""
    steps = ladder(case.area_code, roster=roster, offices=offices, outside=case.is_outside)
    return next((step.rung for step in steps if step.officer_id == officer_id), Rung(case.rung))


def above(case: Case, *, roster: Roster, offices: Offices) -> tuple[int, ...]:
    """Give everybody above a case's owner, the whole national desk among them."""
    found = everyone_above(
        Owner(Rung(case.rung), case.owner_id),
        case.area_code,
        roster=roster,
        offices=offices,
        outside=case.is_outside,
    )
    hidden = _hidden_from(case, roster=roster, offices=offices)
    return tuple(id for id in found if id not in hidden)


def _hidden_from(case: Case, *, roster: Roster, offices: Offices) -> frozenset[int]:
    if not case.is_outside:
        return frozenset()
    return local_officers(case.area_code, roster=roster, offices=offices)


def routes_for(db: Session, officer_id: int, *, level: Level) -> Sequence[int]:
    """Give the contacts on which an officer hears of a case: all at once in a darurat."""
    routes = routes_of(db, officer_id)
    return routes if level == Level.DARURAT else routes[:1]


def notices_for(
    db: Session,
    case: Case,
    kind: NoticeKind,
    *,
    offices: Offices,
    now: datetime,
    to: tuple[int, ...] = (),
) -> tuple[Notice, ...]:
    """Give the cards for a case, one for each contact of each recipient.

    Who is only in `to`, or does not hold a case that passed on, reads that nobody has taken it yet.
    In a darurat every route of an officer is used at once, else only the first.
    """
    assert case.id is not None
    level = Level(case.level)
    notices = []
    roster = load_roster(db, now=now)
    told = recipients(case, roster=roster, offices=offices)
    hidden = _hidden_from(case, roster=roster, offices=offices)
    for officer_id in dict.fromkeys((*told, *to)):
        if officer_id in hidden:
            continue
        concerns = officer_id in told and (
            kind not in PASSED_ON or case.owner_id in (None, officer_id)
        )
        said = kind if concerns else NoticeKind.SPREAD
        for contact_id in routes_for(db, officer_id, level=level):
            notices.append(Notice(case.id, officer_id, contact_id, said, level))
    return tuple(notices)
