"""The transcript: chats that we display ourselves. Sent = committed here, seen = fetched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from handlers import inbox
from handlers.database import insert_once
from handlers.messages import InboundMessage, OutboundMessage
from handlers.models import TranscriptLine
from handlers.outbox import PAYLOAD
from handlers.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a chat shows it: from the person, or to the person."""

    id: int
    at: datetime
    said: InboundMessage | None = None
    told: OutboundMessage | None = None


def write(
    db: Session,
    *,
    contact_id: int,
    outbox_id: int,
    message: OutboundMessage,
    sealer: Sealer,
    now: datetime,
) -> None:
    """Show a message to a person, once per delivery however often it is tried."""
    sealed = sealer.seal_json(message.to_json(), purpose=PAYLOAD)
    insert_once(
        db,
        TranscriptLine(contact_id=contact_id, outbox_id=outbox_id, body_sealed=sealed, at=now),
    )


def lines(
    db: Session, *, contact_id: int, after: int, sealer: Sealer, limit: int = 200
) -> list[Line]:
    """Give the newest `limit` lines with an id above `after`, oldest first."""
    rows = db.exec(
        select(TranscriptLine)
        .where(col(TranscriptLine.contact_id) == contact_id, col(TranscriptLine.id) > after)
        .order_by(col(TranscriptLine.id).desc())
        .limit(limit)
    ).all()
    return [_line(row, sealer=sealer) for row in reversed(rows)]


def mark_seen(db: Session, ids: Sequence[int], *, now: datetime) -> None:
    """Note when lines were first fetched."""
    db.execute(
        update(TranscriptLine)
        .where(col(TranscriptLine.id).in_(ids), col(TranscriptLine.seen_at).is_(None))
        .values(seen_at=now)
    )


def _line(row: TranscriptLine, *, sealer: Sealer) -> Line:
    assert row.id is not None
    if row.inbox_id is not None:
        raw = sealer.open_json(row.body_sealed, purpose=inbox.BODY)
        return Line(row.id, row.at, said=InboundMessage.from_json(raw))
    raw = sealer.open_json(row.body_sealed, purpose=PAYLOAD)
    return Line(row.id, row.at, told=OutboundMessage.from_json(raw))
