"""The world as one step of a conversation sees it, read before any thinking."""

from datetime import datetime, timedelta

from sqlmodel import Session

from escalation import cases
from escalation.assignment import DESK_NEEDS, Roster, desk, owner_for
from escalation.case_states import CaseState
from escalation.models import Case, Officer
from escalation.roster import load_roster
from handlers import contacts
from handlers.models import Contact
from handlers.resources import Resources
from handlers.state import ConversationState
from handlers.turn import CaseView, View

OFFICER_PRESENT_FOR = timedelta(minutes=15)
"""How long after an officer's last word the bot stays in the back (rules of care)."""


def view_of(
    db: Session, contact: Contact, *, officer: Officer | None, resources: Resources, now: datetime
) -> View:
    """Give the world as one step of this contact's conversation sees it.

    `officer` is whoever writes from this contact, where an officer does.
    """
    case = cases.open_case_of(db, contacts.person_of(contact), now=now)
    roster = load_roster(db, now=now)
    places = resources.places
    return View(
        faq=resources.knowledge.faq,
        places=places,
        offices=resources.offices,
        companies=resources.companies(db),
        texts=resources.texts,
        flows=resources.flows,
        hotlines=resources.hotlines,
        area=places.area(contact.area_code) if contact.area_code else None,
        case=_case_view(case, now=now) if case else None,
        is_staffed=_is_staffed(contact, roster, resources=resources),
        now=now,
        is_officer=officer is not None,
    )


def _is_staffed(contact: Contact, roster: Roster, *, resources: Resources) -> bool:
    if resources.is_unstaffed and len(desk(roster)) < DESK_NEEDS:
        return False
    owner = owner_for(contact.area_code, roster=roster, offices=resources.offices)
    return owner.officer_id is not None


def _case_view(case: Case, *, now: datetime) -> CaseView:
    assert case.id is not None
    accepted = case.state == CaseState.ACCEPTED
    recent = case.last_officer_at is not None and now - case.last_officer_at < OFFICER_PRESENT_FOR
    return CaseView(
        id=case.id,
        is_accepted=accepted,
        officer_is_present=accepted and recent,
    )


def state_of(contact: Contact, *, resources: Resources) -> ConversationState:
    """Open what the conversation remembers of a contact."""
    if not contact.state_sealed:
        return ConversationState()
    raw = resources.sealer.open_json(contact.state_sealed, purpose=contacts.STATE)
    return ConversationState.from_json(raw)
