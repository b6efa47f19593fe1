"""The steps by which the small nets learn, shared by those that train one.

First layer by row-wise Adagrad (one running square per feature: rare words keep a large step),
second layer by Adam; what is kept of the first layer are whole numbers. The same input gives the
same net.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

TINY = 1e-8
_DECAY_MEAN, _DECAY_SQUARE = 0.9, 0.999
_TOP = 127  # largest whole number of the kept first layer

Floats = NDArray[np.float32]


class Adam:
    """A layer that is moved against its slope (Kingma & Ba 2015)."""

    def __init__(self, value: Floats) -> None:
        """Start from `value`, which is changed in place."""
        self.value = value
        self._mean, self._square = np.zeros_like(value), np.zeros_like(value)

    def move(self, slope: Floats, *, step: float) -> None:
        """Take one step; `step` includes `correction`."""
        self._mean += np.float32(1 - _DECAY_MEAN) * (slope - self._mean)
        self._square += np.float32(1 - _DECAY_SQUARE) * (slope * slope - self._square)
        self.value -= np.float32(step) * self._mean / (np.sqrt(self._square) + np.float32(TINY))


def correction(done: int) -> float:
    """Return Adam's correction for its first steps."""
    return float(np.sqrt(1 - _DECAY_SQUARE**done) / (1 - _DECAY_MEAN**done))


def move_rows(
    inward: Floats, squares: Floats, batch: sparse.csr_matrix, back: Floats, *, step: float
) -> None:
    """Do one Adagrad step for the rows of `inward` that the batch touches."""
    columns, place = np.unique(batch.indices, return_inverse=True)
    turned = sparse.csc_matrix(
        (batch.data, place, batch.indptr), shape=(len(columns), batch.shape[0])
    )
    slope = turned @ back
    squares[columns] += np.einsum("ij,ij->i", slope, slope) / np.float32(inward.shape[1])
    inward[columns] -= slope * (np.float32(step) / np.sqrt(squares[columns]))[:, None]


def in_whole_numbers(inward: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return a first layer rounded to whole numbers, and what one is worth in each unit."""
    scale = np.maximum(np.abs(inward).max(axis=0), np.float32(TINY)) / np.float32(_TOP)
    return np.round(inward / scale).astype(np.int8), scale
