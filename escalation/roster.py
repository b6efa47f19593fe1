"""Officers in the database: the roster of the moment, their routes, and their invitations."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from escalation.assignment import Post, Roster, Rung
from escalation.models import Invitation, Officer, OfficerRoute, Posting

INVITATION_LIVES = timedelta(days=14)
ANSWER_COUNTS = timedelta(days=7)
"""How long an answer to a test alert shows that somebody is there (invariant 6)."""

LAST = 100
"""Position of a route that others go before, whenever they are added."""

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No 0/O and 1/I: codes are read from paper and typed on small phones."""

CODE_GROUPS, CODE_GROUP = 3, 4


class InvitationRefused(Exception):
    """A code that links nobody: unknown, used, or too old."""


def load_roster(db: Session, *, now: datetime) -> Roster:
    """Give who is posted where and who can be reached at `now`."""
    officers = db.exec(select(Officer).where(col(Officer.is_active))).all()
    routed = set(
        db.exec(
            select(OfficerRoute.officer_id).where(col(OfficerRoute.broken_code).is_(None))
        ).all()
    )
    active = {officer.id for officer in officers}
    posts = db.exec(select(Posting).order_by(col(Posting.id))).all()
    return Roster(
        posts=tuple(
            Post(post.officer_id, Rung(post.rung), post.code)
            for post in posts
            if post.officer_id in active
        ),
        reachable=frozenset(
            officer.id
            for officer in officers
            if officer.id in routed
            and officer.id is not None
            and (officer.away_until is None or officer.away_until <= now)
            and has_answered(officer, now=now)
        ),
        routed=frozenset(routed & active),
        deputies={
            officer.id: officer.deputy_id
            for officer in officers
            if officer.id is not None and officer.deputy_id is not None
        },
    )


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
    routed = select(OfficerRoute.officer_id)
    officers = db.exec(
        select(Officer).where(col(Officer.is_active), col(Officer.id).in_(routed))
    ).all()
    return sum(not has_answered(officer, now=now) for officer in officers)


def desk_ever_answered(db: Session) -> int:
    """Count the people of the national desk who have a contact and answered at least once."""
    routed = select(OfficerRoute.officer_id).where(col(OfficerRoute.broken_code).is_(None))
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


def officer_of(db: Session, contact_id: int) -> Officer | None:
    """Give the officer who writes from this contact, if one does."""
    return db.exec(
        select(Officer)
        .join(OfficerRoute, col(OfficerRoute.officer_id) == col(Officer.id))
        .where(col(OfficerRoute.contact_id) == contact_id, col(Officer.is_active))
    ).one_or_none()


def routes_of(db: Session, officer_id: int) -> Sequence[int]:
    """Give the contacts of an officer that take messages, first choice first."""
    return db.exec(
        select(OfficerRoute.contact_id)
        .where(col(OfficerRoute.officer_id) == officer_id, col(OfficerRoute.broken_code).is_(None))
        .order_by(col(OfficerRoute.position), col(OfficerRoute.id))
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
    db: Session, officer: Officer, *, contact_id: int, now: datetime, is_last: bool = False
) -> None:
    """Make a contact a route to an officer, taking it from whoever held it before.

    It goes behind the others; `is_last`: for good, as a contact that nobody answers from.
    """
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
    position = LAST
    if not is_last:
        position = sum(route.position < LAST for route in all_routes(db, officer.id))
    db.add(
        OfficerRoute(officer_id=officer.id, contact_id=contact_id, position=position, linked_at=now)
    )


def all_routes(db: Session, officer_id: int) -> Sequence[OfficerRoute]:
    """Give an officer's routes, also those that no longer take messages, first choice first."""
    return db.exec(
        select(OfficerRoute)
        .where(col(OfficerRoute.officer_id) == officer_id)
        .order_by(col(OfficerRoute.position), col(OfficerRoute.id))
    ).all()


def prefer_route(db: Session, officer_id: int, contact_id: int) -> bool:
    """Put a route first; False where it is not this officer's."""
    routes = all_routes(db, officer_id)
    if all(route.contact_id != contact_id for route in routes):
        return False
    first_chosen = sorted(routes, key=lambda route: route.contact_id != contact_id)
    for position, route in enumerate(first_chosen):
        route.position = route.position if route.position >= LAST else position
        db.add(route)
    return True


def drop_route(db: Session, officer_id: int, contact_id: int) -> bool:
    """Give up a route; False where it is not this officer's, or the only one."""
    routes = all_routes(db, officer_id)
    mine = [route for route in routes if route.contact_id == contact_id]
    if not mine or len(routes) == 1:
        return False
    db.delete(mine[0])
    return True
