"""An officer acting in one message: the open unit of work, who acts, and how they are answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from escalation import roster
from escalation.assignment import Roster, Rung
from escalation.models import Case, Officer
from escalation.notices import may_take
from handlers.cards import FACTS, Facts, marked
from handlers.messages import Choice, InboundMessage, OutboundMessage
from handlers.models import Ending
from handlers.resources import Resources
from handlers.state import ConversationState
from handlers.turn import Turn


@dataclass(slots=True)
class Acting:
    """One officer in one message. `state` is what the conversation remembers afterwards."""

    db: Session
    officer_id: int
    state: ConversationState
    message: InboundMessage
    resources: Resources
    now: datetime

    def say(self, key: str, *, choices: tuple[Choice, ...] = (), **values: object) -> Turn:
        """Tell the officer a sentence."""
        return self.tell(self.resources.texts.say(f"petugas.{key}", **values), choices)

    def say_of(
        self, case: Case, key: str, *, choices: tuple[Choice, ...] = (), **values: object
    ) -> Turn:
        """Tell the officer a sentence about a case."""
        text = self.resources.texts.say(f"petugas.{key}", nomor=case.id, **values)
        return self.tell(marked(text, case, texts=self.resources.texts), choices)

    def tell(self, text: str, choices: tuple[Choice, ...] = ()) -> Turn:
        """Tell the officer a text."""
        return Turn(self.state, Ending.COMMAND, (OutboundMessage(text, choices),))

    def roster(self) -> Roster:
        """Give the roster of the moment."""
        return roster.load_roster(self.db, now=self.now)

    def zone(self) -> str:
        """Give the zone in which this officer's day runs."""
        return self.resources.zone_of(self.roster(), self.officer_id)

    def is_at_desk(self) -> bool:
        """Tell whether this officer is one of the national desk."""
        posts = self.roster().posts
        return any(
            post.officer_id == self.officer_id and post.rung == Rung.NASIONAL for post in posts
        )

    def may_take(self, case: Case) -> bool:
        """Tell whether a case is this officer's business."""
        return may_take(case, self.officer_id, roster=self.roster(), offices=self.resources.offices)

    def name(self, officer_id: int | None = None) -> str:
        """Give an officer's name; one's own by default."""
        return self.db.get_one(Officer, officer_id or self.officer_id).name

    def facts(self, case: Case) -> Facts:
        """Open the fields of a case's card."""
        facts: Facts = self.resources.sealer.open_json(case.facts_sealed, purpose=FACTS)
        return facts
