"""Sessions of the web rooms: rows that can be ended, known by the keyed hash of a cookie."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from handlers.models import Account
from handlers.room_models import WebSession
from handlers.sealing import Sealer

LIVES = timedelta(hours=12)
IDLE = timedelta(hours=2)
TOKEN_BYTES = 32
PURPOSE = "web-session"
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last use is noted, so that reading a page seldom writes."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody behind a session cookie. Not `is_complete`: the second factor is still missing."""

    session_id: int
    account: Account
    is_complete: bool
    is_stale: bool
    """Whether the last use should be noted again."""


def start(
    db: Session, account: Account, *, is_complete: bool, sealer: Sealer, now: datetime
) -> str:
    """Open a session and give the value of its cookie."""
    assert account.id is not None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.add(
        WebSession(
            account_id=account.id,
            token_key=sealer.lookup(token, purpose=PURPOSE),
            is_complete=is_complete,
            created_at=now,
            last_seen_at=now,
        )
    )
    return token


def find(db: Session, token: str, *, sealer: Sealer, now: datetime) -> Signed | None:
    """Give who is behind a cookie, if the session still holds."""
    if not token:
        return None
    row = db.exec(
        select(WebSession).where(
            col(WebSession.token_key) == sealer.lookup(token, purpose=PURPOSE),
            col(WebSession.ended_at).is_(None),
            col(WebSession.created_at) > now - LIVES,
            col(WebSession.last_seen_at) > now - IDLE,
        )
    ).one_or_none()
    if row is None or row.id is None:
        return None
    account = db.get_one(Account, row.account_id)
    if not account.is_active:
        return None
    return Signed(row.id, account, row.is_complete, now - row.last_seen_at >= SEEN_EVERY)


def touch(db: Session, session_id: int, *, now: datetime) -> None:
    """Note that a session was used."""
    db.execute(update(WebSession).where(col(WebSession.id) == session_id).values(last_seen_at=now))


def end(db: Session, session_id: int, *, account_id: int, now: datetime) -> None:
    """End one session of an account."""
    db.execute(
        update(WebSession)
        .where(
            col(WebSession.id) == session_id,
            col(WebSession.account_id) == account_id,
            col(WebSession.ended_at).is_(None),
        )
        .values(ended_at=now)
    )


def end_all(db: Session, account_id: int, *, now: datetime, but: int | None = None) -> None:
    """End every session of an account, except one where it is named."""
    query = update(WebSession).where(
        col(WebSession.account_id) == account_id, col(WebSession.ended_at).is_(None)
    )
    if but is not None:
        query = query.where(col(WebSession.id) != but)
    db.execute(query.values(ended_at=now))


def open_ones(db: Session, account_id: int, *, now: datetime) -> Sequence[WebSession]:
    """Give the sessions of an account that still hold, last used first."""
    return db.exec(
        select(WebSession)
        .where(
            col(WebSession.account_id) == account_id,
            col(WebSession.ended_at).is_(None),
            col(WebSession.created_at) > now - LIVES,
            col(WebSession.last_seen_at) > now - IDLE,
        )
        .order_by(col(WebSession.last_seen_at).desc())
    ).all()
