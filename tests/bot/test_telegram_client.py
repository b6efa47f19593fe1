"""Telegram: what every error of the Bot API means for a delivery."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from handlers.channel import AddressMoved, PermanentSendError, SendError, TemporarySendError
from tests.bot.telegram_setup import deliver, make_channel
from tests.fakes import telegram_faults as faults
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_faults import Fault


@pytest.fixture(scope="module")
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def fake(server: FakeTelegram) -> FakeTelegram:
    server.reset()
    return server


ERRORS: list[Any] = [
    pytest.param(faults.too_fast(7), TemporarySendError, "too-many-requests", id="429"),
    pytest.param(
        faults.refused(429, "Too Many Requests"),
        TemporarySendError,
        "too-many-requests",
        id="429 without a time",
    ),
    pytest.param(faults.blocked(), PermanentSendError, "blocked", id="403 blocked"),
    pytest.param(
        faults.refused(403, "Forbidden: user is deactivated"),
        PermanentSendError,
        "deactivated",
        id="403 deactivated",
    ),
    pytest.param(
        faults.refused(403, "Forbidden: bot can't initiate conversation with a user"),
        PermanentSendError,
        "not-started",
        id="403 never started",
    ),
    pytest.param(
        faults.refused(400, "Bad Request: chat not found"),
        PermanentSendError,
        "chat-not-found",
        id="400 no such chat",
    ),
    pytest.param(
        faults.refused(400, "Bad Request: BUTTON_DATA_INVALID"),
        PermanentSendError,
        "refused",
        id="400 other",
    ),
    pytest.param(faults.migrated(-1001), AddressMoved, "chat-migrated", id="400 migrated"),
    pytest.param(
        faults.refused(401, "Unauthorized"), TemporarySendError, "token", id="401 wrong token"
    ),
    pytest.param(faults.refused(404, "Not Found"), TemporarySendError, "token", id="404"),
    pytest.param(faults.refused(409, "Conflict"), TemporarySendError, "conflict", id="409"),
    pytest.param(faults.broken(500), TemporarySendError, "unavailable", id="500"),
    pytest.param(faults.broken(502), TemporarySendError, "unavailable", id="502"),
    pytest.param(faults.broken(504), TemporarySendError, "unavailable", id="504"),
    pytest.param(faults.silent(), TemporarySendError, "timeout", id="no answer"),
    pytest.param(faults.lost(), TemporarySendError, "unavailable", id="connection cut"),
    pytest.param(faults.cut(), TemporarySendError, "unavailable", id="connection closed"),
    pytest.param(faults.garbage(), TemporarySendError, "unavailable", id="not JSON"),
    pytest.param(faults.garbage(b"[1]"), TemporarySendError, "unavailable", id="a list"),
    pytest.param(faults.garbage(b'{"ok":true}'), TemporarySendError, "unavailable", id="no result"),
    pytest.param(
        faults.garbage(b'{"ok":true,"result":7}'),
        TemporarySendError,
        "unavailable",
        id="result is a number",
    ),
    pytest.param(
        faults.garbage(b'{"ok":true,"result":{"text":"halo"}}'),
        TemporarySendError,
        "unavailable",
        id="result without id",
    ),
]


@pytest.mark.parametrize(("fault", "kind", "code"), ERRORS)
async def test_what_an_error_means_for_a_delivery(
    fake: FakeTelegram, fault: Fault, kind: type[SendError], code: str
) -> None:
    ani = fake.person()
    fake.order("sendMessage", fault, chat=ani.id)
    # Long enough for every answer that does come.
    seconds = 0.5 if fault.way == faults.Way.SILENT else 5
    channel = make_channel(fake.url, seconds=seconds)
    with pytest.raises(SendError) as raised:
        await channel.send(deliver(ani.id))
    assert type(raised.value) is kind
    assert raised.value.code == code
    if isinstance(raised.value, AddressMoved):
        assert raised.value.new_address == "-1001"
    if isinstance(raised.value, TemporarySendError):
        wanted = {"too-many-requests": timedelta(seconds=fault.parameters.get("retry_after", 1))}
        assert raised.value.retry_after == wanted.get(code)
        is_said = fault.way == faults.Way.REFUSED and fault.status < 500
        assert raised.value.answer_lost is not is_said
        # What is temporary goes through once the fault is over.
        await channel.send(deliver(ani.id))
    await channel.close()
