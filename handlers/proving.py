"""Asking somebody who is signed in for the password again, before a step that weighs much."""

from datetime import datetime

from handlers import accounts, audit
from handlers.audit import Action
from handlers.database import UnitOfWork
from handlers.models import Account


class PasswordRefused(Exception):
    """A password that is wrong, or was wrong too often. The message is Indonesian."""


def prove_password(work: UnitOfWork, signed_in: Account, password: str, *, now: datetime) -> None:
    """Check the password; a wrong one counts as a wrong sign-in and is committed as such.

    A browser left open gives no endless tries. Raises PasswordRefused.
    """
    account = work.db.get_one(Account, signed_in.id, with_for_update=True)
    if account.locked_until is not None and account.locked_until > now:
        raise PasswordRefused("Sandi sekarang terlalu sering salah. Tunggu dulu, lalu coba lagi.")
    if accounts.matches(account, password):
        return
    accounts.count_failure(account, now=now)
    work.db.add(account)
    audit.note(work.db, Action.SIGN_IN_REFUSED, by=account, now=now, detail="sandi diminta lagi")
    work.commit()
    raise PasswordRefused("Sandi sekarang tidak cocok. Belum ada yang diubah.")
