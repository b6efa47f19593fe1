"""Delivering one message: read it, send it with nothing open, then record what came of it."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlmodel import col, select

from handlers import alerts, clockwork, contacts, outbox
from handlers.channel import (
    AddressMoved,
    Channel,
    Delivery,
    PermanentSendError,
    TemporarySendError,
    WindowClosed,
)
from handlers.database import Database, UnitOfWork
from handlers.models import Contact, OutboxItem, OutboxKind, OutboxStatus, Priority
from handlers.resources import Resources
from handlers.windows import open_window

log = logging.getLogger(__name__)

Result = TypeVar("Result")

NO_CHANNEL = "no-channel"
NOW = timedelta(0)


class Runner(Protocol):
    """Runs a blocking call off the event loop."""

    def __call__(self, call: Callable[[], Result], /) -> Awaitable[Result]:
        """Give the result once the call is done."""
        ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """What trying to send gave: a provider's id, or an error to be recorded."""

    provider_id: str | None = None
    code: str | None = None
    retry_after: timedelta | None = None
    answer_lost: bool = False
    is_permanent: bool = False
    moved_to: str | None = None
    needs_opening: bool = False


def prepare(database: Database, outbox_id: int, *, resources: Resources) -> tuple[str, Delivery]:
    """Read one claimed delivery and open its address: the channel's name and what to send."""
    with database.read() as db:
        item, contact = db.exec(
            select(OutboxItem, Contact)
            .join(Contact, col(Contact.id) == col(OutboxItem.contact_id))
            .where(col(OutboxItem.id) == outbox_id)
        ).one()
    message = outbox.payload_of(item, sealer=resources.sealer)
    address = contacts.address_of(contact, sealer=resources.sealer)
    return item.channel, Delivery(
        outbox_id,
        item.contact_id,
        address,
        message,
        urgent=item.priority == Priority.URGENT,
    )


def put_off(database: Database, outbox_id: int, *, owner: str, until: datetime) -> None:
    """Return a claimed delivery to its queue untried, to keep to the provider's pace."""
    with database.write() as work:
        item = outbox.claimed_item(work.db, outbox_id, owner=owner)
        if item is not None:
            outbox.postpone(item, until=until)
            work.db.add(item)
            work.commit()


async def attempt(delivery: Delivery, channel: Channel | None) -> Attempt:
    """Hand a delivery to its channel. A channel that is not running now may run later."""
    if channel is None:
        return Attempt(code=NO_CHANNEL)
    try:
        return Attempt(provider_id=await channel.send(delivery))
    except TemporarySendError as error:
        return Attempt(
            code=error.code, retry_after=error.retry_after, answer_lost=error.answer_lost
        )
    except PermanentSendError as error:
        return Attempt(code=error.code, is_permanent=True)
    except AddressMoved as error:
        return Attempt(code=error.code, moved_to=error.new_address)
    except WindowClosed as error:
        return Attempt(code=error.code, needs_opening=True)


def settle(
    database: Database,
    outbox_id: int,
    tried: Attempt,
    *,
    owner: str,
    resources: Resources,
    now: datetime,
) -> None:
    """Record what came of an attempt, unless the lease has passed to another worker."""
    unreached: int | None = None

    def record(work: UnitOfWork) -> None:
        nonlocal unreached
        if tried.provider_id is not None:
            id = tried.provider_id
            if outbox.mark_sent(work.db, outbox_id, owner=owner, provider_id=id, now=now):
                work.commit()
            else:
                log.warning("delivery %s was settled by another worker", outbox_id)
            return
        item = outbox.claimed_item(work.db, outbox_id, owner=owner)
        if item is None:
            log.warning("delivery %s was settled by another worker", outbox_id)
            return
        if tried.moved_to is not None:
            contact = work.db.get_one(Contact, item.contact_id)
            contacts.move(work.db, contact, tried.moved_to, sealer=resources.sealer)
            outbox.mark_retry(item, code=tried.code or "moved", now=now, retry_after=NOW)
            work.db.add(item)
        elif tried.needs_opening:
            open_window(work.db, item, resources=resources, now=now)
        elif tried.is_permanent:
            code = tried.code or "permanent"
            outbox.mark_failed(work.db, item, code=code, now=now)
            if item.kind == OutboxKind.NOTICE:
                alerts.notice_failed(work.db, item, code=code, resources=resources, now=now)
                unreached = item.officer_id
        else:
            was_waiting = item.status == OutboxStatus.WAITING
            item.lost_answers += tried.answer_lost
            outbox.mark_retry(
                item, code=tried.code or "temporary", now=now, retry_after=tried.retry_after
            )
            work.db.add(item)
            is_stuck = was_waiting and item.status == OutboxStatus.PARKED
            if is_stuck and item.kind == OutboxKind.NOTICE:
                alerts.notice_stuck(work.db, item, resources=resources, now=now)
        work.commit()

    database.write_together(record)
    if unreached is not None:
        clockwork.climb_past(database, unreached, resources=resources, now=now)


async def deliver(
    database: Database,
    outbox_id: int,
    *,
    owner: str,
    channels: Mapping[str, Channel],
    resources: Resources,
    clock: Callable[[], datetime],
    run: Runner,
    pace: Callable[[str, Delivery], timedelta],
) -> None:
    """Deliver one claimed item from start to end; `run` takes database calls off the loop.

    `pace` gives how long it must still wait; it is then put off, not slept on.
    """
    name, delivery = await run(lambda: prepare(database, outbox_id, resources=resources))
    wait = pace(name, delivery)
    if wait > NOW:
        await run(lambda: put_off(database, outbox_id, owner=owner, until=clock() + wait))
        return
    tried = await attempt(delivery, channels.get(name))
    await run(
        lambda: settle(database, outbox_id, tried, owner=owner, resources=resources, now=clock())
    )
