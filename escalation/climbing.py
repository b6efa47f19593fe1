"""Who comes after an officer who stays silent: deputy, head of office, region, national desk."""

from escalation.assignment import (
    Owner,
    Roster,
    Rung,
    desk_to_tell,
    local_officers,
    present,
)
from escalation.offices import Offices

RANKS = {rung: rank for rank, rung in enumerate(Rung)}
DESK_ITSELF = Owner(Rung.NASIONAL, None)
"""Everybody at the national desk together: the last step, above which nobody is."""


def steps_above(
    owner: Owner, area_code: str | None, *, roster: Roster, offices: Offices, outside: bool
) -> tuple[Owner, ...]:
    """Give who may hold a case after its owner, nearest first; the last is the desk itself.

    Never anybody on a lower rung than the owner's, nor the owner. `outside`: nobody of the local
    office, in no capacity.
    """
    barred = local_officers(area_code, roster=roster, offices=offices) if outside else frozenset()
    found: list[Owner] = []
    deputy = roster.deputies.get(owner.officer_id) if owner.officer_id is not None else None
    if owner.rung != Rung.NASIONAL and deputy in roster.reachable and deputy is not None:
        found.append(Owner(owner.rung, deputy))
    if area_code:
        if not outside:
            found += _office(area_code, roster=roster, offices=offices)
        found += _posted(Rung.WILAYAH, area_code[:2], roster=roster)
    steps: dict[int | None, Owner] = {}
    for step in found:
        is_lower = RANKS[step.rung] < RANKS[owner.rung]
        if not is_lower and step.officer_id not in barred | {owner.officer_id}:
            steps.setdefault(step.officer_id, step)
    return (*steps.values(), DESK_ITSELF)


def everyone_above(
    owner: Owner, area_code: str | None, *, roster: Roster, offices: Offices, outside: bool
) -> tuple[int, ...]:
    """Give the officers of every step above an owner, the whole desk among them."""
    steps = steps_above(owner, area_code, roster=roster, offices=offices, outside=outside)
    barred = local_officers(area_code, roster=roster, offices=offices) if outside else frozenset()
    named = [step.officer_id for step in steps if step.officer_id is not None]
    return tuple(id for id in dict.fromkeys([*named, *desk_to_tell(roster)]) if id not in barred)


def _office(area_code: str, *, roster: Roster, offices: Offices) -> list[Owner]:
    """Give the head of the office; one of its other officers where it has none in the roster."""
    office = offices.office_code(area_code)
    if office is None:
        return []
    heads = [
        holder
        for post in roster.posts
        if (post.rung, post.code) == (Rung.KANTOR, office) and post.officer_id in roster.heads
        if (holder := present(post.officer_id, roster=roster)) is not None
    ]
    return [Owner(Rung.KANTOR, head) for head in heads] or _posted(
        Rung.KANTOR, office, roster=roster
    )[:1]


def _posted(rung: Rung, code: str, *, roster: Roster) -> list[Owner]:
    holders = [
        present(post.officer_id, roster=roster)
        for post in roster.posts
        if (post.rung, post.code) == (rung, code)
    ]
    return [Owner(rung, holder) for holder in holders if holder is not None]
