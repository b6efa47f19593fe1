"""The number of a report: looks like any number, leads to the status alone, from any phone."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from escalation.models import Case
from handlers.models import CodeTry, ReportCode
from handlers.sealing import Sealer

PURPOSE = "report"
DIGITS = 8
"""With a million reports one guess in ninety hits, and a hit tells only that something is noted."""

CODE = re.compile(r"(?:(?:nomor|nomer|no|kode)\W*)?(?:catatan\W*)?([1-9]\d{3})[ .\-]?(\d{4})", re.I)
TRIES = 5
TRIES_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Found:
    """What a number led to: the case, or nothing because it is unknown or tried too often."""

    case: Case | None
    is_barred: bool = False


def code_in(text: str) -> str | None:
    """Give the number that a text consists of, as it was shown; None where it is none."""
    found = CODE.fullmatch(text.strip())
    return f"{found[1]} {found[2]}" if found else None


def new_code(db: Session, case_id: int, *, sealer: Sealer, now: datetime) -> str:
    """Draw a number for a case that no other case has; only its keyed hash is stored."""
    while True:
        number = str(secrets.randbelow(9 * 10 ** (DIGITS - 1)) + 10 ** (DIGITS - 1))
        code = f"{number[:4]} {number[4:]}"
        key = sealer.lookup(code, purpose=PURPOSE)
        if db.exec(select(ReportCode.id).where(col(ReportCode.code_key) == key)).first() is None:
            break
    db.add(ReportCode(code_key=key, case_id=case_id, created_at=now))
    return code


def find(db: Session, code: str, *, contact_id: int, sealer: Sealer, now: datetime) -> Found:
    """Give the case of a number. Wrong numbers are counted by contact, also past an erasure."""
    since = now - TRIES_WITHIN
    tried = db.exec(
        select(func.count())
        .select_from(CodeTry)
        .where(col(CodeTry.contact_id) == contact_id, col(CodeTry.at) > since)
    ).one()
    if tried >= TRIES:
        return Found(None, is_barred=True)
    key = sealer.lookup(code, purpose=PURPOSE)
    given = db.exec(select(ReportCode).where(col(ReportCode.code_key) == key)).one_or_none()
    if given is None:
        db.add(CodeTry(contact_id=contact_id, at=now))
        return Found(None)
    return Found(db.get_one(Case, given.case_id))
