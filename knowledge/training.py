"""Trains the matcher: `python -m knowledge.training --out FILE`, in its own process.

The nets are trained on every phrasing; the mixture of nets and neighbours on phrasings that its
nets had not seen (three folds, near neighbours kept in one fold), so that its probabilities hold
for new questions. Fixed seeds: the same phrasings give the same decisions.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse  # type: ignore[import-untyped]
from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from knowledge.matcher_model import Model, Net
from knowledge.matcher_net import Plan, train_net
from knowledge.neighbours import Postings, Rows, Summary, as_votes, variant_key
from knowledge.text import Words
from knowledge.text_features import (
    NORM_WORDS,
    RAW_CHARS,
    STEM_CHARS,
    STEM_WORDS,
    Sparse,
    Vocabulary,
    read,
)
from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK, Variant, content_hash, load_variants

Progress = Callable[[float, str], None]
Features = dict[str, sparse.csr_matrix]

# Different features and seeds, so that their mistakes differ. In grouped cross-validation each net
# added to the first raised accuracy; the fourth was added to steady the result and not compared
# with other fourths.
PLANS = (
    Plan((STEM_WORDS, STEM_CHARS), hidden=128, epochs=8, step=0.05, dropout=0.3, seed=1),
    Plan((NORM_WORDS, RAW_CHARS), hidden=128, epochs=8, step=0.05, dropout=0.3, seed=2),
    Plan((STEM_WORDS, RAW_CHARS), hidden=96, epochs=8, step=0.05, dropout=0.3, seed=4),
    Plan((STEM_WORDS,), hidden=64, epochs=5, step=0.1, dropout=0.0, seed=3),
)
FOLDS = 3
# Two phrasings of one entry this similar are the same question in other words.
SAME_QUESTION = 0.45
# Assumed until real traffic is counted: villagers mostly type everyday, chat and regional messages;
# long stories, formal sentences and riddles are fewer than among the phrasings.
USUAL_REGISTERS = frozenset({"santai", "slang", "daerah"})
RARE_WEIGHT = 0.35
# Out-of-scope lines are 1 in 20 phrasings. Among messages more are expected (an assumption, until
# real traffic is counted): this weight stands for about 1 in 8.
OUT_OF_SCOPE_WEIGHT = 3.0
PROCESSES = 2

# What each worker process was given by `_share_work`.
_shared: list[tuple[Features, NDArray[np.int64]]] = []


def train(variants: Sequence[Variant], *, words: Words, progress: Progress) -> Model:
    """A model of `variants`. Takes about 75 s of processor time, shared by two processes."""
    progress(0.0, "membaca frasa")
    readings = [read(variant.text, words) for variant in variants]
    vocabulary = Vocabulary.build(readings)
    labels = tuple(sorted({variant.slug for variant in variants} | {OUT_OF_SCOPE, SMALL_TALK}))
    at = {label: number for number, label in enumerate(labels)}
    classes = np.array([at[variant.slug] for variant in variants], dtype=np.int64)
    parts = {kind: [vocabulary.vector(r, kind) for r in readings] for kind in vocabulary.terms}
    features = {kind: _matrix(parts[kind], vocabulary, kind=kind) for kind in parts}
    groups = same_question_groups(features[STEM_WORDS], classes)
    folds = list(
        GroupKFold(FOLDS, shuffle=True, random_state=0).split(classes, classes, groups=groups)
    )
    nets, votes = _train_nets(features, classes, folds=folds, progress=progress)
    progress(0.93, "menimbang suara")
    votes += _neighbour_votes(parts[STEM_WORDS], classes, folds=folds, vocabulary=vocabulary)
    weights = np.array([1.0 if v.register in USUAL_REGISTERS else RARE_WEIGHT for v in variants])
    weights[classes == at[OUT_OF_SCOPE]] *= OUT_OF_SCOPE_WEIGHT
    outside = (at[OUT_OF_SCOPE], at[SMALL_TALK])
    mixture = fit_mixture(np.stack(votes, axis=-1), classes, weights=weights, outside=outside)
    progress(1.0, "selesai")
    return Model(
        content=content_hash(variants),
        classes=labels,
        terms=vocabulary.terms,
        rarity=vocabulary.rarity,
        nets=nets,
        mixture=mixture,
        index=_index(variants, parts[STEM_WORDS]),
    )


def same_question_groups(
    features: sparse.csr_matrix, classes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """A number per phrasing, shared by those of one entry that are linked by near sameness."""
    close = sparse.triu(features @ features.T > SAME_QUESTION, k=1).tocoo()
    same = classes[close.row] == classes[close.col]
    links = sparse.coo_matrix(
        (np.ones(same.sum()), (close.row[same], close.col[same])), shape=close.shape
    )
    groups: NDArray[np.int64] = sparse.csgraph.connected_components(links, directed=False)[1]
    return groups


def fit_mixture(
    votes: NDArray[np.float64],
    classes: NDArray[np.int64],
    *,
    weights: NDArray[np.float64],
    outside: tuple[int, int],
) -> NDArray[np.float64]:
    """The weight of each vote and the bias of the two labels that are no entries.

    Maximum likelihood of the right label on phrasings the votes had not seen: the resulting
    shares are calibrated by construction, and so few numbers cannot learn the phrasings by heart.
    """
    rows, share = np.arange(len(classes)), weights / weights.sum()
    count = votes.shape[-1]

    def cost(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = votes @ point[:count]
        logits[:, list(outside)] += point[count:]
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        loss = -(share * np.log(shares[rows, classes] + 1e-12)).sum()
        shares[rows, classes] -= 1
        shares *= share[:, None]
        slope = np.einsum("ij,ijk->k", shares, votes)
        return float(loss), np.concatenate([slope, shares[:, list(outside)].sum(axis=0)])

    start = np.concatenate([np.full(count, 0.3), np.zeros(2)])
    found = optimize.minimize(cost, start, jac=True, method="L-BFGS-B")
    return np.asarray(found.x, dtype=np.float64)


def _matrix(parts: Sequence[Sparse], vocabulary: Vocabulary, *, kind: str) -> sparse.csr_matrix:
    starts = np.cumsum([0, *(len(part.columns) for part in parts)])
    columns = np.concatenate([part.columns for part in parts]) - vocabulary.starts[kind]
    weights = np.concatenate([part.weights for part in parts])
    shape = (len(parts), len(vocabulary.terms[kind]))
    return sparse.csr_matrix((weights, columns, starts), shape=shape)


def _index(variants: Sequence[Variant], parts: Sequence[Sparse]) -> Rows:
    return Rows(
        keys=np.array([variant_key(v.slug, v.text) for v in variants], dtype=np.uint64),
        starts=np.cumsum([0, *(len(part.columns) for part in parts)], dtype=np.int64),
        columns=np.concatenate([part.columns for part in parts]),
        weights=np.concatenate([part.weights for part in parts]).astype(np.float32),
    )


Folds = Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]]


def _train_nets(
    features: Features, classes: NDArray[np.int64], *, folds: Folds, progress: Progress
) -> tuple[tuple[Net, ...], list[NDArray[np.float64]]]:
    """The nets on everything, and per plan the votes for phrasings its net had not seen."""
    everything = np.arange(len(classes))
    tasks = [
        (plan, kept, tested)
        for plan in PLANS
        for kept, tested in (*folds, (everything, everything[:0]))
    ]
    nets: list[Net] = []
    votes: list[NDArray[np.float64]] = []
    with ProcessPoolExecutor(
        PROCESSES, initializer=_share_work, initargs=(features, classes)
    ) as pool:
        results: Iterator[tuple[Net, NDArray[np.float64]]] = pool.map(_run_task, tasks)
        for number, (result, task) in enumerate(zip(results, tasks, strict=True), start=1):
            if number % (FOLDS + 1) == 1:
                votes.append(np.zeros((len(classes), classes.max() + 1)))
            votes[-1][task[2]] = result[1]
            if not len(task[2]):
                nets.append(result[0])
            progress(0.1 + 0.8 * number / len(tasks), "melatih")
    return tuple(nets), votes


def _share_work(features: Features, classes: NDArray[np.int64]) -> None:
    """Give a worker process its data once instead of with every task."""
    # One thread each: small products on two threads wait for each other longer than they work.
    threadpool_limits(1)
    _shared.append((features, classes))


def _run_task(
    task: tuple[Plan, NDArray[np.int64], NDArray[np.int64]],
) -> tuple[Net, NDArray[np.float64]]:
    plan, kept, tested = task
    features, classes = _shared[0]
    matrix = sparse.hstack([features[kind] for kind in plan.kinds]).tocsr()
    count = int(classes.max()) + 1
    net = train_net(matrix[kept], classes[kept], plan=plan, class_count=count)
    hidden = matrix[tested] @ net.inward.astype(np.float32) * net.scale + net.inward_bias
    logits = (np.maximum(hidden, 0) @ net.outward + net.outward_bias).astype(np.float64)
    logits -= logits.max(axis=1, keepdims=True, initial=-np.inf)
    return net, logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def _neighbour_votes(
    parts: Sequence[Sparse],
    classes: NDArray[np.int64],
    *,
    folds: Folds,
    vocabulary: Vocabulary,
) -> list[NDArray[np.float64]]:
    count = int(classes.max()) + 1
    best, vote = np.zeros((2, len(classes), count))
    for kept, tested in folds:
        postings = Postings([parts[row] for row in kept], width=vocabulary.size)
        summary = Summary(classes[kept], label_count=count)
        for row in tested:
            similarity = postings.similarity(parts[row])
            best[row] = as_votes(summary.best(similarity))
            vote[row] = as_votes(summary.vote(similarity))
    return [best, vote]


def show_progress(share: float, note: str) -> None:
    """A bar on stderr."""
    filled = round(share * 30)
    end = "\n" if share >= 1 else ""
    sys.stderr.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {share:4.0%} {note:<20}{end}")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on the packaged phrasings, or those of `--variants`, and write the model."""
    parser = argparse.ArgumentParser(prog="knowledge.training", description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, help="file to write (.npz)")
    parser.add_argument("--variants", type=Path, help="folder of *.variants.jsonl")
    options = parser.parse_args(arguments)
    variants = load_variants(options.variants)
    train(variants, words=Words.load(), progress=show_progress).save(options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
