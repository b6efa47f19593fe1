"""Train the risk model: `python -m escalation.risk_training --out FILE`.

scikit-learn is imported by training alone. The same data gives the same file. Progress goes to
stderr.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from escalation.risk_data import LEVELS, Labelled, fingerprint, folds, load_rows
from escalation.risk_indicators import IndicatorBook
from escalation.risk_limits import calibrate, find_limits
from escalation.risk_model import (
    FORMAT,
    KIND_HEADS,
    NET_FAMILIES,
    SEVERITY_HEADS,
    SIGN_FAMILIES,
    combine_scores,
)
from escalation.risk_net import TrainedNet, train_net
from escalation.risk_table import Floats, Step, Table, build_table
from knowledge.text import Words

FOLDS = 3
WORKERS = 2  # cores of the smallest machine that trains
TOLERANCE = 1e-3
STRENGTH = 8.0  # inverse regularisation, from grouped cross-validation
SIGN_STRENGTH = 10.0
SIGN_TOLERANCE = 1e-2  # they only rank and explain
SIGN_LEVELS = 127
SIGN_WEIGHT = 0.5  # of an indicator as a side question of a net
# What each net adds to the linear score, both in standard deviations; from cross-validation.
NET_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Parts:
    """What judges severity: a linear head for each level, and the nets."""

    heads: tuple[tuple[Floats, float], ...]
    nets: tuple[TrainedNet, ...]

    def scores(self, table: Table, rows: NDArray[np.int64]) -> Floats:
        """Return the scores as parts × messages × severity heads."""
        matrix = table.matrix[rows]
        linear = np.stack([matrix @ coef + bias for coef, bias in self.heads], axis=1)
        deep = [
            net.score(matrix[:, table.columns_of(names)])
            for net, names in zip(self.nets, NET_FAMILIES, strict=True)
        ]
        return np.stack([linear, *deep])


def targets(rows: Sequence[Labelled]) -> dict[str, NDArray[np.bool_]]:
    """Return the yes/no answers of each head."""
    levels = np.array([row.level for row in rows])
    kinds = np.array([row.kind or "" for row in rows])
    red = {name: levels >= LEVELS.index(name) for name in SEVERITY_HEADS}
    return red | {"TPPM": kinds == "TPPM", "rumah": np.isin(kinds, ("krisis", "kekerasan"))}


def fit_head(
    matrix: csr_matrix, answers: NDArray[np.bool_], weights: Floats
) -> tuple[Floats, float]:
    """Return the weights and bias of a linear head, both answers counting alike."""
    model = LogisticRegression(
        C=STRENGTH, class_weight="balanced", solver="liblinear", random_state=0, tol=TOLERANCE
    )
    model.fit(matrix, answers, sample_weight=weights)
    return model.coef_[0], float(model.intercept_[0])


def fit_parts(
    table: Table, rows: Sequence[Labelled], seen: NDArray[np.int64], *, ids: Sequence[str]
) -> Parts:
    """Return the heads and nets learnt from the messages `seen`."""
    answers = targets(rows)
    weights = np.array([row.weight for row in rows])
    matrix = table.matrix[seen]
    with ThreadPoolExecutor(WORKERS) as pool:
        nets = [
            pool.submit(
                _fit_net, matrix[:, table.columns_of(names)], [rows[at] for at in seen],
                ids=ids, seed=seed,
            )
            for seed, names in enumerate(NET_FAMILIES)
        ]  # fmt: skip
        heads = [
            pool.submit(fit_head, matrix, answers[name][seen], weights[seen])
            for name in SEVERITY_HEADS
        ]
        return Parts(tuple(h.result() for h in heads), tuple(n.result() for n in nets))


def _fit_net(
    matrix: csr_matrix, rows: Sequence[Labelled], *, ids: Sequence[str], seed: int
) -> TrainedNet:
    answers = targets(rows)
    red = np.stack([answers[name] for name in SEVERITY_HEADS], axis=1)
    signs = np.array([[name in row.indicators for name in ids] for row in rows])
    weights = np.array([row.weight for row in rows], dtype=np.float32)[:, None]
    share = np.array([1.0] * red.shape[1] + [SIGN_WEIGHT] * len(ids), dtype=np.float32)
    return train_net(
        matrix,
        np.hstack([red, signs]).astype(np.float32),
        weights=weights * share,
        kept=red.shape[1],
        seed=seed,
    )


def kept_apart_scores(
    table: Table, rows: Sequence[Labelled], *, ids: Sequence[str], step: Step
) -> Floats:
    """Return the scores of every message by parts that saw nothing of its group."""
    fold = np.array(folds(rows, count=FOLDS))
    scores = np.zeros((1 + len(NET_FAMILIES), len(rows), len(SEVERITY_HEADS)))
    for number in range(FOLDS):
        seen, kept = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        scores[:, kept] = fit_parts(table, rows, seen, ids=ids).scores(table, kept)
        step("menguji", number + 1, FOLDS)
    return scores


def mix_of(scores: Floats) -> Floats:
    """Return the factor of each part and severity head by which scores are added up."""
    share = np.array([1.0, *[NET_SHARE] * len(NET_FAMILIES)])
    mix: Floats = share[:, None] / scores.std(axis=1)
    return mix


def fit_signs(
    table: Table, rows: Sequence[Labelled], *, ids: Sequence[str], step: Step
) -> tuple[NDArray[np.int32], Floats, Floats]:
    """Return where each column stands among the sign columns, and weights and biases of signs."""
    columns = table.columns_of(SIGN_FAMILIES)
    matrix = table.matrix[:, columns]
    weights = np.array([row.weight for row in rows])
    coefs, biases = [], []

    def fit(name: str) -> tuple[Floats, float]:
        answers = np.array([name in row.indicators for row in rows])
        model = LogisticRegression(
            C=SIGN_STRENGTH, solver="liblinear", random_state=0, tol=SIGN_TOLERANCE
        )
        model.fit(matrix, answers, sample_weight=weights)
        return model.coef_[0], float(model.intercept_[0])

    with ThreadPoolExecutor(WORKERS) as pool:
        for done, (coef, bias) in enumerate(pool.map(fit, ids)):
            coefs.append(coef)
            biases.append(bias)
            step("indikator", done + 1, len(ids))
    return _places(table, columns), np.array(coefs).T, np.array(biases)


def _places(table: Table, columns: NDArray[np.int64]) -> NDArray[np.int32]:
    places = np.full(len(table.keys), -1, dtype=np.int32)
    places[columns] = np.arange(len(columns), dtype=np.int32)
    return places


def train(*, words: Words, step: Step) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a risk model trained on the packaged messages and questions."""
    book = IndicatorBook.load(words=words)
    rows = load_rows()
    table = build_table(rows, book=book, step=step)
    return fit_arrays(table, rows, ids=sorted(book.indicators), step=step)


def fit_arrays(
    table: Table, rows: Sequence[Labelled], *, ids: Sequence[str], step: Step
) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a model trained on these rows of a table.

    One thread a fit: how BLAS shares a sum among threads changes its last digits.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        return _fit_all(table, rows, ids=ids, step=step)


def _fit_all(
    table: Table, rows: Sequence[Labelled], *, ids: Sequence[str], step: Step
) -> dict[str, NDArray[np.generic]]:
    answers = targets(rows)
    weights = np.array([row.weight for row in rows])
    apart = kept_apart_scores(table, rows, ids=ids, step=step)
    mix = mix_of(apart)
    mixed = dict(zip(SEVERITY_HEADS, (apart * mix[:, None]).sum(axis=0).T, strict=True))
    parts = fit_parts(table, rows, np.arange(len(rows)), ids=ids)
    heads = [*parts.heads, *(fit_head(table.matrix, answers[n], weights) for n in KIND_HEADS)]
    labelled = [at for at, row in enumerate(rows) if row.source != "ordinary"]
    places, signs, biases = fit_signs(
        table.part(labelled), [rows[at] for at in labelled], ids=ids, step=step
    )
    scale = np.abs(signs).max(axis=0) / SIGN_LEVELS
    return {
        "keys": table.keys,
        "rarity": table.rarity.astype(np.float16),
        "heads": np.array([coef for coef, _ in heads]).T.astype(np.float16),
        "head_bias": np.array([bias for _, bias in heads], dtype=np.float32),
        "mix": mix,
        "signs": np.round(signs / scale).astype(np.int8),
        "sign_scale": scale.astype(np.float32),
        "sign_bias": biases.astype(np.float32),
        "sign_rows": places,
        "indicator_ids": np.array(ids),
        "calibration": calibrate(mixed["tinggi"], rows),
        "limits": find_limits(combine_scores(mixed), rows),
        "fingerprint": np.array(fingerprint(rows)),
        "format": np.array(FORMAT),
    } | _net_arrays(table, parts.nets)


def _net_arrays(table: Table, nets: Sequence[TrainedNet]) -> dict[str, NDArray[np.generic]]:
    arrays: dict[str, NDArray[np.generic]] = {}
    for number, (net, names) in enumerate(zip(nets, NET_FAMILIES, strict=True)):
        arrays |= {
            f"net{number}_rows": _places(table, table.columns_of(names)),
            f"net{number}_inward": net.inward,
            f"net{number}_scale": net.scale,
            f"net{number}_inward_bias": net.inward_bias,
            f"net{number}_outward": net.outward,
            f"net{number}_outward_bias": net.outward_bias,
        }
    return arrays


def show_progress(stage: str, done: int, total: int) -> None:
    """Draw a bar of twenty marks on stderr."""
    marks = 20 * done // max(1, total)
    sys.stderr.write(f"\r{stage:<10} [{'#' * marks:<20}] {done}/{total}   ")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the file; return the exit code."""
    parser = argparse.ArgumentParser(description="Melatih model risiko.")
    parser.add_argument("--out", type=Path, required=True, help="berkas .npz yang ditulis")
    options = parser.parse_args(arguments)
    arrays = train(words=Words.load(), step=show_progress)
    with options.out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    sys.stderr.write(f"\n{options.out}: {options.out.stat().st_size} bita\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
