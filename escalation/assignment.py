"""Who answers for an area: the ladder from the village's pimpasa up to the national desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from escalation.offices import Offices


class Rung(StrEnum):
    """A step of the ladder, lowest first; the value is what admins read."""

    DESA = "desa"
    KECAMATAN = "kecamatan"
    KABUPATEN = "kabupaten"
    KANTOR = "kantor"
    WILAYAH = "wilayah"
    NASIONAL = "nasional"


AREA_RUNGS = {13: Rung.DESA, 8: Rung.KECAMATAN, 5: Rung.KABUPATEN, 2: Rung.WILAYAH}
"""Rung by the length of a dotted area code: 35.04.01.2001, 35.04.01, 35.04, 35."""


DESK_NEEDS = 2
"""People at the national desk without whom nothing is opened to villagers (invariant 6)."""


@dataclass(frozen=True, slots=True)
class Post:
    """One officer at one place. `code` is an area or office code, "" for the national desk."""

    officer_id: int
    rung: Rung
    code: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is posted where and who can be reached now.

    `reachable` holds officers who are active, present, have a contact that takes messages and
    have answered in the last days. `routed` holds everybody active with such a contact, `heads`
    those who lead their office.
    """

    posts: tuple[Post, ...]
    reachable: frozenset[int]
    deputies: Mapping[int, int] = field(default_factory=dict)
    routed: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a case: an officer at a rung, or the national desk itself (`officer_id` None)."""

    rung: Rung
    officer_id: int | None


def ladder(
    area_code: str | None, *, roster: Roster, offices: Offices, outside: bool = False
) -> tuple[Owner, ...]:
    """Give everybody who may hold a case from this area, first choice first.

    The last step is always the national desk itself, so the ladder is never empty.
    `outside` leaves out the whole local office: for a report about officials, or on request.
    Nobody of it comes back as a deputy or through a second post higher up.
    """
    near = _near(area_code, offices=offices) if area_code else []
    above = [(Rung.WILAYAH, area_code[:2])] if area_code else []
    places = [*([] if outside else near), *above, (Rung.NASIONAL, "")]
    barred = local_officers(area_code, roster=roster, offices=offices) if outside else frozenset()
    steps: list[Owner] = []
    for rung, code in places:
        for post in roster.posts:
            if (post.rung, post.code) != (rung, code):
                continue
            holder = present(post.officer_id, roster=roster)
            if holder is None or holder in barred:
                continue
            if all(step.officer_id != holder for step in steps):
                steps.append(Owner(rung, holder))
    return (*steps, Owner(Rung.NASIONAL, None))


def owner_for(
    area_code: str | None, *, roster: Roster, offices: Offices, outside: bool = False
) -> Owner:
    """Give the first choice of the ladder."""
    return ladder(area_code, roster=roster, offices=offices, outside=outside)[0]


def local_officers(area_code: str | None, *, roster: Roster, offices: Offices) -> frozenset[int]:
    """Give everybody of the office that serves an area, wherever else they are posted."""
    near = _near(area_code, offices=offices) if area_code else []
    return frozenset(post.officer_id for post in roster.posts if (post.rung, post.code) in near)


def next_owner(steps: tuple[Owner, ...], *, tried: frozenset[int]) -> Owner:
    """Give the first step whose officer was not tried yet; at last the desk itself."""
    for step in steps:
        if step.officer_id is not None and step.officer_id not in tried:
            return step
    return steps[-1]


def desk(roster: Roster) -> tuple[int, ...]:
    """Give the national desk's officers who can be reached."""
    posted = [post.officer_id for post in roster.posts if post.rung == Rung.NASIONAL]
    return tuple(dict.fromkeys(id for id in posted if id in roster.reachable))


def desk_to_tell(roster: Roster) -> tuple[int, ...]:
    """Give whom at the national desk to tell: who can be reached, else whoever has a contact.

    A card to somebody who has kept silent is better than none.
    """
    if ready := desk(roster):
        return ready
    posted = [post.officer_id for post in roster.posts if post.rung == Rung.NASIONAL]
    return tuple(dict.fromkeys(id for id in posted if id in roster.routed))


def _near(area_code: str, *, offices: Offices) -> list[tuple[Rung, str]]:
    """Give the places up to the local office, nearest first."""
    places = [
        (AREA_RUNGS[length], area_code[:length])
        for length in (13, 8, 5)
        if len(area_code) >= length
    ]
    if office := offices.office_code(area_code):
        places.append((Rung.KANTOR, office))
    return places


def present(officer_id: int, *, roster: Roster) -> int | None:
    """Give the officer, or the deputy who stands in; None where neither can be reached."""
    if officer_id in roster.reachable:
        return officer_id
    deputy = roster.deputies.get(officer_id)
    return deputy if deputy in roster.reachable else None
