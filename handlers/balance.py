"""The balance: every message received is accounted for, at every moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Exists, func
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

UNFINISHED = (InboxStatus.WAITING, InboxStatus.REPLYING)


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


@dataclass(frozen=True, slots=True)
class Tally:
    """Messages by how far they came: counted from an index alone, also among many millions."""

    received: int
    waiting: int
    endings: dict[str, int]
    done_without_ending: int


def tally(db: Session, *, since: datetime | None = None) -> Tally:
    """Count all messages without looking at their replies; of those done, where `since` is given,
    only what came after it.
    """
    done = col(InboxItem.status) == InboxStatus.DONE
    count = select(func.count()).select_from(InboxItem)
    ended = (
        select(InboxItem.ending, func.count())
        .where(done, col(InboxItem.ending).in_(list(Ending)))
        .group_by(col(InboxItem.ending))
    )
    if since is not None:
        ended = ended.where(col(InboxItem.received_at) >= since)
    found = {str(ending): number for ending, number in db.exec(ended).all()}
    waiting = db.exec(count.where(col(InboxItem.status).in_(UNFINISHED))).one()
    lost = db.exec(count.where(done, col(InboxItem.ending).is_(None))).one()
    received = sum(found.values()) + waiting + lost if since else db.exec(count).one()
    return Tally(
        received=received,
        waiting=waiting,
        endings={ending.value: found.get(ending, 0) for ending in Ending},
        done_without_ending=lost,
    )


def take_balance(db: Session, *, since: datetime | None = None) -> Balance:
    """Count all messages in one reading transaction, and look for what does not add up.

    `since` leaves out older messages that are done, and what chats of our own showed.
    """
    counted = tally(db, since=since)
    faults = {"done without an ending": counted.done_without_ending, **_faults(db, since=since)}
    return Balance(counted.received, counted.waiting, counted.endings, faults)


def _faults(db: Session, *, since: datetime | None) -> dict[str, int]:
    done = col(InboxItem.status) == InboxStatus.DONE
    replying = col(InboxItem.status) == InboxStatus.REPLYING
    answered = [done, col(InboxItem.ending) == Ending.ANSWERED]
    if since is not None:
        answered.append(col(InboxItem.received_at) >= since)
    sent = col(OutboxItem.status) == OutboxStatus.SENT
    still_open = col(OutboxItem.status).in_(UNSENT)
    count = select(func.count()).select_from(InboxItem)
    found = {
        "answered without an accepted reply": db.exec(count.where(*answered, ~_reply(sent))).one(),
        "replying with nothing to send": db.exec(count.where(replying, ~_reply(still_open))).one(),
    }
    if since is None:
        found["shown lines without a stored message"] = db.exec(
            select(func.count())
            .select_from(TranscriptLine)
            .where(col(TranscriptLine.inbox_id).is_(None), col(TranscriptLine.outbox_id).is_(None))
        ).one()
    return found


def _reply(which: ColumnElement[bool]) -> Exists:
    """Give the condition that a message has such a reply."""
    return (
        select(OutboxItem.id)
        .where(
            col(OutboxItem.inbox_id) == col(InboxItem.id),
            col(OutboxItem.kind) == OutboxKind.REPLY,
            which,
        )
        .exists()
    )


def revive(db: Session) -> list[int]:
    """Give messages whose replies are all out but that a crash left unfinished."""
    still_open = col(OutboxItem.status).in_(UNSENT)
    found = db.exec(
        select(InboxItem.id).where(
            col(InboxItem.status) == InboxStatus.REPLYING, ~_reply(still_open)
        )
    ).all()
    return [id for id in found if id is not None]
