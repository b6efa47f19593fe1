"""From which score each level holds, and what a score means in ordinary traffic.

Measured by kept-apart scores: of models that saw nothing of a message's group. That takes several
trainings, so what was measured for the packaged messages is packaged beside them, and used as long
as it was measured for these very messages and this format of the model. Whoever changes the recipe
measures again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from escalation.risk_data import LEVELS, Labelled, fingerprint
from escalation.risk_model import FORMAT, NET_FAMILIES, OFFER, SCORES, SEVERITY_HEADS

# Real traffic: one red message in seventy; most of the rest are plain questions.
RED_SHARE = 1 / 70
# What share of the graver messages must reach each limit, and which ones those are.
KEPT_BY_LIMIT = {"sedang": 0.96, "tinggi": 0.952, "darurat": 0.75, OFFER: 0.90}
GRAVER = {"sedang": "tinggi", "tinggi": "darurat", "darurat": "darurat"}
# What each net adds to the linear score, both in standard deviations; from cross-validation.
NET_SHARE = 0.2
# Ordinary questions, and contrast pairs written for training: they differ by a word or two.
NOT_IN_LIMITS = frozenset({"ordinary", "m"})
ADVERTISEMENTS = "i"  # set of job advertisements
FILE = "risk-limits.json"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Limits:
    """`mix` has for each of SCORES what every head and circumstance of a message adds to it.

    `limits` has the score from which each holds; `calibration` slope and offset that turn
    the score of `sedang` into log-odds of red in real traffic.
    """

    mix: tuple[tuple[float, ...], ...]
    limits: tuple[float, ...]
    calibration: tuple[float, float]


def measure(scores: Floats, around: Floats, rows: Sequence[Labelled]) -> Limits:
    """Return the limits by kept-apart scores: parts × messages × severity heads.

    `around` has the circumstances of each message.
    """
    inputs = np.hstack([*scores, around])
    mix = np.stack([
        _summed(scores, around, {"sedang": 1.0, "tinggi": 1.0}),
        _weighed(inputs, rows),
        _summed(scores, around, {"darurat": 1.0, "tinggi": 0.3}),
        _summed(scores, around, {"sedang": 1.0}),
    ])  # fmt: skip
    levels = inputs @ mix.T
    return Limits(
        mix=tuple(tuple(map(float, line)) for line in mix),
        limits=_limits(levels, rows),
        calibration=_calibration(levels[:, 0], rows),
    )


def _summed(scores: Floats, around: Floats, heads: Mapping[str, float]) -> Floats:
    """Return factors that add up heads in standard deviations, nets for their share."""
    share = np.array([1.0, *[NET_SHARE] * len(NET_FAMILIES)])
    factors = np.array([heads.get(name, 0.0) for name in SEVERITY_HEADS])
    summed = share[:, None] * factors / scores.std(axis=1)
    return np.concatenate([summed.ravel(), np.zeros(around.shape[1])])


def _weighed(inputs: Floats, rows: Sequence[Labelled]) -> Floats:
    """Return the factors that best tell `darurat` from calm messages.

    Fitted, because a finding by words would else count twice: in the scores and by itself.
    """
    levels = np.array([row.level for row in rows])
    weights = np.array([row.weight for row in rows])
    told = (levels <= LEVELS.index("rendah")) | (levels == LEVELS.index("darurat"))
    spread = inputs.std(axis=0)
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(inputs[told] / spread, levels[told] > 1, sample_weight=weights[told])
    factors: Floats = model.coef_[0] / spread
    return factors


def measured_for(rows: Sequence[Labelled]) -> str:
    """Return what limits are measured for: the labelled messages and the format of the model.

    Ordinary questions are left out: editing a FAQ's phrasings moves no limit noticeably.
    """
    labelled = fingerprint([row for row in rows if row.source != "ordinary"])
    return f"{FORMAT}-{labelled}"


def packaged_limits(rows: Sequence[Labelled], source: Traversable | None = None) -> Limits | None:
    """Return the packaged limits if they were measured for these messages."""
    source = source or files("escalation") / "data" / FILE
    if not source.is_file():
        return None
    told = json.loads(source.read_text(encoding="utf-8"))
    if told.pop("measured_for") != measured_for(rows):
        return None
    slope, offset = told["calibration"]
    return Limits(tuple(map(tuple, told["mix"])), tuple(told["limits"]), (slope, offset))


def as_text(limits: Limits, rows: Sequence[Labelled]) -> str:
    """Return the packaged file's text."""
    return json.dumps({"measured_for": measured_for(rows), **asdict(limits)}, indent=1) + "\n"


def _limits(scores: Floats, rows: Sequence[Labelled]) -> tuple[float, ...]:
    """Return the score from which each of SCORES holds, by KEPT_BY_LIMIT of labelled messages."""
    levels = np.array([row.level for row in rows])
    own = np.array([row.source not in NOT_IN_LIMITS for row in rows])
    found = []
    for at, name in enumerate(SEVERITY_HEADS):
        graver = own & (levels >= LEVELS.index(GRAVER[name]))
        found.append(float(np.quantile(scores[graver, at], 1 - KEPT_BY_LIMIT[name])))
    offers = np.array([row.source == ADVERTISEMENTS for row in rows])
    suspicious = offers & (levels >= LEVELS.index("sedang"))
    at = SCORES.index(OFFER)
    found.append(float(np.quantile(scores[suspicious, at], 1 - KEPT_BY_LIMIT[OFFER])))
    return tuple(found)


def _calibration(scores: Floats, rows: Sequence[Labelled]) -> tuple[float, float]:
    red = np.array([row.level >= LEVELS.index("tinggi") for row in rows])
    weights = np.array([row.weight for row in rows])
    share = np.where(red, RED_SHARE / weights[red].sum(), (1 - RED_SHARE) / weights[~red].sum())
    model = LogisticRegression(C=1e6, solver="lbfgs")
    model.fit(scores[:, None], red, sample_weight=weights * share * len(rows))
    return float(model.coef_[0, 0]), float(model.intercept_[0])
