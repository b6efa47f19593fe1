"""The outbox: deliveries with priority, dedupe key, lease and backoff, written before sending."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, case, func, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, SQLModel, col, select

from handlers.database import insert_once
from handlers.messages import OutboundMessage
from handlers.models import (
    Contact,
    Ending,
    InboxItem,
    InboxStatus,
    OutboxItem,
    OutboxKind,
    OutboxStatus,
    Priority,
)
from handlers.sealing import Sealer

PAYLOAD = "outbox"
LEASE = timedelta(seconds=30)
HOLDS_QUEUE = timedelta(seconds=60)
"""How long a failing delivery may keep its recipient's later ones waiting (invariant 3)."""

FIRST_BACKOFF = timedelta(seconds=1)
LONGEST_BACKOFF = timedelta(minutes=30)
OPEN = (OutboxStatus.WAITING, OutboxStatus.PARKED)
UNSENT = (*OPEN, OutboxStatus.HELD)


@dataclass(frozen=True, slots=True)
class Draft:
    """A delivery to be queued."""

    contact_id: int
    message: OutboundMessage
    dedupe_key: str
    kind: OutboxKind = OutboxKind.REPLY
    priority: int = Priority.NORMAL
    inbox_id: int | None = None
    case_id: int | None = None
    officer_id: int | None = None
    held: bool = False
    due_at: datetime | None = None
    channel: str | None = None
    """The contact's, where it was read already."""


def queue(db: Session, draft: Draft, *, sealer: Sealer, now: datetime) -> int | None:
    """Write one delivery; None where its dedupe key is already there."""
    channel = draft.channel
    if channel is None:
        channel = db.exec(select(Contact.channel).where(col(Contact.id) == draft.contact_id)).one()
    return insert_once(
        db,
        OutboxItem(
            contact_id=draft.contact_id,
            channel=channel,
            kind=draft.kind,
            priority=draft.priority,
            dedupe_key=draft.dedupe_key,
            payload_sealed=sealer.seal_json(draft.message.to_json(), purpose=PAYLOAD),
            status=OutboxStatus.HELD if draft.held else OutboxStatus.WAITING,
            created_at=now,
            due_at=draft.due_at or now,
            inbox_id=draft.inbox_id,
            case_id=draft.case_id,
            officer_id=draft.officer_id,
        ),
    )


def claim_due(db: Session, *, owner: str, now: datetime, limit: int) -> list[int]:
    """Lease up to `limit` due deliveries, the most urgent first; give their ids.

    Within one recipient and priority nothing overtakes an earlier delivery that still waits;
    a parked one no longer holds the queue.
    """
    earlier = aliased(OutboxItem)
    blocked = (
        select(earlier.id)
        .where(
            col(earlier.contact_id) == col(OutboxItem.contact_id),
            col(earlier.priority) == col(OutboxItem.priority),
            col(earlier.status) == OutboxStatus.WAITING,
            col(earlier.id) < col(OutboxItem.id),
        )
        .exists()
    )
    due = (
        select(col(OutboxItem.id))
        .where(
            col(OutboxItem.status).in_(OPEN),
            col(OutboxItem.due_at) <= now,
            or_(col(OutboxItem.lease_until).is_(None), col(OutboxItem.lease_until) < now),
            or_(col(OutboxItem.status) == OutboxStatus.PARKED, ~blocked),
        )
        .order_by(col(OutboxItem.priority), col(OutboxItem.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    # The attempt is recorded before the send: after a crash in between it shows, and a lease
    # that ran out may have been sent.
    claimed = db.execute(
        update(OutboxItem)
        .where(col(OutboxItem.id).in_(due))
        .values(
            lease_until=now + LEASE,
            lease_owner=owner,
            attempts=col(OutboxItem.attempts) + 1,
            lost_answers=col(OutboxItem.lost_answers) + _was_leased(),
        )
        .returning(col(OutboxItem.id), col(OutboxItem.priority))
        .execution_options(synchronize_session=False)
    )
    return [row.id for row in sorted(claimed, key=lambda row: (row.priority, row.id))]


def claimed_item(db: Session, outbox_id: int, *, owner: str) -> OutboxItem | None:
    """Give a delivery that `owner` still holds, locked for this transaction; else None."""
    return db.exec(
        select(OutboxItem)
        .where(
            col(OutboxItem.id) == outbox_id,
            col(OutboxItem.lease_owner) == owner,
            col(OutboxItem.status).in_(OPEN),
        )
        .with_for_update()
    ).one_or_none()


def payload_of(item: OutboxItem, *, sealer: Sealer) -> OutboundMessage:
    """Open the message of a delivery. Raises SealBroken."""
    return OutboundMessage.from_json(sealer.open_json(item.payload_sealed, purpose=PAYLOAD))


def mark_sent(db: Session, outbox_id: int, *, owner: str, provider_id: str, now: datetime) -> bool:
    """Record that the provider accepted a delivery, and close its message if that was the last.

    False where `owner` no longer holds it. Written by column: this happens for every delivery.
    """
    sent = db.connection().execute(
        _SENT,
        {
            "by_id": outbox_id,
            "by_owner": owner,
            "new_provider_id": provider_id,
            "new_sent_at": now,
        },
    )
    inbox_id = sent.one_or_none()
    if inbox_id is None:
        return False
    settle_inbox(db, inbox_id[0], now=now)
    return True


def mark_retry(
    item: OutboxItem, *, code: str, now: datetime, retry_after: timedelta | None
) -> None:
    """Put a delivery off; past its minute it is parked and no longer holds its queue."""
    backoff = min(FIRST_BACKOFF * 2 ** min(item.attempts - 1, 20), LONGEST_BACKOFF)
    item.due_at = now + (backoff if retry_after is None else retry_after)
    item.first_failed_at = item.first_failed_at or now
    item.error_code = code
    if item.due_at - item.first_failed_at > HOLDS_QUEUE:
        item.status = OutboxStatus.PARKED
    _unlease(item)


def mark_failed(db: Session, item: OutboxItem, *, code: str, now: datetime) -> None:
    """Record that a delivery will never be accepted; it stays visible as failed."""
    item.status = OutboxStatus.FAILED
    item.first_failed_at = item.first_failed_at or now
    item.error_code = code
    _unlease(item)
    db.add(item)
    settle_inbox(db, item.inbox_id, now=now)


def hold(item: OutboxItem) -> None:
    """Keep a delivery until its person writes again: the provider lets nothing else through."""
    item.status = OutboxStatus.HELD
    _unlease(item)


def postpone(item: OutboxItem, *, until: datetime) -> None:
    """Put off a delivery that was not tried, to keep to the provider's pace."""
    item.due_at = until
    item.attempts -= 1
    _unlease(item)


def settle_inbox(db: Session, inbox_id: int | None, *, now: datetime) -> None:
    """Finish a message whose replies are all out; one with a failed reply is quarantined."""
    if inbox_id is None:
        return
    db.flush()
    replies = db.connection().execute(_REPLIES, {"by_id": inbox_id}).all()
    if any(status in UNSENT for status, _ in replies):
        return
    failed = [code for status, code in replies if status == OutboxStatus.FAILED]
    if not failed:
        db.connection().execute(_DONE, {"by_id": inbox_id, "new_finished_at": now})
        return
    db.execute(
        update(InboxItem)
        .where(col(InboxItem.id) == inbox_id, col(InboxItem.status) == InboxStatus.REPLYING)
        .values(
            status=InboxStatus.DONE,
            finished_at=now,
            ending=Ending.QUARANTINED,
            reason=f"undeliverable:{failed[0]}",
        )
    )


def release_held(db: Session, contact: Contact, *, person_id: int, now: datetime) -> int:
    """Let go what waited for this person to write again; give how many deliveries that was.

    It was for any contact of the person, and goes out where they are now.
    """
    contacts = select(Contact.id).where(
        (col(Contact.id) == person_id) | (col(Contact.person_id) == person_id)
    )
    freed = db.execute(
        update(OutboxItem)
        .where(
            col(OutboxItem.contact_id).in_(contacts),
            col(OutboxItem.status) == OutboxStatus.HELD,
        )
        .values(
            status=OutboxStatus.WAITING,
            due_at=now,
            contact_id=contact.id,
            channel=contact.channel,
        )
        .returning(col(OutboxItem.id))
        .execution_options(synchronize_session=False)
    )
    return len(freed.all())


def release_all(db: Session) -> None:
    """Drop every lease: right only where no other process works on this database."""
    db.execute(
        update(OutboxItem)
        .where(col(OutboxItem.lease_owner).is_not(None))
        .values(
            lease_until=None,
            lease_owner=None,
            lost_answers=col(OutboxItem.lost_answers) + 1,
        )
        .execution_options(synchronize_session=False)
    )


def summary(db: Session) -> dict[str, int]:
    """Give how many deliveries stand in each status."""
    rows = db.exec(select(OutboxItem.status, func.count()).group_by(OutboxItem.status)).all()
    return dict(rows)


def lost_answers(db: Session) -> int:
    """Give how many deliveries may have arrived twice, counted once for each attempt."""
    return int(db.exec(select(func.coalesce(func.sum(col(OutboxItem.lost_answers)), 0))).one())


def oldest_unsent(db: Session) -> datetime | None:
    """Give since when the oldest open delivery waits."""
    return db.exec(
        select(func.min(col(OutboxItem.created_at))).where(and_(col(OutboxItem.status).in_(OPEN)))
    ).one()


def _was_leased() -> ColumnElement[int]:
    return case((col(OutboxItem.lease_owner).is_not(None), 1), else_=0)


def _unlease(item: OutboxItem) -> None:
    item.lease_until = None
    item.lease_owner = None


_OUTBOX = SQLModel.metadata.tables["outbox"]
_SENT = (
    update(_OUTBOX)
    .where(
        _OUTBOX.c.id == bindparam("by_id"),
        _OUTBOX.c.lease_owner == bindparam("by_owner"),
        _OUTBOX.c.status.in_(OPEN),
    )
    .values(
        status=OutboxStatus.SENT,
        provider_id=bindparam("new_provider_id"),
        sent_at=bindparam("new_sent_at"),
        error_code=None,
        lease_until=None,
        lease_owner=None,
    )
    .returning(_OUTBOX.c.inbox_id)
)
_REPLIES = select_columns(_OUTBOX.c.status, _OUTBOX.c.error_code).where(
    _OUTBOX.c.inbox_id == bindparam("by_id"), _OUTBOX.c.kind == OutboxKind.REPLY
)
_INBOX = SQLModel.metadata.tables["inbox"]
_DONE = (
    update(_INBOX)
    .where(_INBOX.c.id == bindparam("by_id"), _INBOX.c.status == InboxStatus.REPLYING)
    .values(status=InboxStatus.DONE, finished_at=bindparam("new_finished_at"))
)
