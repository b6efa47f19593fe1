"""The try-out box: what a villager would get for a text, today or with a draft published, and why."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from escalation.risk import Level
from handlers import conversation
from handlers.messages import InboundKind, InboundMessage, OutboundMessage
from handlers.resources import Knowledge, Resources
from handlers.state import ConversationState
from handlers.turn import View
from knowledge.answer import DecisionKind
from knowledge.companies import Register
from knowledge.editions import Edition, changed_phrasings
from knowledge.entries import Entry, Topic
from knowledge.index import FaqIndex
from knowledge.variants import Variant

SHOWN_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """What one text leads to: the replies as sent, the decision, its reasons, and the danger."""

    text: str
    kind: DecisionKind
    slug: str | None
    replies: tuple[OutboundMessage, ...]
    candidates: tuple[tuple[str, float], ...]
    why: tuple[str, ...]
    level: Level
    indicators: tuple[str, ...]


def try_out(
    text: str,
    *,
    resources: Resources,
    knowledge: Knowledge,
    companies: Register,
    now: datetime,
) -> Tried:
    """Play one text as a stranger's first message: nothing is stored or sent."""
    trial = copy.copy(resources)
    trial.knowledge = knowledge
    state = ConversationState(greeted=True)
    meaning = trial.understand(text, state=state, recent=())
    message = InboundMessage(
        channel="coba", external_id="", sender="", sent_at=now, kind=InboundKind.TEXT, text=text
    )
    view = View(
        faq=knowledge.faq,
        places=trial.places,
        offices=trial.offices,
        companies=companies,
        flows=trial.flows,
        hotlines=trial.hotlines,
        texts=trial.texts,
        area=None,
        case=None,
        is_staffed=not resources.is_unstaffed,
        now=now,
    )
    turn = conversation.step(state, message, meaning, view)
    decision = meaning.decision
    names = resources.names.indicators
    return Tried(
        text=text,
        kind=decision.kind,
        slug=decision.slug,
        replies=turn.replies,
        candidates=tuple((c.slug, c.score) for c in decision.candidates[:SHOWN_CANDIDATES]),
        why=decision.why,
        level=meaning.assessment.level,
        indicators=tuple(names.get(i.id, i.id) for i in meaning.assessment.indications),
    )


def with_edition(
    knowledge: Knowledge, edition: Edition, *, variants: Sequence[Variant]
) -> Knowledge:
    """Give the knowledge as it would be with an edition published. `variants` are those in force."""
    faq = with_entry(knowledge.faq, edition.entry)
    if not edition.added and not edition.removed:
        return replace(knowledge, faq=faq)
    matcher = knowledge.matcher.over(changed_phrasings(variants, edition))
    return replace(knowledge, faq=faq, matcher=matcher)


def with_entry(faq: FaqIndex, entry: Entry) -> FaqIndex:
    """Give the FAQ with one entry new or changed; nobody has vouched for it yet."""
    topics = tuple(_with(topic, entry) for topic in faq.topics)
    entries: Mapping[str, Entry] = {**faq.entries, entry.slug: entry}
    checked = {slug: day for slug, day in faq.checked_on.items() if slug != entry.slug}
    return replace(faq, topics=topics, entries=entries, checked_on=checked)


def _with(topic: Topic, entry: Entry) -> Topic:
    if topic.id != entry.topic:
        return topic
    if any(old.slug == entry.slug for old in topic.entries):
        entries = tuple(entry if old.slug == entry.slug else old for old in topic.entries)
    else:
        entries = (*topic.entries, entry)
    return replace(topic, entries=entries)
