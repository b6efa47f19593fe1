"""The table of what admins set: every version stays, the newest is in force."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel


class SettingVersion(SQLModel, table=True):
    """One version of one section of the settings. Appended, never changed.

    `content`: all values of the section, none where the packaged ones hold. `restored` is the
    version it was taken from, 0 for the packaged values.
    """

    __tablename__ = "setting_version"
    __table_args__ = (UniqueConstraint("section", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    section: str
    number: int
    content: dict[str, Any] = Field(sa_type=JSON)
    restored: int | None = None
    account_id: int
    who: str
    at: datetime
