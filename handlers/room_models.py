"""Tables of the web rooms: sessions, one-time links, and the audit log."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class WebSession(SQLModel, table=True):
    """One signed-in browser. Only the keyed hash of its cookie is stored."""

    __tablename__ = "web_session"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_key: str = Field(unique=True)
    is_complete: bool
    """False while the second factor is still to be shown: such a session opens no room."""

    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None = None


class OneTimeLink(SQLModel, table=True):
    """A link that lets somebody choose a password, once. Only its keyed hash is stored."""

    __tablename__ = "one_time_link"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_key: str = Field(unique=True)
    expires_at: datetime
    used_at: datetime | None = None


class AuditEvent(SQLModel, table=True):
    """Who did or read what, and when. Appended, never changed; no villager's words."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_subject", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    account_id: int | None = None
    who: str
    action: str
    subject: str = ""
    detail: str = ""
