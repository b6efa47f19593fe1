"""Telegram: long polling forgets nothing that was not committed, and outlives errors."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from bot.telegram_channel import CONFLICT_PAUSE, LONGEST_PAUSE, TelegramChannel, pause_after
from handlers.channel import SendError
from handlers.messages import InboundMessage
from tests.bot.telegram_setup import NOW, deliver, make_channel
from tests.fakes import telegram_faults as faults
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_faults import Fault


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    # One for each test: a poll that was cancelled may still be on its way to the server.
    with FakeTelegram() as server:
        yield server


@pytest.fixture
async def channel(fake: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    channel = make_channel(fake.url)
    yield channel
    await channel.close()


class Inbox:
    """Takes messages, and refuses the first batches it is told to."""

    def __init__(self, *, refuse: int = 0) -> None:
        self.batches: list[list[str]] = []
        self.refused: list[list[str]] = []
        self._refuse = refuse

    async def store(self, messages: Sequence[InboundMessage]) -> None:
        texts = [message.text for message in messages]
        if len(self.refused) < self._refuse:
            self.refused.append(texts)
            raise OSError("no room")
        self.batches.append(texts)

    @property
    def texts(self) -> list[str]:
        return [text for batch in self.batches for text in batch]


class Pauses:
    """Pauses that take no time, and what was asked."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


async def poll_until(
    channel: TelegramChannel,
    inbox: Inbox,
    is_done: Callable[[], bool],
    *,
    wait: float = 1,
    pauses: Pauses | None = None,
) -> None:
    """Poll until something is true, then stop as a server does."""
    polling = asyncio.create_task(
        channel.poll(
            inbox.store,
            clock=lambda: NOW,
            wait=timedelta(seconds=wait),
            pause=pauses or Pauses(),
        )
    )
    async with asyncio.timeout(20):
        while not is_done():
            await asyncio.sleep(0.005)
            assert not polling.done()
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)


async def test_what_was_not_committed_comes_again(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ani, inbox, pauses = fake.person(), Inbox(refuse=2), Pauses()
    ani.says("satu")
    ani.says("dua")
    await poll_until(channel, inbox, lambda: not fake.updates, pauses=pauses)
    assert inbox.refused == [["satu", "dua"]] * 2
    assert inbox.texts == ["satu", "dua"]
    assert pauses.seconds == [1, 2]


async def test_a_stop_before_the_commit_loses_nothing(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ani = fake.person()
    ani.says("satu")
    stuck = asyncio.Event()

    class Never(Inbox):
        async def store(self, messages: Sequence[InboundMessage]) -> None:
            stuck.set()
            await asyncio.sleep(60)

    await poll_until(channel, Never(), stuck.is_set)
    inbox = Inbox()
    await poll_until(channel, inbox, lambda: not fake.updates)
    assert inbox.texts == ["satu"]


async def test_messages_come_while_polling_waits(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ani, inbox = fake.person(), Inbox()
    asyncio.get_running_loop().call_later(0.2, ani.says, "terlambat")
    await poll_until(channel, inbox, lambda: inbox.texts == ["terlambat"], wait=30)
    assert len(fake.called("getUpdates")) <= 2


async def test_a_webhook_is_taken_away_first(fake: FakeTelegram, channel: TelegramChannel) -> None:
    await channel.register("http://127.0.0.1:1/webhooks/telegram")
    ani, inbox = fake.person(), Inbox()
    ani.says("halo")
    fake.order("deleteWebhook", faults.broken(), times=2)
    await poll_until(channel, inbox, lambda: inbox.texts == ["halo"])
    assert fake.webhook.url == ""
    assert fake.allowed == ["message", "edited_message", "callback_query"]


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        pytest.param(faults.broken(), [1, 2, 4], id="502"),
        pytest.param(faults.lost(), [1, 2, 4], id="connection cut"),
        pytest.param(faults.garbage(), [1, 2, 4], id="not JSON"),
        pytest.param(faults.garbage(b'{"ok":true}'), [1, 2, 4], id="no list"),
        pytest.param(faults.garbage(b'{"ok":true,"result":[7]}'), [1, 2, 4], id="no updates"),
        pytest.param(faults.too_fast(9), [9, 9, 9], id="429"),
        pytest.param(
            faults.refused(409, "Conflict: terminated by other getUpdates request"),
            [CONFLICT_PAUSE.total_seconds()] * 3,
            id="409",
        ),
        pytest.param(faults.refused(401, "Unauthorized"), [1, 2, 4], id="401"),
    ],
)
async def test_polling_outlives_errors(
    fake: FakeTelegram, channel: TelegramChannel, fault: Fault, pause: list[float]
) -> None:
    ani, inbox, pauses = fake.person(), Inbox(), Pauses()
    ani.says("halo")
    fake.order("getUpdates", fault, times=3)
    await poll_until(channel, inbox, lambda: inbox.texts == ["halo"], pauses=pauses)
    assert pauses.seconds == pause


async def test_one_update_that_is_not_as_documented_holds_nothing_up(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ani, inbox = fake.person(), Inbox()
    ani.says("satu")
    fake.add_update("message", {"text": "tanpa obrolan"})
    ani.says("dua")
    await poll_until(channel, inbox, lambda: not fake.updates)
    assert inbox.texts == ["satu", "dua"]


def test_pauses_grow_to_a_limit() -> None:
    pauses = [pause_after(OSError(), failures).total_seconds() for failures in range(1, 8)]
    assert pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE.total_seconds(), LONGEST_PAUSE.total_seconds()]


async def test_logs_hold_no_text_and_no_token(
    fake: FakeTelegram, channel: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    ani, inbox = fake.person(), Inbox(refuse=1)
    with caplog.at_level(logging.WARNING):
        for fault in (faults.garbage(b'{"ok": tru, "text": "rahasia"}'), faults.blocked()):
            fake.order("sendMessage", fault)
            with pytest.raises(SendError):
                await channel.send(deliver(ani.id, "rahasia"))
        fake.order("getUpdates", faults.garbage(b'{"rahasia'), times=2)
        ani.says("rahasia")
        fake.add_update("message", {"text": "rahasia"})
        await poll_until(channel, inbox, lambda: not fake.updates)
    assert caplog.records
    told = "\n".join(record.getMessage() + str(record.exc_info) for record in caplog.records)
    for secret in ("rahasia", TOKEN, str(ani.id)):
        assert secret not in told
