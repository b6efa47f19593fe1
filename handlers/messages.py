"""Neutral messages: what every channel hands in and is handed out. Raw payloads stop here."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

MAX_TEXT_CHARS = 4_096
"""Longest text that is kept; the longest either messenger lets a person send."""

MAX_SHARED_CHARS = 500
"""Longest name of a place, or list of contact cards, that is kept."""


class InboundKind(StrEnum):
    """What a person sent."""

    TEXT = "text"
    BUTTON = "button"
    LOCATION = "location"
    VOICE = "voice"
    PICTURE = "picture"
    DOCUMENT = "document"
    CONTACT = "contact"
    MOVED = "moved"
    """Not written by anybody: the person has a new address, the old ones are `aliases`."""

    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message from one person. `sender` is the channel's address of that person.

    `aliases` are other addresses of the same person, such as a phone number beside a user id.
    `detail` names an unsupported kind in Indonesian ("stiker"), to answer kindly. `album` is the
    channel's id of pictures that were sent together, where it gives one. `place` is what the
    provider calls a shared location; `card` holds shared contacts as written, one a line.
    """

    channel: str
    external_id: str
    sender: str
    sent_at: datetime
    kind: InboundKind = InboundKind.TEXT
    text: str = ""
    button_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    media_id: str | None = None
    contact_phone: str | None = None
    aliases: tuple[str, ...] = ()
    detail: str = ""
    album: str = ""
    place: str = ""
    card: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give the message as plain JSON, to be sealed."""
        return asdict(self) | {"sent_at": self.sent_at.isoformat(), "kind": self.kind.value}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "InboundMessage":
        """Rebuild what `to_json` gave."""
        fixed = {
            "sent_at": datetime.fromisoformat(raw["sent_at"]),
            "kind": InboundKind(raw["kind"]),
            "aliases": tuple(raw.get("aliases", ())),
        }
        return cls(**(raw | fixed))


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap. `id` comes back as `button_id`; it must mean the same a year later."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message to one person. Channels show up to three choices as buttons, more as a list.

    `ask_location` lets the person share where they are with one tap. `template` names a message
    the provider has approved beforehand, for channels that let nothing else open a conversation;
    other channels send `text`.
    """

    text: str
    choices: tuple[Choice, ...] = field(default=())
    ask_location: bool = False
    template: str | None = None
    parameters: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the message as plain JSON, to be sealed."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "OutboundMessage":
        """Rebuild what `to_json` gave."""
        choices = tuple(Choice(**choice) for choice in raw["choices"])
        fixed = {"choices": choices, "parameters": tuple(raw.get("parameters", ()))}
        return cls(**(raw | fixed))
