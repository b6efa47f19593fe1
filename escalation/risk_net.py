"""Training of one small net that reads a message's features and answers several yes/no questions.

Beside how grave a message is it learns which indicators hold and what is asked about, so that its
inner units stand for signs and topics and not for single words. At every step most features are
hidden: a message from outside holds many that the net has never seen. Used in training
alone; the same input gives the same net.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from knowledge.net_steps import TINY, Adam, Floats, correction, in_whole_numbers, move_rows

BATCH = 64
EPOCHS = 6  # from grouped cross-validation: 10 and 16 add nothing
UNITS = 40
HIDDEN_FEATURES = 0.6
FIRST_STEP, SECOND_STEP = 0.1, 3e-3
_SPREAD = np.float32(0.05)
_STEEPEST = 30.0


@dataclass(frozen=True, slots=True)
class TrainedNet:
    """A net's weights; the first layer in whole numbers, times `scale` per unit."""

    inward: NDArray[np.int8]
    scale: Floats
    inward_bias: Floats
    outward: Floats
    outward_bias: Floats

    def score(self, features: sparse.csr_matrix) -> Floats:
        """Return the log-odds of each question for each row of features."""
        inner = features @ (self.inward.astype(np.float32) * self.scale) + self.inward_bias
        scores: Floats = np.maximum(inner, 0) @ self.outward + self.outward_bias
        return scores


class _Learner:
    def __init__(self, *, width: int, questions: int, rng: np.random.Generator) -> None:
        self._rng = rng
        self._inward = rng.standard_normal((width, UNITS), dtype=np.float32) * _SPREAD
        self._squares = np.full(width, TINY, dtype=np.float32)
        first = rng.standard_normal((UNITS, questions)) * np.sqrt(2 / (questions + UNITS))
        self._outward = Adam(first.astype(np.float32))
        self._inward_bias = Adam(np.zeros(UNITS, dtype=np.float32))
        self._outward_bias = Adam(np.zeros(questions, dtype=np.float32))
        self._done = 0

    def learn(
        self, batch: sparse.csr_matrix, answers: Floats, *, weights: Floats, rest: float
    ) -> None:
        """Take one step; `rest` of the steps' full size is left."""
        shown = self._rng.random(batch.nnz, dtype=np.float32) > HIDDEN_FEATURES
        batch.data = batch.data * (shown / np.float32(1 - HIDDEN_FEATURES))
        activation = batch @ self._inward + self._inward_bias.value
        hidden = np.maximum(activation, 0)
        odds = hidden @ self._outward.value + self._outward_bias.value
        error = (_logistic(odds) - answers) * weights
        back = (error @ self._outward.value.T) * (activation > 0)
        move_rows(self._inward, self._squares, batch, back, step=FIRST_STEP * rest)
        self._done += 1
        step = SECOND_STEP * rest * correction(self._done)
        self._inward_bias.move(back.mean(axis=0), step=step)
        self._outward.move(hidden.T @ error / np.float32(len(answers)), step=step)
        self._outward_bias.move(error.mean(axis=0), step=step)

    def net(self, seen: NDArray[np.bool_], *, kept: int) -> TrainedNet:
        """Return the net, with its first `kept` outputs; features never seen count for nothing."""
        self._inward[~seen] = 0
        whole, scale = in_whole_numbers(self._inward)
        return TrainedNet(
            inward=whole,
            scale=scale,
            inward_bias=self._inward_bias.value,
            outward=self._outward.value[:, :kept],
            outward_bias=self._outward_bias.value[:kept],
        )


def train_net(
    features: sparse.csr_matrix, answers: Floats, *, weights: Floats, kept: int, seed: int
) -> TrainedNet:
    """Return a net for `answers` (0 or 1) weighted by `weights`, with its first `kept` outputs."""
    rng = np.random.default_rng(seed)
    count, width = features.shape
    learner = _Learner(width=width, questions=answers.shape[1], rng=rng)
    total = EPOCHS * -(-count // BATCH)
    done = 0
    for _ in range(EPOCHS):
        order = rng.permutation(count)
        for start in range(0, count, BATCH):
            rows = order[start : start + BATCH]
            learner.learn(
                features[rows], answers[rows], weights=weights[rows], rest=1 - done / total
            )
            done += 1
    return learner.net(np.bincount(features.indices, minlength=width) > 0, kept=kept)


def _logistic(odds: Floats) -> Floats:
    shares = 1 / (1 + np.exp(-np.clip(odds, -_STEEPEST, _STEEPEST)))
    return shares.astype(np.float32, copy=False)
