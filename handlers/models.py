"""Tables of the handlers: contacts, inbox, outbox, transcript, question records, accounts, leases."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class InboxStatus(StrEnum):
    """How far one inbound message has come."""

    WAITING = "waiting"
    REPLYING = "replying"
    DONE = "done"


class Ending(StrEnum):
    """How one inbound message ended: exactly one of these."""

    ANSWERED = "answered"
    ASKED_BACK = "asked_back"
    UNKNOWN = "unknown"
    SOCIAL = "social"
    COMMAND = "command"
    HANDED_OVER = "handed_over"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


class OutboxStatus(StrEnum):
    """How far one delivery has come. WAITING, PARKED and HELD are open, the others final.

    PARKED is still tried but no longer holds its recipient's queue; HELD waits for the villager.
    """

    WAITING = "waiting"
    PARKED = "parked"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class OutboxKind(StrEnum):
    """What a delivery is for."""

    REPLY = "reply"
    NOTICE = "notice"
    RELAY = "relay"


class Priority:
    """Order between deliveries to one recipient: lower goes first."""

    URGENT = 0
    NORMAL = 5


class Contact(SQLModel, table=True):
    """One person on one channel. The address is sealed; `address_key` is its keyed hash.

    `person_id` is the contact that stands for a person on several channels; empty: this one.
    """

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("channel", "address_key"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    address_key: str
    address_sealed: bytes
    person_id: int | None = Field(default=None, index=True)
    area_code: str | None = None
    zone: str = "Asia/Jakarta"
    state_sealed: bytes | None = None
    state_version: int = 0
    created_at: datetime
    last_seen_at: datetime


class LinkCode(SQLModel, table=True):
    """A code by which another channel joins a contact's person. Only its keyed hash is stored."""

    __tablename__ = "link_code"

    id: int | None = Field(default=None, primary_key=True)
    code_key: str = Field(unique=True)
    contact_id: int = Field(foreign_key="contact.id", unique=True)
    expires_at: datetime


class InboxItem(SQLModel, table=True):
    """One inbound message, stored before anybody is told that it arrived."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index(
            "ix_inbox_open",
            "contact_id",
            "id",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_inbox_case", "case_id"),
        Index("ix_inbox_status", "status", "ending", "received_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    external_id: str
    contact_id: int = Field(foreign_key="contact.id")
    kind: str
    body_sealed: bytes
    received_at: datetime
    status: str = InboxStatus.WAITING
    ending: str | None = None
    reason: str | None = None
    attempts: int = 0
    due_at: datetime
    lease_until: datetime | None = None
    lease_owner: str | None = None
    case_id: int | None = None
    finished_at: datetime | None = None


class OutboxItem(SQLModel, table=True):
    """One delivery to one contact. `dedupe_key` makes queueing it twice a silent success."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "contact_id",
            "priority",
            "id",
            sqlite_where=text("status in ('waiting', 'parked')"),
            postgresql_where=text("status in ('waiting', 'parked')"),
        ),
        Index("ix_outbox_inbox", "inbox_id"),
        Index("ix_outbox_case", "case_id"),
        Index("ix_outbox_status", "status", "created_at", "lost_answers"),
    )

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id")
    channel: str
    kind: str
    priority: int = Priority.NORMAL
    dedupe_key: str = Field(unique=True)
    payload_sealed: bytes
    status: str = OutboxStatus.WAITING
    created_at: datetime
    due_at: datetime
    lease_until: datetime | None = None
    lease_owner: str | None = None
    attempts: int = 0
    lost_answers: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Attempts of which nobody knows whether they were accepted: each may have come twice."""

    first_failed_at: datetime | None = None
    error_code: str | None = None
    provider_id: str | None = Field(default=None, index=True)
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id")
    case_id: int | None = None
    officer_id: int | None = None


class PollerLease(SQLModel, table=True):
    """Which process fetches a channel's messages, and until when unless it says so again."""

    __tablename__ = "poller_lease"

    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(unique=True)
    owner: str
    until: datetime


class TranscriptLine(SQLModel, table=True):
    """One line of a chat that we show ourselves (web, terminal): sent = committed here."""

    __tablename__ = "transcript"
    # Readers ask for lines above an id, so an id must never come back after an erasure.
    __table_args__ = (
        Index("ix_transcript_contact", "contact_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id")
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", unique=True)
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id", unique=True)
    body_sealed: bytes
    at: datetime
    seen_at: datetime | None = None


class QuestionRecord(SQLModel, table=True):
    """What one question or tip tells the early warning: no text, no name, no address."""

    __tablename__ = "question"
    # Holds all that the pages count, so that counting never reads a row.
    __table_args__ = (
        Index(
            "ix_question_counted",
            *("at", "area_code", "ending", "slug", "topic", "language", "helpful"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    inbox_id: int | None = Field(default=None, unique=True)
    pseudonym: str
    at: datetime
    kind: str
    area_code: str | None = None
    topic: str | None = None
    slug: str | None = None
    level: str
    indicators: list[str] = Field(default_factory=list, sa_type=JSON)
    language: str
    channel: str
    ending: str
    helpful: bool | None = None
    gap_outcome: str | None = None
    """What an editor made of a question that was not answered well; None while it waits."""


class ReportCode(SQLModel, table=True):
    """The number that somebody got for a report. Only its keyed hash is stored, and no person."""

    __tablename__ = "report_code"

    id: int | None = Field(default=None, primary_key=True)
    code_key: str = Field(unique=True)
    case_id: int
    created_at: datetime


class CodeTry(SQLModel, table=True):
    """A number of a report that was wrong; a contact may try a few a day."""

    __tablename__ = "code_try"
    __table_args__ = (Index("ix_code_try", "contact_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id")
    at: datetime


class OfferTip(SQLModel, table=True):
    """An offer that somebody checked, its entities sealed."""

    __tablename__ = "offer_tip"
    __table_args__ = (Index("ix_offer_tip_at", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    inbox_id: int = Field(unique=True)
    pseudonym: str
    at: datetime
    area_code: str | None = None
    level: str
    indicators: list[str] = Field(default_factory=list, sa_type=JSON)
    named_sealed: bytes


class Account(SQLModel, table=True):
    """Someone who signs in on the web pages."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: str
    password_hash: str
    officer_id: int | None = None
    area_code: str = ""
    """Where this account may look; empty for the whole country."""

    is_active: bool = True
    failures: int = 0
    locked_until: datetime | None = None
    totp_sealed: bytes | None = None
    totp_since: datetime | None = None
    """Set once a code of the second factor was typed back; until then the secret is only offered."""

    totp_step: int = 0
    """The last half minute whose code was taken: no code opens twice."""

    created_at: datetime
    last_sign_in_at: datetime | None = None


class DatabaseMark(SQLModel, table=True):
    """A fact about the database itself, such as that it was made for the demonstration."""

    __tablename__ = "database_mark"

    key: str = Field(primary_key=True)
    value: str
