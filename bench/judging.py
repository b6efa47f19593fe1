"""Messages judged by a risk engine that never saw them."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.intervals import interval
from escalation.entities import EntityReader
from escalation.risk import Assessment, Level, RiskEngine
from escalation.risk_data import Labelled, folds, load_rows
from escalation.risk_indicators import IndicatorBook
from escalation.risk_limits import measure
from escalation.risk_model import RiskModel
from escalation.risk_table import build_table
from escalation.risk_training import FOLDS, fit_arrays, keep_apart, learnt_ids, show_progress
from knowledge.text import Words


@dataclass(frozen=True, slots=True)
class Judged:
    """A message and what an engine that never saw it says; `milliseconds` of processor time."""

    row: Labelled
    found: Assessment
    milliseconds: float


def judge_kept_apart(words: Words) -> list[Judged]:
    """Return every packaged message, judged by an engine that saw none of its group."""
    book = IndicatorBook.load(words=words)
    entities = EntityReader.load()
    rows, ids = load_rows(), learnt_ids(book)
    table = build_table(rows, book=book, step=show_progress)
    fold = np.array(folds(rows, count=FOLDS))
    scores, parts = keep_apart(table, rows, ids=ids, step=show_progress)
    judged: dict[int, Judged] = {}
    for number in range(FOLDS):
        seen = np.flatnonzero(fold != number)
        learnt, part = [rows[at] for at in seen], table.part(list(seen))
        limits = measure(scores[:, seen], part.circumstances, learnt)
        arrays = fit_arrays(
            part, learnt, ids=ids, limits=limits, step=show_progress, parts=parts[number]
        )
        engine = RiskEngine(book, entities=entities, model=RiskModel(arrays))
        for at in np.flatnonzero(fold == number):
            judged[int(at)] = judge(engine, rows[at])
    sys.stderr.write("\n")
    return [judged[at] for at in sorted(judged)]


def judge(engine: RiskEngine, row: Labelled) -> Judged:
    """Return one message judged, and the time it took."""
    start = time.thread_time()
    found = engine.assess([row.text])
    return Judged(row, found, 1000 * (time.thread_time() - start))


def share(judged: Sequence[Judged], level: Level) -> str:
    """Return how many reach a level."""
    return interval(sum(item.found.level.rank >= level.rank for item in judged), len(judged))
