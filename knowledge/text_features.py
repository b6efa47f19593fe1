"""What the matcher sees of a message: words and letter sequences, weighted by how telling they are.

Six kinds, because each survives something else: roots and pairs of roots survive affixes, spelling
and language; letters of roots survive unknown affixes; standard words keep the affixes; letters of
the raw message survive every mistake of ours; groups of words survive another word for the same
thing; pairs with a gap survive a word put between. One implementation serves training and answering.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.text import Words, clean, fold

STEM_WORDS = "stem_words"
STEM_CHARS = "stem_chars"
NORM_WORDS = "norm_words"
RAW_CHARS = "raw_chars"
CONCEPTS = "concepts"
SKIPS = "skips"
# Kinds in the order of their columns, and in how many phrasings a feature must stand to be kept.
KINDS = {STEM_WORDS: 2, STEM_CHARS: 4, NORM_WORDS: 2, RAW_CHARS: 5, CONCEPTS: 4, SKIPS: 3}
CHAR_SIZES = (3, 4)
_CACHED_WORDS = 30_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A message taken apart: its tokens as typed, their roots, and feature counts by kind.

    `manner` tells small talk from a question whatever the words mean: the share of words that
    people greet and thank with, how short it is, and a constant.
    """

    raw: tuple[str, ...]
    stems: tuple[tuple[str, ...], ...]  # roots of each token
    counts: Mapping[str, Counter[str]]
    manner: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Sparse:
    """Columns and weights of one kind; the weights have length one."""

    columns: NDArray[np.int64]
    weights: NDArray[np.float32]


def read(text: str, words: Words) -> Reading:
    """`text` taken apart, without the greeting before a question."""
    tokens = words.without_opening(words.tokenize(clean(text)))
    raw = tuple(fold(token.raw) for token in tokens)
    norms = [token.norm.split() for token in tokens]
    stems = tuple(tuple(words.stem(word) for word in norm) for norm in norms)
    flat = [stem for token in stems for stem in token]
    counts = {
        STEM_WORDS: Counter(flat + [f"{a} {b}" for a, b in pairwise(flat)]),
        STEM_CHARS: _char_counts(flat),
        NORM_WORDS: Counter(word for norm in norms for word in norm),
        RAW_CHARS: _char_counts([part for word in raw for part in word.split()]),
        CONCEPTS: _concept_counts(flat, words),
        SKIPS: Counter(
            [*flat, *(f"{a} {b}" for a, b in pairwise(flat))]
            + [f"{a}_{b}" for a, b in zip(flat, flat[2:], strict=False)]
        ),
    }
    return Reading(raw=raw, stems=stems, counts=counts, manner=_manner(raw, words))


class Vocabulary:
    """The features kept, each with a column number and a weight that grows with its rarity."""

    def __init__(self, terms: Mapping[str, Sequence[str]], rarity: NDArray[np.float32]) -> None:
        self.terms = {kind: tuple(terms[kind]) for kind in KINDS}
        self.rarity = rarity
        self.starts: dict[str, int] = {}
        self._columns: dict[str, dict[str, int]] = {}
        start = 0
        for kind, names in self.terms.items():
            self.starts[kind] = start
            self._columns[kind] = {name: start + at for at, name in enumerate(names)}
            start += len(names)
        self.size = start

    @classmethod
    def build(cls, readings: Sequence[Reading]) -> Vocabulary:
        """The features that stand in enough of `readings`."""
        terms: dict[str, list[str]] = {}
        rarity: list[float] = []
        for kind, at_least in KINDS.items():
            texts = Counter(term for reading in readings for term in reading.counts[kind])
            terms[kind] = sorted(term for term, count in texts.items() if count >= at_least)
            rarity += [math.log((1 + len(readings)) / (1 + texts[t])) + 1 for t in terms[kind]]
        return cls(terms, np.array(rarity, dtype=np.float32))

    def extend(self, readings: Sequence[Reading]) -> None:
        """Add the words of newer phrasings as the rarest of all, numbered after every column."""
        known = self._columns[STEM_WORDS]
        rarest = float(self.rarity.max(initial=1.0))
        new = sorted({t for r in readings for t in r.counts[STEM_WORDS] if t not in known})
        known.update({term: self.size + at for at, term in enumerate(new)})
        self.rarity = np.append(self.rarity, np.full(len(new), rarest, dtype=np.float32))
        self.size += len(new)

    def vector(self, reading: Reading, kind: str) -> Sparse:
        """The features of one kind, as weights of length one (empty if none is known)."""
        known = self._columns[kind]
        seen = reading.counts[kind]
        found = [term for term in seen if term in known]
        columns = np.array([known[term] for term in found], dtype=np.int64)
        weights = self.rarity[columns]
        if sum(seen.values()) > len(seen):
            counts = np.array([seen[term] for term in found], dtype=np.float32)
            weights = (1 + np.log(counts)) * weights
        length = math.sqrt(float(weights @ weights))
        return Sparse(columns, (weights / length if length else weights).astype(np.float32))

    def vectors(self, reading: Reading) -> dict[str, Sparse]:
        """The features of every kind."""
        return {kind: self.vector(reading, kind) for kind in KINDS}

    def column(self, word: str) -> int | None:
        """The column of one root."""
        return self._columns[STEM_WORDS].get(word)


def _manner(raw: Sequence[str], words: Words) -> tuple[float, float, float]:
    polite = sum(words.polite.issuperset(token.split()) for token in raw)
    count = max(1, len(raw))
    return polite / count, 1 / count, 1.0


def _concept_counts(roots: Sequence[str], words: Words) -> Counter[str]:
    """Groups of words, and pairs of groups and of a group with its neighbours' roots."""
    groups = [words.concepts.of(root) for root in roots]
    first = [names[0] for names in groups]
    counts = Counter(name for names in groups for name in names)
    counts.update(f"{a} {b}" for a, b in pairwise(first))
    counts.update(f"{a}_{b}" for a, b in zip(first, first[2:], strict=False))
    for at in range(1, len(roots)):
        if first[at - 1].startswith("#"):
            counts[f"{first[at - 1]}>{roots[at]}"] += 1
        if first[at].startswith("#"):
            counts[f"{roots[at - 1]}<{first[at]}"] += 1
    return counts


def _char_counts(words: Sequence[str]) -> Counter[str]:
    return Counter(gram for word in words for gram in _char_grams(word))


@lru_cache(maxsize=_CACHED_WORDS)
def _char_grams(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(
        padded[at : at + size] for size in CHAR_SIZES for at in range(len(padded) - size + 1)
    )
