"""The policy is data with defaults; a wrong one is refused in a sentence."""

from importlib.resources import files

import pytest

from escalation.policy import Policy, PolicyError, read_policy
from escalation.risk import Level

TEXT = (files("escalation") / "policy.yaml").read_text("utf-8")
POLICY = Policy.load()


def minutes(level: Level) -> tuple[float, float | None]:
    rule = POLICY.rule(level, is_request=False)
    rung = rule.rung.total_seconds() / 60 if rule.rung else None
    return rule.in_all.total_seconds() / 60, rung


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        pytest.param(Level.DARURAT, (10, None), id="darurat: ten minutes in all"),
        pytest.param(Level.TINGGI, (120, 30), id="tinggi: half an hour a rung"),
        pytest.param(Level.SEDANG, (2400, 480), id="sedang: eight working hours a rung"),
    ],
)
def test_the_defaults_are_those_of_the_standing_rules(
    level: Level, expected: tuple[float, float | None]
) -> None:
    assert minutes(level) == expected


def test_only_sedang_waits_for_working_hours_and_the_digest() -> None:
    rules = {name: (rule.in_working_hours, rule.in_digest) for name, rule in POLICY.rules.items()}
    assert {name for name, waits in rules.items() if any(waits)} == {"sedang"}


def test_a_wish_to_talk_has_a_rule_of_its_own_unless_danger_shows() -> None:
    asked = POLICY.rule(Level.TIDAK, is_request=True)
    assert not asked.in_digest
    assert POLICY.rule(Level.DARURAT, is_request=True) == POLICY.rules["darurat"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("paling_lama: 10,", "paling_lama: 0,", "bukan menit", id="no time at all"),
        pytest.param("paling_lama: 10, ", "", "paling_lama", id="no time in all"),
        pytest.param("diam: 15", "dyam: 15", "dyam", id="a misspelt word"),
        pytest.param(
            "paling_lama: 10, diulang: 10", "paling_lama: 10", "diulang", id="a desk never reminded"
        ),
        pytest.param("  tinggi:", "  tingi:", "tinggi", id="a level missing"),
        pytest.param("[senin, selasa, rabu, kamis, jumat]", "[]", "kosong", id="no working day"),
        pytest.param(
            'mulai: "08.00", selesai: "16.00"',
            'mulai: "16.00", selesai: "08.00"',
            "kosong",
            id="no working hour",
        ),
        pytest.param("levels:", "levels: [", "tidak terbaca", id="no YAML"),
    ],
)
def test_a_wrong_policy_is_refused_in_a_sentence(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(PolicyError, match=says):
        read_policy(TEXT.replace(old, new, 1))
