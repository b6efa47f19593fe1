"""Roots of Indonesian words, with the prefixes and endings that people speak but do not write.

PySastrawi's engine with our own root list: its bundled list has another licence and turns
"meninggal" (to die) into "tinggal" (to live). Its default stemmer also keeps every word for ever,
so the cache here has an upper limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from Sastrawi.Dictionary.ArrayDictionary import (  # type: ignore[import-untyped]
    ArrayDictionary,
)
from Sastrawi.Stemmer.Stemmer import Stemmer as Engine  # type: ignore[import-untyped]

# Longer than "mempertanggungjawabkannya" (25); past it a word is noise and costs the engine time.
MAX_WORD_CHARS = 32
CACHE_WORDS = 20_000
# Spoken nasal prefixes and the sounds they replace: nyari -> cari, ngurus -> urus, nolak -> tolak.
_NASALS = (
    ("nge", ("",)),
    ("ny", ("s", "c")),
    ("ng", ("", "k")),
    ("n", ("t",)),
    ("m", ("p",)),
)
_PREFIXES = ("", "di", "ke", "ku", "kau", "ter", "se", "dipe", "diper", "tak")
_ENDINGS = (
    "",
    "in",
    "kan",
    "an",
    "i",
    "nya",
    "innya",
    "annya",
    "ku",
    "mu",
    "lah",
    "kah",
    "nih",
)


class Stemmer:
    """`stem(word)` over a root list and a table of words with a stated root."""

    def __init__(self, roots: Iterable[str], stated: Mapping[str, str]) -> None:
        self.roots = frozenset(roots)
        self._stated = dict(stated)
        self._engine = Engine(ArrayDictionary(self.roots))
        self.stem = lru_cache(maxsize=CACHE_WORDS)(self._stem)

    def _stem(self, word: str) -> str:
        """The root of a lower-case word, or the word itself when no root fits."""
        if len(word) > MAX_WORD_CHARS or not word.strip("-"):
            return word
        if word in self._stated:
            return self._stated[word]
        if word in self.roots:
            return word
        root: str = self._engine.stem_word(word)
        if root in self.roots:
            return root
        for root in _spoken_roots(word):
            if root in self.roots or root in self._stated:
                return self._stated.get(root, root)
        return word


def _spoken_roots(word: str) -> Iterator[str]:
    """Possible roots of a word with spoken affixes, likeliest first."""
    for ending in _ENDINGS:
        if not word.endswith(ending):
            continue
        base = word[: len(word) - len(ending)]
        for prefix in _PREFIXES:
            if base.startswith(prefix) and len(base) - len(prefix) >= 3:
                if prefix or ending:
                    yield base[len(prefix) :]
                yield from _without_nasal(base[len(prefix) :])


def _without_nasal(word: str) -> Iterator[str]:
    for nasal, sounds in _NASALS:
        if word.startswith(nasal) and len(word) - len(nasal) >= 3:
            for sound in sounds:
                yield sound + word[len(nasal) :]
