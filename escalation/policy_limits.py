"""Which times of the policy an admin may change, between which limits, and what must fit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from importlib.resources import files
from typing import Any

import yaml

from escalation.policy import DAYS, Policy, packaged
from escalation.policy_values import WORKING_DAYS, Value, Values, policy_with, values_of

RUNGS = 4
"""Deputy, head of office, region, national desk: each must hear before the time in all is over."""

HOURS_A_DAY = (4, 12)
WEEKS = 2
"""A case that waits for working hours comes to the desk within so many working weeks."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One time, between two limits in its own unit; `minutes` is how many one unit has."""

    key: str
    name: str
    unit: str
    minutes: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Clock:
    """One time of the day, between two others, all as "08.00"."""

    key: str
    name: str
    least: str
    most: str


@dataclass(frozen=True, slots=True)
class Group:
    """What stands together on the page."""

    id: str
    name: str
    note: str
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """All that may be changed, the packaged values, and sentences for what may not be."""

    groups: tuple[Group, ...]
    clocks: tuple[Clock, ...]
    hours_name: str
    hours_note: str
    days_name: str
    least_days: int
    sentences: Mapping[str, str]
    raw: Mapping[str, Any]
    days: tuple[str, ...] = DAYS

    @classmethod
    def load(cls) -> "TimeLimits":
        """Read the packaged limits."""
        raw = yaml.safe_load((files("escalation") / "policy-limits.yaml").read_text("utf-8"))
        units: Mapping[str, int] = raw["menit_satuan"]
        levels = [
            _group(id, row, names=raw["nama"], units=units) for id, row in raw["tingkat"].items()
        ]
        drills = _group("", raw["latihan"], names={}, units=units)
        hours = raw["jam"]
        return cls(
            groups=(*levels, drills),
            clocks=tuple(
                Clock(key, row["nama"], row["dari"], row["sampai"])
                for key, row in hours["nilai"].items()
            ),
            hours_name=hours["nama"],
            hours_note=hours["keterangan"],
            days_name=hours["hari"]["nama"],
            least_days=hours["hari"]["paling_sedikit"],
            sentences=raw["kalimat"],
            raw=packaged(),
        )

    def defaults(self) -> dict[str, Value]:
        """Give the packaged values."""
        return values_of(self.raw)

    def policy(self, values: Values) -> Policy:
        """Give the policy with these values. Raises PolicyError, KeyError."""
        return policy_with(self.raw, values)

    def label(self, key: str) -> str:
        """Give the name of a value with its level, the key itself for an unknown one."""
        for group, limit in self._limits():
            if limit.key == key:
                return f"{group.name}: {_small(limit.name)}" if group.id else limit.name
        names = {clock.key: clock.name for clock in self.clocks} | {WORKING_DAYS: self.days_name}
        return names.get(key, key)

    def shown(self, key: str, value: Value) -> str:
        """Give a value as people say it: "4 menit", "8 jam kerja", "senin, selasa"."""
        if key == WORKING_DAYS:
            return ", ".join(str(value).split()) or "–"
        for _, limit in self._limits():
            if limit.key == key and isinstance(value, int):
                return f"{value / limit.minutes:g} {limit.unit}".replace(".", ",")
        return str(value)

    def faults(self, values: Values) -> list[str]:
        """Say all that is wrong with values, in order; what must fit together comes last."""
        known = self.defaults()
        found = [
            self.sentences["tidak_dikenal"].format(kunci=key) for key in values if key not in known
        ]
        values = {key: values.get(key, value) for key, value in known.items()}
        found += self._faults_alone(values)
        return found or list(self._misfits(values))

    def _limits(self) -> Iterator[tuple[Group, Limit]]:
        return ((group, limit) for group in self.groups for limit in group.limits)

    def _faults_alone(self, values: Values) -> Iterator[str]:
        for _, limit in self._limits():
            value, name = values[limit.key], self.label(limit.key)
            if not isinstance(value, int) or isinstance(value, bool):
                yield self.sentences["bukan_angka"].format(nama=name)
            elif not limit.least * limit.minutes <= value <= limit.most * limit.minutes:
                most = f"{limit.most} {limit.unit}"
                yield self._say("rentang", nama=name, dari=limit.least, sampai=most)
        for clock in self.clocks:
            text = str(values[clock.key])
            if read_clock(text) != text:
                yield self._say("bukan_jam", nama=clock.name)
            elif not clock.least <= text <= clock.most:
                yield self._say("rentang", nama=clock.name, dari=clock.least, sampai=clock.most)
        days = str(values[WORKING_DAYS]).split()
        if not set(days) <= set(self.days):
            yield self._say("hari_tidak_dikenal", nama=self.days_name)
        elif len(set(days)) < self.least_days:
            yield self._say("hari_kurang", nama=self.days_name, jumlah=self.least_days)

    def _misfits(self, values: Values) -> Iterator[str]:
        policy = self.policy(values)
        hours = policy.hours
        daily = (_minute(hours.end) - _minute(hours.start)) / 60
        for group in self.groups:
            rule = policy.rules.get(group.id)
            if rule is None:
                continue
            whole = self.shown(f"{group.id}.paling_lama", int(rule.in_all.total_seconds() // 60))
            if rule.spread is not None and rule.spread >= rule.in_all:
                yield self._say("semua_terlambat", tingkat=group.name, batas=whole)
            if rule.rung is not None and rule.rung * RUNGS > rule.in_all:
                key = f"{group.id}.tiap_anak_tangga"
                step = self.shown(key, int(rule.rung.total_seconds() // 60))
                yield self._say("anak_tangga", tingkat=group.name, langkah=step, batas=whole)
            weeks = daily * len(hours.days) * WEEKS
            if rule.in_working_hours and rule.in_all.total_seconds() / 3600 > weeks:
                most = f"{weeks:g} jam kerja".replace(".", ",")
                yield self._say("dua_minggu", tingkat=group.name, lama=whole, batas=most)
        if not HOURS_A_DAY[0] <= daily <= HOURS_A_DAY[1]:
            yield self._say("panjang_hari")
        if hours.quiet_from < hours.end or hours.quiet_until > hours.start:
            yield self._say("tenang_di_jam_kerja")
        if hours.digest < hours.quiet_until:
            yield self._say("digest_di_jam_tenang")

    def _say(self, key: str, **blanks: object) -> str:
        return self.sentences[key].format(**blanks)


def read_clock(text: str) -> str | None:
    """Give a time of the day as "08.00" however it was typed, None if it is none."""
    hour, _, minute = text.strip().replace(":", ".").partition(".")
    minute = minute or "00"
    if not (hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2):
        return None
    if int(hour) > time.max.hour or int(minute) > time.max.minute:
        return None
    return f"{int(hour):02}.{int(minute):02}"


def _group(
    id: str, row: Mapping[str, Any], *, names: Mapping[str, str], units: Mapping[str, int]
) -> Group:
    limits = []
    for key, limit in row["nilai"].items():
        unit = limit.get("satuan", "menit")
        limits.append(
            Limit(
                key=f"{id}.{key}" if id else key,
                name=limit.get("nama") or names[key],
                unit=unit,
                minutes=units[unit],
                least=limit["dari"],
                most=limit["sampai"],
            )
        )
    return Group(id, row["nama"], row["keterangan"], tuple(limits))


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
