"""The channel contract: verify, parse, send; nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from handlers.messages import InboundMessage, OutboundMessage

EMAIL = "email"
"""The channel that only tells officers that something waits; nobody answers through it."""


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
    urgent: bool = False


class SendError(Exception):
    """A message that was not accepted. `code` is stable and carries no personal data."""

    def __init__(self, code: str) -> None:
        """Keep the code for the row and the metrics."""
        self.code = code
        super().__init__(code)


class TemporarySendError(SendError):
    """Not known to be accepted; worth trying again after `retry_after` or the usual backoff.

    `answer_lost` where the provider may have accepted it all the same: the person may then read
    it twice, which is counted.
    """

    def __init__(
        self, code: str, *, retry_after: timedelta | None = None, answer_lost: bool = False
    ) -> None:
        """Keep what the provider asked for."""
        self.retry_after = retry_after
        self.answer_lost = answer_lost
        super().__init__(code)


class PermanentSendError(SendError):
    """Never going to be accepted for this address: another route is needed."""


class AddressMoved(SendError):
    """The person is reached under another address from now on (a migrated chat, a new number)."""

    def __init__(self, code: str, *, new_address: str) -> None:
        """Keep where to send instead."""
        self.new_address = new_address
        super().__init__(code)


class WindowClosed(SendError):
    """Only a template may be sent until the person writes again (WhatsApp's 24 hours)."""


class MediaRefused(Exception):
    """A file that is not taken. `code`: gone, type, size, host, or a temporary one."""

    def __init__(self, code: str) -> None:
        """Keep the code, which carries no personal data."""
        self.code = code
        super().__init__(code)

    @property
    def is_temporary(self) -> bool:
        """Tell whether another try may succeed."""
        return self.code.startswith("temporary")


class NotAuthentic(Exception):
    """A webhook request that its sender did not sign as agreed."""


class Malformed(Exception):
    """A webhook body that is not what the provider documents."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says later of a delivery it accepted. `state`: delivered, read or failed."""

    provider_id: str
    state: str
    at: datetime
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """Everything one webhook body holds; `ignored` counts events that nobody needs."""

    messages: tuple[InboundMessage, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    ignored: int = 0


class Channel(Protocol):
    """One way to reach people."""

    name: str
    limits: Limits

    async def send(self, delivery: Delivery) -> str:
        """Hand one message to the provider and give its id there.

        Raises TemporarySendError, PermanentSendError, AddressMoved or WindowClosed.
        """
        ...

    async def acknowledge(self, message: InboundMessage) -> None:
        """Show that a stored message was seen (tick, typing, button released); never raises."""
        ...

    async def close(self) -> None:
        """Close what the running event loop opened."""
        ...


@runtime_checkable
class CountedChannel(Channel, Protocol):
    """A channel whose provider counts each part of a long message."""

    def parts(self, message: OutboundMessage) -> int:
        """Give how many messages the provider counts for one of ours; at least one."""
        ...


@runtime_checkable
class WebhookChannel(Channel, Protocol):
    """A channel whose provider calls us."""

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check who sent this. Raises NotAuthentic."""
        ...

    def parse(self, body: bytes, *, now: datetime) -> Parsed:
        """Split one body into everything it holds. Raises Malformed."""
        ...

    def handshake(self, query: Mapping[str, str]) -> str:
        """Answer the provider's check of a new webhook address. Raises NotAuthentic."""
        ...


@runtime_checkable
class MediaChannel(Channel, Protocol):
    """A channel through which people send files."""

    async def download(self, media_id: str) -> bytes:
        """Fetch a file that a person sent, whole and within the limits. Raises MediaRefused."""
        ...
