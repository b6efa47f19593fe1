"""Trains the matcher: `python -m knowledge.training --out FILE`, in its own process.

The nets are trained on every phrasing; their mixture on a quarter of the phrasings, with the votes
of nets that had not seen it (near neighbours are kept on one side), so that its probabilities hold
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

from knowledge.matcher_counts import count_net
from knowledge.matcher_model import Model, Net
from knowledge.matcher_net import Plan, train_net
from knowledge.neighbours import Rows, variant_key
from knowledge.text import Words
from knowledge.text_features import (
    CONCEPTS,
    NORM_WORDS,
    RAW_CHARS,
    SKIPS,
    STEM_CHARS,
    STEM_WORDS,
    Reading,
    Sparse,
    Vocabulary,
    read,
)
from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK, Variant, content_hash, load_variants

Progress = Callable[[float, str], None]
Features = dict[str, sparse.csr_matrix]

# Different features and seeds, so that their mistakes differ. In grouped cross-validation leaving
# any one out cost accuracy and likelihood; a net on groups of words beside them gained nothing.
PLANS = (
    Plan((STEM_WORDS, STEM_CHARS), hidden=128, epochs=8, step=0.05, dropout=0.3, seed=1),
    Plan((NORM_WORDS, RAW_CHARS), hidden=128, epochs=8, step=0.05, dropout=0.3, seed=2),
    Plan((SKIPS, NORM_WORDS), hidden=96, epochs=8, step=0.05, dropout=0.3, seed=4),
)
COUNTED = (CONCEPTS, RAW_CHARS)
# A quarter is kept from the nets whose votes the mixture learns from.
FOLDS = 4
# Two phrasings of one entry this similar are the same question in other words.
SAME_QUESTION = 0.45
# Assumed until real traffic is counted: villagers mostly type everyday, chat and regional messages;
# long stories, formal sentences and riddles are fewer than among the phrasings.
USUAL_REGISTERS = frozenset({"santai", "slang", "daerah"})
RARE_WEIGHT = 0.35
# Out-of-scope lines are 1 in 20 phrasings. Among messages more are expected (an assumption, until
# real traffic is counted): this weight stands for about 1 in 8.
OUT_OF_SCOPE_WEIGHT = 3.0
# How strongly the weights of a message's manner are held at nothing: small talk is few phrasings.
HELD = 1e-4
PROCESSES = 2

# What each worker process was given by `_share_work`.
_shared: list[tuple[Features, NDArray[np.int64]]] = []


def train(variants: Sequence[Variant], *, words: Words, progress: Progress) -> Model:
    """A model of `variants`. Takes about a minute of processor time, shared by two processes."""
    progress(0.0, "membaca frasa")
    readings = [read(variant.text, words) for variant in variants]
    vocabulary = Vocabulary.build(readings)
    labels = tuple(sorted({variant.slug for variant in variants} | {OUT_OF_SCOPE, SMALL_TALK}))
    at = {label: number for number, label in enumerate(labels)}
    classes = np.array([at[variant.slug] for variant in variants], dtype=np.int64)
    parts = {kind: [vocabulary.vector(r, kind) for r in readings] for kind in vocabulary.terms}
    features = {kind: _matrix(parts[kind], vocabulary, kind=kind) for kind in parts}
    groups = same_question_groups(features[STEM_WORDS], classes)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0).split(classes, classes, groups=groups)
    kept, tested = next(iter(folds))
    nets, votes = train_nets(features, classes, kept=kept, tested=tested, progress=progress)
    progress(0.95, "menimbang suara")
    mixture, outside = fit_mixture(
        votes,
        classes[tested],
        manners=manners([readings[row] for row in tested]),
        weights=weigh([variants[row] for row in tested]),
        outside=(at[OUT_OF_SCOPE], at[SMALL_TALK]),
    )
    progress(1.0, "selesai")
    return Model(
        content=content_hash(variants),
        classes=labels,
        terms=vocabulary.terms,
        rarity=vocabulary.rarity,
        nets=nets,
        mixture=mixture,
        outside=outside,
        index=_index(variants, parts[STEM_WORDS]),
    )


def weigh(variants: Sequence[Variant]) -> NDArray[np.float64]:
    """How much each phrasing counts for the mixture."""
    return np.array(
        [
            (1.0 if variant.register in USUAL_REGISTERS else RARE_WEIGHT)
            * (OUT_OF_SCOPE_WEIGHT if variant.slug == OUT_OF_SCOPE else 1.0)
            for variant in variants
        ]
    )


def manners(readings: Sequence[Reading]) -> NDArray[np.float64]:
    """The manner of each message, a row each."""
    return np.array([reading.manner for reading in readings], dtype=np.float64)


def group_variants(variants: Sequence[Variant], *, words: Words) -> NDArray[np.int64]:
    """A number per phrasing, shared by near neighbours: those must not be on both sides."""
    readings = [read(variant.text, words) for variant in variants]
    vocabulary = Vocabulary.build(readings)
    parts = [vocabulary.vector(reading, STEM_WORDS) for reading in readings]
    at = {slug: number for number, slug in enumerate(sorted({v.slug for v in variants}))}
    classes = np.array([at[variant.slug] for variant in variants], dtype=np.int64)
    return same_question_groups(_matrix(parts, vocabulary, kind=STEM_WORDS), classes)


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
    manners: NDArray[np.float64],
    weights: NDArray[np.float64],
    outside: tuple[int, int],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weight of each vote, and of a message's manner for the two labels that are no entries.

    Maximum likelihood of the right label on phrasings the votes had not seen: the resulting
    shares are calibrated by construction, and so few numbers cannot learn the phrasings by heart.
    """
    rows, share = np.arange(len(classes)), weights / weights.sum()
    count, columns = votes.shape[-1], list(outside)

    def cost(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        turned = point[count:].reshape(2, -1)
        logits = votes @ point[:count]
        logits[:, columns] += manners @ turned.T
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        loss = -(share * np.log(shares[rows, classes] + 1e-12)).sum()
        shares[rows, classes] -= 1
        shares *= share[:, None]
        slope = np.tensordot(shares, votes, axes=([0, 1], [0, 1]))
        sloped = (shares[:, columns].T @ manners + 2 * HELD * turned).ravel()
        return float(loss + HELD * (turned**2).sum()), np.concatenate([slope, sloped])

    start = np.concatenate([np.full(count, 0.3), np.zeros(2 * manners.shape[1])])
    found = optimize.minimize(cost, start, jac=True, method="L-BFGS-B")
    point = np.asarray(found.x, dtype=np.float64)
    return point[:count], point[count:].reshape(2, -1)


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


def train_nets(
    features: Features,
    classes: NDArray[np.int64],
    *,
    kept: NDArray[np.int64],
    tested: NDArray[np.int64],
    progress: Progress,
) -> tuple[tuple[Net, ...], NDArray[np.float64]]:
    """The nets on everything; the votes on `tested` of others that had seen `kept` alone."""
    everything = np.arange(len(classes))
    tasks = [
        (plan, *rows)
        for plan in (*PLANS, None)
        for rows in ((everything, everything[:0]), (kept, tested))
    ]
    nets: list[Net] = []
    votes: list[NDArray[np.float64]] = []
    with ProcessPoolExecutor(
        PROCESSES, initializer=_share_work, initargs=(features, classes)
    ) as pool:
        results: Iterator[tuple[Net, NDArray[np.float64]]] = pool.map(_run_task, tasks)
        for number, (net, voted) in enumerate(results, start=1):
            if number % 2:
                nets.append(net)
            else:
                votes.append(voted)
            progress(0.25 + 0.7 * number / len(tasks), "melatih")
    return tuple(nets), np.stack(votes, axis=-1)


def _share_work(features: Features, classes: NDArray[np.int64]) -> None:
    """Give a worker process its data once instead of with every task."""
    # One thread each: small products on two threads wait for each other longer than they work.
    threadpool_limits(1)
    _shared.append((features, classes))


def _run_task(
    task: tuple[Plan | None, NDArray[np.int64], NDArray[np.int64]],
) -> tuple[Net, NDArray[np.float64]]:
    """One net (without a plan, the counting one) of some rows, and its votes on others."""
    plan, kept, tested = task
    features, classes = _shared[0]
    kinds = plan.kinds if plan else COUNTED
    matrix = sparse.hstack([features[kind] for kind in kinds]).tocsr()
    count = int(classes.max()) + 1
    if plan:
        net = train_net(matrix[kept], classes[kept], plan=plan, class_count=count)
    else:
        net = count_net(matrix[kept], classes[kept], kinds=kinds, class_count=count)
    reached = matrix[tested] @ net.inward.astype(np.float32) * net.scale + net.inward_bias
    logits = net.finish(reached)
    logits -= logits.max(axis=1, keepdims=True, initial=-np.inf)
    return net, logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


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
