"""The roster as pages show it: officers with their posts and routes, each to who may see them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from escalation import cases
from escalation.assignment import Rung
from escalation.models import Case, Officer, OfficerRoute, Posting
from escalation.officer_states import OfficerState, state_of
from escalation.offices import Offices
from escalation.roster import IN_ORDER
from handlers.access import sees_area
from handlers.models import Account, Contact
from handlers.resources import Resources
from knowledge.places import Gazetteer

PAGE = 30


class OfficerHidden(Exception):
    """An officer who is not there, or whom this account may not see."""


@dataclass(frozen=True, slots=True)
class Place:
    """One posting in words; `area_code` is "" for an office and the national desk."""

    rung: Rung
    code: str
    label: str
    area_code: str


@dataclass(frozen=True, slots=True)
class Route:
    """One way to an officer: the channel alone, never an address."""

    channel: str
    is_broken: bool
    is_one_way: bool


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """One officer as the list shows them. `zone`: in which their day runs."""

    officer: Officer
    state: OfficerState
    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    office: str
    deputy: str
    zone: str


@dataclass(frozen=True, slots=True)
class OfficerFile:
    """One officer with all that hangs on them."""

    row: OfficerRow
    posts: tuple[Posting, ...]
    held: tuple[Case, ...]
    """Open cases, the most pressing first."""

    stands_in_for: tuple[str, ...]
    logins: tuple[str, ...]
    """Accounts for the pages that act as this officer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for in the list; "" is everything. `area` is an area code."""

    text: str = ""
    office: str = ""
    state: str = ""
    area: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list, how many there are by state, and which offices they have."""

    rows: Sequence[OfficerRow]
    total: int
    page: int
    pages: int
    by_state: dict[OfficerState, int]
    offices: Sequence[tuple[str, str]]


def listed(
    db: Session, wanted: Wanted, *, by: Account, resources: Resources, now: datetime
) -> Listed:
    """Give the officers that an account may see and that fit, by name; who left comes last."""
    rows = [row for row in _rows(db, resources=resources, now=now) if sees(by, row, resources)]
    by_state = dict.fromkeys(OfficerState, 0)
    for row in rows:
        by_state[row.state] += 1
    known = {(row.officer.office_code, row.office) for row in rows if row.officer.office_code}
    fitting = [row for row in rows if _fits(row, wanted, resources.offices)]
    pages = max(1, -(-len(fitting) // PAGE))
    page = min(wanted.page, pages)
    return Listed(
        rows=fitting[(page - 1) * PAGE : page * PAGE],
        total=len(fitting),
        page=page,
        pages=pages,
        by_state=by_state,
        offices=sorted(known, key=lambda office: office[1]),
    )


def open_file(
    db: Session, officer_id: int, *, by: Account, resources: Resources, now: datetime
) -> OfficerFile:
    """Give one officer. Raises OfficerHidden."""
    rows = _rows(db, resources=resources, now=now, only=officer_id)
    if not rows or not sees(by, rows[0], resources):
        raise OfficerHidden
    posts = db.exec(
        select(Posting).where(col(Posting.officer_id) == officer_id).order_by(col(Posting.id))
    ).all()
    stood_for = db.exec(
        select(Officer.name).where(col(Officer.deputy_id) == officer_id, col(Officer.is_active))
    ).all()
    logins = db.exec(select(Account.login).where(col(Account.officer_id) == officer_id)).all()
    return OfficerFile(
        row=rows[0],
        posts=tuple(posts),
        held=tuple(cases.open_cases(db, officer_id=officer_id, with_drills=True)),
        stands_in_for=tuple(stood_for),
        logins=tuple(logins),
    )


def sees(account: Account, row: OfficerRow, resources: Resources) -> bool:
    """Tell whether an account sees an officer: one of its area, or of the office there."""
    own = account.area_code
    if not own:
        return True
    offices = resources.offices
    for place in row.places:
        if place.rung == Rung.KANTOR:
            office = offices.by_code.get(place.code)
            seat = office.regency_code if office else None
            if sees_area(own, seat) or offices.office_code(own) == place.code:
                return True
        elif place.code and sees_area(own, place.code):
            return True
    return False


def label_of(rung: str, code: str, *, places: Gazetteer, offices: Offices) -> Place:
    """Give a posting in words."""
    if rung == Rung.NASIONAL:
        return Place(Rung.NASIONAL, "", "Meja nasional", "")
    if rung == Rung.KANTOR:
        office = offices.by_code.get(code)
        return Place(Rung.KANTOR, code, office.name if office else code, "")
    area = places.area(code)
    return Place(Rung(rung), code, area.label if area else code, code)


def _rows(
    db: Session, *, resources: Resources, now: datetime, only: int | None = None
) -> list[OfficerRow]:
    """Give officers with their posts and routes: three questions to the database, however many."""
    officers = select(Officer).order_by(
        col(Officer.is_active).desc(), Officer.name, col(Officer.id)
    )
    posts = select(Posting).order_by(col(Posting.id))
    routes = (
        select(OfficerRoute, Contact.channel)
        .join(Contact, col(Contact.id) == col(OfficerRoute.contact_id))
        .order_by(*IN_ORDER)
    )
    names = dict(db.exec(select(Officer.id, Officer.name)).all())
    if only is not None:
        officers = officers.where(col(Officer.id) == only)
        posts = posts.where(col(Posting.officer_id) == only)
        routes = routes.where(col(OfficerRoute.officer_id) == only)
    places: dict[int, list[Place]] = defaultdict(list)
    for post in db.exec(posts).all():
        places[post.officer_id].append(
            label_of(post.rung, post.code, places=resources.places, offices=resources.offices)
        )
    ways: dict[int, list[tuple[OfficerRoute, str]]] = defaultdict(list)
    for route, channel in db.exec(routes).all():
        ways[route.officer_id].append((route, channel))
    found = []
    for officer in db.exec(officers).all():
        assert officer.id is not None
        office = resources.offices.by_code.get(officer.office_code)
        own = ways[officer.id]
        found.append(
            OfficerRow(
                officer=officer,
                state=state_of(officer, [route for route, _ in own], now=now),
                places=tuple(places[officer.id]),
                routes=tuple(
                    Route(channel, route.broken_code is not None, route.is_one_way)
                    for route, channel in own
                ),
                office=office.name if office else "",
                deputy=names.get(officer.deputy_id, "") if officer.deputy_id else "",
                zone=_zone(places[officer.id], resources),
            )
        )
    return found


def _zone(places: Sequence[Place], resources: Resources) -> str:
    for place in places:
        if place.area_code:
            return resources.places.zone(place.area_code)
        office = resources.offices.by_code.get(place.code)
        if office and office.regency_code:
            return resources.places.zone(office.regency_code)
    return resources.places.zone("31")


def _fits(row: OfficerRow, wanted: Wanted, offices: Offices) -> bool:
    if wanted.office and row.officer.office_code != wanted.office:
        return False
    if wanted.state and row.state != wanted.state:
        return False
    if not wanted.state and row.state == OfficerState.LEFT and not wanted.text:
        return False
    if wanted.area and not any(
        sees_area(wanted.area, place.area_code)
        or (place.rung == Rung.KANTOR and offices.office_code(wanted.area) == place.code)
        for place in row.places
    ):
        return False
    told = " ".join([row.officer.name, row.office, row.officer.duty, *_labels(row)]).lower()
    return all(word in told for word in wanted.text.lower().split())


def _labels(row: OfficerRow) -> list[str]:
    return [f"{place.label} {place.code}" for place in row.places]
