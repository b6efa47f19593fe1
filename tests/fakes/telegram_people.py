"""People and groups on the fake Bot API: what they do becomes updates, what they get is kept."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.telegram_state import Chat


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the bot's as a person sees it. `buttons`: title → what a tap sends."""

    message_id: int
    text: str
    buttons: dict[str, str]
    asks_location: bool
    raw: dict[str, Any]


class FakePerson:
    """Somebody who writes to the bot."""

    def __init__(self, fake: "FakeTelegram", id: int, name: str) -> None:
        """Take the server and who this is; the chat has the person's number."""
        self.fake = fake
        self.id = id
        self.name = name
        self._read = 0

    @property
    def chat(self) -> "Chat":
        """Give the private chat with the bot."""
        return self.fake.chats[self.id]

    @property
    def seen(self) -> list[Seen]:
        """Give everything the bot sent, oldest first."""
        with self.fake.lock:
            return [see(raw) for raw in self.chat.received]

    def read(self) -> list[Seen]:
        """Give what came since the last time."""
        found = self.seen
        new, self._read = found[self._read :], len(found)
        return new

    def wait(self, count: int = 1, *, timeout: float = 10.0) -> list[Seen]:
        """Wait for so many new messages and read them. Raises TimeoutError."""
        self.fake.wait_until(lambda: len(self.seen) - self._read >= count, timeout=timeout)
        return self.read()

    def says(self, text: str, **fields: Any) -> int:
        """Write a text; give the message's id."""
        return self.sends(text=text, **fields)

    def starts(self, payload: str = "") -> int:
        """Open the bot, as by a link that carries a code."""
        self.chat.is_open, self.chat.is_blocked = True, False
        return self.says(f"/start {payload}".strip())

    def sends(self, **content: Any) -> int:
        """Send a message with any content of the Bot API; give its id."""
        message = self._message(**content)
        self.fake.add_update("message", message)
        return int(message["message_id"])

    def edits(self, message_id: int, text: str) -> None:
        """Change a message that was sent."""
        message = self._message(text=text, edit_date=int(time.time()))
        self.fake.add_update("edited_message", message | {"message_id": message_id})

    def taps(self, title: str) -> str:
        """Tap the newest button with this title or data; give the callback query's id."""
        for seen in reversed(self.seen):
            for shown, data in seen.buttons.items():
                if title in (shown, data) or shown.endswith(f". {title}"):
                    return self.taps_data(data, under=seen.raw)
        raise LookupError(f"no button {title!r}")

    def taps_data(self, data: str, *, under: dict[str, Any] | None = None) -> str:
        """Tap a button that sends `data`, of whatever age."""
        id = str((self.id << 32) + next(self.fake.ids))
        self.fake.open_taps[id] = False
        message = under or self._message(text="-") | {"from": self.fake.bot}
        query = {
            "id": id,
            "from": self._user(),
            "message": message,
            "chat_instance": "1",
            "data": data,
        }
        self.fake.add_update("callback_query", query)
        return id

    def shares_location(self, latitude: float, longitude: float) -> int:
        """Send where this person is."""
        return self.sends(location={"latitude": latitude, "longitude": longitude})

    def sends_contact(self, phone: str, name: str = "Budi") -> int:
        """Send a contact card."""
        return self.sends(contact={"phone_number": phone, "first_name": name})

    def sends_voice(self, sound: bytes = b"OggS") -> int:
        """Send a voice message whose file can be fetched."""
        file = self._file(sound)
        return self.sends(voice=file | {"duration": 3, "mime_type": "audio/ogg"})

    def sends_photo(self, picture: bytes = b"\xff\xd8", caption: str | None = None) -> int:
        """Send a photograph, in two sizes as Telegram does."""
        sizes = [self._file(picture) | {"width": side, "height": side} for side in (90, 800)]
        return self.sends(photo=sizes, **({"caption": caption} if caption else {}))

    def sends_sticker(self) -> int:
        """Send a sticker."""
        sticker = {"type": "regular", "width": 512, "height": 512}
        flags = {"is_animated": False, "is_video": False, "emoji": "🙏"}
        return self.sends(sticker=self._file(b"RIFF") | sticker | flags)

    def blocks(self) -> None:
        """Block the bot."""
        self.chat.is_blocked = True
        self._membership("member", "kicked")

    def unblocks(self) -> None:
        """Let the bot write again."""
        self.chat.is_blocked = False
        self._membership("kicked", "member")

    def _membership(self, old: str, new: str) -> None:
        change = {
            "chat": self._chat(),
            "from": self._user(),
            "date": int(time.time()),
            "old_chat_member": {"user": self.fake.bot, "status": old} | _until(old),
            "new_chat_member": {"user": self.fake.bot, "status": new} | _until(new),
        }
        self.fake.add_update("my_chat_member", change)

    def _message(self, *, chat: dict[str, Any] | None = None, **content: Any) -> dict[str, Any]:
        return {
            "message_id": next(self.fake.ids),
            "from": self._user(),
            "chat": chat or self._chat(),
            "date": int(time.time()),
            **content,
        }

    def _user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "id"}

    def _chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self.name}

    def _file(self, content: bytes) -> dict[str, Any]:
        id = f"berkas-{next(self.fake.ids)}"
        self.fake.files[id] = content
        return {"file_id": id, "file_unique_id": id, "file_size": len(content)}


class FakeGroup:
    """A group that the bot was added to."""

    def __init__(self, fake: "FakeTelegram", id: int) -> None:
        """Take the server and the group's number."""
        self.fake = fake
        self.id = id

    @property
    def chat(self) -> "Chat":
        """Give the group's chat."""
        return self.fake.chats[self.id]

    def hears(self, person: FakePerson, text: str) -> int:
        """Let somebody write in the group; give the message's id."""
        chat = {"id": self.id, "type": self.chat.type, **self.chat.fields}
        return person.sends(chat=chat, text=text)

    def becomes_supergroup(self) -> int:
        """Move to a new number, which is given."""
        moved = self.fake.group(self.chat.fields["title"], type="supergroup")
        self.chat.moved_to = moved.id
        return moved.id

    def removes_bot(self) -> None:
        """Throw the bot out."""
        self.chat.is_blocked = True


def see(raw: dict[str, Any]) -> Seen:
    """Give a message as a person sees it."""
    markup = raw.get("reply_markup", {})
    buttons = {
        button["text"]: button["callback_data"]
        for row in markup.get("inline_keyboard", ())
        for button in row
    }
    asks = any(
        button.get("request_location") for row in markup.get("keyboard", ()) for button in row
    )
    return Seen(raw["message_id"], raw["text"], buttons, asks, raw)


def _until(status: str) -> dict[str, int]:
    return {"until_date": 0} if status == "kicked" else {}
