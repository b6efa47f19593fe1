"""The balance: every message received is accounted for, at every moment."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from handlers.models import (
    Ending,
    InboxItem,
    InboxStatus,
    OutboxItem,
    OutboxKind,
    OutboxStatus,
    TranscriptLine,
)
from handlers.outbox import UNSENT


@dataclass(frozen=True, slots=True)
class Balance:
    """Messages received, by how they ended or that they wait; and what does not add up."""

    received: int
    waiting: int
    endings: dict[str, int]
    faults: dict[str, int]

    @property
    def holds(self) -> bool:
        """Tell whether everything adds up."""
        accounted = self.waiting + sum(self.endings.values())
        return accounted == self.received and not any(self.faults.values())


def take_balance(db: Session) -> Balance:
    """Count all messages in one reading transaction."""
    received = db.exec(select(func.count()).select_from(InboxItem)).one()
    waiting = db.exec(select(func.count()).where(col(InboxItem.status) != InboxStatus.DONE)).one()
    rows = db.exec(
        select(InboxItem.ending, func.count())
        .where(col(InboxItem.status) == InboxStatus.DONE, col(InboxItem.ending).in_(list(Ending)))
        .group_by(InboxItem.ending)
    ).all()
    endings = {ending.value: 0 for ending in Ending} | {
        str(ending): count for ending, count in rows
    }
    return Balance(received, waiting, endings, _faults(db))


def _faults(db: Session) -> dict[str, int]:
    sent_reply = (
        select(OutboxItem.id)
        .where(
            col(OutboxItem.inbox_id) == col(InboxItem.id),
            col(OutboxItem.kind) == OutboxKind.REPLY,
            col(OutboxItem.status) == OutboxStatus.SENT,
        )
        .exists()
    )
    open_reply = (
        select(OutboxItem.id)
        .where(
            col(OutboxItem.inbox_id) == col(InboxItem.id),
            col(OutboxItem.kind) == OutboxKind.REPLY,
            col(OutboxItem.status).in_(UNSENT),
        )
        .exists()
    )
    done = col(InboxItem.status) == InboxStatus.DONE
    replying = col(InboxItem.status) == InboxStatus.REPLYING
    count = select(func.count()).select_from(InboxItem)
    return {
        "done without an ending": db.exec(count.where(done, col(InboxItem.ending).is_(None))).one(),
        "answered without an accepted reply": db.exec(
            count.where(done, col(InboxItem.ending) == Ending.ANSWERED, ~sent_reply)
        ).one(),
        "replying with nothing to send": db.exec(count.where(replying, ~open_reply)).one(),
        "shown lines without a stored message": db.exec(
            select(func.count())
            .select_from(TranscriptLine)
            .where(col(TranscriptLine.inbox_id).is_(None), col(TranscriptLine.outbox_id).is_(None))
        ).one(),
    }


def revive(db: Session) -> list[int]:
    """Give messages whose replies are all out but that a crash left unfinished."""
    open_reply = (
        select(OutboxItem.id)
        .where(
            col(OutboxItem.inbox_id) == col(InboxItem.id),
            col(OutboxItem.kind) == OutboxKind.REPLY,
            col(OutboxItem.status).in_(UNSENT),
        )
        .exists()
    )
    found = db.exec(
        select(InboxItem.id).where(col(InboxItem.status) == InboxStatus.REPLYING, ~open_reply)
    ).all()
    return [id for id in found if id is not None]
