"""The inbox of cases: what an account sees, narrowed and paged, each with its deadline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from escalation import cases
from escalation.assignment import Roster, Rung
from escalation.case_states import CaseState
from escalation.models import Case, Officer
from escalation.roster import load_roster
from handlers.cards import place_of
from handlers.case_outlook import Next, read_next
from handlers.case_sight import sees
from handlers.database import Database
from handlers.models import Account
from handlers.resources import Resources

PAGE = 40
DONE_SHOWN = 50
"""Closed cases on the list, the newest that the account sees."""

DONE_LOOKED_AT = 2_000
"""Newest closed cases of the whole country among which those are looked for."""

LOOKED_AT_ONCE = 200
NOWHERE = "-"
"""Stands for cases without a known place, which belong to no office."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the open cases are narrowed to; "" leaves a field out. `page` counts from 1."""

    state: str = ""
    rung: str = ""
    office: str = ""
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.state or self.rung or self.office)


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a list. Names are "" for the national desk; `next` where something comes."""

    case: Case
    place: str
    owner: str
    next: Next | None = None
    next_owner: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of open cases, the drills under way, and the newest closed cases."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int
    drills: Sequence[Row]
    done: Sequence[Row]


def find(
    database: Database, wanted: Wanted, *, by: Account, resources: Resources, now: datetime
) -> Listed:
    """Give the cases this account sees: open ones by pressure, closed ones newest first."""
    with database.read() as db:
        roster = load_roster(db, now=now)
        seen = [
            case
            for case in cases.open_cases(db, with_drills=True)
            if sees(by, case, roster=roster, offices=resources.offices)
        ]
        drills = [case for case in seen if case.is_drill]
        found = [case for case in seen if not case.is_drill and _fits(case, wanted, resources)]
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(1, wanted.page), pages)
        done = [] if wanted.is_narrowed else _done(db, by, roster=roster, resources=resources)
        shown = found[(page - 1) * PAGE : page * PAGE]
        make = Rows(db, roster=roster, resources=resources)
        return Listed(make.of(shown), len(found), page, pages, make.of(drills), make.of(done))


class Rows:
    """Makes rows of cases: names are read once for all of them."""

    def __init__(self, db: Session, *, roster: Roster, resources: Resources) -> None:
        """Take what the rows are read with."""
        self._db = db
        self._roster = roster
        self._resources = resources
        self._names = dict(db.exec(select(Officer.id, Officer.name)).all())

    def name(self, officer_id: int | None) -> str:
        """Give an officer's name, "" for the national desk."""
        return self._names.get(officer_id, "")

    def of(self, found: Sequence[Case]) -> list[Row]:
        """Give a row for each case, in the same order."""
        after = read_next(self._db, found, roster=self._roster, resources=self._resources)
        return [self._row(case, after.get(case.id or 0)) for case in found]

    def _row(self, case: Case, after: Next | None) -> Row:
        place = place_of(case, self._resources.places, self._resources.texts)
        return Row(
            case,
            place,
            self.name(case.owner_id),
            after,
            self.name(after.to_officer) if after else "",
        )


def _fits(case: Case, wanted: Wanted, resources: Resources) -> bool:
    if wanted.state and case.state != wanted.state:
        return False
    if wanted.rung and case.rung != wanted.rung:
        return False
    if not wanted.office:
        return True
    return office_of(case, resources) == wanted.office


def office_of(case: Case, resources: Resources) -> str:
    """Give the code of the office of a case's area."""
    code = resources.offices.office_code(case.area_code) if case.area_code else None
    return code or NOWHERE


def _done(db: Session, by: Account, *, roster: Roster, resources: Resources) -> list[Case]:
    """Give the newest closed cases that are seen; looking ends when there are enough."""
    found: list[Case] = []
    for case in _closed(db, _perhaps_seen(by, roster=roster, resources=resources)):
        if sees(by, case, roster=roster, offices=resources.offices):
            found.append(case)
            if len(found) == DONE_SHOWN:
                break
    return found


def _perhaps_seen(by: Account, *, roster: Roster, resources: Resources) -> ColumnElement[bool]:
    """Give a condition that leaves out most of what `sees` would refuse, and nothing else."""
    id, everything = by.officer_id, col(Case.id).is_not(None)
    if id is None:
        return _within(by.area_code) if by.area_code else everything
    ids = {id, *(one for one, deputy in roster.deputies.items() if deputy == id)}
    posts = [post for post in roster.posts if post.officer_id in ids]
    if any(post.rung == Rung.NASIONAL for post in posts) or not (by.area_code or posts):
        return everything
    codes = {post.code for post in posts if post.rung != Rung.KANTOR}
    offices = {post.code for post in posts if post.rung == Rung.KANTOR}
    served = resources.offices.of_regency.items()
    codes |= {regency for regency, (office, _) in served if office in offices}
    codes |= {by.area_code} - {""}
    return or_(col(Case.owner_id).in_(ids), *map(_within, sorted(codes)))


def _within(code: str) -> ColumnElement[bool]:
    area = col(Case.area_code)
    return or_(area == code, area.startswith(f"{code}."))


def _closed(db: Session, which: ColumnElement[bool]) -> Iterator[Case]:
    for start in range(0, DONE_LOOKED_AT, LOOKED_AT_ONCE):
        some = db.exec(
            select(Case)
            .where(col(Case.state) == CaseState.CLOSED, col(Case.is_drill).is_(False), which)
            .order_by(col(Case.closed_at).desc(), col(Case.id).desc())
            .offset(start)
            .limit(LOOKED_AT_ONCE)
        ).all()
        yield from some
        if len(some) < LOOKED_AT_ONCE:
            return
