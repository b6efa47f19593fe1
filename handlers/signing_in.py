"""Coming in and going out: each function is one unit of work and commits it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlers import accounts, audit, links, second_factor, sessions
from handlers.access import NEEDS_SECOND_FACTOR
from handlers.accounts import SignInRefused
from handlers.audit import Action
from handlers.database import Database
from handlers.models import Account
from handlers.sealing import Sealer
from handlers.sessions import Signed


@dataclass(frozen=True, slots=True)
class Entered:
    """A new session: the value of its cookie, and whether a code is still to be shown."""

    token: str
    needs_code: bool


class CodeRefused(Exception):
    """A code of the second factor that is wrong, used, or tried too often."""

    def __init__(self, until: datetime | None = None) -> None:
        """Keep when the next try is possible."""
        self.until = until
        super().__init__("refused")


def find(database: Database, token: str, *, sealer: Sealer, now: datetime) -> Signed | None:
    """Give who is behind a cookie, and note now and then that the session is in use."""
    with database.read() as db:
        signed = sessions.find(db, token, sealer=sealer, now=now)
    if signed is not None and signed.is_stale:
        with database.write() as work:
            sessions.touch(work.db, signed.session_id, now=now)
            work.commit()
    return signed


def enter(
    database: Database,
    *,
    login: str,
    password: str,
    sealer: Sealer,
    now: datetime,
    is_demo: bool = False,
) -> Entered:
    """Check a password and open a session. Raises SignInRefused.

    In a demonstration nobody must set up a second factor; who has one is asked for it all the same.
    """
    with database.write() as work:
        try:
            account = accounts.sign_in(work.db, login=login, password=password, now=now)
        except SignInRefused:
            known = accounts.find(work.db, login)
            if known is not None:
                audit.note(work.db, Action.SIGN_IN_REFUSED, by=known, now=now)
            work.commit()
            raise
        needs_code = account.totp_since is not None or (
            account.role in NEEDS_SECOND_FACTOR and not is_demo
        )
        if not needs_code:
            _welcome(work.db, account, now=now)
        token = sessions.start(work.db, account, is_complete=not needs_code, sealer=sealer, now=now)
        work.commit()
    return Entered(token, needs_code)


def offer_second_factor(database: Database, signed: Signed, *, sealer: Sealer) -> tuple[str, str]:
    """Give the secret and the address for the app of somebody who has no second factor yet."""
    with database.write() as work:
        account = work.db.get_one(Account, signed.account.id)
        assert account.totp_since is None
        secret = second_factor.offer(account, sealer=sealer)
        address = second_factor.address(account, sealer=sealer)
        work.db.add(account)
        work.commit()
    return secret, address


def prove(database: Database, signed: Signed, code: str, *, sealer: Sealer, now: datetime) -> str:
    """Take a code of the second factor and give the cookie of a complete session.

    The first right code puts the second factor in force. Raises CodeRefused.
    """
    with database.write() as work:
        account = work.db.get_one(Account, signed.account.id, with_for_update=True)
        assert account.id is not None
        if account.locked_until is not None and account.locked_until > now:
            raise CodeRefused(account.locked_until)
        is_first = account.totp_since is None
        is_right = account.totp_sealed is not None and second_factor.accept(
            account, code, sealer=sealer, now=now
        )
        work.db.add(account)
        if not is_right:
            accounts.count_failure(account, now=now)
            audit.note(work.db, Action.SIGN_IN_REFUSED, by=account, now=now, detail="kode")
            work.commit()
            raise CodeRefused(account.locked_until)
        account.failures, account.locked_until = 0, None
        if is_first:
            audit.note(work.db, Action.SECOND_FACTOR_SET, by=account, now=now)
        if not signed.is_complete:
            _welcome(work.db, account, now=now)
        sessions.end(work.db, signed.session_id, account_id=account.id, now=now)
        token = sessions.start(work.db, account, is_complete=True, sealer=sealer, now=now)
        work.commit()
    return token


def leave(database: Database, signed: Signed, *, now: datetime) -> None:
    """End the session."""
    with database.write() as work:
        assert signed.account.id is not None
        sessions.end(work.db, signed.session_id, account_id=signed.account.id, now=now)
        audit.note(work.db, Action.SIGNED_OUT, by=signed.account, now=now)
        work.commit()


def use_link(
    database: Database, token: str, *, password: str, sealer: Sealer, now: datetime
) -> Account:
    """Let the holder of a one-time link choose a password; every old session ends.

    Raises LinkRefused, WeakPassword.
    """
    with database.write() as work:
        account = links.redeem(work.db, token, sealer=sealer, now=now)
        assert account.id is not None
        accounts.set_password(account, password)
        sessions.end_all(work.db, account.id, now=now)
        audit.note(work.db, Action.PASSWORD_CHANGED, by=account, now=now, detail="lewat tautan")
        work.commit()
    return account


def _welcome(db: Session, account: Account, *, now: datetime) -> None:
    account.last_sign_in_at = now
    audit.note(db, Action.SIGNED_IN, by=account, now=now)
