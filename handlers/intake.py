"""Taking in what a channel hands over: stored in one commit, and only then acknowledged."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlers import contacts, inbox, receipts
from handlers.channel import Parsed
from handlers.database import Database, UnitOfWork
from handlers.messages import InboundKind, InboundMessage
from handlers.resources import Resources


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was new. Repeats are a silent success."""

    messages: tuple[InboundMessage, ...]
    receipts: int


def take_in(
    database: Database,
    parsed: Parsed,
    *,
    channel: str,
    resources: Resources,
    now: datetime,
    shown: bool = False,
) -> TakenIn:
    """Store the messages and receipts of one call. Raises DatabaseUnavailable.

    `shown` also writes messages to the transcript, for chats that we display ourselves.
    """

    def store(work: UnitOfWork) -> TakenIn:
        written = [message for message in parsed.messages if message.kind != InboundKind.MOVED]
        for message in parsed.messages:
            if message.kind == InboundKind.MOVED:
                _follow(work.db, message, resources=resources, now=now)
        new = [
            message
            for message in written
            if inbox.store(work.db, message, sealer=resources.sealer, now=now, shown=shown).is_new
        ]
        known = receipts.apply(work.db, channel, parsed.receipts, resources=resources, now=now)
        work.commit()
        return TakenIn(tuple(new), known)

    return database.write_together(store)


def _follow(db: Session, message: InboundMessage, *, resources: Resources, now: datetime) -> None:
    """Reach somebody under a new address; nobody wrote, so there is nothing to answer."""
    contacts.find_or_add(
        db,
        channel=message.channel,
        address=message.sender,
        aliases=message.aliases,
        sealer=resources.sealer,
        now=now,
    )
