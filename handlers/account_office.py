"""What admins do with accounts, and people with their own: one unit of work each."""

from datetime import datetime

from sqlmodel import Session

from escalation.models import Officer
from handlers import accounts, audit, links, second_factor, sessions
from handlers.access import Role
from handlers.audit import Action
from handlers.database import Database
from handlers.models import Account
from handlers.proving import prove_password
from handlers.sealing import Sealer
from handlers.sessions import Signed
from knowledge.places import Gazetteer

MAX_NAME_CHARS = 100


class AccountRefused(Exception):
    """An account that cannot be made or changed so. The message is Indonesian."""


def add(
    database: Database,
    *,
    by: Account,
    login: str,
    name: str,
    role: str,
    area_code: str,
    officer_id: int | None,
    places: Gazetteer,
    sealer: Sealer,
    now: datetime,
) -> tuple[Account, str]:
    """Make an account without a password and the one-time link for its holder.

    Raises AccountRefused.
    """
    login, name = login.strip().lower(), name.strip()[:MAX_NAME_CHARS]
    if not login or not name or not login.replace(".", "").replace("-", "").isalnum():
        raise AccountRefused("Isi nama dan nama masuk. Nama masuk: huruf, angka, titik, tanda -.")
    _check(role, area_code, officer_id, places=places)
    with database.write() as work:
        _check_officer(work.db, officer_id, but=None)
        if accounts.find(work.db, login) is not None:
            raise AccountRefused(f"Nama masuk {login} sudah dipakai. Pilih yang lain.")
        account = Account(
            login=login,
            name=name,
            role=role,
            area_code=area_code,
            officer_id=officer_id,
            password_hash="",
            created_at=now,
        )
        work.db.add(account)
        work.db.flush()
        assert account.id is not None
        token = links.make(work.db, account.id, sealer=sealer, now=now)
        detail = f"{role} {area_code}".strip()
        audit.note(work.db, Action.ACCOUNT_ADDED, by=by, now=now, subject=login, detail=detail)
        work.commit()
    return account, token


def make_link(
    database: Database, account_id: int, *, by: Account, sealer: Sealer, now: datetime
) -> tuple[Account, str]:
    """Give a one-time link with which an account's holder chooses a new password."""
    with database.write() as work:
        account = _get(work.db.get(Account, account_id))
        token = links.make(work.db, account_id, sealer=sealer, now=now)
        audit.note(work.db, Action.LINK_MADE, by=by, now=now, subject=account.login)
        work.commit()
    return account, token


def change(
    database: Database,
    account_id: int,
    *,
    by: Account,
    role: str,
    area_code: str,
    officer_id: int | None,
    places: Gazetteer,
    now: datetime,
) -> Account:
    """Give an account another role, area or officer; what it had open is closed. Raises AccountRefused."""
    _check(role, area_code, officer_id, places=places)
    with database.write() as work:
        account = _other(work.db.get(Account, account_id), by)
        _check_officer(work.db, officer_id, but=account_id)
        account.role, account.area_code, account.officer_id = role, area_code, officer_id
        work.db.add(account)
        sessions.end_all(work.db, account_id, now=now)
        detail = f"{role} {area_code}".strip()
        audit.note(
            work.db, Action.ACCOUNT_CHANGED, by=by, now=now, subject=account.login, detail=detail
        )
        work.commit()
    return account


def close(database: Database, account_id: int, *, by: Account, now: datetime) -> Account:
    """Shut an account out, at once. Raises AccountRefused for one's own."""
    return _switch(database, account_id, by=by, to="tutup", now=now)


def reopen(database: Database, account_id: int, *, by: Account, now: datetime) -> Account:
    """Let an account in again."""
    return _switch(database, account_id, by=by, to="buka", now=now)


def remove_second_factor(
    database: Database, account_id: int, *, by: Account, now: datetime
) -> Account:
    """Forget the second factor of somebody who lost the phone; their sessions end."""
    with database.write() as work:
        account = _other(work.db.get(Account, account_id), by)
        second_factor.remove(account)
        work.db.add(account)
        sessions.end_all(work.db, account_id, now=now)
        audit.note(work.db, Action.SECOND_FACTOR_REMOVED, by=by, now=now, subject=account.login)
        work.commit()
    return account


def end_sessions(database: Database, account_id: int, *, by: Account, now: datetime) -> Account:
    """Sign an account out everywhere."""
    with database.write() as work:
        account = _get(work.db.get(Account, account_id))
        sessions.end_all(work.db, account_id, now=now)
        audit.note(work.db, Action.SESSIONS_ENDED, by=by, now=now, subject=account.login)
        work.commit()
    return account


def end_own_session(database: Database, signed: Signed, session_id: int, *, now: datetime) -> None:
    """End one of one's own sessions."""
    with database.write() as work:
        assert signed.account.id is not None
        sessions.end(work.db, session_id, account_id=signed.account.id, now=now)
        audit.note(work.db, Action.SESSIONS_ENDED, by=signed.account, now=now)
        work.commit()


def change_own_password(
    database: Database, signed: Signed, *, old: str, new: str, now: datetime
) -> None:
    """Give oneself another password; every other session ends.

    Raises PasswordRefused, WeakPassword.
    """
    with database.write() as work:
        prove_password(work, signed.account, old, now=now)
        account = work.db.get_one(Account, signed.account.id)
        assert account.id is not None
        accounts.set_password(account, new)
        work.db.add(account)
        sessions.end_all(work.db, account.id, now=now, but=signed.session_id)
        audit.note(work.db, Action.PASSWORD_CHANGED, by=account, now=now)
        work.commit()


def _switch(database: Database, account_id: int, *, by: Account, to: str, now: datetime) -> Account:
    with database.write() as work:
        account = _other(work.db.get(Account, account_id), by)
        account.is_active = to == "buka"
        work.db.add(account)
        sessions.end_all(work.db, account_id, now=now)
        links.end_all(work.db, account_id, now=now)
        audit.note(
            work.db, Action.ACCOUNT_CHANGED, by=by, now=now, subject=account.login, detail=to
        )
        work.commit()
    return account


def _check(role: str, area_code: str, officer_id: int | None, *, places: Gazetteer) -> None:
    if role not in list(Role):
        raise AccountRefused("Pilih peran dari daftar.")
    if area_code and places.area(area_code) is None:
        raise AccountRefused(f"Kode wilayah {area_code} tidak ada. Contoh: 35.04 (Tulungagung).")
    if role == Role.HEAD and not area_code:
        raise AccountRefused("Kepala kantor perlu kode wilayah kantornya. Contoh: 35.04.")
    if role == Role.OFFICER and not area_code and officer_id is None:
        raise AccountRefused("Pimpasa perlu kode wilayah, atau pilih namanya di daftar petugas.")


def _check_officer(db: Session, officer_id: int | None, *, but: int | None) -> None:
    if officer_id is None:
        return
    if db.get(Officer, officer_id) is None:
        raise AccountRefused("Petugas itu tidak ada di daftar.")
    holder = accounts.of_officer(db, officer_id)
    if holder is not None and holder.id != but:
        raise AccountRefused(f"Petugas itu sudah memakai akun {holder.login}.")


def _get(account: Account | None) -> Account:
    if account is None:
        raise AccountRefused("Akun itu tidak ada.")
    return account


def _other(account: Account | None, by: Account) -> Account:
    account = _get(account)
    if account.id == by.id:
        raise AccountRefused("Akun sendiri tidak bisa diubah di sini. Minta admin lain.")
    return account
