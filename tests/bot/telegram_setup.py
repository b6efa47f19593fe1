"""What the tests of Telegram share: a channel on a Bot API of loopback, and kept payloads."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.telegram_channel import TelegramChannel
from handlers.channel import Delivery
from handlers.messages import Choice, InboundMessage, OutboundMessage
from tests.fakes.telegram import TOKEN

DATA = Path(__file__).parents[1] / "data" / "telegram"
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SENT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""When the kept messages were sent."""

SECRET = "rahasia_webhook-1"


def make_channel(
    url: str = "http://127.0.0.1:1", *, secret: str | None = SECRET, seconds: float = 5
) -> TelegramChannel:
    """Give a channel; without an address it reaches nobody."""
    timeout = timedelta(seconds=seconds)
    return TelegramChannel(TOKEN, api_base=url, secret_token=secret, timeout=timeout)


def deliver(
    to: int,
    text: str = "halo",
    *,
    id: int = 1,
    choices: tuple[Choice, ...] = (),
    ask_location: bool = False,
) -> Delivery:
    """Give a delivery to a chat."""
    return Delivery(id, 1, str(to), OutboundMessage(text, choices, ask_location))


def kept(name: str) -> bytes:
    """Give a kept payload."""
    return (DATA / f"{name}.json").read_bytes()


def parse_one(body: bytes) -> InboundMessage:
    """Give the one message of an update."""
    (message,) = make_channel().parse(body, now=NOW).messages
    return message
