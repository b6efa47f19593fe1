"""The audit log: appended in the same commit as what it tells of, never changed."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, func, select

from handlers.models import Account
from handlers.room_models import AuditEvent

SYSTEM = "sistem"


class Action(StrEnum):
    """What can stand in the log; what people read for each is beside the pages."""

    SIGNED_IN = "masuk"
    SIGN_IN_REFUSED = "masuk ditolak"
    SIGNED_OUT = "keluar"
    PASSWORD_CHANGED = "sandi diganti"  # noqa: S105 (a word, not a password)
    SECOND_FACTOR_SET = "kode kedua dipasang"
    SECOND_FACTOR_REMOVED = "kode kedua dilepas"
    SESSIONS_ENDED = "sesi diakhiri"
    ACCOUNT_ADDED = "akun dibuat"
    ACCOUNT_CHANGED = "akun diubah"
    LINK_MADE = "tautan dibuat"
    DRAFT_SAVED = "draf disimpan"
    DRAFT_DISCARDED = "draf dibuang"
    PUBLISHED = "diterbitkan"
    WITHDRAWN = "ditarik"
    IMPORTED = "diimpor"
    EXPORTED = "diekspor"
    GOLDEN_CHANGED = "pertanyaan uji diubah"
    ENTRY_CONFIRMED = "isi dipastikan"
    HELPLINE_CONFIRMED = "nomor dipastikan"
    HELPLINE_CHANGED = "nomor diubah"
    GAP_CLOSED = "celah ditutup"
    CASE_READ = "kasus dibuka"
    CASE_ACTED = "kasus dikerjakan"
    CONVERSATION_READ = "percakapan dibaca"
    FILE_READ = "berkas dibuka"
    GAPS_READ = "celah dibaca"
    SETTING_CHANGED = "setelan diubah"
    OFFICER_ADDED = "petugas ditambah"
    OFFICER_CHANGED = "petugas diubah"
    POSTING_CHANGED = "tempat tugas diubah"
    LEAVE_CHANGED = "cuti diubah"
    OFFICER_INVITED = "kode undangan dibuat"
    ROSTER_IMPORTED = "daftar petugas diimpor"
    OFFICE_CONFIRMED = "kantor dipastikan"
    COMPANIES_IMPORTED = "daftar p3mi diimpor"


CONTENT = (
    Action.PUBLISHED,
    Action.WITHDRAWN,
    Action.ENTRY_CONFIRMED,
    Action.HELPLINE_CONFIRMED,
    Action.HELPLINE_CHANGED,
)
"""What changes the answers that villagers get."""


def last_content_change(db: Session) -> int:
    """Give a number that grows whenever somebody changes what villagers read."""
    newest = select(func.max(AuditEvent.id)).where(col(AuditEvent.action).in_(CONTENT))
    return db.exec(newest).one() or 0


def note(
    db: Session,
    action: Action,
    *,
    by: Account | None,
    now: datetime,
    subject: str = "",
    detail: str = "",
) -> None:
    """Append one line."""
    db.add(
        AuditEvent(
            at=now,
            account_id=by.id if by else None,
            who=by.name if by else SYSTEM,
            action=action,
            subject=subject,
            detail=detail,
        )
    )


def note_read(db: Session, *, case_id: int, who: str, now: datetime) -> None:
    """Append that an officer was shown a villager's words, in chat or on a page."""
    action = Action.CONVERSATION_READ
    db.add(AuditEvent(at=now, who=who, action=action, subject=case_subject(case_id)))


def case_subject(case_id: int) -> str:
    """Give the name under which a case stands in the log."""
    return f"kasus-{case_id}"


def page(
    db: Session,
    *,
    start: int,
    count: int,
    action: str = "",
    subject: str = "",
    account_id: int | None = None,
) -> tuple[Sequence[AuditEvent], int]:
    """Give lines, newest first, and how many there are in all."""
    query = select(AuditEvent)
    if action:
        query = query.where(col(AuditEvent.action) == action)
    if subject:
        query = query.where(col(AuditEvent.subject) == subject)
    if account_id is not None:
        query = query.where(col(AuditEvent.account_id) == account_id)
    total = db.exec(select(func.count()).select_from(query.subquery())).one()
    found = db.exec(query.order_by(col(AuditEvent.id).desc()).offset(start).limit(count)).all()
    return found, total
