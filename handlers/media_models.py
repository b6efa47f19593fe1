"""The table of files that people sent with their cases: sealed, and apart from every message."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class MediaStatus(StrEnum):
    """How far one file has come. WAITING is open, the others are final."""

    WAITING = "waiting"
    KEPT = "kept"
    REFUSED = "refused"


class CaseMedia(SQLModel, table=True):
    """One file of one message that stands with a case. `content_sealed` only where it is KEPT.

    `media_type` is what its bytes say; `reason` is why it is REFUSED, or what the last try met.
    """

    __tablename__ = "case_media"
    __table_args__ = (
        Index("ix_case_media_case", "case_id"),
        Index(
            "ix_case_media_open",
            "due_at",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    inbox_id: int = Field(foreign_key="inbox.id", unique=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    case_id: int
    status: str = MediaStatus.WAITING
    media_type: str | None = None
    size: int = 0
    content_sealed: bytes | None = None
    reason: str | None = None
    attempts: int = 0
    created_at: datetime
    due_at: datetime
    lease_until: datetime | None = None
    lease_owner: str | None = None
    finished_at: datetime | None = None
