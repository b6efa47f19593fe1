"""The matcher's trained numbers: one file of plain arrays, no pickle."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.neighbours import Rows
from knowledge.text_features import KINDS, STEM_WORDS, Reading, Sparse, Vocabulary
from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK

FORMAT = 2
Vectors = Mapping[str, Sparse]


class ModelError(ValueError):
    """A model file that cannot be used."""


@dataclass(frozen=True, slots=True)
class Net:
    """Features of some kinds -> hidden units -> one log-probability per class.

    The first layer is kept in whole numbers, `scale` per hidden unit: a quarter of the size. With
    an empty second layer (`knowledge.matcher_counts`) the units are the classes themselves.
    """

    kinds: tuple[str, ...]
    inward: NDArray[np.int8]
    scale: NDArray[np.float32]
    inward_bias: NDArray[np.float32]
    outward: NDArray[np.float32]
    outward_bias: NDArray[np.float32]

    def log_shares(self, vectors: Vectors, vocabulary: Vocabulary) -> NDArray[np.float64]:
        """Log-probabilities over the model's classes."""
        rows, weights = self._input(vectors, vocabulary)
        logits = self.finish(self._activate(rows, weights))
        logits -= logits.max()
        shares: NDArray[np.float64] = logits - np.log(np.exp(logits).sum())
        return shares

    def word_weights(
        self, reading: Reading, vectors: Vectors, *, vocabulary: Vocabulary, label: int
    ) -> dict[str, float]:
        """How much each word as typed speaks for a class against the average class.

        Only for a net whose first kind is STEM_WORDS: there columns are rows.
        """
        active = self._activate(*self._input(vectors, vocabulary)) > 0
        pull = (self.outward[:, label] - self.outward.mean(axis=1)) * active * self.scale
        own = vectors[STEM_WORDS]
        known = own.columns < len(vocabulary.terms[STEM_WORDS])
        columns = own.columns[known]
        gains = own.weights[known] * (self.inward[columns] @ pull)
        gain = dict(zip(columns.tolist(), gains.tolist(), strict=True))
        found: dict[str, float] = {}
        for raw, stems in zip(reading.raw, reading.stems, strict=True):
            at = [vocabulary.column(stem) for stem in stems]
            found[raw] = sum(gain.get(column, 0.0) for column in at if column is not None)
        return found

    def finish(self, activation: NDArray[np.float32]) -> NDArray[np.float64]:
        """Class scores from the sums that reach the hidden units (one message, or a row each)."""
        if len(self.outward):
            activation = np.maximum(activation, 0) @ self.outward + self.outward_bias
        return activation.astype(np.float64)

    def _activate(
        self, rows: NDArray[np.int64], weights: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        sums: NDArray[np.float32] = weights @ self.inward[rows].astype(np.float32)
        return sums * self.scale + self.inward_bias

    def _input(
        self, vectors: Vectors, vocabulary: Vocabulary
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows of `inward` and weights; the net's kinds stand side by side in its rows."""
        rows, weights = [], []
        start = 0
        for kind in self.kinds:
            vector = vectors[kind]
            size = len(vocabulary.terms[kind])
            at = vector.columns - vocabulary.starts[kind]
            trained = at < size  # words of newer phrasings have no row
            rows.append(at[trained] + start)
            weights.append(vector.weights[trained])
            start += size
        return np.concatenate(rows), np.concatenate(weights)


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that training fixes; `content` is the hash of the phrasings it was trained on."""

    content: str
    classes: tuple[str, ...]
    terms: Mapping[str, tuple[str, ...]]
    rarity: NDArray[np.float32]
    nets: tuple[Net, ...]
    mixture: NDArray[np.float64]  # a weight per net
    outside: NDArray[np.float64]  # what a message's manner adds to out of scope and to small talk
    index: Rows

    def logits(
        self, vectors: Vectors, vocabulary: Vocabulary, *, manner: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Logarithms of probabilities over the classes, but for a constant."""
        votes = np.stack([net.log_shares(vectors, vocabulary) for net in self.nets])
        logits: NDArray[np.float64] = self.mixture @ votes
        logits[self.classes.index(OUT_OF_SCOPE)] += self.outside[0] @ manner
        logits[self.classes.index(SMALL_TALK)] += self.outside[1] @ manner
        return logits

    def save(self, file: Path) -> None:
        """Write one file, complete or not at all."""
        arrays: dict[str, NDArray[np.generic]] = {
            "format": np.array([FORMAT]),
            "content": _pack([self.content]),
            "classes": _pack(self.classes),
            "rarity": self.rarity,
            "mixture": self.mixture,
            "outside": self.outside,
            "index_keys": self.index.keys,
            "index_starts": self.index.starts.astype(np.uint32),
            "index_columns": self.index.columns.astype(np.uint32),
            "index_weights": self.index.weights.astype(np.float16),
            "net_kinds": _pack(",".join(net.kinds) for net in self.nets),
        }
        for kind, names in self.terms.items():
            arrays[f"terms_{kind}"] = _pack(names)
        for at, net in enumerate(self.nets):
            for part in ("inward", "scale", "inward_bias", "outward", "outward_bias"):
                arrays[f"net{at}_{part}"] = getattr(net, part)
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as target:
                np.savez_compressed(target, allow_pickle=False, **arrays)
                target.flush()
                os.fsync(target.fileno())
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, file: Path) -> Model:
        """Read a saved model. Raises ModelError if the file is missing, damaged or of another kind."""
        try:
            with file.open("rb") as source, np.load(source, allow_pickle=False) as arrays:
                if int(arrays["format"][0]) != FORMAT:
                    raise ModelError(f"{file}: another format; train again")
                return cls._from(arrays)
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            if isinstance(error, ModelError):
                raise
            raise ModelError(f"{file}: not a readable model ({error}); train again") from error

    @classmethod
    def _from(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Model:
        nets = tuple(
            Net(
                tuple(kinds.split(",")),
                *(
                    arrays[f"net{at}_{part}"]  # type: ignore[arg-type]
                    for part in ("inward", "scale", "inward_bias", "outward", "outward_bias")
                ),
            )
            for at, kinds in enumerate(_unpack(arrays["net_kinds"]))
        )
        return cls(
            content=_unpack(arrays["content"])[0],
            classes=_unpack(arrays["classes"]),
            terms={kind: _unpack(arrays[f"terms_{kind}"]) for kind in KINDS},
            rarity=arrays["rarity"].astype(np.float32),
            nets=nets,
            mixture=arrays["mixture"].astype(np.float64),
            outside=arrays["outside"].astype(np.float64),
            index=Rows(
                keys=arrays["index_keys"].astype(np.uint64),
                starts=arrays["index_starts"].astype(np.int64),
                columns=arrays["index_columns"].astype(np.int64),
                weights=arrays["index_weights"].astype(np.float32),
            ),
        )


def _pack(lines: object) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)  # type: ignore[arg-type]


def _unpack(packed: NDArray[np.generic]) -> tuple[str, ...]:
    return tuple(packed.tobytes().decode().split("\n"))
