"""A share with its 95 % interval (Wilson) and its counts."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

NORMAL_95 = 1.96


def interval(part: int, whole: int) -> str:
    """Give `part` of `whole` as a share, its interval and the counts."""
    if not whole:
        return "-"
    p, n, z = part / whole, whole, NORMAL_95
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return f"{p:.3f} [{middle - half:.3f}, {middle + half:.3f}] ({part}/{n})"


def share(flags: Iterable[bool]) -> str:
    """Give how many of the flags are set."""
    found = list(flags)
    return interval(sum(found), len(found))
