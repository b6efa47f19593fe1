"""Training of one small net, deterministic and fast on a plain processor.

A share of the features is hidden at every step, so that no single word decides. Used by `knowledge.training` alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from knowledge.matcher_model import Net
from knowledge.net_steps import TINY, Adam, Floats, correction, in_whole_numbers, move_rows

BATCH = 64
HIDDEN_FEATURES = 0.3
SECOND_STEP = 3e-3


@dataclass(frozen=True, slots=True)
class Plan:
    """What a net reads and how it is trained."""

    kinds: tuple[str, ...]
    hidden: int
    epochs: int
    step: float
    dropout: float
    seed: int


def train_net(
    features: sparse.csr_matrix, classes: NDArray[np.int64], *, plan: Plan, class_count: int
) -> Net:
    """A net for `features` (rows of the plan's kinds side by side); same input, same net."""
    rng = np.random.default_rng(plan.seed)
    count, width = features.shape
    inward = rng.standard_normal((width, plan.hidden), dtype=np.float32) * np.float32(0.05)
    squares = np.full(width, TINY, dtype=np.float32)
    spread = np.sqrt(2 / (class_count + plan.hidden))
    first = rng.standard_normal((plan.hidden, class_count), dtype=np.float32)
    outward = Adam((first * spread).astype(np.float32))
    inward_bias = Adam(np.zeros(plan.hidden, dtype=np.float32))
    outward_bias = Adam(np.zeros(class_count, dtype=np.float32))
    total = plan.epochs * -(-count // BATCH)
    done = 0
    for _ in range(plan.epochs):
        order = rng.permutation(count)
        shuffled, wanted = features[order], classes[order]
        for start in range(0, count, BATCH):
            batch, target = shuffled[start : start + BATCH], wanted[start : start + BATCH]
            if plan.dropout:
                kept = rng.random(batch.nnz, dtype=np.float32) > plan.dropout
                batch.data *= kept / np.float32(1 - plan.dropout)
            done += 1
            rest = 1 - done / total
            activation = batch @ inward + inward_bias.value
            hidden = np.maximum(activation, 0)
            error = _softmax(hidden @ outward.value + outward_bias.value)
            error[np.arange(len(target)), target] -= 1
            back = (error @ outward.value.T) * (activation > 0)
            move_rows(inward, squares, batch, back, step=plan.step * rest)
            step = SECOND_STEP * rest * correction(done)
            inward_bias.move(back.mean(axis=0), step=step)
            outward.move(hidden.T @ error / np.float32(len(target)), step=step)
            outward_bias.move(error.mean(axis=0), step=step)
    unseen = np.bincount(features.indices, minlength=width) == 0
    inward[unseen] = 0
    whole, scale = in_whole_numbers(inward)
    return Net(
        kinds=plan.kinds,
        inward=whole,
        scale=scale,
        inward_bias=inward_bias.value,
        outward=outward.value,
        outward_bias=outward_bias.value,
    )


def _softmax(logits: Floats) -> Floats:
    logits = logits - logits.max(axis=1, keepdims=True)
    shares: Floats = np.exp(logits)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares
