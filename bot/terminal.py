"""The terminal chat: the same bot, lines in and lines out; a person or a script at the keyboard."""

import asyncio
import itertools
import secrets
import sys
from collections.abc import Callable
from datetime import datetime

from bot.app import App
from bot.transcript_channel import TERMINAL
from handlers import contacts, inbox, transcript
from handlers.messages import Choice, InboundKind, InboundMessage, OutboundMessage
from handlers.transcript import Line

LOOK_EVERY = 0.2
VILLAGER, OFFICER = "warga", "petugas"


class TerminalChat:
    """One person at a terminal. Choices are numbered; typing the number taps them."""

    def __init__(
        self, app: App, address: str, *, write: Callable[[str], None], clock: Callable[[], datetime]
    ) -> None:
        """Take the app, who this is, and where lines go."""
        self.app = app
        self.address = address
        self._write = write
        self._clock = clock
        self._numbers = itertools.count(1)
        self._session = secrets.token_hex(4)
        self._choices: tuple[Choice, ...] = ()
        self._last = 0

    def say(self, text: str) -> None:
        """Store what was typed: the number or title of a shown choice taps it."""
        choice = self._tapped(text)
        message = InboundMessage(
            channel=TERMINAL,
            external_id=f"{self.address}:{self._session}:{next(self._numbers)}",
            sender=self.address,
            sent_at=self._clock(),
            kind=InboundKind.BUTTON if choice else InboundKind.TEXT,
            text=choice.title if choice else text,
            button_id=choice.id if choice else None,
        )
        with self.app.database.write() as work:
            inbox.store(
                work.db,
                message,
                sealer=self.app.resources.sealer,
                now=self._clock(),
                shown=True,
            )
            work.commit()
        self.app.workers.wake()

    def show_new(self) -> list[OutboundMessage]:
        """Write what has arrived since the last look, and give it."""
        found = self._new_lines()
        told = [line.told for line in found if line.told is not None]
        if told:
            self._choices = tuple(choice for message in told for choice in message.choices)
        numbers = itertools.count(1)
        for message in told:
            self._write(f"\n{message.text}")
            for choice in message.choices:
                self._write(f"  [{next(numbers)}] {choice.title}")
        return told

    def skip_old(self) -> None:
        """Leave out what was said before this terminal was opened."""
        self._new_lines()

    def _new_lines(self) -> list[Line]:
        sealer = self.app.resources.sealer
        with self.app.database.read() as db:
            contact = contacts.find(db, channel=TERMINAL, address=self.address, sealer=sealer)
            if contact is None or contact.id is None:
                return []
            found = transcript.lines(db, contact_id=contact.id, after=self._last, sealer=sealer)
        self._last = found[-1].id if found else self._last
        return found

    def _tapped(self, text: str) -> Choice | None:
        typed = text.strip()
        if typed.isdecimal() and 1 <= int(typed) <= len(self._choices):
            return self._choices[int(typed) - 1]
        for choice in self._choices:
            if choice.title.casefold() == typed.casefold():
                return choice
        return None


async def converse(chat: TerminalChat, *, runs_workers: bool) -> None:
    """Let a person talk until the end of input. Runs the workers where nobody else does."""
    workers = asyncio.create_task(chat.app.workers.run()) if runs_workers else None
    reader = asyncio.create_task(_read_lines(chat))
    try:
        while not reader.done():
            chat.show_new()
            await asyncio.sleep(LOOK_EVERY)
        await asyncio.sleep(1)
        chat.show_new()
    finally:
        reader.cancel()
        if workers is not None:
            chat.app.workers.stop()
            await workers


async def _read_lines(chat: TerminalChat) -> None:
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if line.strip():
            chat.say(line.rstrip("\n"))
