"""In which zone an officer's day runs: where they are posted."""

from escalation.assignment import Roster, Rung
from escalation.offices import Offices
from knowledge.places import Gazetteer

DEFAULT_ZONE = "Asia/Jakarta"
"""The national desk's."""


def zone_of(officer_id: int | None, *, roster: Roster, offices: Offices, places: Gazetteer) -> str:
    """Give the zone of the officer's first posting; the desk's own where there is none."""
    for post in roster.posts:
        if post.officer_id != officer_id or post.rung == Rung.NASIONAL:
            continue
        if post.rung != Rung.KANTOR:
            return places.zone(post.code)
        if office := offices.by_code.get(post.code):
            return places.zone(office.regency_code)
    return DEFAULT_ZONE
