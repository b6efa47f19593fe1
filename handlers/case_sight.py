"""Which cases an account sees, and where it may read the villager's words."""

from escalation.assignment import Roster
from escalation.case_states import CaseState
from escalation.models import Case
from escalation.notices import may_take
from escalation.offices import Offices
from handlers.access import Role, sees_area
from handlers.models import Account

READS_WORDS = frozenset({Role.ADMIN, Role.HEAD})
"""Besides whoever holds the case: those who answer for what becomes of it."""


def sees(account: Account, case: Case, *, roster: Roster, offices: Offices) -> bool:
    """Tell whether an account may open a case's card.

    A case that goes past the local office is seen by nobody of it: only by those on its ladder
    and by admins of the whole country.
    """
    if account.officer_id is not None:
        if may_take(case, account.officer_id, roster=roster, offices=offices):
            return True
        if case.is_outside:
            return False
    if case.is_outside or not account.area_code:
        return account.role == Role.ADMIN and not account.area_code
    return sees_area(account.area_code, case.area_code)


def reads_words(account: Account, case: Case) -> bool:
    """Tell whether who sees a case may read what its villager wrote: never before *Terima*."""
    if case.state == CaseState.NEW:
        return False
    is_holder = account.officer_id is not None and account.officer_id == case.owner_id
    return is_holder or account.role in READS_WORDS
