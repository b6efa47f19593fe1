"""What the pages are given: built by the composition root, read by the dependencies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.channel import Channel
from handlers.database import Database
from handlers.resources import Resources

WEB = "web"


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of the product that the pages use."""

    database: Database
    resources: Resources
    channels: Mapping[str, Channel]
    wake: Callable[[], None]
    clock: Callable[[], datetime]
    session_key: bytes
    is_demo: bool
    shows_web_chat: bool
    demo_logins: Mapping[str, str]
    """Login → password, shown on the start page of a demonstration."""

    demo_officers: Mapping[str, tuple[str, str]]
    """Value of `?as=` → (web address, name); empty outside a demonstration."""

    is_unstaffed: bool = False
