"""Registering a webhook until it is heard, and acknowledging beside polling."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.app import App, Thinking, assemble
from bot.polling import LONGEST_PAUSE, poll
from bot.settings import load_settings
from bot.telegram_channel import TelegramChannel
from handlers.database import Database
from handlers.models import InboxItem
from tests.bot.telegram_setup import SECRET
from tests.conftest import FixedClock
from tests.fakes import telegram_faults as faults
from tests.fakes.telegram import TOKEN, FakeTelegram


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        yield fake


def make_app(
    fake: FakeTelegram, database: Database, thinking: Thinking, folder: Path, mode: str
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
    return assemble(settings, database=database, thinking=thinking, clock=FixedClock())


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
