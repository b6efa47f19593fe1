"""Immigration offices and which of them is presumed to work in which regency."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from importlib.resources.abc import Traversable

VOUCHED = "dipastikan"
CONFIRMED_BASES = ("daftar", "kedudukan", VOUCHED)
"""Bases that a list, the office's own seat or a named admin supports.

"terdekat" is only a guess by distance.
"""


@dataclass(frozen=True, slots=True)
class Office:
    """One immigration office or detention house."""

    code: str
    name: str
    regency_code: str
    city: str = ""
    opened: str = ""
    """Year it opened, where that is so recent that it may not serve everything yet."""


@dataclass(frozen=True, slots=True)
class Offices:
    """The offices by code, and the office of each of the 514 regencies with its basis."""

    by_code: Mapping[str, Office]
    of_regency: Mapping[str, tuple[str, str]]
    others_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mark: int = 0
    """Stands for the confirmations that are in `of_regency`; 0 for the packaged list alone."""

    def office_code(self, area_code: str) -> str | None:
        """Give the office presumed to serve an area (village, district or regency code)."""
        found = self.of_regency.get(regency_of(area_code) or "")
        return found[0] if found else None

    def serving(self, area_code: str) -> tuple[Office, ...]:
        """Give the offices presumed to serve an area: its own first, then others that also do."""
        own = self.office_code(area_code)
        codes = (own, *self.others_of.get(regency_of(area_code) or "", ()))
        return tuple(self.by_code[code] for code in codes if code is not None)

    def vouched(self, office_codes: Mapping[str, str], *, mark: int) -> "Offices":
        """Give the same with the offices of some regencies as an admin vouched for them."""
        known = {
            regency: (code, VOUCHED)
            for regency, code in office_codes.items()
            if regency in self.of_regency and code in self.by_code
        }
        others = {
            regency: tuple(code for code in codes if code != known.get(regency, ("",))[0])
            for regency, codes in self.others_of.items()
        }
        return replace(self, of_regency={**self.of_regency, **known}, others_of=others, mark=mark)

    def is_estimate(self, area_code: str) -> bool:
        """Tell whether the office of an area is only the nearest by distance."""
        found = self.of_regency.get(regency_of(area_code) or "")
        return found is not None and found[1] not in CONFIRMED_BASES


def regency_of(area_code: str) -> str | None:
    """Give the regency code of an area code; None for a province."""
    return area_code[:5] if len(area_code) >= 5 else None


def load_offices(folder: Traversable | None = None) -> Offices:
    """Read the packaged offices and working areas."""
    folder = folder or files("escalation") / "data"
    offices = {
        row["code"]: Office(
            row["code"], row["name"], row["regency_code"], row["city"], row["opened"]
        )
        for row in _rows(folder / "offices.csv")
    }
    rows = _rows(folder / "working-areas.csv")
    areas = {row["regency_code"]: (row["office_code"], row["basis"]) for row in rows}
    others = {row["regency_code"]: tuple(row["others"].split(";")) for row in rows if row["others"]}
    return Offices(offices, areas, others)


def _rows(file: Traversable) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))
