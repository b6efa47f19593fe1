"""The channel contract: verify, parse, send; nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, runtime_checkable

from handlers.messages import InboundMessage, OutboundMessage


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message of a channel can hold, in characters and items."""

    text: int
    buttons: int
    button_title: int
    list_rows: int
    list_title: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way: to whom, what, and the row it came from."""

    outbox_id: int
    contact_id: int
    address: str
    message: OutboundMessage


class SendError(Exception):
    """A message that was not accepted. `code` is stable and carries no personal data."""

    def __init__(self, code: str) -> None:
        """Keep the code for the row and the metrics."""
        self.code = code
        super().__init__(code)


class TemporarySendError(SendError):
    """Not accepted now; worth trying again after `retry_after`, or after the usual backoff."""

    def __init__(self, code: str, *, retry_after: timedelta | None = None) -> None:
        """Keep what the provider asked for."""
        self.retry_after = retry_after
        super().__init__(code)


class PermanentSendError(SendError):
    """Never going to be accepted for this address: another route is needed."""


class NotAuthentic(Exception):
    """A webhook request that its sender did not sign as agreed."""


class Malformed(Exception):
    """A webhook body that is not what the provider documents."""


class Channel(Protocol):
    """One way to reach people."""

    name: str
    limits: Limits

    async def send(self, delivery: Delivery) -> str:
        """Hand one message to the provider and give its id there.

        Raises TemporarySendError or PermanentSendError.
        """
        ...


@runtime_checkable
class WebhookChannel(Channel, Protocol):
    """A channel whose provider calls us."""

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check who sent this. Raises NotAuthentic."""
        ...

    def parse(self, body: bytes) -> list[InboundMessage]:
        """Split one body into every message it holds. Raises Malformed."""
        ...
