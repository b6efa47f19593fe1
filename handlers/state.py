"""What the conversation remembers of one contact between two messages; it survives a restart."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

RECENT_MESSAGES = 6
RECENT_FOR = timedelta(hours=24)
"""How far back messages count as one conversation, for follow-ups and for danger."""


class Awaiting(StrEnum):
    """What the last message to this person asked for."""

    VILLAGE = "village"
    VILLAGE_CONFIRM = "village_confirm"
    TIP = "tip"
    ERASE = "erase"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class ConversationState:
    """One contact's conversation.

    `offered` are ids of the choices shown last, in order, for people who answer with a number.
    `recent` are the person's last texts, oldest first; they are sealed with the rest.
    """

    greeted: bool = False
    awaiting: Awaiting | None = None
    offered: tuple[str, ...] = ()
    last_slug: str | None = None
    last_question: str = ""
    recent: tuple[str, ...] = ()
    level: str | None = None
    """The danger already spoken of, so that it is not repeated with every answer."""

    last_at: datetime | None = None
    villages_asked: int = 0
    within: str | None = None
    proposed_area: str | None = None
    replying_to_case: int | None = None
    """For an officer: the case whose villager the next text goes to."""

    def to_json(self) -> dict[str, Any]:
        """Give the state as plain JSON, to be sealed."""
        return asdict(self) | {"last_at": self.last_at.isoformat() if self.last_at else None}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "ConversationState":
        """Rebuild what `to_json` gave; keys of another version are left out."""
        known = {key: value for key, value in raw.items() if key in cls.__dataclass_fields__}
        for key in ("offered", "recent"):
            known[key] = tuple(known.get(key, ()))
        if known.get("awaiting"):
            known["awaiting"] = Awaiting(known["awaiting"])
        if known.get("last_at"):
            known["last_at"] = datetime.fromisoformat(known["last_at"])
        return cls(**known)

    def recent_at(self, now: datetime) -> tuple[str, ...]:
        """Give the texts that still belong to the conversation at `now`."""
        if self.last_at is None or now - self.last_at > RECENT_FOR:
            return ()
        return self.recent
