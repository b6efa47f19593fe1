"""From which score each level holds, and what a score means in ordinary traffic.

Both by kept-apart scores: of models that saw nothing of a message's group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from escalation.risk_data import LEVELS, Labelled
from escalation.risk_model import SEVERITY_HEADS

# Real traffic: one red message in seventy; most of the rest are plain questions.
RED_SHARE = 1 / 70
# What share of the graver messages must reach each limit, and which ones those are.
KEPT_BY_LIMIT = {"sedang": 0.957, "tinggi": 0.93, "darurat": 0.75}
GRAVER = {"sedang": "tinggi", "tinggi": "darurat", "darurat": "darurat"}

Floats = NDArray[np.float64]


def find_limits(scores: Mapping[str, Floats], rows: Sequence[Labelled]) -> Floats:
    """Return the score from which each level holds, by KEPT_BY_LIMIT of the packaged messages."""
    levels = np.array([row.level for row in rows])
    own = np.array([row.source != "ordinary" for row in rows])
    return np.array(
        [
            np.quantile(
                scores[name][own & (levels >= LEVELS.index(GRAVER[name]))],
                1 - KEPT_BY_LIMIT[name],
            )
            for name in SEVERITY_HEADS
        ]
    )


def calibrate(scores: Floats, rows: Sequence[Labelled]) -> Floats:
    """Return slope and offset that turn kept-apart scores into odds of red in real traffic."""
    red = np.array([row.level >= LEVELS.index("tinggi") for row in rows])
    weights = np.array([row.weight for row in rows])
    share = np.where(red, RED_SHARE / weights[red].sum(), (1 - RED_SHARE) / weights[~red].sum())
    model = LogisticRegression(C=1e6, solver="lbfgs")
    model.fit(scores[:, None], red, sample_weight=weights * share * len(rows))
    return np.array([model.coef_[0, 0], model.intercept_[0]])
