"""How well the risk engine tells danger from ordinary talk: `python -m bench.risk [--eval FILE]`.

Grouped cross-validation of the whole engine (rules, model, limits): no message is judged by a
model that saw it, its contrast pair or a near neighbour. Ordinary questions are kept apart by FAQ
slug. Intervals are 95 % (Wilson). The labelled messages are half red and mostly written to
mislead; ordinary traffic is the last group of lines.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from math import sqrt
from pathlib import Path

from escalation.entities import EntityReader
from escalation.risk import Assessment, Level, RiskEngine
from escalation.risk_data import LEVELS, Labelled, folds, load_rows
from escalation.risk_indicators import IndicatorBook
from escalation.risk_model import RiskModel
from escalation.risk_table import build_table
from escalation.risk_training import fit_arrays, show_progress, train
from knowledge.text import Words

OUTER_FOLDS = 3
Z = 1.96


def interval(part: int, whole: int) -> str:
    """Return a share with its Wilson interval."""
    if not whole:
        return "-"
    p, n = part / whole, whole
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return f"{p:6.1%} [{middle - half:.1%}, {middle + half:.1%}] ({part}/{n})"


def judge_kept_apart(
    words: Words,
) -> tuple[list[Labelled], list[Assessment], float]:
    """Return the messages, each judged by an engine that saw none of its group, and ms each."""
    book = IndicatorBook.load(words=words)
    entities = EntityReader.load()
    rows = load_rows()
    table = build_table(rows, book=book, step=show_progress)
    fold = folds(rows, count=OUTER_FOLDS)
    judged: dict[int, Assessment] = {}
    spent = 0.0
    for number in range(OUTER_FOLDS):
        seen = [at for at in range(len(rows)) if fold[at] != number]
        arrays = fit_arrays(
            table.part(seen), [rows[at] for at in seen], ids=sorted(book.indicators),
            step=show_progress,
        )  # fmt: skip
        engine = RiskEngine(book, entities=entities, model=RiskModel(arrays))
        start = time.perf_counter()
        for at, row in enumerate(rows):
            if fold[at] == number:
                judged[at] = engine.assess([row.text])
        spent += time.perf_counter() - start
    order = sorted(judged)
    return [rows[at] for at in order], [judged[at] for at in order], 1000 * spent / len(order)


def report(rows: Sequence[Labelled], judged: Sequence[Assessment]) -> None:
    """Print the figures of the labelled messages and of ordinary questions."""
    pairs = list(zip(rows, judged, strict=True))
    own = [(row, a) for row, a in pairs if row.source != "ordinary"]
    red = [a for row, a in own if row.level >= 3]
    urgent = [a for row, a in own if row.level == 4]
    calm = [(row, a) for row, a in own if row.level <= 1]
    print("darurat+tinggi escalated      ", _share(red, Level.SEDANG))
    print("darurat at least tinggi       ", _share(urgent, Level.TINGGI))
    print("tidak/rendah escalated        ", _share([a for _, a in calm], Level.SEDANG))
    print("tidak/rendah at tinggi+       ", _share([a for _, a in calm], Level.TINGGI))
    for name in sorted({row.source for row, _ in own}):
        graver = [a for row, a in own if row.source == name and row.level >= 3]
        ordinary_ones = [a for row, a in calm if row.source == name]
        print(f"  set {name}: red escalated {_share(graver, Level.SEDANG)}"
              f"   calm escalated {_share(ordinary_ones, Level.SEDANG)}")  # fmt: skip
    questions = [a for row, a in pairs if row.source == "ordinary"]
    if questions:
        print("ordinary questions escalated  ", _share(questions, Level.SEDANG))
        print("ordinary questions at tinggi+ ", _share(questions, Level.TINGGI))
    unexplained = [
        a for a in judged if a.level.escalated and not any(i.quote for i in a.indications)
    ]
    print("escalated without a quote     ", len(unexplained))


def report_indicators(rows: Sequence[Labelled], judged: Sequence[Assessment]) -> None:
    """Print for each indicator how often it is found and how often it is named in calm messages."""
    pairs = [(row, {i.id for i in a.indications}, a.level.escalated)
             for row, a in zip(rows, judged, strict=True)]  # fmt: skip
    names = sorted({name for row, _, _ in pairs for name in row.indicators})
    calm = [(found, up) for row, found, up in pairs if row.level <= 1]
    print(f"{'indicator':<30}{'recall':>8}{'  named in an escalated calm message'}")
    for name in names:
        holding = [name in found for row, found, _ in pairs if name in row.indicators]
        false = sum(name in found and up for found, up in calm)
        print(f"{name:<30}{sum(holding) / len(holding):>8.0%}{false / len(calm):>12.2%}")


def report_file(path: Path, *, words: Words) -> None:
    """Print the figures of a labelled file, judged by an engine trained on all packaged data."""
    model = RiskModel(train(words=words, step=show_progress))
    sys.stderr.write("\n")
    engine = RiskEngine.load(words=words, model=model)
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    rows = [
        Labelled(item["text"], LEVELS.index(item["level"]), frozenset(), None, "", source="eval")
        for item in items
    ]
    report(rows, [engine.assess([row.text]) for row in rows])


def _share(judged: Sequence[Assessment], level: Level) -> str:
    return interval(sum(a.level.rank >= level.rank for a in judged), len(judged))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--eval", type=Path, help="a labelled file instead of cross-validation")
    options = parser.parse_args(arguments)
    words = Words.load()
    if options.eval:
        report_file(options.eval, words=words)
        return 0
    rows, judged, milliseconds = judge_kept_apart(words)
    sys.stderr.write("\n")
    report(rows, judged)
    print(f"milliseconds a message         {milliseconds:.2f}")
    report_indicators(rows, judged)
    return 0


if __name__ == "__main__":
    sys.exit(main())
