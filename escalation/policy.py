"""The times within which a case must be taken, per level: data with defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any

import yaml

from escalation.risk import Level
from escalation.working_hours import Hours

REQUEST = "permintaan"
"""The row for somebody who asked to talk to a person, without signs of danger."""

DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
KEYS = frozenset(
    {
        *("tiap_anak_tangga", "semua_setelah", "paling_lama", "diulang", "diam", "menganggur"),
        *("jam_kerja", "digest"),
    }
)


class PolicyError(Exception):
    """A policy that cannot be read or would let a case rest; an Indonesian sentence."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The times of one level; None where it knows no such time. See policy.yaml."""

    rung: timedelta | None
    spread: timedelta | None
    in_all: timedelta
    again: timedelta | None
    silent: timedelta
    idle: timedelta
    in_working_hours: bool
    in_digest: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules, and the hours they are counted in."""

    rules: Mapping[str, Rule]
    hours: Hours
    drill_ends_after: timedelta

    @classmethod
    def load(cls) -> "Policy":
        """Read the packaged policy. Raises PolicyError."""
        return policy_of(packaged())

    def rule(self, level: Level, *, is_request: bool) -> Rule:
        """Give the rule for a case; whoever only asked for a person has one of their own."""
        if is_request and level.rank < Level.TINGGI.rank:
            return self.rules[REQUEST]
        return self.rules.get(level, self.rules[Level.SEDANG])

    def later(self, at: datetime, span: timedelta, *, rule: Rule, zone: str) -> datetime:
        """Give when `span` has passed since `at`, in the time this rule is counted in."""
        return self.hours.after(at, span, zone=zone) if rule.in_working_hours else at + span


def packaged() -> Mapping[str, Any]:
    """Give the packaged policy as it stands in its file."""
    text = (files("escalation") / "policy.yaml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def read_policy(text: str) -> Policy:
    """Read a policy. Raises PolicyError."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PolicyError(f"policy.yaml tidak terbaca: {error}") from error
    return policy_of(raw)


def policy_of(raw: Mapping[str, Any]) -> Policy:
    """Give the policy that a parsed file holds. Raises PolicyError."""
    try:
        rules = {name: _rule(name, row) for name, row in raw["levels"].items()}
        work, quiet = raw["jam_kerja"], raw["jam_tenang"]
        hours = Hours(
            start=_clock(work["mulai"]),
            end=_clock(work["selesai"]),
            days=frozenset(DAYS.index(day) for day in work["hari"]),
            quiet_from=_clock(quiet["mulai"]),
            quiet_until=_clock(quiet["selesai"]),
            digest=_clock(raw["digest"]),
        )
        drill = _minutes(raw["latihan_selesai_setelah"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PolicyError(f"policy.yaml tidak terbaca: {error}") from error
    missing = {Level.DARURAT, Level.TINGGI, Level.SEDANG, REQUEST} - set(rules)
    if missing:
        raise PolicyError(f"policy.yaml: tingkat {', '.join(sorted(missing))} tidak ada")
    if hours.start >= hours.end or not hours.days:
        raise PolicyError("policy.yaml: jam_kerja kosong")
    return Policy(rules, hours, drill)


def _rule(name: str, row: Mapping[str, Any]) -> Rule:
    if unknown := set(row) - KEYS:
        raise PolicyError(f"policy.yaml: {name}: {', '.join(sorted(unknown))} tidak dikenal")
    rule = Rule(
        rung=_maybe(row.get("tiap_anak_tangga")),
        spread=_maybe(row.get("semua_setelah")),
        in_all=_minutes(row["paling_lama"]),
        again=_maybe(row.get("diulang")),
        silent=_minutes(row["diam"]),
        idle=_minutes(row["menganggur"]),
        in_working_hours=bool(row.get("jam_kerja", False)),
        in_digest=bool(row.get("digest", False)),
    )
    if rule.again is None and not rule.in_digest:
        raise PolicyError(f"policy.yaml: {name}: isi `diulang`, supaya meja nasional diingatkan")
    return rule


def _minutes(value: object) -> timedelta:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError(f"{value!r} bukan menit")
    return timedelta(minutes=value)


def _maybe(value: object) -> timedelta | None:
    return None if value is None else _minutes(value)


def _clock(text: str) -> time:
    hour, minute = text.split(".")
    return time(int(hour), int(minute))
