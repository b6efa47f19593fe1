"""How well the risk engine tells danger from ordinary talk: `python -m bench.risk`.

Grouped cross-validation of the whole engine (rules, model, limits): no message is judged by a
model that saw it, its contrast pair or a near neighbour, and limits come from the other messages.
Ordinary questions are kept apart by FAQ slug, which is harsher than life: their topics are known.
Those of further topics (about work abroad) were judged harmless by topic and in part by reading.
Intervals are 95 % (Wilson). The labelled messages are half red and mostly written to mislead.
At the end: how many alerts an officer gets on a real day. `--eval FILE --model FILE` judges a
labelled file by a trained model instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench.budget import report_budget
from bench.intervals import interval
from bench.judging import Judged, judge, judge_kept_apart, share
from escalation.risk import Level, RiskEngine
from escalation.risk_data import LEVELS, Labelled, is_ordinary
from escalation.risk_limits import ADVERTISEMENTS
from escalation.risk_model import RiskModel
from escalation.risk_reasons import WHOLE_STORY
from knowledge.text import Words


def report(judged: Sequence[Judged]) -> None:
    """Print the figures of the labelled messages and of ordinary questions."""
    own = [item for item in judged if item.row.source != "ordinary"]
    ordinary = [item for item in judged if item.row.source == "ordinary"]
    questions = [item for item in ordinary if is_ordinary(item.row.topic or "")]
    further = [item for item in ordinary if not is_ordinary(item.row.topic or "")]
    red = [item for item in own if item.row.level >= 3]
    urgent = [item for item in own if item.row.level == 4]
    calm = [item for item in own if item.row.level <= 1]
    print("darurat+tinggi escalated      ", share(red, Level.SEDANG))
    print("darurat at least tinggi       ", share(urgent, Level.TINGGI))
    print("tidak/rendah escalated        ", share(calm, Level.SEDANG))
    print("tidak/rendah at tinggi+       ", share(calm, Level.TINGGI))
    if questions:
        print("ordinary questions escalated  ", share(questions, Level.SEDANG))
        print("ordinary questions at tinggi+ ", share(questions, Level.TINGGI))
    if further:
        print("further topics escalated      ", share(further, Level.SEDANG))
        print("further topics at tinggi+     ", share(further, Level.TINGGI))
    print("red labelled, by score: area  ", f"{_area(own):.3f}")
    _report_explained(own)
    times = sorted(item.milliseconds for item in judged)
    print(f"milliseconds a message          median {times[len(times) // 2]:.2f}, "
          f"95 % below {times[int(0.95 * len(times))]:.2f}")  # fmt: skip


def report_parts(judged: Sequence[Judged]) -> None:
    """Print recall and false alarms by set, by language and by length, and the advertisements."""
    own = [item for item in judged if item.row.source != "ordinary"]

    def lines(title: str, key: Callable[[Judged], str]) -> None:
        for name in sorted({key(item) for item in own}):
            of_name = [item for item in own if key(item) == name]
            red = [item for item in of_name if item.row.level >= 3]
            calm = [item for item in of_name if item.row.level <= 1]
            print(f"  {title} {name:<6} red escalated {share(red, Level.SEDANG):<32}"
                  f" calm escalated {share(calm, Level.SEDANG):<32}"
                  f" calm at tinggi+ {share(calm, Level.TINGGI)}")  # fmt: skip

    lines("set", lambda item: item.row.source)
    lines("language", lambda item: item.row.lang)
    lines("words", lambda item: _length(len(item.row.text.split())))
    offers = [item for item in own if item.row.source == ADVERTISEMENTS]
    print("advertisements: suspicious seen",
          share([i for i in offers if i.row.level >= 2], Level.SEDANG),
          "  legitimate flagged", share([i for i in offers if i.row.level <= 1], Level.SEDANG))  # fmt: skip


def report_indicators(judged: Sequence[Judged]) -> None:
    """Print for each indicator how often it is found and how often it is named in calm messages."""
    calm = [item for item in judged if item.row.level <= 1]
    red = [item for item in judged if item.row.level >= 3]
    names = sorted({name for item in judged for name in item.row.indicators})
    print(f"{'indicator':<30}{'labelled':>9}{'recall':>8}{'right when named':>18}"
          f"{'named in an escalated calm message':>36}")  # fmt: skip
    for name in [*names, WHOLE_STORY]:
        holding = [_names(item, name) for item in judged if name in item.row.indicators]
        right = [name in item.row.indicators for item in red if _names(item, name)]
        false = sum(_names(item, name) and item.found.level.escalated for item in calm)
        recall = f"{sum(holding) / len(holding):.0%}" if holding else "-"
        precise = f"{sum(right) / len(right):.0%}" if right else "-"
        print(f"{name:<30}{len(holding):>9}{recall:>8}{precise:>18}{false / len(calm):>36.2%}")


def report_file(path: Path, *, engine: RiskEngine) -> None:
    """Print the figures of a labelled file."""
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    report([
        judge(engine, Labelled(
            item["text"], LEVELS.index(item["level"]), frozenset(), None, "", source="eval"
        ))
        for item in items
    ])  # fmt: skip


def _report_explained(own: Sequence[Judged]) -> None:
    up = [item for item in own if item.found.level.escalated]
    unexplained = [item for item in up if not any(sign.quote for sign in item.found.indications)]
    print("escalated without a quote     ", len(unexplained))
    red = [item for item in up if item.row.level >= 3 and item.row.indicators]
    if red:
        first = [item.found.indications[0].id for item in red]
        named = [(name, item) for name, item in zip(first, red, strict=True) if name != WHOLE_STORY]
        print("red: first indicator labelled ", interval(
            sum(name in item.row.indicators for name, item in named), len(named)))  # fmt: skip
        print("red: only the story as a whole", interval(len(red) - len(named), len(red)))
    kinds = [item for item in up if item.row.level >= 2 and item.row.kind]
    if kinds:
        print("kind right                    ", interval(
            sum(item.found.kind is not None and item.found.kind.value == item.row.kind
                for item in kinds), len(kinds)))  # fmt: skip


def _area(own: Sequence[Judged]) -> float:
    """Return how often a red message scores above a calm one."""
    red = np.array([item.found.score for item in own if item.row.level >= 3])
    calm = np.sort([item.found.score for item in own if item.row.level <= 1])
    if not len(red) or not len(calm):
        return float("nan")
    return float(np.searchsorted(calm, red).mean() / len(calm))


def _names(item: Judged, indicator: str) -> bool:
    return any(sign.id == indicator for sign in item.found.indications)


def _length(words: int) -> str:
    return next((f"<{top:03}" for top in (8, 15, 30, 60) if words < top), ">=060")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--eval", type=Path, help="a labelled file instead of cross-validation")
    parser.add_argument("--model", type=Path, help="model of escalation.risk_training, for --eval")
    options = parser.parse_args(arguments)
    words = Words.load()
    if options.eval:
        if not options.model:
            parser.error("--eval needs --model")
        engine = RiskEngine.load(words=words, model=RiskModel.load(options.model))
        report_file(options.eval, engine=engine)
        return 0
    judged = judge_kept_apart(words)
    report(judged)
    report_parts(judged)
    report_indicators(judged)
    report_budget(judged)
    return 0


if __name__ == "__main__":
    sys.exit(main())
