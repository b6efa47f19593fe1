"""Accounts for the web pages: argon2 hashes, a growing delay after wrong passwords or codes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlmodel import Session, col, select

from handlers import sessions
from handlers.models import Account

FREE_TRIES = 3
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
MAX_DOUBLINGS = 10
"""By then the longest delay is reached; more would leave what a timedelta can hold."""

MIN_PASSWORD_CHARS = 10

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")
"""Checked where a login is unknown, so that the answer takes the same time."""


class WeakPassword(Exception):
    """A password that is too short. The message is Indonesian."""


class SignInRefused(Exception):
    """A sign-in that is not let in. `until` is set while the account rests after wrong tries."""

    def __init__(self, until: datetime | None = None) -> None:
        """Keep when the next try is possible."""
        self.until = until
        super().__init__("refused")


def put(
    db: Session,
    *,
    login: str,
    name: str,
    role: str,
    password: str,
    now: datetime,
    officer_id: int | None = None,
) -> Account:
    """Make an account, or give an existing one a new password and name. Raises WeakPassword."""
    login = _tidy_login(login)
    account = db.exec(select(Account).where(col(Account.login) == login)).one_or_none()
    account = account or Account(
        login=login, name=name, role=role, password_hash="", created_at=now
    )
    account.name, account.role, account.officer_id = name, role, officer_id
    set_password(account, password)
    db.add(account)
    if account.id is not None:
        sessions.end_all(db, account.id, now=now)
    return account


def set_password(account: Account, password: str) -> None:
    """Give an account a new password and let it try again. Raises WeakPassword."""
    if len(password) < MIN_PASSWORD_CHARS:
        raise WeakPassword(f"Sandi paling sedikit {MIN_PASSWORD_CHARS} huruf; pilih yang panjang")
    account.password_hash = _hasher.hash(password)
    account.failures, account.locked_until = 0, None


def sign_in(db: Session, *, login: str, password: str, now: datetime) -> Account:
    """Give the account of a login and password; wrong tries make it rest ever longer.

    Raises SignInRefused; the caller commits in both cases, so that tries are counted.
    """
    account = db.exec(
        select(Account).where(col(Account.login) == _tidy_login(login)).with_for_update()
    ).one_or_none()
    if account is None or not account.is_active or not account.password_hash:
        _verify(_NOBODY, password)
        raise SignInRefused
    if account.locked_until is not None and account.locked_until > now:
        raise SignInRefused(account.locked_until)
    if not _verify(account.password_hash, password):
        count_failure(account, now=now)
        db.add(account)
        raise SignInRefused(account.locked_until)
    # With a second factor the count goes on until that is right, too: else a known password
    # would give endless tries at the code.
    if account.totp_since is None:
        account.failures, account.locked_until = 0, None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(password)
    db.add(account)
    return account


def count_failure(account: Account, *, now: datetime) -> None:
    """Note a wrong try; from the third on the account rests, each time twice as long."""
    account.failures += 1
    if account.failures >= FREE_TRIES:
        doublings = min(account.failures - FREE_TRIES, MAX_DOUBLINGS)
        account.locked_until = now + min(FIRST_DELAY * 2**doublings, LONGEST_DELAY)


def everyone(db: Session) -> Sequence[Account]:
    """Give all accounts by name."""
    return db.exec(select(Account).order_by(Account.name, col(Account.id))).all()


def find(db: Session, login: str) -> Account | None:
    """Give an account by login."""
    return db.exec(select(Account).where(col(Account.login) == _tidy_login(login))).one_or_none()


def of_officer(db: Session, officer_id: int) -> Account | None:
    """Give the account that acts as an officer."""
    return db.exec(select(Account).where(col(Account.officer_id) == officer_id)).first()


def matches(account: Account, password: str) -> bool:
    """Tell whether this is the account's password."""
    return bool(account.password_hash) and _verify(account.password_hash, password)


def get(db: Session, account_id: int) -> Account | None:
    """Give an account by id."""
    return db.get(Account, account_id)


def _tidy_login(login: str) -> str:
    return login.strip().lower()


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerifyMismatchError:
        return False
