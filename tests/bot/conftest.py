"""The product with all four channels open, beside a fake of each provider."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from api.app import create
from bot.app import App, build
from bot.server import make_site
from bot.settings import load_settings
from tests.bot.channel_sides import A_WHILE, World
from tests.bot.telegram_setup import SECRET
from tests.conftest import FixedClock
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.whatsapp import FakeGraph

PUBLIC_URL = "https://contoh.example"


@pytest.fixture(scope="module")
def moving_clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module")
def providers(moving_clock: FixedClock) -> Iterator[tuple[FakeTelegram, FakeGraph]]:
    with FakeTelegram() as telegram, FakeGraph(clock=moving_clock) as graph:
        yield telegram, graph


@pytest.fixture(scope="module")
def built(
    providers: tuple[FakeTelegram, FakeGraph],
    moving_clock: FixedClock,
    models_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[App]:
    """The product with all four channels open, by its own composition root."""
    telegram, graph = providers
    folder = tmp_path_factory.mktemp("kontrak")
    (folder / "data").mkdir()
    (folder / "data" / "models").symlink_to(models_dir)
    settings = load_settings(
        _env_file=None,
        data_dir=folder / "data",
        secret_key_file=folder / "secret.key",
        unstaffed="ya",
        web_chat="ya",
        public_url=PUBLIC_URL,
        telegram_bot_token=TOKEN,
        telegram_api_base=telegram.url,
        telegram_mode="webhook",
        telegram_secret_token=SECRET,
        whatsapp_token=graph.account.token,
        whatsapp_phone_id=graph.account.phone_id,
        whatsapp_app_secret=graph.account.app_secret,
        whatsapp_verify_token=graph.account.verify_token,
        whatsapp_api_base=graph.url,
    )
    app = build(settings, clock=moving_clock)
    yield app
    app.close()


@pytest.fixture
async def world(
    built: App, providers: tuple[FakeTelegram, FakeGraph], moving_clock: FixedClock
) -> AsyncIterator[World]:
    """All of it for one test, which runs in an event loop of its own."""
    transport = httpx.ASGITransport(create(make_site(built)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as web:
        yield World(built, web, *providers)
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)
    for channel in built.channels.values():
        await channel.close()
    providers[1].faults.stop()
    moving_clock.move(A_WHILE)
