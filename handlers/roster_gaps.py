"""Where nobody is posted, and which offices are only presumed, for an account's area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from escalation import office_confirmations
from escalation.coverage import Cover, RegencyCover, take_cover
from escalation.models import OfficeConfirmation
from escalation.offices import Office
from escalation.roster import load_roster
from handlers.access import sees_area
from handlers.models import Account
from handlers.refresh import refresh_offices
from handlers.resources import Resources
from knowledge.places import Gazetteer

REGENCY_CHARS, DISTRICT_CHARS = 5, 8


@dataclass(frozen=True, slots=True)
class RegencyRow:
    """One regency with its office. `vouched`: the confirmation in force, if there is one."""

    name: str
    cover: RegencyCover
    office: Office | None
    is_estimate: bool
    vouched: OfficeConfirmation | None


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """One province in counts: regencies and districts in all and without anybody, estimates."""

    code: str
    name: str
    regencies: int
    bare_regencies: int
    districts: int
    bare_districts: int
    estimates: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of an area, province by province; `regencies` are all of them by code."""

    provinces: Sequence[ProvinceRow]
    regencies: Sequence[RegencyRow]

    def total(self, name: str) -> int:
        """Give the sum of one count over all provinces."""
        return sum(getattr(row, name) for row in self.provinces)

    def by_cover(self) -> Mapping[Cover, int]:
        """Count the regencies by how far they are covered."""
        found = dict.fromkeys(Cover, 0)
        for row in self.regencies:
            found[row.cover.cover] += 1
        return found


def take_gaps(db: Session, *, by: Account, resources: Resources, now: datetime) -> Gaps:
    """Give the gaps of the area that an account sees; a head's area is a whole regency at least."""
    refresh_offices(db, resources)
    offices, places = resources.offices, resources.places
    covers = take_cover(districts_of(places), roster=load_roster(db, now=now), offices=offices)
    vouched = office_confirmations.in_force(db)
    own = by.area_code[:REGENCY_CHARS]
    rows = [
        RegencyRow(
            name=area.name if (area := places.area(code)) else code,
            cover=cover,
            office=offices.by_code.get(offices.office_code(code) or ""),
            is_estimate=offices.is_estimate(code),
            vouched=vouched.get(code),
        )
        for code, cover in sorted(covers.items())
        if sees_area(own, code)
    ]
    return Gaps(_provinces(rows, places), rows)


def districts_of(places: Gazetteer) -> Mapping[str, tuple[str, ...]]:
    """Give the districts of each regency."""
    found: dict[str, list[str]] = {}
    for code in places.atlas.codes:
        if len(code) == REGENCY_CHARS:
            found[code] = []
        elif len(code) == DISTRICT_CHARS:
            found[code[:REGENCY_CHARS]].append(code)
    return {code: tuple(inside) for code, inside in found.items()}


def _provinces(rows: Sequence[RegencyRow], places: Gazetteer) -> list[ProvinceRow]:
    found = []
    for code in dict.fromkeys(row.cover.code[:2] for row in rows):
        inside = [row for row in rows if row.cover.code.startswith(f"{code}.")]
        area = places.area(code)
        found.append(
            ProvinceRow(
                code=code,
                name=area.name if area else code,
                regencies=len(inside),
                bare_regencies=sum(not row.cover.has_officer for row in inside),
                districts=sum(row.cover.districts for row in inside),
                bare_districts=sum(len(row.cover.bare) for row in inside),
                estimates=sum(row.is_estimate for row in inside),
            )
        )
    return found
