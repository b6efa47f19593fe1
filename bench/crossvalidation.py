"""Question matching on the phrasings themselves: `python -m bench.crossvalidation [--folds 4]`.

Each fold is judged by a matcher trained on the others, as a whole and mixture included; near
neighbours stay in one fold. Strict: one right entry for each phrasing. Takes a minute a fold on
two cores. `--out FILE` keeps each verdict, to find misplaced phrasings.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]

from bench.matching import Case, report, report_groups, report_reliability
from knowledge.answer import AnswerPolicy, choose
from knowledge.matcher import Matcher
from knowledge.text import Words
from knowledge.training import USUAL_REGISTERS, group_variants, show_progress, train
from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK, Variant, load_variants

SEED = 7
"""Another one than in training, so that the folds differ from those of the mixture."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures on phrasings that the matcher had not seen."""
    parser = argparse.ArgumentParser(prog="bench.crossvalidation", description=main.__doc__)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--out", type=Path, help="JSON Lines to write, one verdict a phrasing")
    options = parser.parse_args(arguments)
    variants, words = load_variants(), Words.load()
    cases: list[tuple[Variant, Case]] = []
    for kept, tested in _folds(variants, words, count=options.folds):
        learned = [variants[row] for row in kept]
        model = train(learned, words=words, progress=show_progress)
        cases += _judge(Matcher(model, words, learned), [variants[row] for row in tested])
    outside = {OUT_OF_SCOPE, SMALL_TALK}
    usual = [one for v, one in cases if v.register in USUAL_REGISTERS or v.slug in outside]
    print("usual registers")
    report(usual)
    report_reliability(usual)
    report_groups(usual)
    print("every register")
    report([case for _, case in cases])
    if options.out:
        options.out.write_text("".join(_lines(cases)), encoding="utf-8")
    return 0


def _folds(
    variants: Sequence[Variant], words: Words, *, count: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    groups = group_variants(variants, words=words)
    split = GroupKFold(count, shuffle=True, random_state=SEED)
    yield from split.split(groups, groups, groups=groups)


def _judge(matcher: Matcher, variants: Sequence[Variant]) -> Iterator[tuple[Variant, Case]]:
    policy = AnswerPolicy()
    for variant in variants:
        match = matcher.match(variant.text)
        decision = choose(match, policy=policy)
        yield (
            variant,
            Case(
                slug=variant.slug,
                right=frozenset({variant.slug}),
                lang=variant.lang,
                register=variant.register,
                decision=decision,
            ),
        )


def _lines(cases: Sequence[tuple[Variant, Case]]) -> Iterator[str]:
    for variant, case in cases:
        first = [[c.slug, round(c.score, 3)] for c in case.decision.candidates[:4]]
        row = {
            "slug": variant.slug,
            "text": variant.text,
            "kind": str(case.decision.kind),
            "first": first,
        }
        yield json.dumps(row, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
