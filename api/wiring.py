"""What the pages are given: built by the composition root, read by the dependencies."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from escalation.assignment import DESK_NEEDS, desk
from escalation.roster import load_roster
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

    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Webhook calls that led to nothing, by channel and reason, since the start."""

    def is_unstaffed(self) -> bool:
        """Tell whether fewer people answer at the national desk than it needs; pages say so."""
        with self.database.read() as db:
            roster = load_roster(db, now=self.clock())
        return len(desk(roster)) < DESK_NEEDS
