"""What goes wrong on order: refusals, outages, silence, garbage, answers that are lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Way(StrEnum):
    """How a request goes wrong. With the last two the message is accepted all the same."""

    REFUSE = "refuse"
    OUTAGE = "outage"
    GARBAGE = "garbage"
    HANG = "hang"
    CUT = "cut"
    LOST = "lost"
    FAIL_LATER = "fail-later"


@dataclass(frozen=True, slots=True)
class Fault:
    """One request that goes wrong."""

    way: Way
    code: int = 0
    status: int | None = None
    seconds: float = 0
    headers: Mapping[str, str] = field(default_factory=dict)


def refuse(code: int, *, status: int | None = None, retry_after: str | None = None) -> Fault:
    """Refuse with one of Meta's numbers."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Fault(Way.REFUSE, code, status, headers=headers)


def outage(status: int = 502, *, retry_after: str | None = None) -> Fault:
    """Answer as something in between does: a page, no JSON."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Fault(Way.OUTAGE, status=status, headers=headers)


def garbage() -> Fault:
    """Answer 200 with something that is no answer; nothing was accepted."""
    return Fault(Way.GARBAGE)


def hang(seconds: float) -> Fault:
    """Keep silent for some seconds; nothing is accepted."""
    return Fault(Way.HANG, seconds=seconds)


def cut() -> Fault:
    """Accept nothing and close the connection before an answer."""
    return Fault(Way.CUT)


def lost() -> Fault:
    """Accept the message, and lose the answer on the way."""
    return Fault(Way.LOST)


def fail_later(code: int) -> Fault:
    """Accept the message, and report in its status that it failed: as Meta does with 131047."""
    return Fault(Way.FAIL_LATER, code)
