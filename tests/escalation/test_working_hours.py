"""Working time, quiet hours and mornings, by the officer's own clock."""

from datetime import UTC, datetime, timedelta

import pytest

from escalation.policy import Policy

HOURS = Policy.load().hours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "zone", "expected"),
    [
        pytest.param(
            "2026-11-24T09:00+07:00",
            60,
            "Asia/Jakarta",
            "2026-11-24T10:00+07:00",
            id="within a day",
        ),
        pytest.param(
            "2026-11-24T15:00+07:00", 120, "Asia/Jakarta", "2026-11-25T09:00+07:00", id="over night"
        ),
        pytest.param(
            "2026-11-27T15:00+07:00",
            120,
            "Asia/Jakarta",
            "2026-11-30T09:00+07:00",
            id="over a weekend",
        ),
        pytest.param(
            "2026-11-28T10:00+07:00",
            480,
            "Asia/Jakarta",
            "2026-11-30T16:00+07:00",
            id="from a Saturday",
        ),
        pytest.param(
            "2026-11-24T05:00+07:00", 480, "Asia/Jakarta", "2026-11-24T16:00+07:00", id="a full day"
        ),
        pytest.param(
            "2026-11-24T15:30+09:00", 60, "Asia/Jayapura", "2026-11-25T08:30+09:00", id="in Papua"
        ),
        pytest.param(
            "2026-11-24T23:30+07:00",
            60,
            "Asia/Jayapura",
            "2026-11-25T09:00+09:00",
            id="already tomorrow in Papua",
        ),
    ],
)
def test_only_working_time_counts(start: str, minutes: int, zone: str, expected: str) -> None:
    assert HOURS.after(at(start), timedelta(minutes=minutes), zone=zone) == at(expected)


@pytest.mark.parametrize(
    ("now", "zone", "free"),
    [
        pytest.param("2026-11-24T12:00+07:00", "Asia/Jakarta", "2026-11-24T12:00+07:00", id="noon"),
        pytest.param(
            "2026-11-24T19:59+07:00", "Asia/Jakarta", "2026-11-24T19:59+07:00", id="just before"
        ),
        pytest.param(
            "2026-11-24T20:00+07:00", "Asia/Jakarta", "2026-11-25T07:00+07:00", id="evening"
        ),
        pytest.param("2026-11-24T06:59+07:00", "Asia/Jakarta", "2026-11-24T07:00+07:00", id="dawn"),
        pytest.param(
            "2026-11-24T18:30+07:00",
            "Asia/Jayapura",
            "2026-11-25T07:00+09:00",
            id="already night in Papua",
        ),
    ],
)
def test_quiet_hours_are_local(now: str, zone: str, free: str) -> None:
    assert HOURS.when_not_quiet(at(now), zone=zone) == at(free)


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        pytest.param(
            "2026-11-24T07:00+07:00", "Asia/Jakarta", "2026-11-24T07:00+07:00", id="on the dot"
        ),
        pytest.param(
            "2026-11-24T07:01+07:00", "Asia/Jakarta", "2026-11-25T07:00+07:00", id="a minute late"
        ),
        pytest.param(
            "2026-11-24T05:30+07:00", "Asia/Jayapura", "2026-11-25T07:00+09:00", id="Papua is ahead"
        ),
    ],
)
def test_the_digest_comes_in_the_local_morning(now: str, zone: str, expected: str) -> None:
    assert HOURS.next_digest(at(now), zone=zone) == at(expected)
