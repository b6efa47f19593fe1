"""What an admin may set, and what is refused in a sentence; the packaged values pass."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from escalation.policy import Policy
from escalation.policy_limits import TimeLimits, read_clock
from escalation.policy_values import Value
from escalation.risk import Level

LIMITS = TimeLimits.load()
DEFAULTS = LIMITS.defaults()


def faults(**changed: Value) -> list[str]:
    """Give the faults of the packaged values with others; `__` stands for the dot."""
    values = {key.replace("__", "."): value for key, value in changed.items()}
    return LIMITS.faults({**DEFAULTS, **values})


def test_the_packaged_policy_is_within_its_own_limits() -> None:
    assert faults() == []
    assert LIMITS.policy(DEFAULTS) == Policy.load()


def test_every_value_has_a_name_and_every_limit_a_value() -> None:
    limited = {limit.key for group in LIMITS.groups for limit in group.limits}
    clocks = {clock.key for clock in LIMITS.clocks}
    assert limited | clocks | {"jam_kerja.hari"} == set(DEFAULTS)
    for key, value in DEFAULTS.items():
        assert LIMITS.label(key) != key
        assert LIMITS.shown(key, value)


def test_the_packaged_values_fill_their_units() -> None:
    for group in LIMITS.groups:
        for limit in group.limits:
            value = DEFAULTS[limit.key]
            assert isinstance(value, int)
            assert value % limit.minutes == 0, limit.key


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        pytest.param({"darurat__paling_lama": 16}, "2 sampai 15 menit", id="an emergency too late"),
        pytest.param({"darurat__paling_lama": 1}, "2 sampai 15 menit", id="no time for a person"),
        pytest.param({"darurat__semua_setelah": 10}, "kurang dari 10 menit", id="spread with desk"),
        pytest.param({"tinggi__tiap_anak_tangga": 61}, "5 sampai 60 menit", id="a rung too long"),
        pytest.param({"tinggi__tiap_anak_tangga": 40}, "tidak muat", id="rungs past the whole"),
        pytest.param({"permintaan__paling_lama": 200}, "tidak muat", id="a whole below its rungs"),
        pytest.param({"tinggi__diulang": ""}, "tidak boleh kosong", id="a desk never reminded"),
        pytest.param({"tinggi__diulang": 0}, "10 sampai 60", id="reminded without end"),
        pytest.param({"darurat__diam": "lima"}, "angka bulat", id="a word"),
        pytest.param({"darurat__diam": True}, "angka bulat", id="neither number nor word"),
        pytest.param({"darurat__menganggur": 49 * 60}, "2 sampai 48 jam", id="hours in its unit"),
        pytest.param({"sedang__paling_lama": 81 * 60}, "4 sampai 80 jam kerja", id="weeks"),
        pytest.param(
            {"jam_kerja__selesai": "12.00", "jam_kerja__hari": "senin selasa rabu kamis"},
            "dua minggu kerja (32 jam kerja)",
            id="too few hours for what is counted in them",
        ),
        pytest.param({"jam_kerja__mulai": "25.00"}, "misalnya 08.00", id="no time of the day"),
        pytest.param({"jam_kerja__mulai": "11.00"}, "06.00 sampai 10.00", id="a late start"),
        pytest.param(
            {"jam_kerja__mulai": "10.00", "jam_kerja__selesai": "13.00"},
            "paling sedikit 4 jam",
            id="three hours a day",
        ),
        pytest.param(
            {"jam_kerja__mulai": "07.00", "jam_kerja__selesai": "20.00"},
            "paling banyak 12 jam",
            id="thirteen hours a day",
        ),
        pytest.param({"jam_kerja__hari": "senin selasa rabu"}, "4 hari", id="three days"),
        pytest.param({"jam_kerja__hari": "senin " * 5}, "4 hari", id="one day five times"),
        pytest.param({"jam_kerja__hari": "monday"}, "tidak dikenal", id="a foreign day"),
        pytest.param(
            {"jam_kerja__selesai": "19.00", "jam_tenang__mulai": "18.00"},
            "Jam tenang",
            id="quiet while at work",
        ),
        pytest.param({"digest": "06.00"}, "sesudah jam tenang", id="a digest in quiet hours"),
        pytest.param({"darurat__jam_kerja": 1}, "tidak dikenal", id="an emergency by office hours"),
        pytest.param({"darurat__tiap_anak_tangga": 9}, "tidak dikenal", id="a time it has not"),
    ],
)
def test_what_is_refused_says_why(changed: Mapping[str, Value], says: str) -> None:
    assert any(says in told for told in faults(**changed))


def test_all_faults_are_told_at_once() -> None:
    assert len(faults(darurat__paling_lama=99, tinggi__diam="", digest="malam")) == 3


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(
            {"darurat__semua_setelah": 1, "darurat__paling_lama": 2, "darurat__diulang": 5},
            id="the shortest emergency",
        ),
        pytest.param(
            {"tinggi__tiap_anak_tangga": 60, "tinggi__paling_lama": 240}, id="the longest tinggi"
        ),
        pytest.param({"jam_tenang__mulai": "23.00", "jam_tenang__selesai": "05.00"}, id="nights"),
        pytest.param(
            {"jam_kerja__hari": "senin selasa rabu kamis jumat sabtu minggu"}, id="every day"
        ),
    ],
)
def test_what_is_within_the_limits_becomes_the_policy(changed: Mapping[str, Value]) -> None:
    assert faults(**changed) == []
    values = {key.replace("__", "."): value for key, value in changed.items()}
    policy = LIMITS.policy(values)
    for key, value in values.items():
        if key.startswith("tinggi") and isinstance(value, int):
            rule = policy.rule(Level.TINGGI, is_request=False)
            assert timedelta(minutes=value) in (rule.rung, rule.in_all)


def test_no_limit_lets_an_emergency_or_a_strong_case_wait_for_the_morning() -> None:
    values = dict(DEFAULTS)
    for group in LIMITS.groups:
        values |= {limit.key: limit.most * limit.minutes for limit in group.limits}
    values["tinggi.tiap_anak_tangga"] = 60
    values["sedang.paling_lama"] = 80 * 60
    policy = LIMITS.policy(values)
    for level in (Level.DARURAT, Level.TINGGI):
        rule = policy.rule(level, is_request=False)
        assert not (rule.in_working_hours or rule.in_digest)
        assert rule.again is not None
    assert policy.rule(Level.DARURAT, is_request=False).in_all == timedelta(minutes=15)
    assert policy.rule(Level.TINGGI, is_request=False).in_all == timedelta(hours=4)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("8.00", "08.00"),
        ("08:30", "08.30"),
        (" 7 ", "07.00"),
        ("24.00", None),
        ("8.5", None),
        ("pagi", None),
        ("", None),
        ("٨.٠٠", "08.00"),
    ],
)
def test_a_time_of_the_day_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    assert read_clock(typed) == read
