"""The most similar phrasings of the FAQ as it stands now: reasons, and phrasings newer than the model.

Similarity is the cosine of weighted roots and root pairs. Phrasings that were there at training
come with their weights in the model; only newer ones are read at the start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.text import Words
from knowledge.text_features import STEM_WORDS, Sparse, Vocabulary, read
from knowledge.variants import Variant


@dataclass(frozen=True, slots=True)
class Rows:
    """Weights of many phrasings: row r is columns[starts[r]:starts[r+1]], keyed by `keys[r]`."""

    keys: NDArray[np.uint64]
    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    weights: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The similarity of every phrasing, and the best of the phrasings newer than the model."""

    similarity: NDArray[np.float32]
    rows: tuple[NDArray[np.int64], ...]  # of each label
    newer_similarity: float
    newer_label: int

    def best_row(self, label: int) -> int | None:
        """The row of the label's most similar phrasing; None if nothing is similar."""
        rows = self.rows[label]
        scores = self.similarity[rows]
        at = int(np.argmax(scores)) if len(rows) else 0
        return int(rows[at]) if len(rows) and scores[at] > 0 else None


def variant_key(slug: str, text: str) -> int:
    """A 64-bit number that stands for one phrasing of one entry."""
    return int.from_bytes(hashlib.blake2b(f"{slug}\t{text}".encode(), digest_size=8).digest())


class Neighbours:
    """`find(vector)` over the current phrasings."""

    def __init__(
        self,
        trained: Rows,
        variants: Sequence[Variant],
        *,
        labels: Sequence[str],
        vocabulary: Vocabulary,
        words: Words,
    ) -> None:
        place = {int(key): row for row, key in enumerate(trained.keys)}
        at = {label: number for number, label in enumerate(labels)}
        self._labels = np.array([at[variant.slug] for variant in variants], dtype=np.int64)
        self._rows = tuple(np.flatnonzero(self._labels == label) for label in range(len(labels)))
        keys = [variant_key(variant.slug, variant.text) for variant in variants]
        newer = [row for row, key in enumerate(keys) if key not in place]
        self._newer = np.array(newer, dtype=np.int64)
        readings = {row: read(variants[row].text, words) for row in newer}
        vocabulary.extend(list(readings.values()))
        parts: list[Sparse] = []
        for row, key in enumerate(keys):
            if row in readings:
                parts.append(vocabulary.vector(readings[row], STEM_WORDS))
            else:
                span = slice(trained.starts[place[key]], trained.starts[place[key] + 1])
                parts.append(Sparse(trained.columns[span], trained.weights[span]))
        self._postings = Postings(parts, width=vocabulary.size)

    def find(self, vector: Sparse) -> Nearest:
        """The similarities of every phrasing to one message."""
        similarity = self._postings.similarity(vector)
        newer_similarity, newer_label = 0.0, 0
        if len(self._newer):
            at = self._newer[int(np.argmax(similarity[self._newer]))]
            newer_similarity, newer_label = float(similarity[at]), int(self._labels[at])
        return Nearest(similarity, self._rows, newer_similarity, newer_label)


class Postings:
    """For every column the rows that have it: a message touches only its own columns."""

    def __init__(self, parts: Sequence[Sparse], *, width: int) -> None:
        self._rows_count = len(parts)
        sizes = [len(part.columns) for part in parts]
        rows = np.repeat(np.arange(len(parts), dtype=np.int32), sizes)
        none: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
        columns = np.concatenate([part.columns for part in parts] or none)
        weights = np.concatenate([part.weights for part in parts] or none).astype(np.float32)
        order = np.argsort(columns, kind="stable")
        self._rows, self._weights = rows[order], weights[order]
        self._starts = np.searchsorted(columns[order], np.arange(width + 1))

    def similarity(self, vector: Sparse) -> NDArray[np.float32]:
        """The cosine with every row."""
        total = np.zeros(self._rows_count, dtype=np.float32)
        for column, weight in zip(vector.columns, vector.weights, strict=True):
            span = slice(self._starts[column], self._starts[column + 1])
            total[self._rows[span]] += weight * self._weights[span]
        return total
