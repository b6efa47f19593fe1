"""The most similar phrasings of the FAQ as it stands now.

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

# Neighbours that vote, each with its squared similarity; and the floor that keeps logarithms finite.
VOTERS = 24
FLOOR = 0.02


@dataclass(frozen=True, slots=True)
class Rows:
    """Weights of many phrasings: row r is columns[starts[r]:starts[r+1]], keyed by `keys[r]`."""

    keys: NDArray[np.uint64]
    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    weights: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Nearest:
    """Per label the best similarity and the vote; and the best of the phrasings newer than the model."""

    similarity: NDArray[np.float32]
    labels: NDArray[np.int64]
    best: NDArray[np.float64]
    vote: NDArray[np.float64]
    newer_similarity: float
    newer_label: int

    def features(self, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What the mixture weighs, for the first `size` labels."""
        return as_votes(self.best[:size]), as_votes(self.vote[:size])

    def best_row(self, label: int) -> int | None:
        """The row of the label's most similar phrasing; None if nothing is similar."""
        scores = np.where(self.labels == label, self.similarity, 0.0)
        at = int(np.argmax(scores)) if len(scores) else 0
        return at if len(scores) and scores[at] > 0 else None


def as_votes(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms with a floor: as the nets' votes are logarithms too."""
    return np.log(sums + FLOOR)


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
        row_labels = np.array([at[variant.slug] for variant in variants], dtype=np.int64)
        self._summary = Summary(row_labels, label_count=len(labels))
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
        """The similarities of every phrasing to one message, summed up per label."""
        similarity = self._postings.similarity(vector)
        newer_similarity, newer_label = 0.0, 0
        if len(self._newer):
            at = self._newer[int(np.argmax(similarity[self._newer]))]
            newer_similarity, newer_label = float(similarity[at]), int(self._summary.labels[at])
        return Nearest(
            similarity=similarity,
            labels=self._summary.labels,
            best=self._summary.best(similarity),
            vote=self._summary.vote(similarity),
            newer_similarity=newer_similarity,
            newer_label=newer_label,
        )


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


class Summary:
    """Sums similarities up per label; the labels of the rows are fixed."""

    def __init__(self, labels: NDArray[np.int64], *, label_count: int) -> None:
        self.labels = labels
        self._label_count = label_count
        self._order = np.argsort(labels, kind="stable")
        self._present, self._starts = np.unique(labels[self._order], return_index=True)

    def best(self, similarity: NDArray[np.float32]) -> NDArray[np.float64]:
        """The best similarity per label."""
        best = np.zeros(self._label_count)
        if len(self._present):
            best[self._present] = np.maximum.reduceat(similarity[self._order], self._starts)
        return best

    def vote(self, similarity: NDArray[np.float32]) -> NDArray[np.float64]:
        """The squared similarities of the `VOTERS` nearest phrasings per label."""
        top = np.arange(len(similarity))
        if len(similarity) > VOTERS:
            top = np.argpartition(similarity, -VOTERS)[-VOTERS:]
        squares = similarity[top].astype(np.float64) ** 2
        vote = np.zeros(self._label_count)
        vote += np.bincount(self.labels[top], weights=squares, minlength=self._label_count)
        return vote
