"""The table of those who want to hear once an answer is there."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class LateWish(SQLModel, table=True):
    """Somebody's wish to be told of the answer to one question, with when it was agreed to.

    `slug` is the entry that answers it, set when its gap is closed; `queued_at` when the answer
    was put into the outbox; `ended_at` when it was given up: out of scope, or too late.
    """

    __tablename__ = "late_wish"
    __table_args__ = (Index("ix_late_wish_open", "queued_at", "ended_at", "slug"),)

    id: int | None = Field(default=None, primary_key=True)
    inbox_id: int = Field(unique=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    asked_at: datetime
    agreed_at: datetime
    slug: str | None = None
    queued_at: datetime | None = None
    ended_at: datetime | None = None
