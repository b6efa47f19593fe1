"""What a conversation keeps of a turn, so that the next message can lean on it."""

from dataclasses import replace

from escalation.risk import Level
from handlers import offer_check
from handlers.flow_state import FlowState
from handlers.messages import InboundKind, InboundMessage
from handlers.models import Ending
from handlers.state import RECENT_MESSAGES, TOPICS_KEPT, Awaiting, ConversationState, entries_of
from handlers.turn import Erase, Turn, Understanding, View
from knowledge.answer import DecisionKind

FRAGMENT_WORDS = 3
"""Texts this short lean on the question before them, so that one stays the context."""


def remember(
    turn: Turn, message: InboundMessage, meaning: Understanding, view: View
) -> ConversationState:
    """Give the state after a turn: what was shown, said and answered."""
    if any(isinstance(intent, Erase) for intent in turn.intents):
        return ConversationState()
    # A question of a row is answered by its own choices, whatever was shown above it.
    counted = turn.replies[-1:] if turn.state.awaiting == Awaiting.FLOW else turn.replies
    offered = tuple(choice.id for reply in counted for choice in reply.choices)
    state = _with_topic(turn, offered)
    if message.kind != InboundKind.TEXT and turn.question is None:
        return replace(state, offered=offered or state.offered, last_at=view.now)
    text = message.text.strip()
    is_question = turn.question is not None and turn.ending != Ending.SOCIAL
    recent = state.recent_at(view.now)
    level = state.level if recent else None
    if turn.question is not None:
        recent = (*recent, text)[-RECENT_MESSAGES:]
        level = _graver(level, meaning.assessment.level)
    leans = len(text.split()) <= FRAGMENT_WORDS and bool(state.last_question)
    flow = view.flows.flows[offer_check.NAME]
    advert = state.advert if recent else None
    if turn.question is not None and flow.reads_like_advert(text):
        advert = offer_check.read(FlowState(flow.name), meaning, flow)
    return replace(
        state,
        advert=advert,
        offered=offered,
        recent=recent,
        level=level,
        last_question=text if is_question and not leans else state.last_question,
        last_at=view.now,
    )


def _with_topic(turn: Turn, offered: tuple[str, ...]) -> ConversationState:
    """Note the entry that was answered and the list that was shown."""
    state = turn.state
    listed = entries_of(offered) or state.listed
    slug = state.last_slug
    is_answer = turn.decision is None or turn.decision.kind == DecisionKind.ANSWER
    if turn.ending != Ending.ANSWERED or slug is None or not is_answer:
        return replace(state, listed=listed)
    before = tuple(topic for topic in state.topics if topic != slug)
    return replace(state, listed=listed, topics=(*before, slug)[-TOPICS_KEPT:])


def _graver(before: str | None, now: Level) -> str:
    return max(Level(before or Level.TIDAK), now, key=lambda level: level.rank).value
