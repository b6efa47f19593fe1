"""Tables of the escalation: officers, postings, routes, invitations, cases and their history."""

from datetime import datetime

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Officer(SQLModel, table=True):
    """One named person who answers villagers. `deputy_id` stands in during absence.

    `away_from`, `away_until`: a leave, at once where it has no beginning;
    `answered_at`: when this person last wrote to us; `tested_at`: when the last test alert went.
    """

    __tablename__ = "officer"
    __table_args__ = (UniqueConstraint("name", "office_code"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    duty: str
    office_code: str = ""
    deputy_id: int | None = Field(default=None, foreign_key="officer.id")
    is_active: bool = True
    away_from: datetime | None = None
    away_until: datetime | None = None
    answered_at: datetime | None = None
    tested_at: datetime | None = None
    is_demo: bool = False
    created_at: datetime


class Posting(SQLModel, table=True):
    """Where an officer answers: an area, an office, a province, or the national desk ("")."""

    __tablename__ = "posting"
    __table_args__ = (UniqueConstraint("officer_id", "rung", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    rung: str
    code: str


class OfficerRoute(SQLModel, table=True):
    """A contact under which an officer is reached; a contact belongs to one officer at most.

    `is_one_way`: it only tells that something waits; nobody answers from it.
    """

    __tablename__ = "officer_route"

    id: int | None = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    contact_id: int = Field(unique=True)
    position: int = 0
    is_one_way: bool = False
    broken_code: str | None = None
    linked_at: datetime


class Invitation(SQLModel, table=True):
    """A one-time code that links an officer's first contact. Only its keyed hash is stored."""

    __tablename__ = "invitation"

    id: int | None = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    code_key: str = Field(unique=True)
    expires_at: datetime
    used_at: datetime | None = None


class OfficeConfirmation(SQLModel, table=True):
    """Which office serves a regency, vouched for by a named admin; appended, the last one counts.

    Without an office it takes the ones before back.
    """

    __tablename__ = "office_confirmation"

    id: int | None = Field(default=None, primary_key=True)
    regency_code: str
    office_code: str
    confirmed_by: str
    confirmed_at: datetime


class Case(SQLModel, table=True):
    """One story that a person must look at. `facts_sealed` holds the card's fields.

    `waits_since`: since when somebody must act, None while nobody waits; `held_since`: since when
    the owner has it; `due_at`: when the clock looks at it again, None for at once. A drill has no
    villager (`contact_id` 0).
    """

    __tablename__ = "case_file"
    __table_args__ = (Index("ix_case_contact", "contact_id", "opened_at"),)

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int
    area_code: str | None = None
    level: str
    kind: str | None = None
    indicators: list[str] = Field(default_factory=list, sa_type=JSON)
    facts_sealed: bytes
    state: str
    rung: str
    owner_id: int | None = Field(default=None, foreign_key="officer.id", index=True)
    is_outside: bool = False
    is_safe_to_push: bool = False
    opened_at: datetime
    last_message_at: datetime
    held_since: datetime | None = None
    waits_since: datetime | None = None
    due_at: datetime | None = None
    is_drill: bool = False
    accepted_at: datetime | None = None
    last_officer_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None


class CaseEvent(SQLModel, table=True):
    """One step in a case's history; appended, never changed.

    `officer_id` is who did it, `to_officer_id` who holds the case from then on.
    """

    __tablename__ = "case_event"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    at: datetime
    officer_id: int | None = None
    to_officer_id: int | None = None
    kind: str
    from_state: str | None = None
    to_state: str | None = None
    detail: str = ""
