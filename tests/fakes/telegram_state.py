"""What the fake Bot API keeps: chats, calls, orders; and an answer that breaks off."""

from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.fakes.telegram_faults import Fault


@dataclass(slots=True)
class Chat:
    """A chat as the Bot API sees it, with everything the bot sent there."""

    id: int
    type: str
    fields: dict[str, Any]
    is_open: bool = True
    """Whether the bot may write: a person has started it, a group has it as a member."""

    is_blocked: bool = False
    moved_to: int | None = None
    received: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method. `outcome`: ok, a status, or the way of a fault."""

    method: str
    params: dict[str, Any]
    outcome: str
    at: float


@dataclass(slots=True)
class Order:
    """A fault that waits for its call."""

    method: str
    fault: Fault
    chat: int | None
    times: int


class CutOff(Response):
    """An answer that promises more than it sends; the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"999")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})
