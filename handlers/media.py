"""Files that people sent with their cases: wanted in the message's own commit, fetched later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from handlers.media_models import CaseMedia, MediaStatus
from handlers.media_types import MEBIBYTE, MediaType
from handlers.messages import InboundKind, InboundMessage
from handlers.models import InboxItem

CONTENT = "media"
KINDS = frozenset({InboundKind.PICTURE, InboundKind.VOICE, InboundKind.DOCUMENT})
"""What may come with a file. A tap has an id in the same field, which is no file."""

LEASE = timedelta(seconds=90)
RETRY_AFTER = (
    *(timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5)),
    *(timedelta(minutes=20), timedelta(hours=1), timedelta(hours=3)),
)
"""Waits between tries. Meta keeps a file for some days, so there is no need to hurry."""

TOO_MANY = "many"
UNREACHABLE = "unreachable"
MOST_FILES = 40
MOST_BYTES = 100 * MEBIBYTE
"""For one case: more than a story needs, less than would fill a small server's disk."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of one file without opening it. `media_type` only where it is kept."""

    id: int
    status: MediaStatus
    media_type: MediaType | None
    size: int
    reason: str


def want(db: Session, item: InboxItem, message: InboundMessage, *, now: datetime) -> None:
    """Ask for the file of a message that stands with a case; others are never fetched."""
    if item.case_id is None or item.id is None or not message.media_id:
        return
    if message.kind not in KINDS:
        return
    count, size = db.exec(
        select(func.count(), func.coalesce(func.sum(col(CaseMedia.size)), 0)).where(
            col(CaseMedia.case_id) == item.case_id
        )
    ).one()
    is_full = count >= MOST_FILES or size >= MOST_BYTES
    db.add(
        CaseMedia(
            inbox_id=item.id,
            contact_id=item.contact_id,
            case_id=item.case_id,
            status=MediaStatus.REFUSED if is_full else MediaStatus.WAITING,
            reason=TOO_MANY if is_full else None,
            created_at=now,
            due_at=now,
            finished_at=now if is_full else None,
        )
    )


def any_due(db: Session, *, now: datetime) -> bool:
    """Tell whether something is to be fetched: a look that needs no turn to write."""
    return db.exec(select(CaseMedia.id).where(_due(now)).limit(1)).first() is not None


def claim_due(db: Session, *, owner: str, now: datetime, limit: int) -> list[int]:
    """Lease up to `limit` files that are to be fetched, oldest first; give their ids."""
    due = (
        select(col(CaseMedia.id))
        .where(_due(now))
        .order_by(col(CaseMedia.due_at), col(CaseMedia.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = db.execute(
        update(CaseMedia)
        .where(col(CaseMedia.id).in_(due))
        .values(lease_until=now + LEASE, lease_owner=owner, attempts=col(CaseMedia.attempts) + 1)
        .returning(col(CaseMedia.id))
        .execution_options(synchronize_session=False)
    )
    return sorted(claimed.scalars())


def claimed(db: Session, media_id: int, *, owner: str) -> CaseMedia | None:
    """Give a file that `owner` still holds, locked for this transaction; else None."""
    return db.exec(
        select(CaseMedia)
        .where(
            col(CaseMedia.id) == media_id,
            col(CaseMedia.lease_owner) == owner,
            col(CaseMedia.status) == MediaStatus.WAITING,
        )
        .with_for_update()
    ).one_or_none()


def keep(
    row: CaseMedia, content_sealed: bytes, *, kind: MediaType, size: int, now: datetime
) -> None:
    """Keep a file that was fetched."""
    row.status, row.media_type, row.size = MediaStatus.KEPT, kind, size
    row.content_sealed, row.reason = content_sealed, None
    row.finished_at = now
    _release(row)


def refuse(row: CaseMedia, reason: str, *, now: datetime) -> None:
    """Give a file up for good."""
    row.status, row.reason, row.finished_at = MediaStatus.REFUSED, reason, now
    _release(row)


def put_back(row: CaseMedia, reason: str, *, now: datetime) -> bool:
    """Try again later; False where the tries are used up."""
    if row.attempts > len(RETRY_AFTER):
        return False
    row.due_at, row.reason = now + RETRY_AFTER[row.attempts - 1], reason
    _release(row)
    return True


def is_given_up(row: CaseMedia) -> bool:
    """Tell whether more tries were begun than there should be: something breaks at this file."""
    return row.attempts > len(RETRY_AFTER) + 1


def of_case(db: Session, case_id: int) -> dict[int, Kept]:
    """Give the files of a case by the message they came with, none of them opened."""
    found = db.execute(
        select_columns(
            col(CaseMedia.inbox_id),
            col(CaseMedia.id),
            col(CaseMedia.status),
            col(CaseMedia.media_type),
            col(CaseMedia.size),
            col(CaseMedia.reason),
        ).where(col(CaseMedia.case_id) == case_id)
    ).all()
    return {
        inbox_id: Kept(
            id,
            MediaStatus(status),
            MediaType(kind) if kind else None,
            size,
            reason or "",
        )
        for inbox_id, id, status, kind, size, reason in found
    }


def erase(db: Session, contact_ids: Sequence[int]) -> None:
    """Delete what these contacts sent, as their words are; what is being fetched is dropped."""
    db.execute(delete(CaseMedia).where(col(CaseMedia.contact_id).in_(contact_ids)))


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        col(CaseMedia.status) == MediaStatus.WAITING,
        col(CaseMedia.due_at) <= now,
        or_(col(CaseMedia.lease_until).is_(None), col(CaseMedia.lease_until) < now),
    )


def _release(row: CaseMedia) -> None:
    row.lease_until = row.lease_owner = None
