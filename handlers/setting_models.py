"""The table of what admins set: every version stays, the newest is in force."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class SettingVersion(SQLModel, table=True):
    """One version of one section of the settings. Appended, never changed.

    `content`: JSON of all values of the section, `{}` where the packaged ones hold; as text, so that
    one that was spoilt can still be told of and replaced. `restored` is the
    version it was taken from, 0 for the packaged values.
    """

    __tablename__ = "setting_version"
    __table_args__ = (UniqueConstraint("section", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    section: str
    number: int
    content: str
    restored: int | None = None
    account_id: int
    who: str
    at: datetime
