"""Fetching updates where no provider can call us: stored first, then the offset moves on."""

import asyncio
from collections.abc import Sequence

from bot.app import App
from bot.telegram_channel import TelegramChannel
from handlers.channel import Channel, Parsed
from handlers.intake import take_in
from handlers.messages import InboundMessage

WEBHOOK_PATH = "/webhooks/telegram"


async def poll(app: App) -> None:
    """Fetch Telegram's updates until cancelled, or register the webhook; nothing without a bot."""
    channel = app.channels.get(TelegramChannel.name)
    if not isinstance(channel, TelegramChannel):
        return
    if app.settings.telegram_mode == "webhook":
        await channel.register(f"{(app.settings.public_url or '').rstrip('/')}{WEBHOOK_PATH}")
        return

    async def store(messages: Sequence[InboundMessage]) -> None:
        await asyncio.to_thread(_take_in, app, channel, messages)
        app.workers.wake()
        await asyncio.gather(*(channel.acknowledge(message) for message in messages))

    await channel.poll(store, clock=app.clock)


def _take_in(app: App, channel: Channel, messages: Sequence[InboundMessage]) -> None:
    take_in(
        app.database,
        Parsed(tuple(messages)),
        channel=channel.name,
        resources=app.resources,
        now=app.clock(),
    )
