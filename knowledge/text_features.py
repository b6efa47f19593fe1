"""What the matcher sees of a message: words and letter sequences, weighted by how telling they are.

Four kinds, because each survives something else: roots and pairs of roots survive affixes, spelling
and language; letters of roots survive unknown affixes; standard words keep the affixes; letters of
the raw message survive every mistake of ours. One implementation serves training and answering.
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
# Kinds in the order of their columns, and in how many phrasings a feature must stand to be kept.
KINDS = {STEM_WORDS: 2, STEM_CHARS: 4, NORM_WORDS: 2, RAW_CHARS: 5}
CHAR_SIZES = (3, 4)
_CACHED_WORDS = 30_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A message taken apart: its tokens as typed, their roots, and feature counts by kind."""

    raw: tuple[str, ...]
    stems: tuple[tuple[str, ...], ...]  # roots of each token
    counts: Mapping[str, Counter[str]]


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
    }
    return Reading(raw=raw, stems=stems, counts=counts)


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
        found = [(known[t], n) for t, n in reading.counts[kind].items() if t in known]
        columns = np.array([column for column, _ in found], dtype=np.int64)
        counts = np.array([count for _, count in found], dtype=np.float32)
        weights = (1 + np.log(counts)) * self.rarity[columns]
        length = float(np.linalg.norm(weights))
        return Sparse(columns, (weights / length if length else weights).astype(np.float32))

    def vectors(self, reading: Reading) -> dict[str, Sparse]:
        """The features of every kind."""
        return {kind: self.vector(reading, kind) for kind in KINDS}

    def column(self, word: str) -> int | None:
        """The column of one root."""
        return self._columns[STEM_WORDS].get(word)


def _char_counts(words: Sequence[str]) -> Counter[str]:
    return Counter(gram for word in words for gram in _char_grams(word))


@lru_cache(maxsize=_CACHED_WORDS)
def _char_grams(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(
        padded[at : at + size] for size in CHAR_SIZES for at in range(len(padded) - size + 1)
    )
