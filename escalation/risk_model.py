"""The trained part of the risk engine: plain arrays, read and used with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from escalation.risk_features import FAMILIES, circumstances, extract, hashed
from escalation.risk_reading import Reading

# Letters decide little alone but bridge typos; hits and groups count as much as words.
FAMILY_WEIGHTS = {
    "letters": 1.0,
    "spelled": 0.7,
    "standard": 1.0,
    "groups": 0.8,
    "rules": 1.0,
    "standard-letters": 1.0,
    "clauses": 1.0,
    "stems": 1.0,
    "pairs": 0.7,
    "sequence": 0.7,
}
SPELLED, STANDARD = FAMILIES.index("spelled"), FAMILIES.index("standard")
SEVERITY_HEADS = ("sedang", "tinggi", "darurat")
# How suspicious an offer is by itself, before anybody has answered it.
OFFER = "tawaran"
SCORES = (*SEVERITY_HEADS, OFFER)
"""What is compared with limits; the scores of a message are mixed from the heads for each."""
KIND_HEADS = ("TPPM", "rumah")
# What each net reads: words and clauses alone, and everything (typos, regional spellings).
_BY_WORDS = ("spelled", "standard", "groups", "rules", "clauses", "stems", "pairs", "sequence")
NET_FAMILIES = (_BY_WORDS, ("letters", "standard-letters", *_BY_WORDS))
SIGN_FAMILIES = ("spelled", "standard", "groups", "rules")
FORMAT = 4
"""Version of the arrays; to be raised also where limits must be measured again."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of one message. Scores are log-odds, higher is graver.

    `severity` has for each of SCORES what is compared with its limit; `probability` is that of a
    real tinggi or darurat in ordinary traffic.
    """

    severity: Mapping[str, float]
    probability: float
    kinds: Mapping[str, float]
    indicators: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Net:
    """A small net; `rows` says which row of its first layer belongs to which of the keys."""

    rows: NDArray[np.int32]
    inward: NDArray[np.int8]
    scale: Floats
    inward_bias: Floats
    outward: Floats
    outward_bias: Floats

    def score(self, rows: NDArray[np.int64], values: Floats) -> Floats:
        """Return the log-odds of each severity head."""
        places = self.rows[rows]
        known = places >= 0
        inner = (values[known] @ self.inward[places[known]]) * self.scale + self.inward_bias
        scores: Floats = np.maximum(inner, 0) @ self.outward + self.outward_bias
        return scores


def reach_level(judged: Judgement, limits: Mapping[str, float], *, margin: float) -> str:
    """Return the gravest level whose limit the scores reach with this margin, else `tidak`."""
    level = "tidak"
    for name in SEVERITY_HEADS:
        if judged.severity[name] < limits[name] + margin:
            break
        level = name
    return level


class RiskModelError(ValueError):
    """A model file that cannot be used."""


class RiskModel:
    """Linear scores over hashed features, with the thresholds found in training."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        try:
            self._keys = arrays["keys"].astype(np.uint32)
            self._rarity = arrays["rarity"].astype(np.float32)
            self._heads = arrays["heads"].astype(np.float32)
            self._head_bias = arrays["head_bias"].astype(np.float32)
            self._mix = arrays["mix"].astype(np.float32)
            self._nets = tuple(_read_net(arrays, at) for at in range(len(NET_FAMILIES)))
            self._signs = arrays["signs"]
            self._sign_scale = arrays["sign_scale"].astype(np.float32)
            self._sign_bias = arrays["sign_bias"].astype(np.float32)
            self._sign_rows = arrays["sign_rows"].astype(np.int32)
            self.indicator_ids = tuple(map(str, arrays["indicator_ids"]))
            slope, offset = arrays["calibration"].astype(np.float64)
            limits = arrays["limits"].astype(np.float64)
            self.fingerprint = str(arrays["fingerprint"][()])
            version = int(arrays["format"][()])
        except KeyError as error:
            raise RiskModelError(f"the risk model has no array {error}") from error
        if version != FORMAT:
            raise RiskModelError(f"risk model of format {version}, this program reads {FORMAT}")
        self._calibration = (float(slope), float(offset))
        self.limits = dict(zip(SCORES, map(float, limits), strict=True))

    @classmethod
    def load(cls, path: Path) -> RiskModel:
        """Return the model of a file. Raises RiskModelError, or OSError if it cannot be read."""
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls({name: file[name] for name in file.files})
        except ValueError as error:
            raise RiskModelError(f"{path}: {error}") from error

    def judge(self, reading: Reading) -> Judgement:
        """Return the scores of one message."""
        rows, values = self.weigh(extract(reading))
        scores = values @ self._heads[rows] + self._head_bias
        count = len(SEVERITY_HEADS)
        parts = [scores[:count], *(net.score(rows, values) for net in self._nets)]
        inputs = np.concatenate([*parts, np.array(circumstances(reading))])
        severity = dict(zip(SCORES, map(float, self._mix @ inputs), strict=True))
        return Judgement(
            severity=severity,
            probability=self._chance(severity["sedang"]),
            kinds=dict(zip(KIND_HEADS, map(float, scores[count:]), strict=True)),
            indicators=dict(zip(self.indicator_ids, self._sign_scores(rows, values), strict=True)),
        )

    @property
    def least_chance(self) -> float:
        """Chance of being red at the limit of `sedang`."""
        return self._chance(self.limits["sedang"])

    def _chance(self, score: float) -> float:
        slope, offset = self._calibration
        return float(1 / (1 + np.exp(-(slope * score + offset))))

    def weigh(self, features: Sequence[Sequence[str]]) -> tuple[NDArray[np.int64], Floats]:
        """Return the model's rows that a message touches and the weight of each."""
        rows, values = [], []
        for family, items in enumerate(features):
            found = self._rows_of(np.array(hashed(items, family=family), dtype=np.uint32))
            weights = self._rarity[found]
            norm = float(np.sqrt((weights**2).sum())) or 1.0
            rows.append(found)
            values.append(weights * np.float32(FAMILY_WEIGHTS[FAMILIES[family]] / norm))
        return np.concatenate(rows), np.concatenate(values)

    def word_scores(self, reading: Reading, indicator: str | None) -> list[float]:
        """Return how much each word of the message speaks for an indicator, or for danger."""
        rows_by_word = [self._rows_of(keys) for keys in _word_keys(reading)]
        if indicator is None:
            danger = self._heads[:, SEVERITY_HEADS.index("tinggi")]
            return [float((danger[rows] * self._rarity[rows]).sum()) for rows in rows_by_word]
        column = self.indicator_ids.index(indicator)
        places = [self._sign_rows[rows] for rows in rows_by_word]
        signs = self._signs[:, column].astype(np.float32) * self._sign_scale[column]
        return [float(signs[found[found >= 0]].sum()) for found in places]

    def _rows_of(self, keys: NDArray[np.uint32]) -> NDArray[np.int64]:
        if not len(keys):
            return np.zeros(0, dtype=np.int64)
        at = np.searchsorted(self._keys, keys)
        at[at == len(self._keys)] = 0
        found: NDArray[np.int64] = at[self._keys[at] == keys]
        return found

    def _sign_scores(self, rows: NDArray[np.int64], values: Floats) -> list[float]:
        places = self._sign_rows[rows]
        known = places >= 0
        weights = self._signs[places[known]].astype(np.float32)
        scores = (values[known] @ weights) * self._sign_scale + self._sign_bias
        return [float(score) for score in scores]


def _word_keys(reading: Reading) -> list[NDArray[np.uint32]]:
    """Return the features of each word, alone and with the next one."""
    words = reading.words
    found = []
    for at, word in enumerate(words):
        near = words[at + 1] if at + 1 < len(words) else None
        spelled = [word.forms[0]] + ([f"{word.forms[0]} {near.forms[0]}"] if near else [])
        standard = [word.norm] + ([f"{word.norm} {near.norm}"] if near else [])
        keys = hashed(spelled, family=SPELLED) + hashed(standard, family=STANDARD)
        found.append(np.array(keys, dtype=np.uint32))
    return found


def _read_net(arrays: Mapping[str, NDArray[np.generic]], number: int) -> Net:
    layers = {
        name: arrays[f"net{number}_{name}"].astype(np.float32)
        for name in ("scale", "inward_bias", "outward", "outward_bias")
    }
    return Net(
        rows=arrays[f"net{number}_rows"].astype(np.int32),
        inward=arrays[f"net{number}_inward"].astype(np.int8),
        **layers,
    )
