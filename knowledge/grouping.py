"""Texts that mean much the same, put together: greedy, in order, no model of its own."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

ALIKE_FROM = 0.45
"""Cosine of weighted roots from which two questions count as one; looked at by hand."""


def group(vectors: Sequence[Mapping[int, float]]) -> list[list[int]]:
    """Give positions in groups; each joins the most similar earlier first member, or opens one."""
    groups: list[list[int]] = []
    # Which first members have a column: what shares no column is never looked at.
    having: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for at, vector in enumerate(map(_of_length_one, vectors)):
        likeness: defaultdict[int, float] = defaultdict(float)
        for column, weight in vector.items():
            for first, other in having[column]:
                likeness[first] += weight * other
        most = max(likeness.values(), default=0.0)
        if most >= ALIKE_FROM:
            groups[min(first for first, value in likeness.items() if value == most)].append(at)
            continue
        for column, weight in vector.items():
            having[column].append((len(groups), weight))
        groups.append([at])
    return groups


def _of_length_one(vector: Mapping[int, float]) -> Mapping[int, float]:
    length = math.hypot(*vector.values())
    return {column: weight / length for column, weight in vector.items()} if length else {}
