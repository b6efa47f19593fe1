"""Every channel that the settings open, with its pace."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.email_channel import EmailChannel, MailTexts
from bot.email_server import MailServer
from bot.pacing import Pace
from bot.settings import Settings
from bot.telegram_channel import TelegramChannel
from bot.transcript_channel import SHOWN_HERE, TranscriptChannel
from bot.whatsapp_channel import WhatsAppChannel
from handlers.channel import EMAIL, Channel
from handlers.database import Database
from handlers.sealing import Sealer
from handlers.texts import Texts

TELEGRAM_PERSON = (timedelta(seconds=1), 3)
"""About one message a second to one chat, short bursts allowed (core.telegram.org/bots/faq)."""

WHATSAPP_PERSON = (timedelta(seconds=6), 10)
"""About one message in six seconds to one person, with bursts (Meta, "Pair rate limits")."""

MAIL_PERSON = (timedelta(seconds=10), 5)
"""More than this to one mailbox looks like a flood to its server."""


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
    if (server := make_mail_server(settings)) is not None:
        channels[EMAIL] = EmailChannel(
            server,
            link=f"{(settings.public_url or '').rstrip('/')}/petugas",
            texts=mail_texts(Texts.load()),
            fingerprint=partial(sealer.lookup, purpose="surel"),
            clock=clock,
        )
    return channels


def make_mail_server(settings: Settings) -> MailServer | None:
    """Give the mail server of the settings, where one is set; they see to it that it is whole."""
    if settings.smtp_host is None:
        return None
    password = settings.smtp_password
    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_from or "",
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=password.get_secret_value() if password else None,
    )


def mail_texts(texts: Texts) -> MailTexts:
    """Give the words of every mail, the blank for the link still open."""
    return MailTexts(
        subject=texts.say("petugas.surel.judul"),
        urgent_subject=texts.say("petugas.surel.judul_segera"),
        body=texts.say("petugas.surel.isi", link="{link}"),
    )


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
                api_version=settings.whatsapp_api_version,
            )
        )
    return found


def make_paces(settings: Settings) -> Mapping[str, Pace]:
    """Give how fast each messenger may be used."""
    return {
        TelegramChannel.name: Pace(settings.telegram_per_second, *TELEGRAM_PERSON),
        WhatsAppChannel.name: Pace(settings.whatsapp_per_second, *WHATSAPP_PERSON),
        EMAIL: Pace(settings.smtp_per_second, *MAIL_PERSON),
    }
