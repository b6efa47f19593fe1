"""Texts that mean much the same, put together: greedy, in order, no model of its own."""

import math
from collections.abc import Mapping, Sequence

ALIKE_FROM = 0.45
"""Cosine of weighted roots from which two questions count as one; looked at by hand."""


def group(vectors: Sequence[Mapping[int, float]]) -> list[list[int]]:
    """Give positions in groups; each joins the most similar earlier first member, or opens one."""
    firsts: list[int] = []
    groups: list[list[int]] = []
    for at, vector in enumerate(vectors):
        likeness = [_cosine(vector, vectors[first]) for first in firsts]
        best = max(range(len(firsts)), key=likeness.__getitem__, default=None)
        if best is not None and likeness[best] >= ALIKE_FROM:
            groups[best].append(at)
        else:
            firsts.append(at)
            groups.append([at])
    return groups


def _cosine(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    product = sum(weight * other[column] for column, weight in one.items() if column in other)
    size = _length(one) * _length(other)
    return product / size if size else 0.0


def _length(vector: Mapping[int, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in vector.values()))
