"""Which FAQ entry a message asks for, with probabilities and reasons.

Small nets (fixed weights from `knowledge.training`) are mixed into one probability per entry, out
of scope and small talk. Phrasings newer than the model speak through a search for the most similar
phrasing, so an edit works without training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.followup import FollowUp
from knowledge.matcher_model import Model, Vectors
from knowledge.neighbours import Nearest, Neighbours
from knowledge.text import Words
from knowledge.text_features import STEM_WORDS, Reading, Vocabulary, read
from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK, Variant

MAX_CANDIDATES = 10
# A newer phrasing counts from this similarity on, and decides alone at the second.
NEWER_FROM = 0.6
NEWER_SURE = 0.95
_TINY = 1e-6
# With a whole conversation before it a message still stands for itself from these on: as a clear
# question, and as a greeting or thanks.
CLEAR_FROM = 0.97
POLITE_FROM = 0.8
# ... and with more than this share of words of greeting or thanks ("lama ya?" has half).
MOSTLY_POLITE = 0.5
# What came before can make small talk of a text from this share of it on: "suwun yo".
POLITE_HINT = 0.1
REASON_WORDS = 4
EMPTY_REASON = "pesan kosong atau tanpa kata"
CONTEXT_REASON = "dibaca bersama pertanyaan sebelumnya"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An FAQ entry and the calibrated probability that it is the right one."""

    slug: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """Entries best first (ten where the FAQ has as many), two other probabilities, and reasons in Indonesian."""

    candidates: tuple[Candidate, ...]
    out_of_scope: float
    small_talk: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Probabilities over the labels, adding up to one, and what they come from."""

    shares: NDArray[np.float64]
    nearest: Nearest
    vectors: Vectors


class Matcher:
    """`match(text)` over the fixed model and the current phrasings."""

    def __init__(self, model: Model, words: Words, variants: Sequence[Variant]) -> None:
        self._model = model
        self._words = words
        self._variants = tuple(variants)
        self._vocabulary = Vocabulary(model.terms, model.rarity)
        known = set(model.classes)
        newer = sorted({variant.slug for variant in variants} - known)
        self.labels = (*model.classes, *newer)
        self._neighbours = Neighbours(
            model.index, variants, labels=self.labels, vocabulary=self._vocabulary, words=words
        )
        current = {variant.slug for variant in variants} | {OUT_OF_SCOPE, SMALL_TALK}
        # Entries without a phrasing any more were withdrawn: never offered.
        self._is_current = np.array([label in current for label in self.labels])
        self._outside, self._polite = map(self.labels.index, (OUT_OF_SCOPE, SMALL_TALK))
        outside = (self._outside, self._polite)
        self._entries = [at for at in range(len(self.labels)) if at not in outside]

    def over(self, variants: Sequence[Variant]) -> Matcher:
        """Give a matcher with the same weights over other phrasings: what an edit would do."""
        return Matcher(self._model, self._words, variants)

    def nearest(self, text: str) -> tuple[float, Variant] | None:
        """Give the phrasing most like a text and how like it is, 0 to 1; None where none is."""
        reading = read(text, self._words)
        if not reading.raw or not self._variants:
            return None
        found = self._neighbours.find(self._vocabulary.vectors(reading)[STEM_WORDS])
        at = int(np.argmax(found.similarity))
        return float(found.similarity[at]), self._variants[at]

    def weights(self, text: str) -> dict[int, float]:
        """Give what a text is about as weighted columns; their products add up to a likeness."""
        reading = read(text, self._words)
        if not reading.raw:
            return {}
        sparse = self._vocabulary.vectors(reading)[STEM_WORDS]
        return dict(zip(map(int, sparse.columns), map(float, sparse.weights), strict=True))

    def match(self, text: str, *, follow_up: FollowUp | None = None) -> Match:
        """The verdict on `text`; `follow_up` says how to read it after what came before."""
        reading = read(text, self._words)
        if not reading.raw:
            return self._verdict(np.zeros(len(self.labels)), why=(EMPTY_REASON,))
        evidence = self._weigh(reading)
        shares = evidence.shares
        why: tuple[str, ...] = ()
        # A greeting, thanks or a clear question stands for itself.
        is_clear = max(shares[at] for at in self._entries) >= CLEAR_FROM
        polite = shares[self._polite]
        is_polite = polite >= POLITE_FROM and reading.manner[0] > MOSTLY_POLITE
        if follow_up is not None and not is_clear and not is_polite:
            shares = self._in_conversation(text, shares, follow_up)
            why = (CONTEXT_REASON,)
        why = (*self._reasons(reading, shares, evidence=evidence), *why)
        return self._verdict(shares, why=why)

    def _in_conversation(
        self, text: str, alone: NDArray[np.float64], follow_up: FollowUp
    ) -> NDArray[np.float64]:
        """Probabilities of a message read after what came before."""
        logits = follow_up.own * np.log(alone + _TINY)
        for before, weight in follow_up.readings:
            together = self._weigh(read(f"{before} {text}", self._words))
            logits += weight * np.log(together.shares + _TINY)
        logits += np.array([follow_up.pull.get(label, 0.0) for label in self.labels])
        logits[~self._is_current] = -np.inf
        shares: NDArray[np.float64] = np.exp(logits - logits.max())
        total = float(shares.sum())
        shares = shares / total
        polite, outside = self._polite, self._outside
        if alone[polite] < POLITE_HINT and not follow_up.is_light:
            # What came before makes no small talk of a text in which nothing speaks for it.
            kept = min(shares[polite], alone[polite])
            shares[outside] += shares[polite] - kept
            shares[polite] = kept
        return shares

    def _weigh(self, reading: Reading) -> _Evidence:
        """What speaks for each label in a message read alone."""
        model = self._model
        vectors = self._vocabulary.vectors(reading)
        nearest = self._neighbours.find(vectors[STEM_WORDS])
        size = len(model.classes)
        logits = model.logits(vectors, self._vocabulary, manner=np.array(reading.manner))
        logits[~self._is_current[:size]] = -np.inf
        shares = np.zeros(len(self.labels))
        shares[:size] = np.exp(logits - logits.max())
        shares /= shares.sum()
        if not reading.manner[0]:
            # What has no word of greeting or thanks is none: rather unknown than greeted.
            shares[self._outside] += shares[self._polite]
            shares[self._polite] = 0.0
        if nearest.newer_similarity > NEWER_FROM:
            sure = (nearest.newer_similarity - NEWER_FROM) / (NEWER_SURE - NEWER_FROM)
            sure = min(1.0, sure) * 0.99
            shares *= 1 - sure
            shares[nearest.newer_label] += sure
        return _Evidence(shares, nearest, vectors)

    def _verdict(self, shares: NDArray[np.float64], *, why: tuple[str, ...]) -> Match:
        order = sorted(self._entries, key=lambda at: (-shares[at], self.labels[at]))
        current = [at for at in order if self._is_current[at]][:MAX_CANDIDATES]
        return Match(
            candidates=tuple(Candidate(self.labels[at], float(shares[at])) for at in current),
            out_of_scope=float(shares[self._outside]),
            small_talk=float(shares[self._polite]),
            why=why,
        )

    def _reasons(
        self, reading: Reading, shares: NDArray[np.float64], *, evidence: _Evidence
    ) -> tuple[str, ...]:
        """The nearest phrasing of the best label and the message's words that speak for it."""
        best = int(np.argmax(shares))
        reasons = []
        if (at := evidence.nearest.best_row(best)) is not None:
            reasons.append(f'mirip: "{self._variants[at].text}"')
        if best < len(self._model.classes):
            weights = self._model.nets[0].word_weights(
                reading, evidence.vectors, vocabulary=self._vocabulary, label=best
            )
            telling = sorted((w for w in weights if weights[w] > 0), key=lambda w: -weights[w])
            if telling:
                reasons.append("kata: " + ", ".join(telling[:REASON_WORDS]))
        return tuple(reasons)
