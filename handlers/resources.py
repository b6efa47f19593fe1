"""What thinking needs, built once and passed down: FAQ, matcher, places, risk engine, texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from escalation.assignment import Roster
from escalation.entities import EntityReader
from escalation.officer_zones import zone_of
from escalation.offices import Offices
from escalation.policy import Policy
from escalation.risk import RiskEngine
from escalation.risk_areas import RiskyArea, load_areas, with_area
from handlers.flow_data import FlowBook
from handlers.hotlines import Hotlines
from handlers.referrals import Referral, load_referrals
from handlers.sealing import Sealer
from handlers.state import Awaiting, ConversationState
from handlers.texts import Texts
from handlers.turn import Understanding
from knowledge import several, store
from knowledge.answer import AnswerPolicy, Decision, DecisionKind, choose
from knowledge.companies import Register
from knowledge.followup import FollowUps, Thread
from knowledge.index import FaqIndex
from knowledge.matcher import Candidate, Matcher
from knowledge.places import Gazetteer
from knowledge.text import Words

OUT_OF_SCOPE = 0.5
"""From this probability on an unknown question is called one of another kind."""

PLACE_WORDS = 4
"""With fewer words than this an answer to "which village?" is taken for the name of one."""

SURE = AnswerPolicy(answer_from=0.8, answer_out_of_scope_below=0.05)
"""A text is only taken for two questions where both parts are answered more surely than usual."""

QUESTIONS_ANSWERED = 2

REPEAT_FROM = 0.75
"""An answer is only given twice running from this probability on; below it a choice is offered."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The published FAQ and the matcher over its phrasings; replaced whole when content changes."""

    faq: FaqIndex
    matcher: Matcher
    mark: tuple[int, ...] = ()
    """Stands for what was in the database when this was loaded from it."""

    asked_weights: dict[bytes, Mapping[int, float]] = field(default_factory=dict)
    """What questions of the gap list are about, by a hash of their text: weights, no words."""


@dataclass(frozen=True, slots=True)
class CardNames:
    """Words for what cards name by code: indicators by id, countries by ISO code."""

    indicators: Mapping[str, str]
    countries: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Resources:
    """Everything that one message needs beside the database.

    `knowledge`, `offices`, `deadlines` and `hotlines` may be replaced later, the others stay.
    `is_unstaffed`: opened although the national desk lacks people; promise nobody. `has_mail`:
    officers can be told by mail.
    `public_url`: where the pages are reached, "" where nobody set it.
    """

    knowledge: Knowledge
    words: Words
    places: Gazetteer
    risk: RiskEngine
    names: CardNames
    offices: Offices
    texts: Texts
    flows: FlowBook
    sealer: Sealer
    policy: AnswerPolicy = field(default_factory=AnswerPolicy)
    is_unstaffed: bool = False
    has_mail: bool = False
    public_url: str = ""
    deadlines: Policy = field(default_factory=Policy.load)
    hotlines: Hotlines = field(default_factory=Hotlines.load)
    settings_mark: tuple[int, ...] = ()
    """Stands for the versions of settings that the two above were read from."""

    referrals: Mapping[str, Referral] = field(default_factory=load_referrals)
    risky_areas: Mapping[str, RiskyArea] = field(default_factory=load_areas)
    follow_ups: FollowUps = field(init=False)
    _register: tuple[int | None, Register] = field(
        default_factory=lambda: (None, Register()), init=False
    )
    entities: EntityReader = field(init=False)

    def __post_init__(self) -> None:
        self.follow_ups = FollowUps.load(self.words)
        self.entities = EntityReader.load()

    def companies(self, db: Session) -> Register:
        """Give the list of placement companies in force, read once an import."""
        id = store.company_list_id(db)
        if self._register[0] != id:
            self._register = (id, store.load_register(db, id))
        return self._register[1]

    def zone_of(self, roster: Roster, officer_id: int | None) -> str:
        """Give the zone in which an officer's day runs."""
        return zone_of(officer_id, roster=roster, offices=self.offices, places=self.places)

    def understand(
        self,
        text: str,
        *,
        state: ConversationState,
        recent: tuple[str, ...],
        area_code: str | None = None,
    ) -> Understanding:
        """Work out what a text means: pure, a few milliseconds, nothing open.

        `recent` are the person's earlier texts of the same conversation, oldest first;
        `area_code` is where they live, if they have said so.
        """
        located = self.places.locate(text)
        home = area_code or located.code
        alone = with_area(self.risk.assess([text]), home, self.risky_areas)
        assessment = alone
        if recent:
            assessment = with_area(self.risk.assess([*recent, text]), home, self.risky_areas)
        follow_up = None
        # Between the questions of a row nothing follows from what was told before.
        if recent and state.awaiting != Awaiting.FLOW:
            entries, is_grave = self.knowledge.faq.entries, assessment.level.escalated
            follow_up = self.follow_ups.follow(text, _thread(state), entries, is_grave=is_grave)
        # Asked where they live, people name a place, also one that is not found.
        is_place = located.code is not None or located.ambiguous or len(text.split()) < PLACE_WORDS
        if state.awaiting == Awaiting.VILLAGE and is_place and not self.follow_ups.asks(text):
            follow_up = None
        match = self.knowledge.matcher.match(text, follow_up=follow_up)
        policy, topic = self.policy, _thread(state).topic
        if follow_up is not None and match.candidates[0].slug == topic:
            policy = replace(policy, answer_from=max(policy.answer_from, REPEAT_FROM))
        decision, also = choose(match, policy=policy), None
        if not assessment.level.escalated and follow_up is None:
            decision, also = self._both(text, decision)
        return Understanding(
            decision=decision,
            assessment=assessment,
            alone=alone,
            located=located,
            language=self.words.guess_language(text),
            is_out_of_scope=match.out_of_scope >= OUT_OF_SCOPE,
            is_thanks=self.texts.has_any(text, "terima_kasih"),
            text=text,
            also=also,
        )

    def _both(self, text: str, whole: Decision) -> tuple[Decision, Decision | None]:
        """Give the decision on a text, and that on a second question where it asks two.

        Both parts have to be answered surely by themselves, with different entries, and nothing
        else may be surer of the text as a whole.
        """
        for parts in several.splits(text):
            found = [choose(self.knowledge.matcher.match(part), policy=SURE) for part in parts]
            sure = [one for one in found if one.kind == DecisionKind.ANSWER]
            slugs = [one.slug for one in sure]
            if len(sure) < QUESTIONS_ANSWERED or len(set(slugs)) < QUESTIONS_ANSWERED:
                continue
            if whole.kind == DecisionKind.ANSWER and whole.slug not in slugs:
                continue
            second = next(one for one in sure if one.slug != slugs[0])
            return replace(sure[0], candidates=_joined(sure[0], second)), second
        return whole, None


def _joined(first: Decision, second: Decision) -> tuple[Candidate, ...]:
    """Give the candidates of both, the two answers first."""
    named = {one.slug: one for one in (first.candidates[0], second.candidates[0])}
    for one in (*first.candidates[1:], *second.candidates[1:]):
        named.setdefault(one.slug, one)
    return tuple(named.values())[: len(first.candidates)]


def _thread(state: ConversationState) -> Thread:
    return Thread(
        question=state.last_question,
        topic=state.topics[-1] if state.topics else None,
        earlier=state.topics[:-1],
        offered=state.entries_listed(),
    )
