"""Answering the bot's own list: one of its choices, several, or none of them."""

from dataclasses import replace

from handlers import replies, taps
from handlers.answering import question
from handlers.messages import OutboundMessage
from handlers.models import Ending
from handlers.picks import Pick, is_none_of_them, points_into_list, read_pick, rows_of
from handlers.state import ENTRY_CHOICE, ConversationState, entries_of
from handlers.turn import Turn, Understanding, View
from knowledge.answer import DecisionKind


def picked(state: ConversationState, text: str, meaning: Understanding, view: View) -> Turn | None:
    """Read a text as a choice from the list shown last; None where it is none."""
    if state.offered and is_none_of_them(text, texts=view.texts) and state.awaiting is None:
        return _none_of_them(state, view)
    shown, pick = _read_pick(state, text, view)
    if pick is None or (pick.says_more and _asks_elsewhere(meaning, shown)):
        return None
    if pick.off_list:
        again = OutboundMessage(view.texts.say("pilih_lagi", jumlah=len(shown)))
        return Turn(state, Ending.ASKED_BACK, (again,))
    state = replace(state, listed=entries_of(shown) or state.listed)
    if pick.says_more and shown[pick.positions[0]].startswith(ENTRY_CHOICE):
        slug = shown[pick.positions[0]].removeprefix(ENTRY_CHOICE)
        decision = replace(meaning.decision, kind=DecisionKind.ANSWER, slug=slug)
        return question(state, replace(meaning, decision=decision), view)
    turns = [taps.press(state, shown[position], view) for position in pick.positions]
    told = tuple(reply for turn in turns for reply in turn.replies)
    return replace(turns[0], replies=told)


def _read_pick(
    state: ConversationState, text: str, view: View
) -> tuple[tuple[str, ...], Pick | None]:
    """Give what a text picks, and from which list: the one before where it goes back to that."""
    shown = state.offered
    pick = read_pick(text, count=len(shown), rows=rows_of(shown), texts=view.texts)
    if rows_of(shown) or not points_into_list(text, texts=view.texts):
        return shown, pick
    before = tuple(replies.answer_id(slug) for slug in state.listed)
    return before, read_pick(text, count=len(before), texts=view.texts)


def _asks_elsewhere(meaning: Understanding, shown: tuple[str, ...]) -> bool:
    """Tell whether what follows a pick is a question that the list does not hold."""
    slug = meaning.decision.slug
    return slug is not None and replies.answer_id(slug) not in shown


def _none_of_them(state: ConversationState, view: View) -> Turn:
    """Ask for other words; what was offered or answered in vain is not talked about any more."""
    topics = state.topics if entries_of(state.offered) else state.topics[:-1]
    state = replace(state.calm(), listed=(), topics=topics, last_question="")
    none = OutboundMessage(
        view.texts.say("bukan_itu"),
        (replies.button(view, "petugas", "petugas"), replies.button(view, "menu", "menu")),
    )
    return Turn(state, Ending.UNKNOWN, (none,))
