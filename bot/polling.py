"""Fetching updates where no provider can call us, or seeing to it that the provider can."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from bot.app import App
from bot.telegram_channel import TelegramChannel
from handlers.channel import Channel, Parsed, SendError
from handlers.intake import take_in
from handlers.messages import InboundMessage

log = logging.getLogger(__name__)

WEBHOOK_PATH = "/webhooks/telegram"
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)


async def poll(app: App, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Fetch Telegram's updates until cancelled, or register the webhook; nothing without a bot.

    An update is confirmed once it is stored; showing that it was seen goes on in the background,
    so that a slow provider does not hold up the next batch.
    """
    channel = app.channels.get(TelegramChannel.name)
    if not isinstance(channel, TelegramChannel):
        return
    if app.settings.telegram_mode == "webhook":
        await register(channel, webhook_url(app.settings.public_url), pause=pause)
        return
    acknowledging: set[asyncio.Task[None]] = set()

    async def store(messages: Sequence[InboundMessage]) -> None:
        await asyncio.to_thread(_take_in, app, channel, messages)
        app.workers.wake()
        for message in messages:
            task = asyncio.create_task(channel.acknowledge(message))
            acknowledging.add(task)
            task.add_done_callback(acknowledging.discard)

    try:
        await channel.poll(store, clock=app.clock)
    finally:
        for task in acknowledging:
            task.cancel()


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
