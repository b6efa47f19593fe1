"""The person's side of each channel: write, hand in twice, see, tap, block. One shape for all.

What differs between channels stands here, as code and data; the contract test asks no names.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import httpx
from sqlmodel import Session, select

from bot.app import App
from bot.transcript_channel import TERMINAL
from bot.whatsapp_people import USER_ID
from handlers import contacts, outbox, transcript
from handlers.channel import Parsed
from handlers.intake import take_in
from handlers.messages import Choice, InboundKind, InboundMessage, OutboundMessage
from handlers.models import Contact, InboxItem, OutboxItem
from tests.bot.telegram_setup import SECRET
from tests.conftest import FixedClock
from tests.factories import make_inbound
from tests.fakes import whatsapp_faults
from tests.fakes.telegram import FakeTelegram
from tests.fakes.whatsapp import FakeGraph
from tests.fakes.whatsapp_person import choices_of, text_of

_numbers = itertools.count(1)
A_WHILE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as the person sees it, with the id and title of what can be tapped."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """The product and the providers it is connected to. `web` calls its pages and webhooks."""

    app: App
    web: httpx.AsyncClient
    telegram: FakeTelegram
    graph: FakeGraph


class Side(Protocol):
    """Somebody on one channel."""

    async def says(self, text: str, *, times: int = 1) -> None:
        """Write something that is handed in so many times, as after a lost acknowledgement."""
        ...

    async def taps(self, title: str) -> None:
        """Tap what has this title."""
        ...

    def seen(self) -> list[Shown]:
        """Give everything the bot sent, oldest first."""
        ...

    @property
    def address(self) -> str:
        """Give what the bot knows this person by."""
        ...


class TelegramSide:
    """Somebody on Telegram, which calls our webhook."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._person = world.telegram.person(f"Warga {next(_numbers)}")

    @property
    def address(self) -> str:
        return str(self._person.id)

    async def says(self, text: str, *, times: int = 1) -> None:
        self._person.says(text)
        await self._push(times)

    async def taps(self, title: str) -> None:
        self._person.taps(title)
        await self._push()

    def seen(self) -> list[Shown]:
        return [
            Shown(one.text, tuple((id, title) for title, id in one.buttons.items()))
            for one in self._person.seen
        ]

    def block(self) -> None:
        self._person.chat.is_blocked = True

    async def _push(self, times: int = 1) -> None:
        updates, self._world.telegram.updates = self._world.telegram.updates, []
        for update in updates * times:
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            answer = await self._world.web.post("/webhooks/telegram", json=update, headers=headers)
            assert answer.status_code == 200


class WhatsAppSide:
    """Somebody on WhatsApp, with a number and a user id."""

    def __init__(self, world: World) -> None:
        number = next(_numbers)
        self._world = world
        self._person = world.graph.person(
            phone=f"62812{number:08d}", user_id=f"ID.1{number:09d}", name=f"Warga {number}"
        )
        assert USER_ID.fullmatch(self.address)

    @property
    def address(self) -> str:
        return self._person.address

    async def says(self, text: str, *, times: int = 1) -> None:
        self._person.say(text)
        await self._push(times)

    async def taps(self, title: str) -> None:
        self._person.tap(title)
        await self._push()

    def seen(self) -> list[Shown]:
        return [Shown(text_of(one), tuple(choices_of(one))) for one in self._person.received]

    def block(self) -> None:
        self._world.graph.faults.next(whatsapp_faults.refuse(131026))

    async def _push(self, times: int = 1) -> None:
        graph = self._world.graph
        events, graph.pending = graph.pending, []
        body = graph.body(events)
        for _ in range(times):
            answer = await self._world.web.post(
                "/webhooks/whatsapp", content=body, headers=graph.headers(body)
            )
            assert answer.status_code == 200


class WebSide:
    """Somebody on the chat page. A repeat is the same form sent again."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.address = f"{next(_numbers):032d}"

    async def says(self, text: str, *, times: int = 1) -> None:
        await self._post(times, text=text)

    async def taps(self, title: str) -> None:
        await self._post(button=_id_of(self.seen(), title))

    def seen(self) -> list[Shown]:
        return _transcript(self._world.app, "web", self.address)

    async def _post(self, times: int = 1, **form: str) -> None:
        form["nonce"] = f"n{next(_numbers)}"
        cookie = {"cookie": f"obrolan={self.address}"}
        for _ in range(times):
            answer = await self._world.web.post("/chat/send", data=form, headers=cookie)
            assert answer.status_code == 303


class TerminalSide:
    """Somebody at the terminal, whose lines are stored by the process itself."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.address = f"terminal-{next(_numbers)}"

    async def says(self, text: str, *, times: int = 1) -> None:
        self._store(times, text=text)

    async def taps(self, title: str) -> None:
        id = _id_of(self.seen(), title)
        self._store(kind=InboundKind.BUTTON, text=title, button_id=id)

    def seen(self) -> list[Shown]:
        return _transcript(self._world.app, TERMINAL, self.address)

    def _store(self, times: int = 1, **fields: Any) -> None:
        app = self._world.app
        message = make_inbound(
            channel=TERMINAL, sender=self.address, external_id=f"t{next(_numbers)}", **fields
        )
        for _ in range(times):
            take_in(
                app.database,
                Parsed((message,)),
                channel=TERMINAL,
                resources=app.resources,
                now=app.clock(),
                shown=True,
            )


@dataclass(frozen=True, slots=True)
class Kind:
    """What is particular about one channel."""

    name: str
    join: Callable[[World], Side]
    most_chars: int | None
    """Characters of one message; None where a page shows a text of any length whole."""

    most_title: int
    most_choices: int
    unknown: InboundMessage
    """A message that its provider knows nothing of, whose acknowledgement it refuses."""


def _unknown(channel: str, **fields: Any) -> InboundMessage:
    return make_inbound(channel=channel, kind=InboundKind.BUTTON, button_id="x", **fields)


KINDS = (
    Kind("web", WebSide, None, 64, 10, _unknown("web")),
    Kind("terminal", TerminalSide, None, 64, 10, _unknown("terminal")),
    Kind("telegram", TelegramSide, 4096, 64, 100, _unknown("telegram", sender="1", media_id="1")),
    Kind("whatsapp", WhatsAppSide, 4096, 24, 10, _unknown("whatsapp", external_id="wamid.tidak")),
)
CAN_BLOCK: dict[str, Callable[[World], TelegramSide | WhatsAppSide]] = {
    "telegram": TelegramSide,
    "whatsapp": WhatsAppSide,
}


async def settle(world: World) -> None:
    """Work until nothing is due, also what was put off to keep the pace."""
    clock = world.app.clock
    assert isinstance(clock, FixedClock)
    for _ in range(10):
        await world.app.workers.settle()
        with world.app.database.read() as db:
            if outbox.oldest_unsent(db) is None:
                return
        clock.move(A_WHILE)
    raise AssertionError("something is still waiting")


def tell(app: App, channel: str, address: str, message: OutboundMessage) -> int:
    """Queue a message to somebody in the real outbox; give the id of the row."""
    with app.database.write() as work:
        contact = _contact(app, work.db, channel, address)
        draft = outbox.Draft(contact.id or 0, message, dedupe_key=f"kontrak:{next(_numbers)}")
        id = outbox.queue(work.db, draft, sealer=app.resources.sealer, now=app.clock())
        work.commit()
    assert id is not None
    return id


def row(app: App, outbox_id: int) -> OutboxItem:
    """Give a row of the outbox."""
    with app.database.read() as db:
        return db.get_one(OutboxItem, outbox_id)


def inbox_of(app: App, channel: str, address: str) -> list[InboxItem]:
    """Give what was stored of somebody, oldest first."""
    with app.database.read() as db:
        contact = _contact(app, db, channel, address)
        found = select(InboxItem).where(InboxItem.contact_id == contact.id)
        return sorted(db.exec(found).all(), key=lambda item: item.id or 0)


def _contact(app: App, db: Session, channel: str, address: str) -> Contact:
    return contacts.find_or_add(
        db,
        channel=channel,
        address=address,
        sealer=app.resources.sealer,
        now=app.clock(),
    )


def _transcript(app: App, channel: str, address: str) -> list[Shown]:
    sealer = app.resources.sealer
    with app.database.read() as db:
        contact = contacts.find(db, channel=channel, address=address, sealer=sealer)
        if contact is None or contact.id is None:
            return []
        lines = transcript.lines(db, contact_id=contact.id, after=0, sealer=sealer)
    told = [line.told for line in lines if line.told is not None]
    return [Shown(one.text, tuple(map(_pair, one.choices))) for one in told]


def _pair(choice: Choice) -> tuple[str, str]:
    return choice.id, choice.title


def _id_of(shown: list[Shown], title: str) -> str:
    return next(id for one in reversed(shown) for id, name in one.choices if name == title)
