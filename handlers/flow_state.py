"""How far somebody has come in a row of questions; kept with the conversation, so it survives."""

from dataclasses import dataclass, replace
from typing import Any

SKIPPED = "lewati"
OTHER = "lain"
"""What is kept of an answer in other words than those offered."""


@dataclass(frozen=True, slots=True)
class FlowState:
    """One row of questions: which, what is asked now, and what was answered so far.

    `answers` are option ids by question id; `named` are entities by kind, as they were read;
    `ids` are indicators read from the person's own words; `case_id` is the case a message is
    added to by its number; `again` is the question that was asked twice, since nothing answered it.
    """

    name: str
    asking: str | None = None
    answers: tuple[tuple[str, str], ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    ids: tuple[str, ...] = ()
    outside: bool = False
    place: str | None = None
    is_filed: bool = False
    case_id: int | None = None
    again: str | None = None

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "FlowState":
        """Rebuild what `asdict` gave; keys of another version are left out."""
        known = {key: value for key, value in raw.items() if key in cls.__dataclass_fields__}
        for key in ("answers", "named"):
            known[key] = tuple((str(name), str(value)) for name, value in known.get(key, ()))
        known["ids"] = tuple(known.get("ids", ()))
        return cls(**known)

    def answer(self, question: str) -> str | None:
        """Give the option that answered a question; None where it is still open."""
        return dict(self.answers).get(question)

    def with_answer(self, question: str, option: str) -> "FlowState":
        """Give the state with one question answered, in place of an earlier answer."""
        kept = tuple(pair for pair in self.answers if pair[0] != question)
        return replace(self, answers=(*kept, (question, option)))
