"""The fake Bot API behaves as documented: offsets, long polls, webhooks, files, faults, people."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.telegram_channel import TelegramChannel
from handlers.channel import NotAuthentic
from handlers.messages import InboundMessage
from tests.fakes import telegram_faults as faults
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_prompt import act

SECRET = "rahasia-1"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def fake(server: FakeTelegram) -> FakeTelegram:
    server.reset()
    return server


def call(fake: FakeTelegram, method: str, *, token: str = TOKEN, **params: Any) -> Any:
    url = f"{fake.url}/bot{token}/{method}"
    answer = httpx.post(url, json=params, trust_env=False, timeout=20).json()
    return answer["result"] if answer["ok"] else answer


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [raw["message"]["text"] for raw in updates]


def test_an_update_stays_until_a_higher_offset_confirms_it(fake: FakeTelegram) -> None:
    ani = fake.person()
    for text in ("satu", "dua", "tiga"):
        ani.says(text)
    first = call(fake, "getUpdates")
    assert texts(first) == texts(call(fake, "getUpdates")) == ["satu", "dua", "tiga"]
    assert texts(call(fake, "getUpdates", limit=2)) == ["satu", "dua"]
    after = call(fake, "getUpdates", offset=first[0]["update_id"] + 1)
    assert texts(after) == texts(call(fake, "getUpdates")) == ["dua", "tiga"]
    assert texts(call(fake, "getUpdates", offset=-1)) == ["tiga"]
    assert len(fake.updates) == 1


def test_a_long_poll_waits_and_ends_with_the_first_update(fake: FakeTelegram) -> None:
    assert call(fake, "getUpdates", timeout=1) == []
    ani = fake.person()
    threading.Timer(0.2, ani.says, ["halo"]).start()
    assert texts(call(fake, "getUpdates", timeout=15)) == ["halo"]


def test_a_second_reader_ends_the_first(fake: FakeTelegram) -> None:
    answers: list[Any] = []
    first = threading.Thread(target=lambda: answers.append(call(fake, "getUpdates", timeout=15)))
    first.start()
    fake.wait_until(lambda: fake.poll_turn == 1)
    assert call(fake, "getUpdates", timeout=0) == []
    first.join(10)
    assert answers[0]["error_code"] == 409


def test_no_polling_beside_a_webhook(fake: FakeTelegram) -> None:
    call(fake, "setWebhook", url="http://127.0.0.1:1/")
    assert call(fake, "getUpdates")["error_code"] == 409
    assert call(fake, "deleteWebhook") is True
    assert call(fake, "getUpdates") == []


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        pytest.param("getMe", {"token": "1:salah"}, 401, id="wrong token"),
        pytest.param("sendNothing", {}, 404, id="no such method"),
        pytest.param("sendMessage", {"chat_id": 5, "text": "x"}, 400, id="no such chat"),
        pytest.param("sendMessage", {"chat_id": 1, "text": ""}, 400, id="no text"),
        pytest.param("sendMessage", {"chat_id": 1, "text": "x" * 4097}, 400, id="too long"),
        pytest.param("sendMessage", {"chat_id": 1, "text": "🙏" * 2049}, 400, id="too many units"),
        pytest.param("sendMessage", {"chat_id": 2, "text": "x"}, 403, id="blocked"),
        pytest.param("sendChatAction", {"chat_id": 2, "action": "typing"}, 403, id="typing"),
        pytest.param(
            "sendMessage",
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]},
            },
            400,
            id="button data too long",
        ),
        pytest.param("answerCallbackQuery", {"callback_query_id": "7"}, 400, id="no such tap"),
        pytest.param("getFile", {"file_id": "7"}, 400, id="no such file"),
        pytest.param("setWebhook", {"url": "https://example.org"}, 400, id="not loopback"),
    ],
)
def test_what_it_refuses(
    fake: FakeTelegram, method: str, params: dict[str, Any], code: int
) -> None:
    fake.person(id=1)
    fake.person(id=2).blocks()
    answer = call(fake, method, **params)
    assert (answer["ok"], answer["error_code"]) == (False, code)
    assert fake.chats[1].received == []


def test_a_file_can_be_fetched(fake: FakeTelegram) -> None:
    fake.person().sends_voice(b"OggS suara")
    (raw,) = call(fake, "getUpdates")
    path = call(fake, "getFile", file_id=raw["message"]["voice"]["file_id"])["file_path"]
    found = httpx.get(f"{fake.url}/file/bot{TOKEN}/{path}", trust_env=False)
    assert found.content == b"OggS suara"
    assert httpx.get(f"{fake.url}/file/bot1:x/{path}", trust_env=False).status_code == 404


def test_faults_come_as_ordered_and_are_logged(fake: FakeTelegram) -> None:
    ani, budi = fake.person("Ani"), fake.person("Budi")
    fake.order("sendMessage", faults.too_fast(3), chat=ani.id, times=2)
    codes = [
        call(fake, "sendMessage", chat_id=who.id, text="x").get("error_code")
        for who in (budi, ani, ani, ani)
    ]
    assert codes == [None, 429, 429, None]
    assert fake.summary() == {("sendMessage", "ok"): 2, ("sendMessage", "429"): 2}
    fake.chooser = lambda method, _: faults.lost() if method == "sendMessage" else None
    with pytest.raises(httpx.RemoteProtocolError):
        call(fake, "sendMessage", chat_id=ani.id, text="terkirim")
    assert [seen.text for seen in ani.read()] == ["x", "terkirim"]


class Receiver:
    """A webhook that stores what the channel accepts, after so many answers of 503."""

    def __init__(self, *, refuse: int = 0) -> None:
        self.messages: list[InboundMessage] = []
        self.refused = 0
        receiver = self
        channel = TelegramChannel(TOKEN, secret_token=SECRET)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status = 200
                try:
                    channel.verify(dict(self.headers.items()), body)
                    found = channel.parse(body, now=datetime.now(UTC)).messages
                except NotAuthentic:
                    status, found = 403, ()
                if status == 200 and receiver.refused < refuse:
                    receiver.refused += 1
                    status, found = 503, ()
                receiver.messages += found
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/telegram"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> "Receiver":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


async def register(fake: FakeTelegram, url: str, *, secret: str) -> None:
    channel = TelegramChannel(
        TOKEN, api_base=fake.url, secret_token=secret, timeout=timedelta(seconds=5)
    )
    await channel.register(url)
    await channel.close()


def test_a_webhook_is_called_in_order_until_it_takes_each_update(fake: FakeTelegram) -> None:
    people = [fake.person(f"Warga {number}") for number in range(5)]
    with Receiver(refuse=3) as receiver:
        asyncio.run(register(fake, receiver.url, secret=SECRET))
        for number in range(10):
            for person in people:
                person.says(str(number))
        fake.wait_until(lambda: not fake.updates)
    for person in people:
        got = [m.text for m in receiver.messages if m.sender == str(person.id)]
        assert got == [str(number) for number in range(10)]
    statuses = [attempt.status for attempt in fake.webhook.attempts]
    assert (statuses.count(503), statuses.count(200)) == (3, 50)


def test_a_webhook_with_another_secret_takes_nothing(fake: FakeTelegram) -> None:
    with Receiver() as receiver:
        asyncio.run(register(fake, receiver.url, secret="lain"))
        fake.person().says("halo")
        fake.wait_until(lambda: bool(fake.webhook.attempts))
        info = call(fake, "getWebhookInfo")
    assert receiver.messages == []
    assert info["pending_update_count"] == 1
    assert info["last_error_message"] == "Wrong response from the webhook: 403"


def test_what_people_do_is_read_by_the_channel(fake: FakeTelegram) -> None:
    ani, budi = fake.person("Ani"), fake.person("Budi")
    group = fake.group()
    first = ani.says("satu")
    ani.edits(first, "satu!")
    ani.starts("d3204110005")
    ani.shares_location(-6.9, 107.6)
    ani.sends_contact("081200001111")
    ani.sends_voice()
    ani.sends_photo(caption="ini")
    ani.sends_sticker()
    ani.taps_data("petugas")
    ani.blocks()
    group.hears(budi, "halo semua")
    channel = TelegramChannel(TOKEN)
    found = [
        channel.parse(httpx.Response(200, json=raw).content, now=datetime.now(UTC))
        for raw in fake.updates
    ]
    messages = [message for parsed in found for message in parsed.messages]
    assert [(message.kind.value, message.text or message.detail) for message in messages] == [
        ("text", "satu"),
        ("text", "satu!"),
        ("text", "/start d3204110005"),
        ("location", ""),
        ("contact", ""),
        ("voice", ""),
        ("picture", "ini"),
        ("unsupported", "stiker"),
        ("button", ""),
        ("unsupported", "grup"),
    ]
    assert sum(parsed.ignored for parsed in found) == 1


def test_lines_at_the_prompt(fake: FakeTelegram) -> None:
    ani = fake.person()
    markup = {"inline_keyboard": [[{"text": "1. Biaya", "callback_data": "a:biaya"}]]}
    call(fake, "sendMessage", chat_id=ani.id, text="Pilih", reply_markup=markup)
    for words in ("brp biaya", "/ketuk Biaya", "/lokasi -6.9 107.6", "/foto ini", "/blokir"):
        act(ani, words)
    assert [next(key for key in raw if key != "update_id") for raw in fake.updates] == [
        *("message", "callback_query", "message", "message", "my_chat_member"),
    ]
    with pytest.raises(LookupError):
        act(ani, "/ketuk Tidak ada")


def test_it_starts_by_hand() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fakes", "telegram"],
        input="ani: halo\nani: /ketuk apa\nkeluar\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert "TELEGRAM_API_BASE=http://127.0.0.1:" in done.stdout
    assert "Tidak bisa" in done.stdout
