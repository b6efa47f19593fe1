"""Telegram: who may call, what arrives at people, what is acknowledged and told of the bot."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.telegram_channel import TelegramChannel, TelegramStatus
from bot.telegram_text import HOW_TO_SHARE
from handlers.channel import (
    AddressMoved,
    NotAuthentic,
    PermanentSendError,
    TemporarySendError,
    WebhookChannel,
)
from handlers.messages import Choice
from tests.bot.telegram_setup import SECRET, deliver, kept, make_channel, parse_one
from tests.fakes import telegram_faults as faults
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_faults import Fault

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def fake(server: FakeTelegram) -> FakeTelegram:
    server.reset()
    return server


@pytest.fixture
async def channel(fake: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    channel = make_channel(fake.url)
    yield channel
    await channel.close()


@pytest.mark.parametrize(
    ("secret", "headers", "is_good"),
    [
        pytest.param(SECRET, {HEADER: SECRET}, True, id="right"),
        pytest.param(SECRET, {HEADER.lower(): SECRET}, True, id="in lower case"),
        pytest.param(SECRET, {HEADER: SECRET + "x"}, False, id="wrong"),
        pytest.param(SECRET, {HEADER: "rähasia"}, False, id="not ASCII"),
        pytest.param(SECRET, {HEADER: ""}, False, id="empty"),
        pytest.param(SECRET, {}, False, id="missing"),
        pytest.param(None, {}, False, id="none configured, none sent"),
        pytest.param("", {HEADER: ""}, False, id="empty configured, empty sent"),
    ],
)
def test_only_telegram_may_call(secret: str | None, headers: dict[str, str], is_good: bool) -> None:
    channel = make_channel(secret=secret)
    if is_good:
        channel.verify(headers, b"")
    else:
        with pytest.raises(NotAuthentic):
            channel.verify(headers, b"")


def test_it_is_a_webhook_channel_without_handshake() -> None:
    channel = make_channel()
    assert isinstance(channel, WebhookChannel)
    with pytest.raises(NotAuthentic):
        channel.handshake({"hub.challenge": "1"})


VERBATIM = "*a* _b_ `c` [d](http://e) <b>f</b> &amp; \\ ~g~ |h| #i + - = {j} . ! \u202e🙏🏽"


async def test_any_characters_arrive_as_they_are(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ani = fake.person()
    sent = await channel.send(deliver(ani.id, VERBATIM))
    (seen,) = ani.read()
    assert (seen.text, str(seen.message_id)) == (VERBATIM, sent)
    (call,) = fake.called("sendMessage")
    assert "parse_mode" not in call.params


async def test_a_long_text_comes_in_parts_with_the_keyboard_last(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ani = fake.person()
    text = "\n\n".join(f"Paragraf {number}. " + "kata " * 60 for number in range(30))
    sent = await channel.send(deliver(ani.id, text, choices=(Choice("petugas", "Petugas"),)))
    seen = ani.read()
    assert len(seen) == len(sent.split(",")) == 3
    assert "".join("".join(one.text for one in seen).split()) == "".join(text.split())
    assert [len(one.buttons) for one in seen] == [0, 0, 1]
    assert all(one.text.startswith("Paragraf") for one in seen)


LONG_ID = "a:" + "x" * 63


@pytest.mark.parametrize(
    ("choices", "rows", "added"),
    [
        pytest.param([("ya", "Ya"), ("tidak", "Tidak")], [["Ya", "Tidak"]], "", id="two short"),
        pytest.param(
            [("a", "Tidak membantu saya"), ("b", "Tanya ke petugas")],
            [["Tidak membantu saya"], ["Tanya ke petugas"]],
            "",
            id="two long",
        ),
        pytest.param(
            [(id, id.upper()) for id in "abcd"], [["A"], ["B"], ["C"], ["D"]], "", id="four"
        ),
        pytest.param(
            [("desa:1", "Sukamaju", "Sukamaju, Kec. A"), ("desa:2", "Sukamaju", "Sukamaju, Kec. B"),
             ("lewati", "Lewati")],
            [["1. Sukamaju"], ["2. Sukamaju"], ["Lewati"]],
            "\n\n1. Sukamaju, Kec. A\n2. Sukamaju, Kec. B",
            id="with descriptions",
        ),
        pytest.param(
            [("m:a", "Selengkapnya"), ("a:b", "Biaya paspor", "Berapa biaya paspor?")],
            [["Selengkapnya"], ["Biaya paspor"]],
            "\n\n- Berapa biaya paspor?",
            id="described after buttons: no numbers",
        ),
        pytest.param(
            [("ya", "Ya"), (LONG_ID, "Panjang")],
            [["Ya"]],
            "\n\n- Panjang",
            id="an id too long is a line",
        ),
        pytest.param([(LONG_ID, "Panjang")], [], "\n\n- Panjang", id="only an id too long"),
    ],
)  # fmt: skip
async def test_choices_are_an_inline_keyboard(
    fake: FakeTelegram,
    channel: TelegramChannel,
    choices: list[tuple[str, ...]],
    rows: list[list[str]],
    added: str,
) -> None:
    ani = fake.person()
    await channel.send(deliver(ani.id, "Pilih:", choices=tuple(Choice(*one) for one in choices)))
    (seen,) = ani.read()
    shown = seen.raw["reply_markup"].get("inline_keyboard", [])
    assert [[button["text"] for button in row] for row in shown] == rows
    assert seen.text == f"Pilih:{added}"


async def test_the_way_to_share_a_location(fake: FakeTelegram, channel: TelegramChannel) -> None:
    ani = fake.person()
    await channel.send(deliver(ani.id, "Di mana?", ask_location=True))
    skip = (Choice("desa:lewati", "Lewati"),)
    await channel.send(deliver(ani.id, "Di mana?", ask_location=True, choices=skip))
    await channel.send(deliver(ani.id, "Baik."))
    button, line, plain = ani.read()
    assert (button.asks_location, button.text) == (True, "Di mana?")
    assert (line.asks_location, line.text) == (False, f"Di mana?\n\n{HOW_TO_SHARE}")
    assert list(line.buttons) == ["Lewati"]
    assert plain.raw["reply_markup"] == {"remove_keyboard": True}


async def test_real_refusals_of_the_other_side(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ani, group = fake.person(), fake.group()
    ani.blocks()
    with pytest.raises(PermanentSendError, match="blocked"):
        await channel.send(deliver(ani.id))
    ani.unblocks()
    await channel.send(deliver(ani.id))
    with pytest.raises(PermanentSendError, match="chat-not-found"):
        await channel.send(deliver(99))
    with pytest.raises(PermanentSendError, match="empty"):
        await channel.send(deliver(ani.id, " \n "))
    new_id = group.becomes_supergroup()
    with pytest.raises(AddressMoved) as moved:
        await channel.send(deliver(group.id))
    assert moved.value.new_address == str(new_id)


async def test_nobody_listens() -> None:
    with pytest.raises(TemporarySendError, match="unavailable") as raised:
        await make_channel("http://127.0.0.1:1").send(deliver(1))
    assert not raised.value.answer_lost


def fail_second(fault: Fault) -> Any:
    """Let the second message to anybody fail once."""
    calls = []

    def choose(method: str, params: dict[str, Any]) -> Fault | None:
        if method != "sendMessage":
            return None
        calls.append(params)
        return fault if len(calls) == 2 else None

    return choose


THREE_PARTS = "\n\n".join(letter * 4000 for letter in "abc")


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        pytest.param(faults.too_fast(1), "abc", id="refused: once each"),
        pytest.param(faults.lost(), "abbc", id="answer lost: that part twice"),
    ],
)
async def test_a_retry_goes_on_where_the_parts_broke_off(
    fake: FakeTelegram, channel: TelegramChannel, fault: Fault, seen: str
) -> None:
    ani, budi = fake.person("Ani"), fake.person("Budi")
    fake.chooser = fail_second(fault)
    with pytest.raises(TemporarySendError):
        await channel.send(deliver(ani.id, THREE_PARTS, id=1))
    await channel.send(deliver(budi.id, THREE_PARTS, id=2))
    sent = await channel.send(deliver(ani.id, THREE_PARTS, id=1))
    assert "".join(one.text[0] for one in ani.read()) == seen
    assert "".join(one.text[0] for one in budi.read()) == "abc"
    assert len(sent.split(",")) == 3


async def test_after_a_restart_the_parts_start_again(fake: FakeTelegram) -> None:
    ani = fake.person()
    fake.chooser = fail_second(faults.too_fast(1))
    for is_last in (False, True):
        channel = make_channel(fake.url)
        try:
            await channel.send(deliver(ani.id, THREE_PARTS))
        except TemporarySendError:
            assert not is_last
        await channel.close()
    assert "".join(one.text[0] for one in ani.read()) == "aabc"


def test_another_event_loop_gets_connections_of_its_own(fake: FakeTelegram) -> None:
    ani = fake.person()
    channel = make_channel(fake.url)

    async def send() -> None:
        await channel.send(deliver(ani.id))
        await channel.close()

    asyncio.run(send())
    asyncio.run(send())
    assert len(ani.read()) == 2


async def test_a_tapped_button_is_released_at_once(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ani = fake.person()
    await channel.send(deliver(ani.id, choices=(Choice("petugas", "Petugas"),)))
    query = ani.taps("Petugas")
    message = parse_one(json.dumps(fake.updates[0]).encode())
    assert (message.button_id, message.text, message.media_id) == ("petugas", "Petugas", query)
    await channel.acknowledge(message)
    assert fake.open_taps == {query: True}


async def test_a_text_shows_that_we_are_writing(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ani = fake.person()
    ani.says("halo")
    await channel.acknowledge(parse_one(json.dumps(fake.updates[0]).encode()))
    assert [call.params["action"] for call in fake.called("sendChatAction")] == ["typing"]


async def test_a_group_is_not_shown_that_we_write(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await channel.acknowledge(parse_one(kept("group_text")))
    assert fake.calls == []


@pytest.mark.parametrize(
    "fault",
    [faults.broken(), faults.blocked(), faults.too_fast(9), faults.lost(), faults.garbage(b"[]")],
    ids=lambda fault: fault.outcome,
)
async def test_acknowledging_never_raises(
    fake: FakeTelegram, channel: TelegramChannel, fault: Fault
) -> None:
    fake.order("sendChatAction", fault)
    fake.order("answerCallbackQuery", fault)
    for name in ("text", "callback_query"):
        await channel.acknowledge(parse_one(kept(name)))
    assert len(fake.calls) >= 2


async def test_describe(fake: FakeTelegram, channel: TelegramChannel) -> None:
    assert await channel.describe() == TelegramStatus("contoh_bot", "", 0, "", None)
    fake.person().says("halo")
    await channel.register("http://127.0.0.1:1/webhooks/telegram")
    fake.wait_until(lambda: bool(fake.webhook.attempts))
    status = await channel.describe()
    assert isinstance(status, TelegramStatus)
    assert (status.webhook_url, status.pending) == ("http://127.0.0.1:1/webhooks/telegram", 1)
    assert status.last_error == "ConnectError"
    assert status.last_error_at is not None
    assert (fake.webhook.secret, fake.allowed) == (
        SECRET,
        ["message", "edited_message", "callback_query"],
    )


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        pytest.param(faults.refused(401, "Unauthorized"), "@BotFather", id="token"),
        pytest.param(faults.broken(), "TELEGRAM_API_BASE", id="down"),
        pytest.param(faults.garbage(b'{"ok":true,"result":{}}'), "TELEGRAM_API_BASE", id="garbage"),
    ],
)
async def test_describe_says_what_to_mend(
    fake: FakeTelegram, channel: TelegramChannel, fault: Fault, says: str
) -> None:
    fake.order("getMe", fault)
    told = await channel.describe()
    assert isinstance(told, str)
    assert says in told
    assert TOKEN not in told


async def test_an_address_that_telegram_refuses(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    with pytest.raises(PermanentSendError):
        await channel.register("http://192.0.2.1/webhooks/telegram")


async def test_a_webhook_is_not_registered_without_a_secret(fake: FakeTelegram) -> None:
    with pytest.raises(PermanentSendError, match="no-secret"):
        await make_channel(fake.url, secret="").register("http://127.0.0.1:1/webhooks/telegram")
    assert fake.calls == []
