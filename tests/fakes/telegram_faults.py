"""What can go wrong with one call of the Bot API, on order."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Way(StrEnum):
    """How a call fails."""

    REFUSED = "refused"
    """Answered with an error; nothing was done."""

    SILENT = "silent"
    """Not done and not answered for `seconds`."""

    CUT = "cut"
    """Not done: the connection is closed before an answer."""

    LOST = "lost"
    """Done, but the connection is cut before the answer."""

    GARBAGE = "garbage"
    """Done, but the answer is not what the Bot API documents."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure."""

    way: Way
    status: int = 200
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    seconds: float = 60.0
    body: bytes = b"<html>502 Bad Gateway</html>"

    @property
    def outcome(self) -> str:
        """Give what the call log says."""
        return str(self.status) if self.way == Way.REFUSED else self.way.value


def refused(status: int, description: str, **parameters: Any) -> Fault:
    """Answer with this error."""
    return Fault(Way.REFUSED, status, description, parameters)


def too_fast(retry_after: int) -> Fault:
    """Answer 429."""
    text = f"Too Many Requests: retry after {retry_after}"
    return refused(429, text, retry_after=retry_after)


def blocked() -> Fault:
    """Answer 403 as for a person who blocked the bot."""
    return refused(403, "Forbidden: bot was blocked by the user")


def migrated(new_id: int) -> Fault:
    """Answer 400 as for a group that became a supergroup."""
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    return refused(400, text, migrate_to_chat_id=new_id)


def broken(status: int = 502) -> Fault:
    """Answer as a server that is down."""
    return refused(status, "Bad Gateway")


def silent(seconds: float = 60.0) -> Fault:
    """Do not answer."""
    return Fault(Way.SILENT, seconds=seconds)


def cut() -> Fault:
    """Do nothing and cut the connection."""
    return Fault(Way.CUT)


def lost() -> Fault:
    """Do what was asked and cut the connection."""
    return Fault(Way.LOST)


def garbage(body: bytes = b"<html>502 Bad Gateway</html>") -> Fault:
    """Do what was asked and answer nonsense."""
    return Fault(Way.GARBAGE, body=body)
