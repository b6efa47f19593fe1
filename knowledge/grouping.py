"""Texts that mean much the same, put together: greedy, in order, no model of its own."""

import math
from collections.abc import Mapping, Sequence

ALIKE_FROM = 0.45
"""Cosine of weighted roots from which two questions count as one; looked at by hand."""


def group(vectors: Sequence[Mapping[int, float]]) -> list[list[int]]:
    """Give positions in groups; each joins the most similar earlier first member, or opens one."""
    firsts: list[int] = []
    groups: list[list[int]] = []
    unit = [_of_length_one(vector) for vector in vectors]
    for at, vector in enumerate(unit):
        likeness = [_product(vector, unit[first]) for first in firsts]
        best = max(range(len(firsts)), key=likeness.__getitem__, default=None)
        if best is not None and likeness[best] >= ALIKE_FROM:
            groups[best].append(at)
        else:
            firsts.append(at)
            groups.append([at])
    return groups


def _product(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    return sum(weight * other[column] for column, weight in one.items() if column in other)


def _of_length_one(vector: Mapping[int, float]) -> Mapping[int, float]:
    length = math.hypot(*vector.values())
    return {column: weight / length for column, weight in vector.items()} if length else {}
