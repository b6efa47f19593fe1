"""What living in a known source or transit area adds to a judgement: at most one step, and says so.

Living there is no sign by itself. It only turns a weak sign that elsewhere nearly reached an
officer into one that waits in the digest; it never interrupts anybody.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable

from escalation.risk import Assessment, Level

REGENCY_CODE_CHARS = 5  # "32.13" of "32.13.05.2001", Kemendagri codes


@dataclass(frozen=True, slots=True)
class RiskyArea:
    """A regency named by police, ministry or press; `role` is `asal` or `transit`."""

    code: str
    role: str
    reason: str
    source: str


def load_areas(source: Traversable | None = None) -> dict[str, RiskyArea]:
    """Return the packaged areas by regency code; the first of several reasons stands."""
    source = source or files("escalation") / "data" / "risky-areas.csv"
    areas: dict[str, RiskyArea] = {}
    with source.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            area = RiskyArea(row["code"], row["role"], row["reason"], row["source"])
            areas.setdefault(area.code, area)
    return areas


def with_area(
    assessment: Assessment, area_code: str | None, areas: Mapping[str, RiskyArea]
) -> Assessment:
    """Return the judgement with what the writer's area adds.

    Raises `rendah` with an indicator, where little was missing, to `sedang`; never `tidak`, nor
    anything above.
    """
    area = areas.get((area_code or "")[:REGENCY_CODE_CHARS])
    if area is None or assessment.level is not Level.RENDAH or not assessment.indications:
        return assessment
    if not assessment.is_near:
        return assessment
    reason = f"Naik satu tingkat karena daerah {area.role}: {area.reason}."
    why = (*assessment.why, reason)
    return replace(assessment, level=Level.SEDANG, is_near=False, why=why, area_reason=reason)
