"""The inbox: messages are stored once, then acknowledged, then worked off in order per person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from handlers import contacts
from handlers.database import insert_once
from handlers.messages import InboundMessage
from handlers.models import Contact, Ending, InboxItem, InboxStatus, TranscriptLine
from handlers.sealing import Sealer

BODY = "inbox"
LEASE = timedelta(seconds=30)
RETRY_AFTER = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=20))
"""Waits between attempts at a message whose handling failed; after the last it is quarantined."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What storing one message gave."""

    inbox_id: int
    contact_id: int
    is_new: bool


def store(
    db: Session, message: InboundMessage, *, sealer: Sealer, now: datetime, shown: bool = False
) -> Receipt:
    """Store one message, unless (channel, external id) is already there.

    `shown` also writes it to the transcript, for chats that we display ourselves.
    """
    contact_id = contacts.id_of(
        db,
        channel=message.channel,
        address=message.sender,
        aliases=message.aliases,
        sealer=sealer,
        now=now,
    )
    body = sealer.seal_json(message.to_json(), purpose=BODY)
    item = InboxItem(
        channel=message.channel,
        external_id=message.external_id,
        contact_id=contact_id,
        kind=message.kind,
        body_sealed=body,
        received_at=now,
        due_at=now,
    )
    inbox_id = insert_once(db, item)
    if inbox_id is None:
        return Receipt(_existing_id(db, message), contact_id, is_new=False)
    if shown:
        line = sealer.seal_json(message.to_json(), purpose=BODY)
        db.add(TranscriptLine(contact_id=contact_id, inbox_id=inbox_id, body_sealed=line, at=now))
    return Receipt(inbox_id, contact_id, is_new=True)


def _existing_id(db: Session, message: InboundMessage) -> int:
    found = db.exec(
        select(InboxItem.id).where(
            col(InboxItem.channel) == message.channel,
            col(InboxItem.external_id) == message.external_id,
        )
    ).one()
    assert found is not None
    return found


def claim_due(db: Session, *, owner: str, now: datetime, limit: int) -> list[int]:
    """Lease up to `limit` due messages, at most one per contact, oldest first; give their ids."""
    earlier = aliased(InboxItem)
    due = (
        select(col(InboxItem.id))
        .where(
            col(InboxItem.status) == InboxStatus.WAITING,
            col(InboxItem.due_at) <= now,
            or_(col(InboxItem.lease_until).is_(None), col(InboxItem.lease_until) < now),
            ~select(earlier.id)
            .where(
                col(earlier.contact_id) == col(InboxItem.contact_id),
                col(earlier.status) == InboxStatus.WAITING,
                col(earlier.id) < col(InboxItem.id),
            )
            .exists(),
        )
        .order_by(col(InboxItem.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = db.execute(
        update(InboxItem)
        .where(col(InboxItem.id).in_(due))
        .values(lease_until=now + LEASE, lease_owner=owner, attempts=col(InboxItem.attempts) + 1)
        .returning(col(InboxItem.id))
        .execution_options(synchronize_session=False)
    )
    return sorted(claimed.scalars())


def claimed_item(db: Session, inbox_id: int, *, owner: str) -> InboxItem | None:
    """Give a message that `owner` still holds, locked for this transaction; else None."""
    return db.exec(
        select(InboxItem).where(*_is_claimed(inbox_id, owner)).with_for_update()
    ).one_or_none()


def claimed_with_contact(
    db: Session, inbox_id: int, *, owner: str
) -> tuple[InboxItem, Contact] | None:
    """Give a message that `owner` still holds, and who wrote it; the message is locked."""
    return db.exec(
        select(InboxItem, Contact)
        .join(Contact, col(Contact.id) == col(InboxItem.contact_id))
        .where(*_is_claimed(inbox_id, owner))
        .with_for_update(of=InboxItem)
    ).one_or_none()


def with_contact(db: Session, inbox_id: int) -> tuple[InboxItem, Contact]:
    """Give a message and who wrote it."""
    return db.exec(
        select(InboxItem, Contact)
        .join(Contact, col(Contact.id) == col(InboxItem.contact_id))
        .where(col(InboxItem.id) == inbox_id)
    ).one()


def _is_claimed(inbox_id: int, owner: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(InboxItem.id) == inbox_id,
        col(InboxItem.lease_owner) == owner,
        col(InboxItem.status) == InboxStatus.WAITING,
    )


def body_of(item: InboxItem, *, sealer: Sealer) -> InboundMessage:
    """Open the stored message. Raises SealBroken."""
    return InboundMessage.from_json(sealer.open_json(item.body_sealed, purpose=BODY))


def finish(
    item: InboxItem, *, ending: Ending, reason: str | None, now: datetime, replying: bool
) -> None:
    """Set how a message ended; while `replying` it counts as waiting until its reply is out."""
    item.ending = ending
    item.reason = reason
    item.lease_until = None
    item.lease_owner = None
    item.status = InboxStatus.REPLYING if replying else InboxStatus.DONE
    item.finished_at = None if replying else now


def put_back(item: InboxItem, *, now: datetime, reason: str) -> bool:
    """Return a message whose handling failed to the queue; False where its tries are used up."""
    if item.attempts > len(RETRY_AFTER):
        return False
    item.due_at = now + RETRY_AFTER[item.attempts - 1]
    item.reason = reason
    item.lease_until = None
    item.lease_owner = None
    return True


def release_all(db: Session) -> None:
    """Drop every lease: right only where no other process works on this database."""
    db.execute(update(InboxItem).values(lease_until=None, lease_owner=None))


def waiting(db: Session) -> tuple[int, datetime | None]:
    """Give how many messages wait and since when the oldest does."""
    open_status: Sequence[str] = (InboxStatus.WAITING, InboxStatus.REPLYING)
    count, oldest = db.exec(
        select(func.count(), func.min(col(InboxItem.received_at))).where(
            col(InboxItem.status).in_(open_status)
        )
    ).one()
    return count, oldest
