"""From probabilities to a decision."""

from __future__ import annotations

import pytest

from knowledge.answer import AnswerPolicy, DecisionKind, as_json, choose
from knowledge.matcher import Candidate, Match


def match(*scores: float, out: float = 0.0, social: float = 0.0) -> Match:
    padded = (*scores, *[0.0] * (5 - len(scores)))
    candidates = tuple(Candidate(f"entri-{n}", s) for n, s in enumerate(padded))
    return Match(candidates=candidates, out_of_scope=out, small_talk=social, why=("mirip",))


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        pytest.param(match(0.95), DecisionKind.ANSWER, id="sure"),
        pytest.param(match(0.75, out=0.2), DecisionKind.CHOICES, id="perhaps out of scope"),
        pytest.param(match(0.4, 0.3, 0.1), DecisionKind.CHOICES, id="split"),
        pytest.param(match(0.1, 0.05), DecisionKind.UNKNOWN, id="spread thin"),
        pytest.param(match(0.1, out=0.8), DecisionKind.UNKNOWN, id="out of scope"),
        pytest.param(match(0.1, social=0.85), DecisionKind.SMALL_TALK, id="greeting"),
        pytest.param(match(), DecisionKind.UNKNOWN, id="empty message"),
    ],
)
def test_choose(given: Match, kind: DecisionKind) -> None:
    decision = choose(given, policy=AnswerPolicy())
    assert decision.kind is kind
    assert decision.slug == ("entri-0" if kind is DecisionKind.ANSWER else None)
    assert len(decision.choices) == (4 if kind is DecisionKind.CHOICES else 0)
    if kind is DecisionKind.UNKNOWN:
        assert len(decision.why) > len(given.why)


def test_policy_moves_the_line() -> None:
    careful = AnswerPolicy(answer_from=0.97)
    assert choose(match(0.95), policy=careful).kind is DecisionKind.CHOICES


def test_as_json() -> None:
    given = as_json(choose(match(0.9, 0.05), policy=AnswerPolicy()))
    assert given["kind"] == "answer"
    assert given["slug"] == "entri-0"
    assert given["score"] == 0.9
    assert given["candidates"][:2] == [  # type: ignore[index]
        {"slug": "entri-0", "score": 0.9},
        {"slug": "entri-1", "score": 0.05},
    ]
    assert list(given) == ["kind", "slug", "score", "candidates", "why"]
