"""One-time links: whoever holds one chooses the password of an account, once."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from handlers.models import Account
from handlers.room_models import OneTimeLink
from handlers.sealing import Sealer

LIVES = timedelta(hours=48)
TOKEN_BYTES = 24
PURPOSE = "one-time-link"


class LinkRefused(Exception):
    """A link that opens nothing: unknown, used, too old, or of an account that is closed."""


def make(db: Session, account_id: int, *, sealer: Sealer, now: datetime) -> str:
    """Give a fresh token for an account; the earlier ones no longer work."""
    end_all(db, account_id, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    key = sealer.lookup(token, purpose=PURPOSE)
    db.add(OneTimeLink(account_id=account_id, token_key=key, expires_at=now + LIVES))
    return token


def end_all(db: Session, account_id: int, *, now: datetime) -> None:
    """Let no link of an account work any longer."""
    db.execute(
        update(OneTimeLink)
        .where(col(OneTimeLink.account_id) == account_id, col(OneTimeLink.used_at).is_(None))
        .values(used_at=now)
    )


def holder(db: Session, token: str, *, sealer: Sealer, now: datetime) -> Account:
    """Give the account a link is for, without using it. Raises LinkRefused."""
    return _find(db, token, sealer=sealer, now=now)[1]


def redeem(db: Session, token: str, *, sealer: Sealer, now: datetime) -> Account:
    """Use a link up and give its account. Raises LinkRefused."""
    link, account = _find(db, token, sealer=sealer, now=now)
    link.used_at = now
    db.add(link)
    db.add(account)
    return account


def _find(db: Session, token: str, *, sealer: Sealer, now: datetime) -> tuple[OneTimeLink, Account]:
    link = db.exec(
        select(OneTimeLink)
        .where(col(OneTimeLink.token_key) == sealer.lookup(token, purpose=PURPOSE))
        .with_for_update()
    ).one_or_none()
    if link is None or link.used_at is not None or link.expires_at < now:
        raise LinkRefused
    account = db.get_one(Account, link.account_id)
    if not account.is_active:
        raise LinkRefused
    return link, account
