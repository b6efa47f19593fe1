"""Fetching updates where no provider can call us, or seeing to it that the provider can."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.app import App
from bot.telegram_channel import TelegramChannel
from handlers import leases
from handlers.channel import Channel, Parsed, SendError
from handlers.database import DatabaseUnavailable
from handlers.intake import take_in
from handlers.messages import InboundMessage

log = logging.getLogger(__name__)

WEBHOOK_PATH = "/webhooks/telegram"
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)


async def poll(app: App, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Fetch Telegram's updates until cancelled, or register the webhook; nothing without a bot."""
    channel = app.channels.get(TelegramChannel.name)
    if not isinstance(channel, TelegramChannel):
        return
    if app.settings.telegram_mode == "webhook":
        await register(channel, webhook_url(app.settings.public_url), pause=pause)
        return
    await Poller(app, channel, pause=pause).run()


class Poller:
    """Fetches one channel's updates while this process holds the lease, and only then."""

    def __init__(
        self, app: App, channel: TelegramChannel, *, pause: Callable[[float], Awaitable[None]]
    ) -> None:
        """Take what polls; `pause` waits some seconds between looks at the lease."""
        self._app = app
        self._channel = channel
        self._pause = pause
        self._owner = app.workers.owner
        self._polling: asyncio.Task[None] | None = None
        self._held_until: datetime | None = None
        self._acknowledging: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Poll whenever no other process does, until cancelled; then let another have it."""
        try:
            while True:
                if await self._may_poll():
                    self._start()
                else:
                    await self._stop()
                await self._pause(leases.RENEW_EVERY.total_seconds())
        finally:
            await self._stop()
            for task in self._acknowledging:
                task.cancel()
            with contextlib.suppress(DatabaseUnavailable):
                self._give_back()

    async def _may_poll(self) -> bool:
        """Take or renew the lease. While nobody can be asked it lasts as long as it was given."""
        now = self._app.clock()
        try:
            is_ours = await asyncio.to_thread(self._take, now)
        except DatabaseUnavailable:
            return self._held_until is not None and now < self._held_until
        self._held_until = now + leases.LEASE if is_ours else None
        return is_ours

    def _start(self) -> None:
        if self._polling is None:
            log.info("polling %s in this process", self._channel.name)
            self._polling = asyncio.create_task(
                self._channel.poll(self._store, clock=self._app.clock)
            )

    async def _stop(self) -> None:
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
            self._polling = None

    async def _store(self, messages: Sequence[InboundMessage]) -> None:
        """Confirm by returning; showing that it was seen goes on in the background."""
        await asyncio.to_thread(_take_in, self._app, self._channel, messages)
        self._app.workers.wake()
        for message in messages:
            task = asyncio.create_task(self._channel.acknowledge(message))
            self._acknowledging.add(task)
            task.add_done_callback(self._acknowledging.discard)

    def _take(self, now: datetime) -> bool:
        with self._app.database.write() as work:
            is_ours = leases.take(work.db, self._channel.name, owner=self._owner, now=now)
            work.commit()
        return is_ours

    def _give_back(self) -> None:
        with self._app.database.write() as work:
            leases.give_back(work.db, self._channel.name, owner=self._owner)
            work.commit()


async def register(
    channel: TelegramChannel, url: str, *, pause: Callable[[float], Awaitable[None]]
) -> None:
    """Tell Telegram where to call us, again and again until it has heard; never raises SendError.

    `check` shows meanwhile that the address is not the one Telegram has.
    """
    wait = FIRST_PAUSE
    while True:
        try:
            await channel.register(url)
        except SendError as error:
            log.error("the webhook could not be registered: %s", error.code)
        else:
            return
        await pause(wait.total_seconds())
        wait = min(wait * 2, LONGEST_PAUSE)


def webhook_url(public_url: str | None) -> str:
    """Give the address that Telegram is to call."""
    return f"{(public_url or '').rstrip('/')}{WEBHOOK_PATH}"


def _take_in(app: App, channel: Channel, messages: Sequence[InboundMessage]) -> None:
    take_in(
        app.database,
        Parsed(tuple(messages)),
        channel=channel.name,
        resources=app.resources,
        now=app.clock(),
    )
