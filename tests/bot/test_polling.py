"""Registering a webhook until it is heard; polling in one process at a time."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.app import App, Thinking, assemble
from bot.polling import LONGEST_PAUSE, poll
from bot.settings import load_settings
from bot.telegram_channel import TelegramChannel
from handlers import leases
from handlers.database import Database
from handlers.models import InboxItem, PollerLease
from tests.bot.telegram_setup import SECRET
from tests.conftest import FixedClock
from tests.fakes import telegram_faults as faults
from tests.fakes.telegram import TOKEN, FakeTelegram


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        yield fake


def make_app(
    fake: FakeTelegram,
    database: Database,
    thinking: Thinking,
    folder: Path,
    mode: str,
    clock: FixedClock | None = None,
) -> App:
    settings = load_settings(
        _env_file=None,
        data_dir=folder / "data",
        secret_key_file=folder / "secret.key",
        database_url=str(database.engine.url.render_as_string(hide_password=False)),
        telegram_bot_token=TOKEN,
        telegram_api_base=fake.url,
        telegram_mode=mode,
        telegram_secret_token=SECRET,
        public_url="http://127.0.0.1:1/",
    )
    return assemble(settings, database=database, thinking=thinking, clock=clock or FixedClock())


@pytest.mark.parametrize("failures", [0, 1, 12])
async def test_a_webhook_is_registered_again_until_telegram_has_it(
    fake: FakeTelegram, database: Database, thinking: Thinking, tmp_path: Path, failures: int
) -> None:
    app = make_app(fake, database, thinking, tmp_path, "webhook")
    if failures:
        fake.order("setWebhook", faults.broken(), times=failures)
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        assert len(waited) <= failures

    await poll(app, pause=pause)
    assert fake.webhook.url == "http://127.0.0.1:1/webhooks/telegram"
    assert len(waited) == failures
    assert waited == sorted(waited)
    assert all(seconds <= LONGEST_PAUSE.total_seconds() for seconds in waited)
    await app.channels["telegram"].close()


async def test_a_slow_acknowledgement_holds_up_no_message(
    fake: FakeTelegram, database: Database, thinking: Thinking, tmp_path: Path
) -> None:
    app = make_app(fake, database, thinking, tmp_path, "polling")
    fake.order("sendChatAction", faults.silent(60), times=100)
    ani = fake.person()
    task = asyncio.create_task(poll(app))
    for number in range(3):
        ani.says(f"halo {number}")
        for _ in range(500):
            with app.database.read() as db:
                if len(db.exec(select(InboxItem)).all()) == number + 1:
                    break
            await asyncio.sleep(0.01)
        else:
            raise AssertionError("not stored while an acknowledgement hangs")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    channel = app.channels["telegram"]
    assert isinstance(channel, TelegramChannel)
    await channel.close()


class Steps:
    """Pauses that end when a test says so, so that a lease is looked at step by step."""

    def __init__(self) -> None:
        self._open = asyncio.Semaphore(0)
        self.taken = 0

    async def __call__(self, _seconds: float) -> None:
        self.taken += 1
        await self._open.acquire()

    async def go(self) -> None:
        """Let the next look happen, and wait until it is over."""
        taken = self.taken
        self._open.release()
        await until(lambda: self.taken > taken)


async def until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_true():
            await asyncio.sleep(0.01)


def stored(app: App) -> int:
    with app.database.read() as db:
        return len(db.exec(select(InboxItem)).all())


def polls(fake: FakeTelegram) -> int:
    return fake.poll_turn


async def test_of_two_processes_one_polls_and_the_other_follows(
    fake: FakeTelegram, database: Database, thinking: Thinking, tmp_path: Path
) -> None:
    clock = FixedClock()
    apps = [make_app(fake, database, thinking, tmp_path, "polling", clock) for _ in range(2)]
    steps = [Steps(), Steps()]
    first = asyncio.create_task(poll(apps[0], pause=steps[0]))
    await until(lambda: polls(fake) >= 1)
    second = asyncio.create_task(poll(apps[1], pause=steps[1]))
    await until(lambda: steps[1].taken == 1)
    ani = fake.person()
    ani.says("halo")
    await until(lambda: stored(apps[0]) == 1)
    # The first dies: it renews nothing and gives nothing back.
    clock.move(leases.LEASE - timedelta(seconds=1))
    await steps[1].go()
    assert not conflicts(fake)
    await kill(first, apps[0])
    clock.move(timedelta(seconds=1))
    await steps[1].go()
    ani.says("masih ada?")
    await until(lambda: stored(apps[1]) == 2)
    # One that ends in an orderly way lets the other have it at the next look.
    third = asyncio.create_task(poll(apps[0], pause=steps[0]))
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    await steps[0].go()
    ani.says("dan sekarang?")
    await until(lambda: stored(apps[0]) == 3)
    third.cancel()
    await asyncio.gather(third, return_exceptions=True)
    for app in apps:
        await app.channels["telegram"].close()


async def test_a_holder_that_lost_the_lease_stops_polling(
    fake: FakeTelegram, database: Database, thinking: Thinking, tmp_path: Path
) -> None:
    clock = FixedClock()
    app = make_app(fake, database, thinking, tmp_path, "polling", clock)
    steps = Steps()
    task = asyncio.create_task(poll(app, pause=steps))
    await until(lambda: polls(fake) >= 1)
    clock.move(leases.LEASE)
    with database.write() as work:
        assert leases.take(work.db, "telegram", owner="other", now=clock())
        work.commit()
    await steps.go()
    fake.person().says("halo")
    seen = polls(fake)
    await steps.go()
    assert polls(fake) == seen
    assert stored(app) == 0
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await app.channels["telegram"].close()


def conflicts(fake: FakeTelegram) -> bool:
    """Tell whether two ever polled at once, which Telegram answers with 409."""
    return any(call.method == "getUpdates" and call.outcome == "409" for call in fake.calls)


async def kill(task: asyncio.Task[None], app: App) -> None:
    """End a poller as a crash does: its lease stays."""
    with app.database.read() as db:
        lease = db.exec(select(PollerLease)).one()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    with app.database.write() as work:
        work.db.add(PollerLease(channel=lease.channel, owner=lease.owner, until=lease.until))
        work.commit()
