"""A person on WhatsApp who writes to the bot: acts become the events that Meta would send."""

import base64
import hashlib
import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Item = dict[str, Any]
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Event:
    """One message or status on its way to the webhook, with the contact beside it."""

    field: str
    item: Item
    contact: Item | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that somebody sent."""

    content: bytes
    mime_type: str


def new_wamid() -> str:
    """Give a message id as Meta makes them."""
    raw = f"{next(_numbers):012d}{secrets.token_hex(6)}"
    return f"wamid.{base64.b64encode(raw.encode()).decode()}"


class Person:
    """Somebody with a telephone number, a business-scoped user id, or both."""

    def __init__(
        self,
        *,
        phone: str | None,
        user_id: str | None,
        name: str,
        emit: Callable[[Event], None],
        store: Callable[[Stored], str],
        clock: Callable[[], datetime],
    ) -> None:
        assert phone or user_id
        self.phone = phone
        self.user_id = user_id
        self.name = name
        self.received: list[Item] = []
        self.lines: list[tuple[str, str]] = []
        self.last_wrote: datetime | None = None
        self._emit = emit
        self._store = store
        self._clock = clock

    @property
    def address(self) -> str:
        """What the bot should know this person by."""
        return self.user_id or self.phone or ""

    @property
    def texts(self) -> list[str]:
        """Everything that can be read of what was received, oldest first."""
        return [text_of(payload) for payload in self.received]

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """The id and title of what can be tapped in the newest message that has something."""
        found = (choices_of(payload) for payload in reversed(self.received))
        return next((choices for choices in found if choices), [])

    def receive(self, payload: Item) -> None:
        """Take a message of the bot."""
        self.received.append(payload)
        self.lines.append(("bot", text_of(payload)))

    def say(self, text: str, **more: Any) -> str:
        return self.act("text", {"body": text}, **more)

    def tap(self, wanted: str) -> str:
        """Tap a button or a row of anything received, by id or title."""
        for payload in reversed(self.received):
            for id, title in choices_of(payload):
                if wanted in (id, title):
                    return self._tap(payload, id, title)
        raise AssertionError(f"nothing to tap is called {wanted}")

    def _tap(self, payload: Item, id: str, title: str) -> str:
        if payload["type"] == "template":
            return self.act("button", {"payload": id, "text": title})
        kind = "button_reply" if payload["interactive"]["type"] == "button" else "list_reply"
        return self.act("interactive", {"type": kind, kind: {"id": id, "title": title}})

    def locate(self, latitude: float, longitude: float) -> str:
        return self.act("location", {"latitude": latitude, "longitude": longitude})

    def voice(self, content: bytes = b"OggS", mime_type: str = "audio/ogg; codecs=opus") -> str:
        return self.act("audio", self._file(content, mime_type) | {"voice": True})

    def picture(self, content: bytes = b"\xff\xd8", *, caption: str = "") -> str:
        part = self._file(content, "image/jpeg")
        return self.act("image", part | ({"caption": caption} if caption else {}))

    def document(self, content: bytes = b"%PDF", *, filename: str = "surat.pdf") -> str:
        return self.act("document", self._file(content, "application/pdf") | {"filename": filename})

    def share_contact(self, phone: str) -> str:
        card = {
            "name": {"formatted_name": "Kakak"},
            "phones": [{"phone": f"+{phone}", "wa_id": phone, "type": "CELL"}],
        }
        return self.act("contacts", [card])

    def sticker(self) -> str:
        return self.act("sticker", self._file(b"RIFF", "image/webp") | {"animated": False})

    def react(self, wamid: str, emoji: str = "👍") -> str:
        return self.act("reaction", {"message_id": wamid, "emoji": emoji})

    def act(self, kind: str, part: Any, **more: Any) -> str:
        """Send a message of any kind; give its id."""
        self.last_wrote = self._clock()
        self.lines.append(("warga", said_in(kind, part)))
        wamid = new_wamid()
        item = {"id": wamid, "timestamp": self._timestamp(), "type": kind, kind: part}
        self._emit(Event("messages", item | self._sender() | more, self.contact()))
        return wamid

    def move(self, *, phone: str | None, user_id: str | None) -> None:
        """Take a new number. With it Meta gives a new user id."""
        kind = "user_changed_number" if phone else "user_changed_user_id"
        system: Item = {"type": kind, "body": f"User {self.name} changed"}
        if phone:
            system["wa_id"] = phone
        if user_id:
            system |= {"user_id": user_id, "previous_user_id": self.user_id}
        item = {
            "id": new_wamid(),
            "timestamp": self._timestamp(),
            "type": "system",
            "system": system,
        }
        self._emit(Event("messages", item | self._sender()))
        self.phone, self.user_id = phone, user_id

    def contact(self) -> Item:
        found: Item = {"profile": {"name": self.name}}
        if self.phone:
            found["wa_id"] = self.phone
        if self.user_id:
            found["user_id"] = self.user_id
        return found

    def _sender(self) -> Item:
        sender = {"from": self.phone, "from_user_id": self.user_id}
        return {key: value for key, value in sender.items() if value}

    def _file(self, content: bytes, mime_type: str) -> Item:
        media_id = self._store(Stored(content, mime_type))
        sha256 = base64.b64encode(hashlib.sha256(content).digest()).decode()
        return {"id": media_id, "mime_type": mime_type, "sha256": sha256}

    def _timestamp(self) -> str:
        return str(int(self._clock().timestamp()))


def said_in(kind: str, part: Any) -> str:
    """Give what stands in the chat of the one who sent it."""
    if not isinstance(part, dict):
        return f"({kind})"
    tapped = part.get(str(part.get("type")), part)
    found = (tapped.get(key) for key in ("body", "caption", "text", "title"))
    return next((str(text) for text in found if text), f"({kind})")


def shape_of(payload: Item) -> str:
    """Give the kind of a message, of an interactive one its own kind."""
    kind = payload["type"]
    return str(payload["interactive"]["type"] if kind == "interactive" else kind)


def text_of(payload: Item) -> str:
    """Give what a person reads of a received message."""
    kind = payload["type"]
    if kind == "text":
        return str(payload["text"]["body"])
    if kind == "interactive":
        return str(payload["interactive"]["body"]["text"])
    components = payload["template"].get("components", [])
    texts = [p["text"] for c in components if c["type"] == "body" for p in c["parameters"]]
    return f"[{payload['template']['name']}] {' | '.join(texts)}".rstrip()


def choices_of(payload: Item) -> list[tuple[str, str]]:
    """Give id and title of what can be tapped in a received message."""
    if payload["type"] == "template":
        components = payload["template"].get("components", [])
        buttons = [c for c in components if c["type"] == "button"]
        return [(b["parameters"][0]["payload"], f"Tombol {int(b['index']) + 1}") for b in buttons]
    if payload["type"] != "interactive":
        return []
    action = payload["interactive"]["action"]
    replies = [button["reply"] for button in action.get("buttons", [])]
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    return [(choice["id"], choice["title"]) for choice in [*replies, *rows]]
