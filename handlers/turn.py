"""What one step of the conversation is given and what it decides; no rows, no network."""

from dataclasses import dataclass, field
from datetime import datetime

from escalation.offices import Offices
from escalation.risk import Assessment, Level
from handlers.flow_data import FlowBook
from handlers.hotlines import Hotlines
from handlers.messages import OutboundMessage
from handlers.models import Ending
from handlers.state import ConversationState
from handlers.texts import Texts
from knowledge.answer import Decision
from knowledge.companies import Register
from knowledge.index import FaqIndex
from knowledge.places import Area, Gazetteer, Located


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a text means, worked out before any transaction is open."""

    decision: Decision
    assessment: Assessment
    """Of the conversation so far, this text included."""

    alone: Assessment
    """Of this text by itself."""

    located: Located
    language: str
    is_out_of_scope: bool = False
    """Whether it is rather a question of another kind than one we do not know yet."""

    is_thanks: bool = False
    text: str = ""
    """What was written, for what a register holds under the names in it."""
    also: Decision | None = None
    """Of the second question, where a text asks two that are both surely answered."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """What the conversation may know of the contact's open case."""

    id: int
    is_accepted: bool
    officer_is_present: bool
    """An officer holds the thread and wrote within the last 15 minutes, or just took it."""


@dataclass(frozen=True, slots=True)
class View:
    """The world as one step sees it."""

    faq: FaqIndex
    places: Gazetteer
    offices: Offices
    companies: Register
    texts: Texts
    flows: FlowBook
    hotlines: Hotlines
    area: Area | None
    case: CaseView | None
    is_staffed: bool
    """Whether any officer can be reached; without one no reply promises a person."""

    now: datetime
    is_officer: bool = False
    """Officers read answers here too, but what they write opens no case."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Bring this to a person: a danger that was read, or a wish to talk (`is_request`).

    `facts` are further fields of the card; `place` is the area code of what happened, which counts
    where nobody knows where the person lives.
    """

    assessment: Assessment
    is_request: bool = False
    outside: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    place: str | None = None


@dataclass(frozen=True, slots=True)
class SetArea:
    """Note where the person lives."""

    code: str


@dataclass(frozen=True, slots=True)
class SafetyAnswer:
    """The person answered whether it is safe to write."""

    is_safe: bool


@dataclass(frozen=True, slots=True)
class MoveOutside:
    """Take the open case away from the local office."""


@dataclass(frozen=True, slots=True)
class Helpful:
    """What the person says about the answer they got last."""

    slug: str
    yes: bool


@dataclass(frozen=True, slots=True)
class Erase:
    """Delete what is stored about this contact, except an open case."""


@dataclass(frozen=True, slots=True)
class ForwardToOfficer:
    """Let the officer who holds the case read this message."""


@dataclass(frozen=True, slots=True)
class GiveCode:
    """The person wants to write from another channel too."""


@dataclass(frozen=True, slots=True)
class JoinPerson:
    """The person typed the code that another channel of theirs was given."""

    code: str


@dataclass(frozen=True, slots=True)
class PartChannels:
    """The person no longer wants their channels to be one."""


@dataclass(frozen=True, slots=True)
class RecordOffer:
    """Write down an offer that was checked; `named` are its entities by kind."""

    level: Level
    indicators: tuple[str, ...]
    named: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GiveReportCode:
    """Draw the number of the report that was just filed, for the blank in the reply."""


@dataclass(frozen=True, slots=True)
class AskStatus:
    """The person typed the number of a report."""

    code: str


@dataclass(frozen=True, slots=True)
class AddEvidence:
    """Put this message with a case whose number the person typed."""

    case_id: int


@dataclass(frozen=True, slots=True)
class WantLateAnswer:
    """The person wants to hear once there is an answer to the question in this message."""

    inbox_id: int


Intent = (
    OpenCase
    | SetArea
    | SafetyAnswer
    | MoveOutside
    | Helpful
    | Erase
    | ForwardToOfficer
    | GiveCode
    | JoinPerson
    | PartChannels
    | RecordOffer
    | GiveReportCode
    | AskStatus
    | AddEvidence
    | WantLateAnswer
)


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """What the early warning keeps of a message: never its words."""

    kind: str
    slug: str | None
    level: Level
    indicators: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message leads to. `label` is what `converse` reports of it."""

    state: ConversationState
    ending: Ending
    replies: tuple[OutboundMessage, ...] = ()
    intents: tuple[Intent, ...] = ()
    question: QuestionDraft | None = None
    reason: str | None = None
    decision: Decision | None = field(default=None)
    level: Level | None = None
