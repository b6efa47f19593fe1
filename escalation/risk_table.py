"""Messages as rows of a weighted matrix, for training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from escalation.risk_data import Labelled
from escalation.risk_features import FAMILIES, circumstances, extract, hashed
from escalation.risk_indicators import IndicatorBook
from escalation.risk_model import FAMILY_WEIGHTS

# A feature seen in fewer messages is not learnt.
LEAST_MESSAGES = {
    "letters": 4,
    "spelled": 2,
    "standard": 2,
    "groups": 3,
    "rules": 3,
    "standard-letters": 4,
    "clauses": 4,
    "stems": 2,
    "pairs": 4,
    "sequence": 5,
}
READ_BETWEEN_STEPS = 200

Step = Callable[[str, int, int], None]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """Messages as rows of a weighted matrix; `keys` names its columns, sorted."""

    matrix: csr_matrix
    circumstances: Floats
    keys: NDArray[np.uint32]
    rarity: Floats
    families: NDArray[np.int8]

    def part(self, rows: Sequence[int]) -> Table:
        """Return the same table with these rows only."""
        chosen = list(rows)
        return Table(
            self.matrix[chosen], self.circumstances[chosen], self.keys, self.rarity, self.families
        )

    def columns_of(self, names: Sequence[str]) -> NDArray[np.int64]:
        """Return the columns that belong to these families."""
        wanted = [FAMILIES.index(name) for name in names]
        found: NDArray[np.int64] = np.flatnonzero(np.isin(self.families, wanted))
        return found


def build_table(rows: Sequence[Labelled], *, book: IndicatorBook, step: Step) -> Table:
    """Return the features of all messages, weighted by rarity, each family of length one."""
    hashes: list[list[list[int]]] = []
    around: list[list[float]] = []
    for number, row in enumerate(rows):
        reading = book.read(row.text)
        parts = extract(reading)
        around.append(circumstances(reading))
        hashes.append([hashed(items, family=at) for at, items in enumerate(parts)])
        if number % READ_BETWEEN_STEPS == 0:
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
        (np.concatenate(values).astype(np.float32), np.concatenate(indices), ends),
        shape=(len(rows), len(keys)),
    )
    matrix.sum_duplicates()  # sorted here, so that no reader of a shared matrix sorts it
    return Table(matrix, np.array(around), keys, rarity, families)


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
