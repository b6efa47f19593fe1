"""Reporting: what, where, when, who, how known. The first words told open the case at once.

Where it goes is asked first, so that nothing reaches a local office that the villager doubts.
"""

from dataclasses import replace

from escalation.entities import Entities
from escalation.risk import Assessment, Indication, Kind, Level
from handlers import replies, villages
from handlers.flow_data import Flow, Question
from handlers.flow_state import OTHER, SKIPPED, FlowState
from handlers.heard import Given, Heard
from handlers.messages import InboundKind, OutboundMessage
from handlers.models import Ending
from handlers.state import Awaiting, ConversationState
from handlers.turn import (
    GiveReportCode,
    OpenCase,
    QuestionDraft,
    Turn,
    Understanding,
    View,
)
from knowledge.places import AreaLevel

NAME = "lapor"
REPORTED = "laporan-warga"
"""Stands among a case's indicators where somebody reported it of their own accord."""

OUTSIDE, NOW = "luar", "sekarang"
CODE_BLANK = "{kode}"
"""Where the number goes that only the unit of work can draw."""

STORY_WORDS = 4
"""Asked where a report should go, people who write fewer words are not telling it yet."""

FEWEST_WORDS = 2

PRIVATE = (Kind.KRISIS, Kind.KEKERASAN)
NO_WORDS = Assessment(Level.TIDAK, None, 0.0, (), Entities(), ())


def open_with(_state: ConversationState, view: View) -> Heard:
    """Begin, saying who reads what."""
    flow = view.flows.flows[NAME]
    told = flow.texts["awal" if view.is_staffed else "awal_kosong"]
    return Heard(FlowState(NAME), told=told)


def hear(state: FlowState, question: Question, given: Given, view: View) -> Heard:
    """Take one answer; the first words that tell anything open the case."""
    flow = view.flows.flows[NAME]
    option, doubts = given.option, flow.has_words(given.text, "ragu")
    goes_outside = doubts or (option is not None and option.says == OUTSIDE)
    turned = goes_outside and not state.outside
    state = replace(state, outside=state.outside or goes_outside)
    told = flow.texts["luar"] if turned else ""
    if question.id == "arah":
        if option is not None or doubts:
            chosen = OUTSIDE if doubts or option is None else option.id
            return Heard(state.with_answer("arah", chosen), told=told)
        if _is_too_short(given, STORY_WORDS):
            return _asked_again(state, question, flow)
        # Whoever tells the story right away is not asked again where it should go.
        question = flow.question("apa") or question
        state = state.with_answer("arah", OTHER)
    if option is not None:
        state = state.with_answer(question.id, option.id)
        intents = (_case(NO_WORDS, state, view),) if turned and state.is_filed else ()
        return Heard(state, intents, told=told)
    if question.id == "apa" and state.again != "apa" and _is_too_short(given, FEWEST_WORDS):
        return _asked_again(state, question, flow)
    state = _with_place(state, question, given, view)
    spelled = question.option_in(given.text, negations=flow.words["bukan"])
    state = state.with_answer(question.id, spelled.id if spelled else OTHER)
    if spelled is not None and spelled.says == OUTSIDE and not state.outside:
        state, told = replace(state, outside=True), flow.texts["luar"]
    if given.kind != InboundKind.TEXT and not given.text:
        told = told or flow.texts["bukti"]
    return _filed(state, question, given, view, told=told)


def _is_too_short(given: Given, words: int) -> bool:
    """Tell whether a text is no story yet: a danger in a word is one."""
    is_danger = given.meaning is not None and given.meaning.alone.level.escalated
    return given.kind == InboundKind.TEXT and len(given.text.split()) < words and not is_danger


def _asked_again(state: FlowState, question: Question, flow: Flow) -> Heard:
    """Ask once more; the second time the question is left open."""
    if state.again == question.id:
        return Heard(state.with_answer(question.id, OTHER))
    return Heard(replace(state, again=question.id), told=flow.texts["ulang"])


def danger_told(
    turn: Turn, before: ConversationState, text: str, meaning: Understanding, view: View
) -> Turn:
    """Let a danger told in the middle count as the answer, and go where the report goes."""
    state, flow = turn.state.flow, view.flows.flows[NAME]
    opens = [intent for intent in turn.intents if isinstance(intent, OpenCase)]
    if state is None or not opens:
        return turn
    outside = state.outside or flow.has_words(text, "ragu")
    is_told = before.awaiting == Awaiting.FLOW and meaning.alone.level.escalated
    if is_told and state.asking is not None:
        asked = "apa" if state.asking == "arah" else state.asking
        state = state.with_answer(asked, OTHER).with_answer("arah", state.answer("arah") or OTHER)
    ids = tuple(dict.fromkeys((*state.ids, *(hit.id for hit in meaning.alone.indications))))
    state = replace(state, ids=ids, outside=outside, is_filed=True)
    facts = _facts(state, flow, view)
    intents = tuple(
        replace(intent, outside=intent.outside or outside, facts=facts, place=state.place)
        if isinstance(intent, OpenCase)
        else intent
        for intent in turn.intents
    )
    return replace(turn, state=replace(turn.state, flow=state), intents=intents)


def finish(state: ConversationState, flow_state: FlowState, view: View) -> Turn:
    """Thank, say who was told, and give the number by which the status can be asked."""
    flow = view.flows.flows[NAME]
    told_any = any(
        answer != SKIPPED for question, answer in flow_state.answers if question != "arah"
    )
    if not told_any:
        return Turn(state, Ending.COMMAND, (OutboundMessage(flow.texts["kosong"]),))
    text = _thanks(flow_state, flow, view)
    choices = [replies.button(view, "menu", "menu")]
    if not flow_state.outside:
        choices.insert(0, replies.button(view, "luar", "luar"))
    told = OutboundMessage(f"{text}\n\n{flow.texts['nomor']}", tuple(choices))
    intents = (_case(NO_WORDS, flow_state, view), GiveReportCode())
    turn = Turn(state, Ending.HANDED_OVER, (told,), intents)
    # The place of what happened is enough to find an officer.
    return turn if flow_state.place else villages.ask_once(turn, view)


def stopped(state: ConversationState, view: View) -> Turn:
    """Give the number of what was filed before somebody stopped."""
    texts = view.flows.flows[NAME].texts
    told = OutboundMessage(
        f"{texts['batal']}\n\n{texts['nomor']}", (replies.button(view, "menu", "menu"),)
    )
    return Turn(state, Ending.COMMAND, (told,), (GiveReportCode(),))


def _thanks(state: FlowState, flow: Flow, view: View) -> str:
    key = "petugas_luar" if state.outside else "petugas"
    key = key if view.is_staffed else "petugas_kosong"
    return flow.texts["selesai"].format(petugas=flow.texts[key])


def _filed(state: FlowState, question: Question, given: Given, view: View, *, told: str) -> Heard:
    """Bring an answer in the person's own words to an officer."""
    assessment = given.meaning.assessment if given.meaning else NO_WORDS
    alone = given.meaning.alone if given.meaning else NO_WORDS
    ids = tuple(dict.fromkeys((*state.ids, *(hit.id for hit in alone.indications))))
    tells = question.id == "apa" or state.is_filed or assessment.level.escalated
    state = replace(
        state,
        ids=ids,
        is_filed=state.is_filed or tells,
    )
    if not tells:
        return Heard(state, told=told)
    draft = None
    if given.meaning is not None and question.id == "apa":
        shown = tuple(sorted({hit.id for hit in assessment.indications}))
        language = given.meaning.language
        draft = QuestionDraft(NAME, None, assessment.level, shown, language)
    return Heard(state, (_case(assessment, state, view),), draft, told)


def _case(danger: Assessment, state: FlowState, view: View) -> OpenCase:
    """Give the case of a report: never below `sedang`, and urgent while danger goes on."""
    level = danger.level.at_least(Level.SEDANG)
    if state.answer("kapan") == NOW and state.ids:
        level = level.at_least(Level.TINGGI)
    kind = None if danger.kind in PRIVATE else danger.kind
    named = {hit.id: hit for hit in danger.indications}
    named |= {id: Indication(id, "") for id in state.ids if id not in named}
    named[REPORTED] = Indication(REPORTED, "")
    danger = replace(danger, level=level, kind=kind, indications=tuple(named.values()))
    facts = _facts(state, view.flows.flows[NAME], view)
    return OpenCase(danger, outside=state.outside, facts=facts, place=state.place)


def _facts(state: FlowState, flow: Flow, view: View) -> tuple[tuple[str, str], ...]:
    """Give the fields of the card that were tapped or found: never the person's own words."""
    found = []
    area = view.places.area(state.place) if state.place else None
    for question in flow.questions:
        option = question.option(state.answer(question.id) or "")
        if question.card is not None and option is not None:
            found.append((question.card, option.title))
        elif question.asks_place and question.card and area is not None:
            found.append((question.card, area.label))
    return tuple(found)


def _with_place(state: FlowState, question: Question, given: Given, view: View) -> FlowState:
    if given.place is not None:
        return replace(state, place=given.place.code)
    if not question.asks_place or given.meaning is None:
        return state
    located = given.meaning.located
    known = located.code is not None and located.level != AreaLevel.PROVINSI
    return replace(state, place=located.code) if known else state
