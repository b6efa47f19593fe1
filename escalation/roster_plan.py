"""What an import of a roster would do, before anything is written."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, select

from escalation.models import Officer, Posting
from escalation.roster_import import Row, deputies_of

MARK_CHARS = 16
Place = tuple[str, str]


class Effect(StrEnum):
    """What becomes of one row."""

    ADDED = "baru"
    CHANGED = "berubah"
    SAME = "tetap"


@dataclass(frozen=True, slots=True)
class Planned:
    """One row and what it would do. Places are (rung, code); `deputy` is set where it changes.

    `is_back`: somebody who left is on duty again.
    """

    row: Row
    effect: Effect
    officer_id: int | None = None
    gained: tuple[Place, ...] = ()
    lost: tuple[Place, ...] = ()
    duty_before: str = ""
    deputy: tuple[str, str] | None = None
    """The deputy's name before and after, "" for none."""

    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole file against the roster. `missing` are on duty and not in the file: they stay.

    `mark` changes with the file and with the roster.
    """

    rows: tuple[Planned, ...]
    missing: tuple[Officer, ...]
    mark: str

    def count(self, effect: Effect) -> int:
        """Count the rows that would do this."""
        return sum(one.effect == effect for one in self.rows)


def make_plan(db: Session, rows: list[Row]) -> Plan:
    """Compare the rows of a file with the roster."""
    officers = db.exec(select(Officer).order_by(Officer.name, Officer.office_code)).all()
    places: dict[int, set[Place]] = {}
    for post in db.exec(select(Posting)).all():
        places.setdefault(post.officer_id, set()).add((post.rung, post.code))
    known = {(officer.name, officer.office_code): officer for officer in officers}
    names = {officer.id: officer.name for officer in officers}
    planned = tuple(_compare(row, rows, known=known, places=places, names=names) for row in rows)
    listed = {(row.name, row.office) for row in rows}
    missing = tuple(
        officer
        for key, officer in known.items()
        if officer.is_active and key not in listed and not officer.is_demo
    )
    return Plan(planned, missing, _mark(rows, officers, places))


def _compare(
    row: Row,
    rows: list[Row],
    *,
    known: dict[tuple[str, str], Officer],
    places: dict[int, set[Place]],
    names: dict[int | None, str],
) -> Planned:
    officer = known.get((row.name, row.office))
    wanted = {(str(rung), code) for rung, code in row.posts}
    if officer is None:
        return Planned(row, Effect.ADDED, gained=tuple(sorted(wanted)))
    held = places.get(officer.id or 0, set())
    deputies = deputies_of(row, rows) if row.deputy else []
    found = known.get((deputies[0].name, deputies[0].office)) if deputies else None
    is_same_deputy = officer.deputy_id == (found.id if found else None) and (
        not deputies or found is not None
    )
    deputy = None if is_same_deputy else (names.get(officer.deputy_id, ""), row.deputy)
    is_same_duty = officer.duty == row.duty
    is_same = held == wanted and is_same_duty and deputy is None and officer.is_active
    return Planned(
        row,
        Effect.SAME if is_same else Effect.CHANGED,
        officer_id=officer.id,
        gained=tuple(sorted(wanted - held)),
        lost=tuple(sorted(held - wanted)),
        duty_before="" if is_same_duty else officer.duty,
        deputy=deputy,
        is_back=not officer.is_active,
    )


def _mark(rows: list[Row], officers: Sequence[Officer], places: dict[int, set[Place]]) -> str:
    state = [
        (one.id, one.name, one.office_code, one.duty, one.deputy_id, one.is_active)
        for one in officers
    ]
    held = [sorted(places.get(one.id or 0, set())) for one in officers]
    told = repr((rows, state, held))
    return hashlib.sha256(told.encode()).hexdigest()[:MARK_CHARS]
