"""Train the risk model: `python -m escalation.risk_training --out FILE`.

scikit-learn is imported here only. The same data gives the same file. Progress goes to stderr.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from escalation.risk_data import LEVELS, Labelled, fingerprint, folds, load_rows
from escalation.risk_features import FAMILIES, extract, hashed
from escalation.risk_indicators import IndicatorBook
from escalation.risk_model import (
    FAMILY_WEIGHTS,
    FORMAT,
    KIND_HEADS,
    SEVERITY_HEADS,
    combine_scores,
)
from knowledge.text import Words

FOLDS = 4
WORKERS = 2  # cores of the smallest machine that trains
LEAST_MESSAGES = {
    "letters": 3,
    "spelled": 2,
    "standard": 2,
    "groups": 3,
    "rules": 3,
    "standard-letters": 3,
}
LETTER_FAMILIES = tuple(at for at, name in enumerate(FAMILIES) if name.endswith("letters"))
TOLERANCE = 1e-3
STRENGTH = 8.0  # inverse regularisation, from grouped cross-validation
SIGN_STRENGTH = 10.0
SIGN_TOLERANCE = 1e-2  # they only rank and explain
# Real traffic: one red message in seventy; most of the rest are plain questions.
RED_SHARE = 1 / 70
# Limits by kept-apart scores: what share of the graver messages must pass.
KEPT_BY_LIMIT = {"sedang": 0.95, "tinggi": 0.93, "darurat": 0.75}
SIGN_LEVELS = 127

Step = Callable[[str, int, int], None]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """Messages as rows of a weighted matrix; `keys` names its columns, sorted."""

    matrix: csr_matrix
    keys: NDArray[np.uint32]
    rarity: Floats
    families: NDArray[np.int8]

    def part(self, rows: Sequence[int]) -> Table:
        """Return the same table with these rows only."""
        return Table(self.matrix[list(rows)], self.keys, self.rarity, self.families)


def build_table(rows: Sequence[Labelled], *, book: IndicatorBook, step: Step) -> Table:
    """Return the features of all messages, weighted by rarity, each family of length one."""
    hashes: list[list[list[int]]] = []
    for number, row in enumerate(rows):
        parts = extract(book.read(row.text))
        hashes.append([hashed(items, family=at) for at, items in enumerate(parts)])
        if number % 200 == 0:
            step("membaca", number, len(rows))
    keys, families, counts = _vocabulary(hashes)
    rarity = np.log((1 + len(rows)) / (1 + counts)) + 1
    indices: list[NDArray[np.int64]] = []
    values: list[Floats] = []
    ends = [0]
    for parts_of_row in hashes:
        for family, found in enumerate(parts_of_row):
            wanted = np.array(found, dtype=np.uint32)
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            at = at[keys[at] == wanted]
            weights = rarity[at]
            norm = float(np.sqrt((weights**2).sum())) or 1.0
            indices.append(at)
            values.append(weights * FAMILY_WEIGHTS[FAMILIES[family]] / norm)
        ends.append(ends[-1] + sum(map(len, indices[-len(FAMILIES) :])))
    matrix = csr_matrix(
        (np.concatenate(values), np.concatenate(indices), ends), shape=(len(rows), len(keys))
    )
    return Table(matrix, keys, rarity, families)


def _vocabulary(
    hashes: Sequence[Sequence[Sequence[int]]],
) -> tuple[NDArray[np.uint32], NDArray[np.int8], Floats]:
    keys, families, counts = [], [], []
    for family, name in enumerate(FAMILIES):
        flat = np.array([key for row in hashes for key in row[family]], dtype=np.uint32)
        found, times = np.unique(flat, return_counts=True)
        common = times >= LEAST_MESSAGES[name]
        keys.append(found[common])
        counts.append(times[common])
        families.append(np.full(int(common.sum()), family, dtype=np.int8))
    merged, first = np.unique(np.concatenate(keys), return_index=True)
    return merged, np.concatenate(families)[first], np.concatenate(counts)[first].astype(float)


def targets(rows: Sequence[Labelled]) -> dict[str, NDArray[np.bool_]]:
    """Return the yes/no answers of each head."""
    levels = np.array([row.level for row in rows])
    kinds = np.array([row.kind or "" for row in rows])
    red = {name: levels >= LEVELS.index(name) for name in SEVERITY_HEADS}
    return red | {"TPPM": kinds == "TPPM", "rumah": np.isin(kinds, ("krisis", "kekerasan"))}


def fit_head(
    matrix: csr_matrix, answers: NDArray[np.bool_], weights: Floats, *, strength: float = STRENGTH
) -> tuple[Floats, float]:
    """Return the weights and bias of a linear head, both answers counting alike."""
    model = LogisticRegression(
        C=strength, class_weight="balanced", solver="liblinear", random_state=0, tol=TOLERANCE
    )
    model.fit(matrix, answers, sample_weight=weights)
    return model.coef_[0], float(model.intercept_[0])


def kept_apart_scores(
    table: Table, rows: Sequence[Labelled], *, heads: Iterable[str], step: Step
) -> dict[str, Floats]:
    """Return each head's score of every message by a model that saw nothing of its group."""
    answers = targets(rows)
    weights = np.array([row.weight for row in rows])
    fold = np.array(folds(rows, count=FOLDS))
    scores = {name: np.zeros(len(rows)) for name in heads}
    tasks = [(number, name) for number in range(FOLDS) for name in scores]

    def fit(task: tuple[int, str]) -> tuple[Floats, float]:
        seen = fold != task[0]
        return fit_head(table.matrix[seen], answers[task[1]][seen], weights[seen])

    with ThreadPoolExecutor(WORKERS) as pool:
        for done, (task, (coef, bias)) in enumerate(zip(tasks, pool.map(fit, tasks), strict=True)):
            kept = fold == task[0]
            scores[task[1]][kept] = table.matrix[kept] @ coef + bias
            step("menguji", done + 1, len(tasks))
    return scores


def find_limits(scores: dict[str, Floats], rows: Sequence[Labelled]) -> Floats:
    """Return the score from which each level holds, by KEPT_BY_LIMIT of the packaged messages."""
    levels = np.array([row.level for row in rows])
    own = np.array([row.source != "ordinary" for row in rows])
    graver = {"sedang": levels >= 3, "tinggi": levels >= 4, "darurat": levels >= 4}
    return np.array(
        [
            np.quantile(scores[name][graver[name] & own], 1 - KEPT_BY_LIMIT[name])
            for name in SEVERITY_HEADS
        ]
    )


def calibrate(scores: Floats, rows: Sequence[Labelled]) -> Floats:
    """Return slope and offset that turn kept-apart scores into odds of red in real traffic."""
    red = np.array([row.level >= 3 for row in rows])
    weights = np.array([row.weight for row in rows])
    share = np.where(red, RED_SHARE / weights[red].sum(), (1 - RED_SHARE) / weights[~red].sum())
    model = LogisticRegression(C=1e6, solver="lbfgs")
    model.fit(scores[:, None], red, sample_weight=weights * share * len(rows))
    return np.array([model.coef_[0, 0], model.intercept_[0]])


def fit_signs(
    table: Table, rows: Sequence[Labelled], *, ids: Sequence[str], step: Step
) -> tuple[NDArray[np.int32], Floats, Floats]:
    """Return where each column stands among the sign columns, and weights and biases of signs."""
    wanted = ~np.isin(table.families, LETTER_FAMILIES)
    places = np.full(len(table.keys), -1, dtype=np.int32)
    places[wanted] = np.arange(int(wanted.sum()), dtype=np.int32)
    matrix = table.matrix[:, np.flatnonzero(wanted)]
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
    return places, np.array(coefs).T, np.array(biases)


def train(*, words: Words, step: Step) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a risk model trained on the packaged messages and questions."""
    book = IndicatorBook.load(words=words)
    rows = load_rows()
    table = build_table(rows, book=book, step=step)
    return fit_arrays(table, rows, ids=sorted(book.indicators), step=step)


def fit_arrays(
    table: Table, rows: Sequence[Labelled], *, ids: Sequence[str], step: Step
) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a model trained on these rows of a table."""
    answers = targets(rows)
    weights = np.array([row.weight for row in rows])
    apart = kept_apart_scores(table, rows, heads=SEVERITY_HEADS, step=step)
    heads = [fit_head(table.matrix, answers[n], weights) for n in (*SEVERITY_HEADS, *KIND_HEADS)]
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
        "signs": np.round(signs / scale).astype(np.int8),
        "sign_scale": scale.astype(np.float32),
        "sign_bias": biases.astype(np.float32),
        "sign_rows": places,
        "indicator_ids": np.array(ids),
        "calibration": calibrate(apart["tinggi"], rows),
        "limits": find_limits(combine_scores(apart), rows),
        "fingerprint": np.array(fingerprint(rows)),
        "format": np.array(FORMAT),
    }


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
