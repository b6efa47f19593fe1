"""The table of what cases and checked offers name, to link them by."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class Naming(SQLModel, table=True):
    """A telephone number or company, as a keyed hash, that one case or one offer names."""

    __tablename__ = "naming"
    __table_args__ = (
        UniqueConstraint("key", "case_id", name="uq_naming_case"),
        UniqueConstraint("key", "offer_id", name="uq_naming_offer"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    offer_id: int | None = Field(default=None, foreign_key="offer_tip.id")
