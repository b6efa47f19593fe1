"""Bad input through the real routes: nothing lost, nothing answered twice, never a 5xx but 503."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from api.app import create
from bot import schema
from bot.app import App, Thinking, assemble
from bot.server import make_site
from bot.settings import load_settings
from handlers import balance
from handlers.database import Database
from handlers.models import InboxItem, OutboxItem, OutboxKind
from tests.bot.telegram_setup import SECRET
from tests.bot.telegram_setup import kept as kept_telegram
from tests.conftest import FixedClock
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.whatsapp import FakeGraph
from tests.fakes.whatsapp_account import body_of, signed
from tests.fakes.whatsapp_person import Event

WHATSAPP = Path(__file__).parents[1] / "data" / "whatsapp"
TELEGRAM_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        yield fake


@pytest.fixture
def graph(clock: FixedClock) -> Iterator[FakeGraph]:
    with FakeGraph(clock=clock) as graph:
        yield graph


@pytest.fixture
def open_app(
    telegram: FakeTelegram,
    graph: FakeGraph,
    thinking: Thinking,
    clock: FixedClock,
    tmp_path: Path,
) -> Iterator[App]:
    account = graph.account
    settings = load_settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        secret_key_file=tmp_path / "secret.key",
        database_url=f"sqlite:///{tmp_path / 'uji.sqlite3'}",
        public_url="https://contoh.example",
        telegram_bot_token=TOKEN,
        telegram_api_base=telegram.url,
        telegram_mode="webhook",
        telegram_secret_token=SECRET,
        whatsapp_token=account.token,
        whatsapp_phone_id=account.phone_id,
        whatsapp_app_secret=account.app_secret,
        whatsapp_verify_token=account.verify_token,
        whatsapp_api_base=graph.url,
    )
    database = Database(settings.url)
    schema.upgrade(database)
    yield assemble(settings, database=database, thinking=thinking, clock=clock)
    database.close()


@pytest.fixture
async def web(open_app: App) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create(make_site(open_app)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as web:
        yield web
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)
    for channel in open_app.channels.values():
        await channel.close()


async def post(web: httpx.AsyncClient, graph: FakeGraph, events: Sequence[Event]) -> int:
    return await post_body(web, graph, body_of(events, phone_id=graph.account.phone_id))


async def post_body(web: httpx.AsyncClient, graph: FakeGraph, body: bytes) -> int:
    headers = signed(body, app_secret=graph.account.app_secret)
    return (await web.post("/webhooks/whatsapp", content=body, headers=headers)).status_code


def stored(app: App) -> int:
    with app.database.read() as db:
        return len(db.exec(select(InboxItem)).all())


def replies(app: App) -> int:
    with app.database.read() as db:
        return len(db.exec(select(OutboxItem).where(OutboxItem.kind == OutboxKind.REPLY)).all())


async def test_1000_messages_in_one_body_are_stored_once(
    open_app: App, web: httpx.AsyncClient, graph: FakeGraph
) -> None:
    people = [graph.person(phone=f"62812{n:08d}", user_id=f"ID.1{n:09d}") for n in range(50)]
    for number in range(1000):
        people[number % 50].say(f"pesan {number}")
    assert [await post(web, graph, graph.pending) for _ in range(2)] == [200, 200]
    assert stored(open_app) == 1000


async def test_reordered_and_repeated_calls_answer_everything_once(
    open_app: App, web: httpx.AsyncClient, graph: FakeGraph
) -> None:
    ani = graph.person(phone="6281200000001", user_id="ID.1000000001")
    for text in ("halo", "brp biaya bikin paspor", "makasih"):
        ani.say(text)
    events, graph.pending = list(graph.pending), []
    at = random.Random(3)
    for _ in range(3):
        at.shuffle(events)
        for event in events:
            assert await post(web, graph, [event]) == 200
    await open_app.workers.settle()
    assert stored(open_app) == 3
    first = replies(open_app)
    for event in graph.pending + events:
        assert await post(web, graph, [event, event]) == 200
    await open_app.workers.settle()
    assert (stored(open_app), replies(open_app)) == (3, first)
    with open_app.database.read() as db:
        assert balance.take_balance(db).holds


@pytest.mark.parametrize("state", ["sent", "delivered", "read", "failed", "besok"])
async def test_a_status_of_an_unknown_message_changes_nothing(
    open_app: App, web: httpx.AsyncClient, graph: FakeGraph, state: str
) -> None:
    item = {"id": "wamid.tidak-ada", "status": state, "timestamp": "1795489200"}
    assert await post(web, graph, [Event("statuses", item)]) == 200
    assert stored(open_app) == 0


@pytest.mark.parametrize("id", ["menu:versi-lama", "x", "petugas:0", "answer:tidak-ada", "🙂" * 40])
async def test_a_button_of_an_old_version_is_answered_once(
    open_app: App, web: httpx.AsyncClient, graph: FakeGraph, id: str
) -> None:
    ani = graph.person(phone="6281200000001", user_id="ID.1000000001")
    reply = {"type": "button_reply", "button_reply": {"id": id, "title": "Lama"}}
    ani.act("interactive", reply)
    events, graph.pending = list(graph.pending), []
    assert [await post(web, graph, events) for _ in range(2)] == [200, 200]
    await open_app.workers.settle()
    assert ani.received
    assert stored(open_app) == 1


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_every_kept_payload_is_taken_with_200(
    open_app: App, web: httpx.AsyncClient, graph: FakeGraph
) -> None:
    for file in sorted(WHATSAPP.glob("*.json")):
        assert await post_body(web, graph, file.read_bytes()) == 200, file.name
    for file in sorted((WHATSAPP.parent / "telegram").glob("*.json")):
        body = kept_telegram(file.stem)
        answer = await web.post("/webhooks/telegram", content=body, headers=TELEGRAM_HEADERS)
        assert answer.status_code == 200, file.name
    await open_app.workers.settle()
    with open_app.database.read() as db:
        taken = balance.take_balance(db)
    assert taken.holds
    assert taken.received > 40


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param("whatsapp", {}, id="whatsapp unsigned"),
        pytest.param("whatsapp", {"x-hub-signature-256": "sha256=" + "0" * 64}, id="whatsapp"),
        pytest.param("telegram", {}, id="telegram unsigned"),
        pytest.param("telegram", {"X-Telegram-Bot-Api-Secret-Token": "salah"}, id="telegram"),
    ],
)
async def test_a_wrong_signature_is_refused_and_counted(
    open_app: App, web: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    for _ in range(2):
        answer = await web.post(f"/webhooks/{path}", content=b"{}", headers=headers)
        assert answer.status_code == 403
    line = f'pimpasa_webhook_calls_refused_total{{channel="{path}",reason="unauthentic"}} 2'
    assert line in (await web.get("/metrics")).text
    assert stored(open_app) == 0
