"""Measures question matching on a labelled file: `python -m bench.matching --eval FILE --model FILE`.

Each line: text, slug (LUAR out of scope, SAPA small talk), also (equally right), lang, register.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench.intervals import share
from knowledge.answer import OFFERED_CHOICES, AnswerPolicy, Decision, DecisionKind, choose
from knowledge.matcher import Matcher
from knowledge.matcher_model import Model
from knowledge.text import Words
from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK, load_variants

OUTSIDE = frozenset({OUT_OF_SCOPE, SMALL_TALK})
EDGES = (0.0, 0.3, 0.5, 0.7, 0.85, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled message and what was decided."""

    slug: str
    right: frozenset[str]
    lang: str
    register: str
    decision: Decision

    def hit(self, first: int) -> bool:
        """Whether a right entry is among the first candidates."""
        return any(c.slug in self.right for c in self.decision.candidates[:first])

    @property
    def answered(self) -> bool:
        return self.decision.kind is DecisionKind.ANSWER

    @property
    def resolved(self) -> bool:
        """Answered right, or a right entry offered."""
        offered = self.decision.kind is DecisionKind.CHOICES and self.hit(OFFERED_CHOICES)
        return offered or (self.answered and self.hit(1))


def report(cases: Sequence[Case]) -> None:
    """The figures on in-scope, out-of-scope and small-talk messages."""
    inside = [case for case in cases if case.slug not in OUTSIDE]
    outside = [case for case in cases if case.slug == OUT_OF_SCOPE]
    social = [case for case in cases if case.slug == SMALL_TALK]
    rows = [
        ("accuracy at 1", (case.hit(1) for case in inside)),
        ("accuracy at 3", (case.hit(3) for case in inside)),
        ("answered right", (case.answered and case.hit(1) for case in inside)),
        ("answered wrong", (case.answered and not case.hit(1) for case in inside)),
        ("resolved", (case.resolved for case in inside)),
        ("unknown", (case.decision.kind is DecisionKind.UNKNOWN for case in inside)),
        ("LUAR answered", (case.answered for case in outside)),
        ("LUAR offered", (case.decision.kind is DecisionKind.CHOICES for case in outside)),
        ("SAPA answered", (case.answered for case in social)),
        ("SAPA greeted", (case.decision.kind is DecisionKind.SMALL_TALK for case in social)),
    ]
    for name, flags in rows:
        print(f"  {name:16} {share(flags)}")


def report_reliability(cases: Sequence[Case]) -> None:
    """How often the first candidate is right where the matcher says so with such a probability."""
    inside = [case for case in cases if case.slug not in OUTSIDE]
    gap = 0.0
    for low, high in pairwise(EDGES):
        group = [case for case in inside if low <= case.decision.score < high]
        if group:
            said = sum(case.decision.score for case in group) / len(group)
            gap += abs(said * len(group) - sum(case.hit(1) for case in group)) / len(inside)
            print(
                f"  said {low:.2f} to {min(high, 1):.2f}: {said:.3f}, "
                f"right {share(case.hit(1) for case in group)}"
            )
    print(f"  said and right differ by {gap:.3f} on average")


def report_groups(cases: Sequence[Case]) -> None:
    """Accuracy and wrong answers per language and register."""
    inside = [case for case in cases if case.slug not in OUTSIDE]
    for field in ("lang", "register"):
        for value in sorted({getattr(case, field) for case in inside}):
            group = [case for case in inside if getattr(case, field) == value]
            first = share(case.hit(1) for case in group)
            wrong = sum(case.answered and not case.hit(1) for case in group)
            print(f"  {field} {value:10} at 1 {first}, wrong {wrong}")


def measure_questions(rows: Sequence[dict[str, object]], matcher: Matcher) -> None:
    """All figures on single messages, and the time for one."""
    policy = AnswerPolicy()
    cases = []
    start = time.perf_counter()
    for row in rows:
        decision = choose(matcher.match(str(row["text"])), policy=policy)
        cases.append(_case(row, decision))
    spent = (time.perf_counter() - start) / max(1, len(rows)) * 1000
    report(cases)
    report_reliability(cases)
    report_groups(cases)
    print(f"  {spent:.2f} ms a question")


def _case(row: dict[str, object], decision: Decision) -> Case:
    also = row.get("also") or []
    return Case(
        slug=str(row["slug"]),
        right=frozenset({str(row["slug"]), *also}),  # type: ignore[misc]
        lang=str(row.get("lang", "-")),
        register=str(row.get("register", "-")),
        decision=decision,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures for a labelled file."""
    parser = argparse.ArgumentParser(prog="bench.matching", description=main.__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="labelled JSON Lines")
    parser.add_argument("--model", type=Path, required=True, help="model of knowledge.training")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    matcher = Matcher(Model.load(options.model), Words.load(), load_variants())
    ready = time.perf_counter() - start
    rows = [json.loads(line) for line in options.eval.read_text("utf-8").splitlines() if line]
    measure_questions(rows, matcher)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  ready in {ready:.2f} s, {peak:.0f} MB at most")
    return 0


if __name__ == "__main__":
    sys.exit(main())
