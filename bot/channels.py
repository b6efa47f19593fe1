"""Every channel that the settings open, with its pace."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.pacing import Pace
from bot.settings import Settings
from bot.telegram_channel import TelegramChannel
from bot.transcript_channel import SHOWN_HERE, TranscriptChannel
from bot.whatsapp_channel import WhatsAppChannel
from handlers.channel import Channel
from handlers.database import Database
from handlers.sealing import Sealer

TELEGRAM_PERSON = (timedelta(seconds=1), 3)
"""About one message a second to one chat, short bursts allowed (core.telegram.org/bots/faq)."""

WHATSAPP_PERSON = (timedelta(seconds=6), 10)
"""About one message in six seconds to one person, with bursts (Meta, "Pair rate limits")."""


def make_channels(
    settings: Settings, *, database: Database, sealer: Sealer, clock: Callable[[], datetime]
) -> dict[str, Channel]:
    """Build the channels; nothing is opened yet."""
    channels: dict[str, Channel] = {
        name: TranscriptChannel(name, database=database, sealer=sealer, clock=clock)
        for name in SHOWN_HERE
    }
    for messenger in make_messengers(settings):
        channels[messenger.name] = messenger
    return channels


def make_messengers(settings: Settings) -> list[TelegramChannel | WhatsAppChannel]:
    """Build the messengers whose tokens are set."""
    found: list[TelegramChannel | WhatsAppChannel] = []
    if settings.telegram_bot_token is not None:
        secret = settings.telegram_secret_token
        found.append(
            TelegramChannel(
                settings.telegram_bot_token.get_secret_value(),
                api_base=settings.telegram_api_base,
                secret_token=secret.get_secret_value() if secret else None,
            )
        )
    if settings.whatsapp_token is not None:
        # The settings see to it that the other three are there.
        app_secret, verify_token = settings.whatsapp_app_secret, settings.whatsapp_verify_token
        found.append(
            WhatsAppChannel(
                settings.whatsapp_token.get_secret_value(),
                settings.whatsapp_phone_id or "",
                app_secret.get_secret_value() if app_secret else "",
                verify_token.get_secret_value() if verify_token else "",
                api_base=settings.whatsapp_api_base,
            )
        )
    return found


def make_paces(settings: Settings) -> Mapping[str, Pace]:
    """Give how fast each messenger may be used."""
    return {
        TelegramChannel.name: Pace(settings.telegram_per_second, *TELEGRAM_PERSON),
        WhatsAppChannel.name: Pace(settings.whatsapp_per_second, *WHATSAPP_PERSON),
    }
