"""Officers in the database: the roster of the moment, their routes, and their invitations."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_
from sqlalchemy import select as select_columns
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from escalation.assignment import Post, Roster, Rung
from escalation.models import Invitation, Officer, OfficerRoute, Posting
from escalation.offices import Offices

INVITATION_LIVES = timedelta(days=14)
ANSWER_COUNTS = timedelta(days=7)
"""How long an answer to a test alert shows that somebody is there (invariant 6)."""

IN_ORDER = (col(OfficerRoute.is_one_way), col(OfficerRoute.position), col(OfficerRoute.id))
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No 0/O and 1/I: codes are read from paper and typed on small phones."""

CODE_GROUPS, CODE_GROUP = 3, 4

HEAD = "kepala kantor"
"""The duty of whoever leads an office."""


class InvitationRefused(Exception):
    """A code that links nobody: unknown, used, or too old."""


def load_roster(db: Session, *, now: datetime) -> Roster:
    """Give who is posted where and who can be reached at `now`.

    Read for every message and every deed of the clock: columns only, and judged by the database.
    """
    is_present = and_(
        or_(
            col(Officer.away_until).is_(None),
            col(Officer.away_until) <= now,
            col(Officer.away_from) > now,
        ),
        or_(col(Officer.is_demo), col(Officer.answered_at) >= now - ANSWER_COUNTS),
    )
    is_routed = (
        select(OfficerRoute.id)
        .where(col(OfficerRoute.officer_id) == col(Officer.id), _takes_answers())
        .exists()
    )
    officers = db.execute(
        select_columns(
            col(Officer.id), col(Officer.duty), col(Officer.deputy_id), is_routed, is_present
        ).where(col(Officer.is_active))
    ).all()
    posts = db.exec(
        select(Posting.officer_id, Posting.rung, Posting.code)
        .join(Officer)
        .where(col(Officer.is_active))
        .order_by(col(Posting.id))
    ).all()
    return Roster(
        posts=tuple(Post(id, Rung(rung), code) for id, rung, code in posts),
        reachable=frozenset(id for id, _, _, routed, present in officers if routed and present),
        routed=frozenset(id for id, _, _, routed, _ in officers if routed),
        deputies={id: deputy for id, _, deputy, _, _ in officers if deputy is not None},
        heads=frozenset(id for id, duty, _, _, _ in officers if duty == HEAD),
    )


def is_away(officer: Officer, *, now: datetime) -> bool:
    """Tell whether an officer is on leave at this moment."""
    if officer.away_until is None or officer.away_until <= now:
        return False
    return officer.away_from is None or officer.away_from <= now


def has_answered(officer: Officer, *, now: datetime) -> bool:
    """Tell whether an officer wrote to us lately; those of a demonstration always count."""
    if officer.is_demo:
        return True
    return officer.answered_at is not None and now - officer.answered_at <= ANSWER_COUNTS


def note_answer(db: Session, officer_id: int, *, now: datetime) -> None:
    """Note that an officer wrote: that is the answer to any test alert before it."""
    officer = db.get_one(Officer, officer_id)
    officer.answered_at = now
    db.add(officer)


def silent_officers(db: Session, *, now: datetime) -> int:
    """Count active officers with a contact who have kept silent for too long."""
    routed = select(OfficerRoute.officer_id).where(~col(OfficerRoute.is_one_way))
    officers = db.exec(
        select(Officer).where(col(Officer.is_active), col(Officer.id).in_(routed))
    ).all()
    return sum(not has_answered(officer, now=now) for officer in officers)


def desk_ever_answered(db: Session) -> int:
    """Count the people of the national desk who have a contact and answered at least once."""
    routed = select(OfficerRoute.officer_id).where(_takes_answers())
    query = (
        select(Officer.id)
        .join(Posting, col(Posting.officer_id) == col(Officer.id))
        .where(
            col(Officer.is_active),
            col(Officer.answered_at).is_not(None),
            col(Officer.id).in_(routed),
            col(Posting.rung) == Rung.NASIONAL,
        )
        .distinct()
    )
    return len(db.exec(query).all())


def all_officers(db: Session) -> Sequence[Officer]:
    """Give every officer by name, also those who left."""
    return db.exec(select(Officer).order_by(Officer.name, col(Officer.id))).all()


def officer_of(db: Session, contact_id: int) -> Officer | None:
    """Give the officer who writes from this contact, if one does."""
    return db.exec(
        select(Officer)
        .join(OfficerRoute, col(OfficerRoute.officer_id) == col(Officer.id))
        .where(col(OfficerRoute.contact_id) == contact_id, col(Officer.is_active))
    ).one_or_none()


def home_of(db: Session, officer_id: int, *, offices: Offices) -> str | None:
    """Give the code of the first area, or of the office's regency, where an officer is posted."""
    posts = db.exec(
        select(Posting).where(col(Posting.officer_id) == officer_id).order_by(col(Posting.id))
    ).all()
    for post in posts:
        if post.rung == Rung.KANTOR and post.code in offices.by_code:
            return offices.by_code[post.code].regency_code
        if post.code and post.rung != Rung.KANTOR:
            return post.code
    return None


def routes_of(db: Session, officer_id: int) -> Sequence[int]:
    """Give the contacts of an officer that take messages, first choice first, one-way ones last."""
    return db.exec(
        select(OfficerRoute.contact_id)
        .where(col(OfficerRoute.officer_id) == officer_id, col(OfficerRoute.broken_code).is_(None))
        .order_by(*IN_ORDER)
    ).all()


def break_route(db: Session, contact_id: int, *, code: str) -> None:
    """Note that a contact no longer takes messages, so that nobody counts on it."""
    route = db.exec(
        select(OfficerRoute).where(col(OfficerRoute.contact_id) == contact_id)
    ).one_or_none()
    if route is not None:
        route.broken_code = code
        db.add(route)


def mend_route(db: Session, contact_id: int) -> None:
    """Count on a contact again: its officer has just written from it."""
    route = db.exec(
        select(OfficerRoute).where(col(OfficerRoute.contact_id) == contact_id)
    ).one_or_none()
    if route is not None and route.broken_code is not None:
        route.broken_code = None
        db.add(route)


def new_code() -> str:
    """Give a fresh invitation code such as `K7QM-2XFA-9RTD`."""
    groups = (
        "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS)
    )
    return "-".join(groups)


def tidy_code(typed: str) -> str:
    """Give a typed code in the form in which it was printed."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return "-".join(letters[i : i + CODE_GROUP] for i in range(0, len(letters), CODE_GROUP))


def invite(db: Session, officer_id: int, *, hashed: Callable[[str], str], now: datetime) -> str:
    """Make a one-time code for an officer and give it; only its hash is stored."""
    code = new_code()
    db.add(
        Invitation(officer_id=officer_id, code_key=hashed(code), expires_at=now + INVITATION_LIVES)
    )
    return code


def redeem(
    db: Session, code: str, *, contact_id: int, hashed: Callable[[str], str], now: datetime
) -> Officer:
    """Link a contact to the officer whose code was typed. Raises InvitationRefused."""
    invitation = db.exec(
        select(Invitation)
        .where(col(Invitation.code_key) == hashed(tidy_code(code)))
        .with_for_update()
    ).one_or_none()
    if invitation is None or invitation.used_at is not None or invitation.expires_at < now:
        raise InvitationRefused
    officer = db.get_one(Officer, invitation.officer_id)
    if not officer.is_active:
        raise InvitationRefused
    invitation.used_at = now
    db.add(invitation)
    officer.answered_at = now
    link(db, officer, contact_id=contact_id, now=now)
    return officer


def link(
    db: Session, officer: Officer, *, contact_id: int, now: datetime, is_one_way: bool = False
) -> None:
    """Make a contact a route to an officer behind the others, taking it from who held it before."""
    assert officer.id is not None
    existing = db.exec(
        select(OfficerRoute).where(col(OfficerRoute.contact_id) == contact_id)
    ).one_or_none()
    if existing is not None and existing.officer_id == officer.id:
        existing.broken_code = None
        db.add(existing)
        return
    if existing is not None:
        db.delete(existing)
        db.flush()
    db.add(
        OfficerRoute(
            officer_id=officer.id,
            contact_id=contact_id,
            position=len(all_routes(db, officer.id)),
            is_one_way=is_one_way,
            linked_at=now,
        )
    )


def all_routes(db: Session, officer_id: int) -> Sequence[OfficerRoute]:
    """Give an officer's routes, also those that no longer take messages, first choice first."""
    return db.exec(
        select(OfficerRoute).where(col(OfficerRoute.officer_id) == officer_id).order_by(*IN_ORDER)
    ).all()


def prefer_route(db: Session, officer_id: int, contact_id: int) -> bool:
    """Put a route first; False where it is not this officer's."""
    routes = all_routes(db, officer_id)
    if all(route.contact_id != contact_id for route in routes):
        return False
    first_chosen = sorted(routes, key=lambda route: route.contact_id != contact_id)
    for position, route in enumerate(first_chosen):
        route.position = position
        db.add(route)
    return True


def drop_route(db: Session, officer_id: int, contact_id: int) -> bool:
    """Give up a route; False where it is not this officer's, or the last to answer from."""
    routes = all_routes(db, officer_id)
    mine = [route for route in routes if route.contact_id == contact_id]
    others = [route for route in routes if not route.is_one_way and route.contact_id != contact_id]
    if not mine or not others:
        return False
    db.delete(mine[0])
    return True


def holder_of(db: Session, contact_id: int) -> int | None:
    """Give the officer whose route a contact is."""
    return db.exec(
        select(OfficerRoute.officer_id).where(col(OfficerRoute.contact_id) == contact_id)
    ).first()


def _takes_answers() -> ColumnElement[bool]:
    return and_(col(OfficerRoute.broken_code).is_(None), ~col(OfficerRoute.is_one_way))
