"""Rows of questions, one at a time: each may be skipped, left, come back to, and answered freely.

What is asked stands in YAML; `offer_check` and `report_flow` say what an answer leads to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from handlers import evidence, offer_check, replies, report_flow
from handlers.answering import is_private
from handlers.flow_data import Flow, Question
from handlers.flow_state import SKIPPED, FlowState
from handlers.heard import Given, Heard
from handlers.messages import Choice, InboundKind, InboundMessage, OutboundMessage
from handlers.models import Ending
from handlers.picks import read_pick
from handlers.state import FLOW_CHOICE, Awaiting, ConversationState
from handlers.turn import Erase, SafetyAnswer, Turn, Understanding, View
from knowledge.answer import DecisionKind

OFFER, REPORT = "tawaran", "lapor"
RESUME = "lanjut"
ASIDE_WORDS = 20
"""A longer text with a question mark is a story, not a question beside the row of questions."""

SMALL_TALK_WORDS = 6
"""A longer text is kept as an answer, whatever it sounds like."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a row of questions does with its start, an answer and its end."""

    open: Callable[[ConversationState, View], Heard]
    hear: Callable[[FlowState, Question, Given, View], Heard]
    finish: Callable[[ConversationState, FlowState, View], Turn]


KINDS: Mapping[str, Kind] = {
    OFFER: Kind(offer_check.open_with, offer_check.hear, offer_check.finish),
    REPORT: Kind(report_flow.open_with, report_flow.hear, report_flow.finish),
}


def start(state: ConversationState, name: str, view: View) -> Turn:
    """Ask the first question of a row; officers are told that it is for villagers."""
    if view.is_officer:
        told = OutboundMessage(view.texts.say("petugas.bukan_warga"))
        return Turn(state, Ending.COMMAND, (told,))
    heard = KINDS[name].open(state, view)
    return _ask(replace(state, flow=heard.flow), view, lead=heard.told)


def press(state: ConversationState, rest: str, view: View) -> Turn | None:
    """Do what a button says: `lapor`, `lapor:kapan:lama`, `lanjut`, or `tambah`."""
    name, _, answer = rest.partition(":")
    if view.is_officer:
        return start(state, name, view)
    if name == RESUME:
        return resume(state, view)
    if name == evidence.ADD:
        return evidence.ask(state, view)
    flow = view.flows.flows.get(name)
    if flow is None:
        return None
    question_id, _, option_id = answer.partition(":")
    question = flow.question(question_id)
    if question is None:
        return start(state, name, view) if not answer else None
    if state.flow is None or state.flow.name != name:
        state = replace(state, flow=KINDS[name].open(state, view).flow)
    option = question.option(option_id)
    return _take(state, question, Given(option=option), view)


def skip(state: ConversationState, view: View) -> Turn | None:
    """Leave out what was asked before something else was said; None where nothing was."""
    flow = _running(state, view)
    question = flow.question(state.flow.asking) if flow and state.flow else None
    return _take(state, question, Given(), view) if question else None


def resume(state: ConversationState, view: View) -> Turn | None:
    """Ask again what was open; None where nothing is."""
    flow = _running(state, view)
    return _ask(state, view, lead=flow.texts["lanjut"]) if flow else None


def cancel(state: ConversationState, view: View) -> Turn | None:
    """End a row of questions; None where none is open."""
    flow = _running(state, view)
    if flow is None or state.flow is None:
        return None
    ended = replace(state.calm(), flow=None)
    if state.flow.is_filed:
        return report_flow.stopped(ended, view)
    key = "batal" if flow.name == OFFER else "batal_kosong"
    told = OutboundMessage(flow.texts[key], (replies.button(view, "menu", "menu"),))
    return Turn(ended, Ending.COMMAND, (told,))


def answered(
    state: ConversationState, message: InboundMessage, meaning: Understanding, view: View
) -> Turn | None:
    """Read a message as the answer to what is asked; None where it is something else."""
    if state.awaiting != Awaiting.FLOW or state.flow is None:
        return None
    if state.flow.name == evidence.ADD:
        return evidence.added(state, message, view)
    flow = view.flows.flows.get(state.flow.name)
    question = flow.question(state.flow.asking) if flow else None
    if question is None:
        return None
    text = message.text.strip()
    if message.kind != InboundKind.TEXT and not text:
        return _take_media(state, question, message, view)
    option = question.option_of(text)
    if option is None and view.texts.is_any(text, SKIPPED):
        return _take(state, question, Given(), view)
    if option is None and _is_elsewhere(state, text, meaning, view):
        return None
    given = Given(option=option, text=text, kind=message.kind, meaning=meaning)
    return _heard_in_words(state, question, given, view)


def spells_option(state: ConversationState, text: str, view: View) -> bool:
    """Tell whether a text is one of the answers that the open question offers."""
    if state.awaiting != Awaiting.FLOW or state.flow is None:
        return False
    flow = view.flows.flows.get(state.flow.name)
    question = flow.question(state.flow.asking) if flow else None
    return question is not None and question.option_of(text) is not None


def beside(
    turn: Turn,
    state: ConversationState,
    message: InboundMessage,
    meaning: Understanding,
    view: View,
) -> Turn:
    """Come back to the open question after something else was said in between."""
    flow = _running(turn.state, view)
    if flow is None or turn.state.flow is None or turn.state.awaiting == Awaiting.FLOW:
        return turn
    if flow.name == REPORT:
        turn = report_flow.danger_told(turn, state, message.text, meaning, view)
    if turn.state.awaiting == Awaiting.SAFETY or not turn.replies:
        return turn
    if any(isinstance(intent, Erase) for intent in turn.intents) or _is_unsafe(turn):
        return turn
    # After talk of suicide or violence nobody is asked to go on with questions.
    if turn.question is not None and is_private(meaning, state):
        return turn
    is_over = turn.ending in (Ending.ANSWERED, Ending.SOCIAL)
    is_over = is_over or (turn.ending == Ending.COMMAND and bool(turn.intents))
    if turn.state.awaiting is None and is_over:
        again = _ask(turn.state, view, lead=flow.texts["lanjut"])
        return replace(turn, state=again.state, replies=(*turn.replies, *again.replies))
    last = turn.replies[-1]
    onward = Choice(f"{FLOW_CHOICE}{RESUME}", view.texts.say(f"tombol.lanjut_{flow.name}"))
    # In a menu it stands in place of the ways to begin.
    others = [choice for choice in last.choices if not choice.id.startswith(FLOW_CHOICE)]
    last = replace(last, choices=(onward, *others[: replies.MENU_ROWS - 1]))
    return replace(turn, replies=(*turn.replies[:-1], last))


def _running(state: ConversationState, view: View) -> Flow | None:
    return view.flows.flows.get(state.flow.name) if state.flow else None


def _is_unsafe(turn: Turn) -> bool:
    return any(isinstance(intent, SafetyAnswer) and not intent.is_safe for intent in turn.intents)


def _heard_in_words(state: ConversationState, question: Question, given: Given, view: View) -> Turn:
    if given.option is None and given.meaning is not None:
        is_short = len(given.text.split()) <= SMALL_TALK_WORDS
        if is_short and given.meaning.decision.kind == DecisionKind.SMALL_TALK:
            return _ask(state, view)
        if _says_nothing(state, given.text, view):
            return _again(state, question, view)
    return _take(state, question, given, view)


def _says_nothing(state: ConversationState, text: str, view: View) -> bool:
    """Tell whether a text holds no word, or the number of no choice."""
    pick = read_pick(text, count=len(state.offered), texts=view.texts)
    return pick is not None or not any(letter.isalnum() for letter in text)


def _again(state: ConversationState, question: Question, view: View) -> Turn:
    """Ask once more; whoever says nothing twice has skipped the question."""
    assert state.flow is not None
    if state.flow.again == question.id:
        return _take(state, question, Given(), view)
    asked = replace(state, flow=replace(state.flow, again=question.id))
    return _ask(asked, view, lead=view.flows.flows[state.flow.name].texts["ulang"])


def _is_elsewhere(state: ConversationState, text: str, meaning: Understanding, view: View) -> bool:
    """Tell whether a text is a command, a choice's number, or a question of its own."""
    if view.texts.command(text) not in ("ya", "tidak", None):
        return True
    pick = read_pick(text, count=len(state.offered), texts=view.texts)
    return (pick is not None and not pick.off_list) or _is_aside(state, text, meaning, view)


def _is_aside(state: ConversationState, text: str, meaning: Understanding, view: View) -> bool:
    """Tell whether a text is a question of its own and no answer to what is asked."""
    if len(text.split()) > ASIDE_WORDS or meaning.alone.level.escalated:
        return False
    asks = "?" in text or view.texts.has_any(text, "bertanya")
    if meaning.decision.kind == DecisionKind.ANSWER:
        return asks
    # A place or a story may be told with a doubt: "di batam kali ya?"
    is_told = meaning.located.code is not None or meaning.located.ambiguous
    is_story = state.flow is not None and state.flow.asking in (None, "apa", "arah")
    is_choice = meaning.decision.kind == DecisionKind.CHOICES
    return is_choice and "?" in text and not is_told and not is_story


def _take(state: ConversationState, question: Question, given: Given, view: View) -> Turn:
    assert state.flow is not None
    flow = state.flow
    if given.is_skip:
        heard = Heard(flow.with_answer(question.id, SKIPPED))
    else:
        heard = KINDS[flow.name].hear(flow, question, given, view)
    turn = _ask(replace(state, flow=heard.flow), view, lead=heard.told)
    level = given.meaning.assessment.level if given.meaning and heard.question else None
    return replace(
        turn,
        intents=(*heard.intents, *turn.intents),
        question=turn.question or heard.question,
        level=level or turn.level,
    )


def _take_media(
    state: ConversationState, question: Question, message: InboundMessage, view: View
) -> Turn | None:
    if state.flow is None or state.flow.name != REPORT:
        return None
    given = Given(kind=message.kind)
    if message.kind == InboundKind.LOCATION:
        found = None
        if message.latitude is not None and message.longitude is not None:
            found = view.places.nearest(message.latitude, message.longitude)
        given = Given(kind=message.kind, place=found[0] if found else None)
    elif message.kind not in evidence.KINDS:
        return None
    return _take(state, question, given, view)


def _ask(state: ConversationState, view: View, *, lead: str = "") -> Turn:
    """Ask the first question that is still open; at the end give the result."""
    assert state.flow is not None
    flow = view.flows.flows[state.flow.name]
    open_ = (one for one in flow.questions if state.flow.answer(one.id) is None)
    question = next(open_, None)
    if question is None:
        ended = replace(state.calm(), flow=None)
        return KINDS[flow.name].finish(ended, state.flow, view)
    text = f"{lead}\n\n{question.text}" if lead else question.text
    prefix = f"{FLOW_CHOICE}{flow.name}:{question.id}"
    choices = [Choice(f"{prefix}:{option.id}", option.title) for option in question.options]
    choices.append(replies.button(view, SKIPPED, f"{prefix}:{SKIPPED}"))
    told = OutboundMessage(text, tuple(choices), ask_location=question.asks_place)
    asked = replace(state, flow=replace(state.flow, asking=question.id), awaiting=Awaiting.FLOW)
    return Turn(asked, Ending.COMMAND, (told,))
