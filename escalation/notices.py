"""Whom to tell about a case: values that the handlers word, seal and queue."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from escalation.assignment import Roster, desk_to_tell, ladder, local_officers
from escalation.models import Case
from escalation.offices import Offices
from escalation.risk import Level
from escalation.roster import load_roster, routes_of


class NoticeKind(StrEnum):
    """Why an officer hears of a case."""

    NEW = "baru"
    RAISED = "naik"
    HANDED_OVER = "dialihkan"
    MESSAGE = "pesan"
    SAFETY = "keamanan"


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
    return officer_id in {case.owner_id, *told, *(step.officer_id for step in steps)}


def _hidden_from(case: Case, *, roster: Roster, offices: Offices) -> frozenset[int]:
    if not case.is_outside:
        return frozenset()
    return local_officers(case.area_code, roster=roster, offices=offices)


def notices_for(
    db: Session, case: Case, kind: NoticeKind, *, offices: Offices, now: datetime
) -> tuple[Notice, ...]:
    """Give the cards for a case, one for each contact of each recipient.

    In a darurat every route of an officer is used at once, else only the first.
    """
    assert case.id is not None
    level = Level(case.level)
    notices = []
    for officer_id in recipients(case, roster=load_roster(db, now=now), offices=offices):
        routes = routes_of(db, officer_id)
        for contact_id in routes if level == Level.DARURAT else routes[:1]:
            notices.append(Notice(case.id, officer_id, contact_id, kind, level))
    return tuple(notices)
