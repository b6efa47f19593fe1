"""The times of a policy as one flat list of values: what a form shows and a version keeps."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from escalation.policy import Policy, policy_of

Value = int | str
Values = Mapping[str, Value]
"""Minutes, clock times such as "08.00", or names of days, by a dotted key."""

WORKING_DAYS = "jam_kerja.hari"
CLOCKS = ("jam_kerja.mulai", "jam_kerja.selesai", "jam_tenang.mulai", "jam_tenang.selesai")
ALONE = ("digest", "latihan_selesai_setelah")
FIXED = frozenset({"jam_kerja", "digest"})
"""Which levels may wait for working hours or the morning is not for an admin to change."""


def values_of(raw: Mapping[str, Any]) -> dict[str, Value]:
    """Give the values of a policy as parsed, in the order of its file."""
    found: dict[str, Value] = {
        f"{level}.{key}": value
        for level, row in raw["levels"].items()
        for key, value in row.items()
        if key not in FIXED
    }
    for key in CLOCKS:
        group, name = key.split(".")
        found[key] = raw[group][name]
    found[WORKING_DAYS] = " ".join(raw["jam_kerja"]["hari"])
    return found | {key: raw[key] for key in ALONE}


def policy_with(raw: Mapping[str, Any], values: Values) -> Policy:
    """Give the policy of a file with other values in their places.

    Raises PolicyError for values that make no policy, KeyError for a place that the file has not.
    """
    made: dict[str, Any] = deepcopy(dict(raw))
    for key, value in values.items():
        group, _, name = key.partition(".")
        if key == WORKING_DAYS:
            made[group][name] = str(value).split()
        elif not name:
            made[group] = value
        else:
            row = made["levels"][group] if group in made["levels"] else made[group]
            if name not in row or name in FIXED:
                raise KeyError(key)
            row[name] = value
    return policy_of(made)
