"""A provider that fails one send in ten: everything arrives, in order, and is told apart."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bench.fault_lines import LOST, Line, TelegramLine, WhatsAppLine
from bench.faults import Clock, run
from bot.app import Thinking
from tests.fakes.telegram import FakeTelegram
from tests.fakes.whatsapp import FakeGraph


@contextmanager
def on_whatsapp(clock: Clock) -> Iterator[Line]:
    with FakeGraph() as graph:
        yield WhatsAppLine(graph, clock=clock)


@contextmanager
def on_telegram(clock: Clock) -> Iterator[Line]:
    with FakeTelegram() as telegram:
        yield TelegramLine(telegram)


@pytest.mark.parametrize(
    ("line_on", "messages"),
    [
        pytest.param(on_whatsapp, 1000, id="whatsapp"),
        pytest.param(on_telegram, 200, id="telegram"),
    ],
)
def test_every_reply_arrives_in_order_and_once_where_it_was_refused(
    thinking: Thinking,
    tmp_path: Path,
    line_on: Callable[[Clock], AbstractContextManager[Line]],
    messages: int,
) -> None:
    clock = Clock()
    with line_on(clock) as line:
        found = run(line, clock=clock, thinking=thinking, folder=tmp_path, messages=messages)
    assert (found.stored, found.waiting, found.holds) == (messages, 0, True)
    assert set(found.deliveries) == {"sent"}
    assert (found.missing, found.out_of_order) == (0, 0)
    # One in ten went wrong, in every way that was ordered.
    assert found.failed > 0.07 * sum(found.sends.values())
    assert len(found.sends) >= 5
    # Twice only where an answer was lost, once for each, and none without the product knowing.
    assert found.duplicates == found.sends[LOST]
    assert found.duplicates <= found.counted < found.failed
