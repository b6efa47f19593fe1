"""What one answer in a row of questions was, and what it leads to."""

from dataclasses import dataclass

from handlers.flow_data import Option
from handlers.flow_state import FlowState
from handlers.messages import InboundKind
from handlers.turn import Intent, QuestionDraft, Understanding
from knowledge.places import Area


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: an option that was tapped or spelled out, words, a place, or a photo or voice."""

    option: Option | None = None
    text: str = ""
    kind: InboundKind = InboundKind.TEXT
    meaning: Understanding | None = None
    place: Area | None = None

    @property
    def is_skip(self) -> bool:
        """Tell whether nothing was answered."""
        return self.option is None and not self.text and self.kind == InboundKind.TEXT


@dataclass(frozen=True, slots=True)
class Heard:
    """Where a row of questions stands after an answer; `told` is said before the next one."""

    flow: FlowState
    intents: tuple[Intent, ...] = ()
    question: QuestionDraft | None = None
    told: str = ""
