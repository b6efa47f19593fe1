"""1,000 messages through a provider that fails one send in ten: `python -m bench.faults`.

Webhook in, the real inbox, workers, outbox and channel; a fake provider on loopback refuses, breaks
down, closes connections and loses answers. Time is a clock that is moved, nobody sleeps.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlmodel import col, select

from api.app import create
from bench.fault_lines import ACCEPTED, LOST, Line, TelegramLine, WhatsAppLine
from bot import schema
from bot.app import App, Thinking, assemble, load_thinking
from bot.clock import utc_now
from bot.server import make_site
from bot.settings import load_settings
from handlers import balance, contacts, outbox
from handlers.database import Database
from handlers.models import OutboxItem, OutboxKind
from tests.fakes.telegram import FakeTelegram
from tests.fakes.whatsapp import FakeGraph

PEOPLE = 100
TICK = timedelta(seconds=1)
MOST_TICKS = 3600
SAID = (
    "halo",
    "brp biaya bikin paspor",
    "syarat kerja ke taiwan apa aja ya",
    "makasih",
    "cara cek pt resmi gimana",
    "berapa lama paspor jadi",
    "apa itu pmi",
    "kalau kontrak habis gimana",
)
"""Ordinary questions and words between them."""


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    messages: int = 0
    stored: int = 0
    waiting: int = 0
    deliveries: dict[str, int] = field(default_factory=dict)
    parts: int = 0
    missing: int = 0
    out_of_order: int = 0
    duplicates: int = 0
    counted: int = 0
    """Possible duplicates, as the product counts them."""

    holds: bool = False
    sends: Counter[str] = field(default_factory=Counter)
    lasted: timedelta = timedelta(0)

    @property
    def failed(self) -> int:
        """Give how many sends went wrong."""
        return sum(self.sends.values()) - self.sends[ACCEPTED]

    def lines(self) -> list[str]:
        """Give the summary."""
        calls = ", ".join(f"{name} {count}" for name, count in sorted(self.sends.items()))
        return [
            f"messages in {self.messages}, stored {self.stored}, waiting {self.waiting}, "
            f"balance {'holds' if self.holds else 'DOES NOT HOLD'}",
            f"sends {sum(self.sends.values())}: {calls}",
            f"failed {self.failed / max(1, sum(self.sends.values())):.1%} of sends",
            f"parts to arrive {self.parts}, missing {self.missing}, "
            f"out of order {self.out_of_order}",
            f"arrived twice {self.duplicates} (answers lost {self.sends[LOST]}), "
            f"counted by the product as possibly twice {self.counted}",
            f"{self.lasted.total_seconds():.0f} s on the moved clock",
        ]


def run(line: Line, *, clock: Clock, thinking: Thinking, folder: Path, messages: int) -> Outcome:
    """Let people write, work until everything is out, and compare what each of them read."""
    settings = load_settings(
        _env_file=None,
        data_dir=folder / "data",
        secret_key_file=folder / "secret.key",
        database_url=f"sqlite:///{folder / 'uji.sqlite3'}",
        **line.settings,
    )
    database = Database(settings.url)
    try:
        schema.upgrade(database)
        app = assemble(settings, database=database, thinking=thinking, clock=clock)
        addresses = [line.join(number) for number in range(min(PEOPLE, messages))]
        start = clock.now
        asyncio.run(play(app, line, clock, people=len(addresses), messages=messages))
        outcome = compare(app, line, addresses)
        outcome.messages, outcome.lasted = messages, clock.now - start
        return outcome
    finally:
        database.close()


async def play(app: App, line: Line, clock: Clock, *, people: int, messages: int) -> None:
    """Let everybody write in turn while earlier answers are still being retried."""
    transport = httpx.ASGITransport(create(make_site(app)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as web:
        for start in range(0, messages, people):
            for number in range(start, min(start + people, messages)):
                line.say(number % people, SAID[(number // people + number) % len(SAID)])
            await hand_in(line, web)
            await app.workers.settle()
            clock.now += TICK
        for _ in range(MOST_TICKS):
            await hand_in(line, web)
            await app.workers.settle()
            with app.database.read() as db:
                if outbox.oldest_unsent(db) is None:
                    break
            clock.now += TICK
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)
    await app.channels[line.name].close()


async def hand_in(line: Line, web: httpx.AsyncClient) -> None:
    """Bring what waits to the webhook, every third body twice."""
    for number, (body, headers) in enumerate(line.bodies()):
        for _ in range(2 if number % 3 == 0 else 1):
            answer = await web.post(f"/webhooks/{line.name}", content=body, headers=headers)
            answer.raise_for_status()


def compare(app: App, line: Line, addresses: Sequence[str]) -> Outcome:
    """Hold what everybody read against what the outbox had for them, in its order."""
    outcome = Outcome(sends=line.sends())
    with app.database.read() as db:
        taken = balance.take_balance(db)
        outcome.stored, outcome.waiting, outcome.holds = taken.received, taken.waiting, taken.holds
        outcome.deliveries, outcome.counted = outbox.summary(db), outbox.lost_answers(db)
        for number, address in enumerate(addresses):
            contact = contacts.find(
                db, channel=line.name, address=address, sealer=app.resources.sealer
            )
            rows = select(OutboxItem).where(
                OutboxItem.contact_id == (contact.id if contact else None),
                OutboxItem.kind == OutboxKind.REPLY,
            )
            expected = [
                part
                for row in db.exec(rows.order_by(col(OutboxItem.id))).all()
                for part in line.parts(
                    outbox.payload_of(row, sealer=app.resources.sealer), address=address
                )
            ]
            _follow(outcome, expected, line.received(number))
    return outcome


def _follow(outcome: Outcome, expected: Sequence[str], received: Sequence[str]) -> None:
    at = 0
    for text in received:
        if at < len(expected) and text == expected[at]:
            at += 1
        elif at and text == expected[at - 1]:
            outcome.duplicates += 1
        else:
            outcome.out_of_order += 1
    outcome.parts += len(expected)
    outcome.missing += len(expected) - at


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    messages = parser.parse_args().messages
    settings = load_settings()
    thinking = load_thinking(settings.models_dir, database=None, clock=utc_now)
    for name in ("whatsapp", "telegram"):
        with TemporaryDirectory(prefix="tanya-pimpasa-") as folder:
            clock = Clock()
            with FakeGraph() as graph, FakeTelegram() as telegram:
                lines: dict[str, Line] = {
                    "whatsapp": WhatsAppLine(graph, clock=clock),
                    "telegram": TelegramLine(telegram),
                }
                found = run(
                    lines[name],
                    clock=clock,
                    thinking=thinking,
                    folder=Path(folder),
                    messages=messages,
                )
        print("\n".join([f"{name}:", *(f"  {text}" for text in found.lines())]), flush=True)


if __name__ == "__main__":
    main()
