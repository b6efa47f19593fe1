"""Other ways to find the entry, and this matcher, behind one small interface.

Run as a module it builds one of them in a process of its own, so that time and memory are its own,
and prints one JSON object: `python -m bench.peers NAME [--eval FILE] [--model FILE] [--size N]`.
`train` instead of a name trains this matcher and writes its model to `--model`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import psutil

from bench.places import slip
from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK, Variant, load_variants

OUTSIDE = frozenset({OUT_OF_SCOPE, SMALL_TALK})
NEAR = 60
"""Nearest phrasings that a search looks at before it takes the best of each entry."""

KEPT_BACK = 0.1
"""Share of the phrasings on which a peer's threshold is chosen."""

WRONG_COST, UNKNOWN_COST = 5.0, 1.0
TIMED = 60
SEED = 20240817

Ranked = list[tuple[str, float]]


class Ranker(Protocol):
    """Gives labels with scores, best first, each label once."""

    def rank(self, text: str) -> Ranked: ...


def best_of(labels: Sequence[str], scores: Sequence[float]) -> Ranked:
    """The best score of each label, best first."""
    best: dict[str, float] = {}
    for label, score in zip(labels, scores, strict=True):
        best[label] = max(score, best.get(label, -np.inf))
    return sorted(best.items(), key=lambda item: -item[1])


class TokenSet:
    """rapidfuzz: the words two texts share, whatever their order."""

    def __init__(self, variants: Sequence[Variant]) -> None:
        from rapidfuzz import fuzz, process

        self._texts = [variant.text.lower() for variant in variants]
        self._labels = [variant.slug for variant in variants]
        self._extract = process.extract
        self._scorer = fuzz.token_set_ratio

    def rank(self, text: str) -> Ranked:
        found = self._extract(text.lower(), self._texts, scorer=self._scorer, limit=NEAR)
        return best_of([self._labels[at] for _, _, at in found], [score for _, score, _ in found])


class Bm25:
    """bm25s with its default settings over words."""

    def __init__(self, variants: Sequence[Variant]) -> None:
        import bm25s  # type: ignore[import-untyped]

        self._labels = [variant.slug for variant in variants]
        self._engine = bm25s.BM25()
        self._tokenize = bm25s.tokenize
        tokens = bm25s.tokenize([v.text for v in variants], stopwords=None, show_progress=False)
        self._engine.index(tokens, show_progress=False)

    def rank(self, text: str) -> Ranked:
        tokens = self._tokenize([text], stopwords=None, show_progress=False)
        if not tokens.vocab:
            return [(OUT_OF_SCOPE, 0.0)]
        rows, scores = self._engine.retrieve(tokens, k=NEAR, show_progress=False)
        return best_of([self._labels[at] for at in rows[0]], [float(s) for s in scores[0]])


class CharacterKnn:
    """Cosine of TF-IDF over character n-grams, nearest phrasings first."""

    def __init__(self, variants: Sequence[Variant]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]

        self._labels = [variant.slug for variant in variants]
        self._features = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
        self._rows = self._features.fit_transform([variant.text for variant in variants]).T.tocsr()

    def rank(self, text: str) -> Ranked:
        near = (self._features.transform([text]) @ self._rows).toarray()[0]
        rows = np.argpartition(-near, NEAR)[:NEAR]
        return best_of([self._labels[at] for at in rows], [float(near[at]) for at in rows])


class LinearSvm:
    """A linear support vector machine over characters and words."""

    def __init__(self, variants: Sequence[Variant]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline, make_union  # type: ignore[import-untyped]
        from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

        union = make_union(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2),
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        )
        self._machine = make_pipeline(union, LinearSVC(C=0.5))
        self._machine.fit([v.text for v in variants], [v.slug for v in variants])

    def rank(self, text: str) -> Ranked:
        scores = self._machine.decision_function([text])[0]
        return best_of(list(self._machine.classes_), [float(score) for score in scores])


class Ours:
    """This matcher: the trained weights, with the phrasings given as its index."""

    def __init__(self, variants: Sequence[Variant], *, model: Path) -> None:
        from knowledge.answer import AnswerPolicy, choose
        from knowledge.matcher import Matcher
        from knowledge.matcher_model import Model
        from knowledge.text import Words

        self.matcher = Matcher(Model.load(model), Words.load(), variants)
        self.policy = AnswerPolicy()
        self._choose = choose

    def rank(self, text: str) -> Ranked:
        match = self.matcher.match(text)
        return [(candidate.slug, candidate.score) for candidate in match.candidates]

    def answers(self, text: str) -> str | None:
        """The entry given as the answer, if any."""
        return self._choose(self.matcher.match(text), policy=self.policy).slug


PEERS: dict[str, Callable[[Sequence[Variant]], Ranker]] = {
    "rapidfuzz": TokenSet,
    "bm25s": Bm25,
    "tfidf-knn": CharacterKnn,
    "linear-svm": LinearSvm,
}
NAMES = ("ours", *PEERS)
TRAIN = "train"


def grown(variants: Sequence[Variant], size: int) -> list[Variant]:
    """So many phrasings: a sample of all entries, or all with copies that have one typing slip."""
    chance = random.Random(SEED)
    shuffled = list(variants)
    chance.shuffle(shuffled)
    if size <= len(shuffled):
        return shuffled[:size]
    copies: list[Variant] = []
    while len(shuffled) + len(copies) < size:
        one = chance.choice(shuffled)
        text = slip(chance, one.text)
        copies.append(Variant(one.slug, text, one.lang, one.register, one.reviewed))
    return [*shuffled, *copies]


def threshold(build: Callable[[Sequence[Variant]], Ranker], variants: Sequence[Variant]) -> float:
    """The score from which answering costs least, on phrasings that the ranker did not see."""
    shuffled = list(variants)
    random.Random(SEED).shuffle(shuffled)
    count = int(len(shuffled) * KEPT_BACK)
    ranker = build(shuffled[count:])
    outcomes = []
    for variant in shuffled[:count]:
        label, score = ranker.rank(variant.text)[0]
        if label not in OUTSIDE:
            cost = 0.0 if label == variant.slug else WRONG_COST
            spared = 0.0 if variant.slug in OUTSIDE else UNKNOWN_COST
            outcomes.append((score, cost - spared))
    outcomes.sort(reverse=True)
    costs = np.cumsum([0.0, *(cost for _, cost in outcomes)])
    best = int(np.argmin(costs))
    return outcomes[best - 1][0] if best else float("inf")


def builder(name: str, *, model: Path) -> Callable[[Sequence[Variant]], Ranker]:
    """What builds this one of them from phrasings."""
    return PEERS.get(name) or (lambda variants: Ours(variants, model=model))


def train(variants: Sequence[Variant], *, model: Path) -> float:
    """Train this matcher, write its model, and give the seconds that took."""
    from knowledge import training
    from knowledge.text import Words

    start = time.perf_counter()
    trained = training.train(variants, words=Words.load(), progress=lambda share, step: None)
    spent = time.perf_counter() - start
    trained.save(model)
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=(TRAIN, *NAMES))
    parser.add_argument("--eval", type=Path, help="labelled JSON Lines")
    parser.add_argument("--model", type=Path, help="model of knowledge.training, for ours")
    parser.add_argument("--size", type=int, help="so many phrasings instead of all")
    options = parser.parse_args()
    variants: Sequence[Variant] = load_variants()
    if options.size:
        variants = grown(variants, options.size)
    if options.name == TRAIN:
        json.dump({"train_s": train(variants, model=options.model)}, sys.stdout)
        return
    build = builder(options.name, model=options.model)
    process = psutil.Process()
    before = process.memory_info().rss
    start = time.perf_counter()
    ranker = build(variants)
    built = time.perf_counter() - start
    lines = options.eval.read_text("utf-8").splitlines() if options.eval else []
    rows = [json.loads(line) for line in lines if line]
    chance = random.Random(SEED)
    texts = [row["text"] for row in rows] or [
        slip(chance, chance.choice(variants).text) for _ in range(TIMED)
    ]
    ranker.rank(texts[0])
    ranked, milliseconds = [], []
    for text in texts:
        start = time.perf_counter()
        ranked.append(ranker.rank(text))
        milliseconds.append((time.perf_counter() - start) * 1000)
    told: dict[str, Any] = {
        "name": options.name,
        "size": len(variants),
        "build_s": built,
        "ms": float(np.median(milliseconds)),
        "ms_p99": float(np.quantile(milliseconds, 0.99)),
        "mb": (process.memory_info().rss - before) / 2**20,
    }
    if rows:
        if isinstance(ranker, Ours):
            answered = [ranker.answers(text) for text in texts]
        else:
            limit = threshold(build, variants)
            answered = [
                found[0][0] if found[0][1] >= limit and found[0][0] not in OUTSIDE else None
                for found in ranked
            ]
        told["answered"] = answered
        told["scores"] = [
            score if label not in OUTSIDE else None
            for label, score in (found[0] for found in ranked)
        ]
        told["ranked"] = [
            [label for label, _ in found if label not in OUTSIDE][:3] for found in ranked
        ]
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
