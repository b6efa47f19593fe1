"""Immigration offices and which of them is presumed to work in which regency."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

CONFIRMED_BASES = ("daftar", "kedudukan")
"""Bases that a list or the office's own seat supports; "terdekat" is only a guess by distance."""


@dataclass(frozen=True, slots=True)
class Office:
    """One immigration office or detention house."""

    code: str
    name: str
    regency_code: str


@dataclass(frozen=True, slots=True)
class Offices:
    """The offices by code, and the office of each of the 514 regencies with its basis."""

    by_code: Mapping[str, Office]
    of_regency: Mapping[str, tuple[str, str]]

    def office_code(self, area_code: str) -> str | None:
        """Give the office presumed to serve an area (village, district or regency code)."""
        found = self.of_regency.get(regency_of(area_code) or "")
        return found[0] if found else None

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
        row["code"]: Office(row["code"], row["name"], row["regency_code"])
        for row in _rows(folder / "offices.csv")
    }
    areas = {
        row["regency_code"]: (row["office_code"], row["basis"])
        for row in _rows(folder / "working-areas.csv")
    }
    return Offices(offices, areas)


def _rows(file: Traversable) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))
