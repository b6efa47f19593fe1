"""Where a pimpasa is posted and where nobody is, regency by regency."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from escalation.assignment import Post, Roster, Rung, present
from escalation.offices import Offices

AREA_RUNGS_BELOW = frozenset({Rung.KABUPATEN, Rung.KECAMATAN, Rung.DESA})


class Cover(StrEnum):
    """How far somebody is posted to a regency, best first."""

    WHOLE = "penuh"
    PART = "sebagian"
    OFFICE = "kantor saja"
    REGION = "wilayah saja"
    DESK = "meja nasional saja"


@dataclass(frozen=True, slots=True)
class RegencyCover:
    """One regency: who is posted there, and who would get a case from it today.

    `posted` counts officers posted to it or inside of it; `bare` are its districts in which
    nobody is posted. `answers_now`: somebody below the national desk can be reached.
    """

    code: str
    cover: Cover
    posted: int
    districts: int
    bare: tuple[str, ...]
    answers_now: bool

    @property
    def has_officer(self) -> bool:
        """Tell whether anybody is posted in the regency."""
        return self.posted > 0


def take_cover(
    districts: Mapping[str, Sequence[str]], *, roster: Roster, offices: Offices
) -> dict[str, RegencyCover]:
    """Give how each regency is covered; `districts` are the districts by regency code.

    A post at a regency covers all of its districts; one in a village covers the village's
    district.
    """
    near: dict[str, list[Post]] = defaultdict(list)
    for post in roster.posts:
        if post.rung in AREA_RUNGS_BELOW:
            near[post.code[:5]].append(post)
    held = {(post.rung, post.code) for post in roster.posts}
    ready = {
        (post.rung, post.code)
        for post in roster.posts
        if present(post.officer_id, roster=roster) is not None
    }
    ready_near = {code[:5] for rung, code in ready if rung in AREA_RUNGS_BELOW}
    found = {}
    for code, inside in districts.items():
        bare = _bare(inside, near.get(code, ()))
        above = ((Rung.KANTOR, offices.office_code(code) or "-"), (Rung.WILAYAH, code[:2]))
        has_office, has_region = (place in held for place in above)
        if len(bare) < len(inside):
            cover = Cover.PART if bare else Cover.WHOLE
        elif has_office:
            cover = Cover.OFFICE
        else:
            cover = Cover.REGION if has_region else Cover.DESK
        found[code] = RegencyCover(
            code=code,
            cover=cover,
            posted=len({post.officer_id for post in near.get(code, ())}),
            districts=len(inside),
            bare=bare,
            answers_now=code in ready_near or any(place in ready for place in above),
        )
    return found


def _bare(districts: Sequence[str], near: Iterable[Post]) -> tuple[str, ...]:
    covered: set[str] = set()
    for post in near:
        if post.rung == Rung.KABUPATEN:
            return ()
        covered.add(post.code[:8])
    return tuple(code for code in districts if code not in covered)
