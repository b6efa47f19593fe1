"""A vote from counting alone: how much more often each entry's phrasings use a feature than others.

It needs no steps of training and errs differently from the nets, which is why they gain from it.
Used by `knowledge.training` alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from knowledge.matcher_model import Net

SMOOTHING = 5.0
"""Times the average weight of a feature, as if every entry had seen that much of it."""

SHARPNESS = 3.0
"""Chosen in cross-validation over the phrasings; the mixture weighs the vote again."""

_TINY = 1e-6
_TOP = 127


def count_net(
    features: sparse.csr_matrix,
    classes: NDArray[np.int64],
    *,
    kinds: tuple[str, ...],
    class_count: int,
) -> Net:
    """A net without a hidden layer: naive Bayes against all other entries, weights of equal size."""
    rows = len(classes)
    members = sparse.csr_matrix(
        (np.ones(rows, dtype=np.float32), (classes, np.arange(rows))), shape=(class_count, rows)
    )
    found = np.asarray((members @ features).todense(), dtype=np.float32)
    found += np.float32(SMOOTHING) * np.asarray(features.mean(axis=0), dtype=np.float32)
    found += np.float32(_TINY)
    others = found.sum(axis=0) - found
    weights = np.log(found / found.sum(axis=1, keepdims=True))
    weights -= np.log(others / others.sum(axis=1, keepdims=True))
    weights *= np.float32(SHARPNESS) / np.abs(weights).mean(axis=1, keepdims=True)
    scale = np.abs(weights).max(axis=1) / np.float32(_TOP)
    return Net(
        kinds=kinds,
        inward=np.round(weights / scale[:, None]).astype(np.int8).T.copy(),
        scale=scale,
        inward_bias=np.zeros(class_count, dtype=np.float32),
        outward=np.zeros((0, class_count), dtype=np.float32),
        outward_bias=np.zeros(class_count, dtype=np.float32),
    )
