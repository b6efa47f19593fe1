"""The table of WhatsApp's errors, and when to try again."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.whatsapp_errors import TABLE, Verdict, code_of, make_error, retry_after
from handlers.channel import PermanentSendError, SendError, TemporarySendError, WindowClosed
from tests.fakes.whatsapp_rules import Refusal


@pytest.mark.parametrize("number", [*TABLE, 215])
def test_the_table_gives_refusals_and_statuses_one_code(number: int) -> None:
    error = make_error(400, Refusal(number, "x").body(), {})
    assert error.code == code_of(number)
    verdict = TABLE.get(number, Verdict.TOKEN)
    expected: type[SendError] = TemporarySendError
    if verdict in (Verdict.PERMANENT, Verdict.TEMPLATE):
        expected = PermanentSendError
    elif verdict == Verdict.WINDOW:
        expected = WindowClosed
    assert type(error) is expected


def test_a_refusal_that_calls_itself_transient_is_temporary() -> None:
    body = {"error": {"code": 424242, "is_transient": True}}
    assert make_error(400, body, {}).code == "temporary-424242"


NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        pytest.param("30", 30, id="seconds"),
        pytest.param("0", 1, id="zero"),
        pytest.param("999999999999", 3600, id="absurd"),
        pytest.param("Tue, 24 Nov 2026 03:02:00 GMT", 120, id="date"),
        pytest.param("Tue, 24 Nov 2026 02:00:00 GMT", 1, id="date gone by"),
        pytest.param("-5", None, id="negative"),
        pytest.param("nanti", None, id="no number"),
        pytest.param("", None, id="empty"),
    ],
)
def test_retry_after_is_seconds_or_a_date(given: str, seconds: int | None) -> None:
    found = retry_after({"retry-after": given}, now=NOW)
    assert found == (None if seconds is None else timedelta(seconds=seconds))
