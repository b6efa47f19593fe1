"""What to do with a match: answer, offer choices, greet, or say "I do not know yet"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.matcher import Candidate, Match

OFFERED_CHOICES = 4


class DecisionKind(StrEnum):
    """The four things a message can lead to."""

    ANSWER = "answer"
    CHOICES = "choices"
    UNKNOWN = "unknown"
    SMALL_TALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """Probabilities from which each decision is taken.

    Stated costs: a wrong answer 5, "I do not know" 1, choices without the right one 1.5, choices
    with it 0.25 (one more message), a right answer 0. The matcher's probability is strict: it
    calls right only the one entry a phrasing was filed under, and was learned on phrasings harder
    than messages. On the development questions, where neighbouring entries may count too, 96 of
    100 answers from `answer_from` on are right: they cost 5 x 0.04 = 0.2 each, less than choices.
    The thresholds were chosen on those same questions: expect somewhat worse on others.
    """

    answer_from: float = 0.7
    # An answer also needs out of scope to be as good as excluded; otherwise it asks.
    answer_out_of_scope_below: float = 0.1
    # First four together; below it the right one is too seldom among them to ask.
    choices_from: float = 0.3
    out_of_scope_from: float = 0.6
    small_talk_from: float = 0.5


@dataclass(frozen=True, slots=True)
class Decision:
    """`slug` stands only with an answer; `score` is the first candidate's probability."""

    kind: DecisionKind
    slug: str | None
    score: float
    candidates: tuple[Candidate, ...]
    why: tuple[str, ...]

    @property
    def choices(self) -> tuple[Candidate, ...]:
        """The entries to offer, where the kind is choices."""
        if self.kind is not DecisionKind.CHOICES:
            return ()
        return self.candidates[:OFFERED_CHOICES]


def choose(match: Match, *, policy: AnswerPolicy) -> Decision:
    """The decision on one message."""
    first = match.candidates[0]
    kind, reason = _kind(match, policy)
    return Decision(
        kind=kind,
        slug=first.slug if kind is DecisionKind.ANSWER else None,
        score=first.score,
        candidates=match.candidates,
        why=(*match.why, reason) if reason else match.why,
    )


def as_json(decision: Decision) -> dict[str, object]:
    """The decision as the command line and the interface give it."""
    return {
        "kind": str(decision.kind),
        "slug": decision.slug,
        "score": round(decision.score, 4),
        "candidates": [
            {"slug": candidate.slug, "score": round(candidate.score, 4)}
            for candidate in decision.candidates
        ],
        "why": list(decision.why),
    }


def _kind(match: Match, policy: AnswerPolicy) -> tuple[DecisionKind, str | None]:
    first = match.candidates[0].score
    offered = sum(candidate.score for candidate in match.candidates[:OFFERED_CHOICES])
    if match.small_talk >= policy.small_talk_from:
        return DecisionKind.SMALL_TALK, "sapaan atau ucapan, bukan pertanyaan"
    if first >= policy.answer_from and match.out_of_scope < policy.answer_out_of_scope_below:
        return DecisionKind.ANSWER, None
    if match.out_of_scope >= policy.out_of_scope_from:
        return DecisionKind.UNKNOWN, "kemungkinan di luar pokok bahasan"
    if offered < policy.choices_from:
        return DecisionKind.UNKNOWN, "tidak ada jawaban yang cukup cocok"
    return DecisionKind.CHOICES, "beberapa jawaban sama mungkinnya"
