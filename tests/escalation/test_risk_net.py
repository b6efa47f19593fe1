"""The small net that is trained beside the linear heads."""

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from escalation.risk_net import TrainedNet, train_net


def exclusive_or() -> tuple[csr_matrix, np.ndarray]:
    """Two features of which exactly one must be there: no linear head can tell."""
    left, right = (np.tile(column, 200) for column in ([0, 0, 1, 1], [0, 1, 0, 1]))
    rows = np.stack([left, right, 1 - left, 1 - right], axis=1).astype(np.float32)
    return csr_matrix(rows), (left != right).astype(np.float32)[:, None]


def trained(seed: int) -> tuple[TrainedNet, csr_matrix, np.ndarray]:
    features, answers = exclusive_or()
    weights = np.ones_like(answers)
    return train_net(features, answers, weights=weights, kept=1, seed=seed), features, answers


def test_a_net_learns_what_no_linear_head_can() -> None:
    net, features, answers = trained(0)
    assert ((net.score(features) > 0) == (answers > 0)).all()


def test_the_same_seed_gives_the_same_net() -> None:
    first, again = trained(1)[0], trained(1)[0]
    assert np.array_equal(first.inward, again.inward)
    assert np.array_equal(first.outward, again.outward)
