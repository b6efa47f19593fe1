"""Tables of the knowledge base: topics, entries in every version, phrasings, registers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class VersionState(StrEnum):
    """Whether villagers read a version: one published version an entry at most."""

    DRAFT = "draf"
    PUBLISHED = "terbit"
    ARCHIVED = "arsip"


class Origin(StrEnum):
    """Who wrote a row: the package, whose newer release may replace it, or an editor."""

    PACKAGE = "paket"
    EDITOR = "editor"


class FaqTopic(SQLModel, table=True):
    """A group of entries in the menu."""

    __tablename__ = "faq_topic"

    id: str = Field(primary_key=True)
    title: str
    position: int


class FaqVersion(SQLModel, table=True):
    """One version of one entry. `checked_by` is set only by a named admin in the product."""

    __tablename__ = "faq_version"
    __table_args__ = (UniqueConstraint("slug", "number"), Index("ix_faq_state", "state", "slug"))

    id: int | None = Field(default=None, primary_key=True)
    slug: str
    topic: str
    position: int
    number: int
    state: str
    content: dict[str, Any] = Field(sa_type=JSON)
    origin: str
    created_at: datetime
    created_by: str
    checked_by: str | None = None
    checked_on: date | None = None
    phrasings: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """Phrasings this version brings and takes away: "add" and "remove"."""

    published_at: datetime | None = None
    published_by: str | None = None


class FaqGolden(SQLModel, table=True):
    """A question whose answer must stay right: written by an editor, never a villager's words."""

    __tablename__ = "faq_golden"
    __table_args__ = (UniqueConstraint("slug", "text"),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(index=True)
    text: str
    created_at: datetime
    created_by: str


class FaqVariant(SQLModel, table=True):
    """One phrasing of an entry, or of what is out of scope or only greeted."""

    __tablename__ = "faq_variant"
    __table_args__ = (UniqueConstraint("slug", "text"),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(index=True)
    text: str
    lang: str
    register_name: str
    is_reviewed: bool
    origin: str
    is_withdrawn: bool = False
    """Taken away by an editor; the row stays, so that a newer package does not bring it back."""


class HelplineRow(SQLModel, table=True):
    """One helpline. `confirmed_at` is when somebody called its number and it answered."""

    __tablename__ = "helpline"

    id: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_type=JSON)
    origin: str
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


class CompanyList(SQLModel, table=True):
    """One import of the list of placement companies; the last one is in force, the rest history."""

    __tablename__ = "company_list"

    id: int | None = Field(default=None, primary_key=True)
    as_of: date
    imported_at: datetime
    imported_by: str


class CompanyRow(SQLModel, table=True):
    """One company of one list, as the list has it."""

    __tablename__ = "company"

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="company_list.id", index=True)
    name: str
    licence: str
    status: str
    address: str
    city: str
    note: str
