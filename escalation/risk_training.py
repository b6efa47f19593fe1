"""Train the risk model: `python -m escalation.risk_training --out FILE`.

scikit-learn is imported by training alone. The same data gives the same file. Progress goes to
stderr. After a change of messages or recipe, `--measure` finds the limits anew and packages them;
without that every training measures them itself, which takes several times as long.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from escalation.risk_data import FURTHER, LEVELS, Labelled, fingerprint, folds, load_rows
from escalation.risk_indicators import IndicatorBook
from escalation.risk_limits import FILE, Limits, as_text, measure, packaged_limits
from escalation.risk_model import (
    FORMAT,
    KIND_HEADS,
    NET_FAMILIES,
    SEVERITY_HEADS,
    SIGN_FAMILIES,
)
from escalation.risk_net import TrainedNet, train_net
from escalation.risk_table import Floats, Step, Table, build_table
from knowledge.text import Words

FOLDS = 5
WORKERS = 2  # cores of the smallest machine that trains
TOLERANCE = 1e-3
STRENGTH = 0.2  # inverse regularisation, from grouped cross-validation
# A head counts a feature more the more unlike its shares of yes and no are: times HALF for none,
# more from there; MILD is added to both counts, and odds beyond STEEP (log) count no more.
HALF, MILD, STEEP = 0.5, 0.3, 3.0
SIGN_STRENGTH = 10.0
SIGN_TOLERANCE = 1e-2  # they only rank and explain
SIGN_LEVELS = 127
SIGN_WEIGHT = 0.5  # of an indicator as a side question of a net
TOPIC_WEIGHT = 0.1  # of an ordinary question's topic

Head = tuple[Floats, float]


@dataclass(frozen=True, slots=True)
class Parts:
    """What judges severity: a linear head for each level, and the nets."""

    heads: tuple[Head, ...]
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


def learnt_ids(book: IndicatorBook) -> list[str]:
    """Return the indicators that a message can show by its words, sorted."""
    return sorted(name for name, item in book.indicators.items() if item.patterns)


def targets(rows: Sequence[Labelled]) -> dict[str, NDArray[np.bool_]]:
    """Return the yes/no answers of each head."""
    levels = np.array([row.level for row in rows])
    kinds = np.array([row.kind or "" for row in rows])
    red = {name: levels >= LEVELS.index(name) for name in SEVERITY_HEADS}
    return red | {"TPPM": kinds == "TPPM", "rumah": np.isin(kinds, ("krisis", "kekerasan"))}


def fit_head(matrix: csr_matrix, answers: NDArray[np.bool_], weights: Floats) -> Head:
    """Return the weights and bias of a linear head, both answers counting alike."""
    telling = _telling(matrix, answers, weights)
    model = LinearSVC(C=STRENGTH, class_weight="balanced", random_state=0, tol=TOLERANCE)
    model.fit(matrix @ diags(telling).astype(np.float32), answers, sample_weight=weights)
    return model.coef_[0] * telling, float(model.intercept_[0])


def _telling(matrix: csr_matrix, answers: NDArray[np.bool_], weights: Floats) -> Floats:
    """Return how much each feature tells by itself (as in Wang and Manning 2012, NB-SVM)."""
    yes = matrix[answers].T @ weights[answers] + MILD
    no = matrix[~answers].T @ weights[~answers] + MILD
    odds = np.minimum(np.abs(np.log((yes / yes.sum()) / (no / no.sum()))), STEEP)
    factors: Floats = HALF + HALF * odds / np.sqrt((odds**2).mean())
    return factors


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
    """Return a net whose side questions are which indicators hold and what topic is asked about.

    Indicators of the questions of further topics are not known.
    """
    answers = targets(rows)
    red = np.stack([answers[name] for name in SEVERITY_HEADS], axis=1)
    signs = np.array([[name in row.indicators for name in ids] for row in rows])
    topics = sorted({row.topic for row in rows if row.topic})
    asked = np.array([[row.topic == name for name in topics] for row in rows]).reshape(
        len(rows), -1
    )
    weights = np.array([row.weight for row in rows], dtype=np.float32)[:, None]
    labelled = np.array([row.topic not in FURTHER for row in rows])[:, None]
    ordinary = np.array([row.topic is not None for row in rows])[:, None]
    parts = (
        (red, weights),
        (signs, weights * SIGN_WEIGHT * labelled),
        (asked, ordinary * TOPIC_WEIGHT),
    )
    return train_net(
        matrix,
        np.hstack([part for part, _ in parts]).astype(np.float32),
        weights=np.hstack([np.broadcast_to(weight, part.shape) for part, weight in parts]).astype(
            np.float32
        ),
        kept=red.shape[1],
        seed=seed,
    )


def keep_apart(
    table: Table, rows: Sequence[Labelled], *, ids: Sequence[str], step: Step
) -> tuple[Floats, list[Parts]]:
    """Return the scores of every message by parts that saw nothing of its group, and the parts."""
    fold = np.array(folds(rows, count=FOLDS))
    scores = np.zeros((1 + len(NET_FAMILIES), len(rows), len(SEVERITY_HEADS)))
    fitted = []
    with threadpool_limits(limits=1, user_api="blas"):
        for number in range(FOLDS):
            seen, kept = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
            fitted.append(fit_parts(table, rows, seen, ids=ids))
            scores[:, kept] = fitted[-1].scores(table, kept)
            step("menguji", number + 1, FOLDS)
    return scores, fitted


def fit_signs(
    table: Table, rows: Sequence[Labelled], *, ids: Sequence[str], step: Step
) -> tuple[NDArray[np.int32], Floats, Floats]:
    """Return where each column stands among the sign columns, and weights and biases of signs."""
    columns = table.columns_of(SIGN_FAMILIES)
    matrix = table.matrix[:, columns]
    weights = np.array([row.weight for row in rows])
    coefs, biases = [], []

    def fit(name: str) -> Head:
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
    rows, ids = load_rows(), learnt_ids(book)
    table = build_table(rows, book=book, step=step)
    limits = packaged_limits(rows)
    if limits is None:
        scores, _ = keep_apart(table, rows, ids=ids, step=step)
        limits = measure(scores, table.circumstances, rows)
    return fit_arrays(table, rows, ids=ids, limits=limits, step=step)


def fit_arrays(
    table: Table,
    rows: Sequence[Labelled],
    *,
    ids: Sequence[str],
    limits: Limits,
    step: Step,
    parts: Parts | None = None,
) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a model trained on these rows of a table; `parts` may be ready.

    One thread a fit: how BLAS shares a sum among threads changes its last digits.
    """
    answers = targets(rows)
    weights = np.array([row.weight for row in rows])
    labelled = [at for at, row in enumerate(rows) if row.source != "ordinary"]
    with threadpool_limits(limits=1, user_api="blas"):
        parts = parts or fit_parts(table, rows, np.arange(len(rows)), ids=ids)
        kinds = [fit_head(table.matrix, answers[name], weights) for name in KIND_HEADS]
        places, signs, biases = fit_signs(
            table.part(labelled), [rows[at] for at in labelled], ids=ids, step=step
        )
    heads = [*parts.heads, *kinds]
    scale = np.abs(signs).max(axis=0) / SIGN_LEVELS
    return {
        "keys": table.keys,
        "rarity": table.rarity.astype(np.float16),
        "heads": np.array([coef for coef, _ in heads]).T.astype(np.float16),
        "head_bias": np.array([bias for _, bias in heads], dtype=np.float32),
        "mix": np.array(limits.mix),
        "signs": np.round(signs / scale).astype(np.int8),
        "sign_scale": scale.astype(np.float32),
        "sign_bias": biases.astype(np.float32),
        "sign_rows": places,
        "indicator_ids": np.array(ids),
        "calibration": np.array(limits.calibration),
        "limits": np.array(limits.limits),
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


def package_limits(*, words: Words, step: Step) -> None:
    """Measure the limits for the packaged messages and write them beside these."""
    book = IndicatorBook.load(words=words)
    rows = load_rows()
    table = build_table(rows, book=book, step=step)
    scores, _ = keep_apart(table, rows, ids=learnt_ids(book), step=step)
    path = Path(str(files("escalation") / "data" / FILE))
    path.write_text(as_text(measure(scores, table.circumstances, rows), rows), encoding="utf-8")


def show_progress(stage: str, done: int, total: int) -> None:
    """Draw a bar of twenty marks on stderr."""
    marks = 20 * done // max(1, total)
    sys.stderr.write(f"\r{stage:<10} [{'#' * marks:<20}] {done}/{total}   ")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the file; return the exit code."""
    parser = argparse.ArgumentParser(description="Melatih model risiko.")
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--out", type=Path, help="berkas .npz yang ditulis")
    goal.add_argument("--measure", action="store_true", help="ukur batas tingkat dan simpan")
    options = parser.parse_args(arguments)
    words = Words.load()
    if options.measure:
        package_limits(words=words, step=show_progress)
        return 0
    arrays = train(words=words, step=show_progress)
    with options.out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    sys.stderr.write(f"\n{options.out}: {options.out.stat().st_size} bita\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
