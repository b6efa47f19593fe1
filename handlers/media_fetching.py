"""Fetching one file: read what is wanted, fetch and seal it with nothing open, then record it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation.models import Case
from handlers import inbox, media, relay
from handlers.channel import Channel, MediaChannel, MediaRefused
from handlers.database import Database, UnitOfWork
from handlers.delivery import Runner
from handlers.media_models import CaseMedia, MediaStatus
from handlers.media_types import MediaType, type_of
from handlers.models import InboxItem
from handlers.pictures import BadPicture, bare
from handlers.privacy import ERASED
from handlers.resources import Resources
from handlers.sealing import Sealer

WITHIN = media.LEASE - timedelta(seconds=30)
"""For one file: later another worker may take it over."""

NO_CHANNEL = "temporary-no-channel"
SLOW = "temporary-timeout"
GONE = "gone"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a file is to be had."""

    channel: str
    media_id: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What fetching gave: a sealed file, or the code of what came between."""

    sealed: bytes = b""
    kind: MediaType | None = None
    size: int = 0
    code: str = ""

    @property
    def is_temporary(self) -> bool:
        """Tell whether another try may succeed."""
        return self.code.startswith("temporary")


async def fetch(
    database: Database,
    row_id: int,
    *,
    owner: str,
    channels: Mapping[str, Channel],
    resources: Resources,
    clock: Callable[[], datetime],
    run: Runner,
) -> None:
    """Fetch one claimed file from start to end; `run` takes what blocks off the loop."""
    wanted = await run(lambda: prepare(database, row_id, resources=resources))
    fetched = Fetched(code=GONE)
    if wanted is not None:
        fetched = await attempt(wanted, channels.get(wanted.channel), resources.sealer, run=run)
    await run(
        lambda: settle(database, row_id, fetched, owner=owner, resources=resources, now=clock())
    )


def prepare(database: Database, row_id: int, *, resources: Resources) -> Wanted | None:
    """Read where a file is to be had; None where there is nothing to be had any more.

    So it is where the message was erased, and after tries of which none came to an end.
    """
    with database.read() as db:
        row = db.get(CaseMedia, row_id)
        item = db.get(InboxItem, row.inbox_id) if row is not None else None
    if row is None or item is None or media.is_given_up(row):
        return None
    if item.body_sealed == ERASED:
        return None
    message = inbox.body_of(item, sealer=resources.sealer)
    return Wanted(item.channel, message.media_id or "")


async def attempt(
    wanted: Wanted, channel: Channel | None, sealer: Sealer, *, run: Runner
) -> Fetched:
    """Fetch a file from its channel. A channel that is not running now may run later."""
    if not isinstance(channel, MediaChannel):
        return Fetched(code=NO_CHANNEL)
    try:
        async with asyncio.timeout(WITHIN.total_seconds()):
            content = await channel.download(wanted.media_id)
    except TimeoutError:
        return Fetched(code=SLOW)
    except MediaRefused as refused:
        return Fetched(code=refused.code)
    return await run(lambda: _sealed(content, sealer))


def _sealed(content: bytes, sealer: Sealer) -> Fetched:
    """Look at a file by its own bytes, whatever its channel says of it, and seal it."""
    kind = type_of(content)
    if kind is None:
        return Fetched(code="type")
    if len(content) > kind.most_bytes:
        return Fetched(code="size")
    if kind.is_picture:
        try:
            content = bare(content, kind)
        except BadPicture as bad:
            return Fetched(code=bad.code)
    return Fetched(sealer.seal(content, purpose=media.CONTENT), kind, len(content))


def settle(
    database: Database,
    row_id: int,
    fetched: Fetched,
    *,
    owner: str,
    resources: Resources,
    now: datetime,
) -> None:
    """Record what came of a try, unless the lease has passed on or the person had it erased."""

    def record(work: UnitOfWork) -> None:
        row = media.claimed(work.db, row_id, owner=owner)
        if row is None:
            return
        if fetched.kind is not None:
            media.keep(row, fetched.sealed, kind=fetched.kind, size=fetched.size, now=now)
        elif not fetched.is_temporary:
            media.refuse(row, fetched.code, now=now)
        elif not media.put_back(row, fetched.code, now=now):
            media.refuse(row, media.UNREACHABLE, now=now)
        work.db.add(row)
        if row.status == MediaStatus.REFUSED:
            case = work.db.get_one(Case, row.case_id, with_for_update=True)
            relay.media_lost(work.db, case, row, resources=resources, now=now)
        work.commit()

    database.write_together(record)
