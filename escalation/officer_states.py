"""How an officer stands at this moment, in one word that admins read."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from escalation.models import Officer, OfficerRoute
from escalation.roster import has_answered, is_away


class OfficerState(StrEnum):
    """One word each; only who answers gets cases."""

    ANSWERS = "siap"
    SILENT = "diam"
    AWAY = "cuti"
    UNLINKED = "belum terhubung"
    BLOCKED = "terputus"
    LEFT = "tidak bertugas"


def state_of(officer: Officer, routes: Sequence[OfficerRoute], *, now: datetime) -> OfficerState:
    """Give how an officer stands; `routes` are all of this officer's, also broken ones."""
    answered_from = [route for route in routes if not route.is_one_way]
    if not officer.is_active:
        return OfficerState.LEFT
    if not answered_from:
        return OfficerState.UNLINKED
    if all(route.broken_code for route in answered_from):
        return OfficerState.BLOCKED
    if is_away(officer, now=now):
        return OfficerState.AWAY
    return OfficerState.ANSWERS if has_answered(officer, now=now) else OfficerState.SILENT
