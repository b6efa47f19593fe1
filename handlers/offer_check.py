"""Checking an offer of work: what is risky in it, in general words, and where to ask.

The asker may be the recruiter: villagers read no indicator, weight or quote. Who has given nothing
yet leaves a tip; who has paid, handed over documents or is about to be taken gets a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from escalation.entities import Entities
from escalation.risk import LOOK_WEIGHT, SURE_WEIGHT, Assessment, Indication, Kind, Level
from handlers import replies, villages
from handlers.answering import TIP, with_outside
from handlers.flow_data import Flow, Question, Rule
from handlers.flow_state import OTHER, SKIPPED, FlowState
from handlers.heard import Given, Heard
from handlers.messages import Choice, OutboundMessage
from handlers.models import Ending
from handlers.state import FLOW_CHOICE, Awaiting, ConversationState
from handlers.texts import tidy
from handlers.turn import OpenCase, QuestionDraft, RecordOffer, Turn, Understanding, View

NAME = "tawaran"
REASONS_SHOWN = 2
ASKS_SHOWN = 3
PHRASE_WORDS = 2
"""A question that was not asked is only answered by a phrase of so many words."""

UNCLEAR_FROM = 3
"""With so many open answers nobody is told that nothing is odd."""

CHECK_COMPANY = "pmi-cek-p3mi"
NAMED = ("phones", "companies", "people", "destinations", "dates")
LANGUAGE = "id"
UNKNOWN = "belum-tahu"


def open_with(state: ConversationState, view: View) -> Heard:
    """Begin, with what an advertisement that was just sent says already."""
    flow = view.flows.flows[NAME]
    advert = state.advert_at(view.now)
    if advert is None:
        return Heard(FlowState(NAME), told=flow.texts["awal"])
    return Heard(advert, told=flow.texts["awal_iklan"])


def hear(state: FlowState, question: Question, given: Given, view: View) -> Heard:
    """Take one answer: an option, or words that may be a whole advertisement."""
    flow = view.flows.flows[NAME]
    if given.option is not None:
        return Heard(state.with_answer(question.id, given.option.id))
    if given.meaning is None:
        return Heard(state.with_answer(question.id, OTHER))
    if flow.reads_like_advert(given.text):
        return Heard(read(state, given.meaning, flow), told=flow.texts["iklan_dibaca"])
    # What somebody says in so many words ("sudah bayar") comes before what it may be a sign of.
    before, state = state, _spelled(state, question, given.text, flow)
    state = read(state, given.meaning, flow)
    if question.id == "biaya" and given.meaning.alone.entities.amounts:
        state = _fill(state, "biaya", "diminta")
    if question.id == "pt" and state.answer("pt") is None and not _answers_any(given.text, flow):
        # A name that does not look like one is still what the villager was told.
        state = replace(state, named=(*state.named, ("companies", given.text)))
        state = state.with_answer("pt", "ada")
    if state.answer(question.id) is None and state.again != question.id:
        told = flow.texts["ulang"] if state == before else ""
        return Heard(replace(state, again=question.id), told=told)
    return Heard(_fill(state, question.id, OTHER))


def read(state: FlowState, meaning: Understanding, flow: Flow) -> FlowState:
    """Fill in what a text says: its entities, its signs, and the answers they give."""
    entities = meaning.alone.entities
    found = [(name, str(value)) for name in NAMED for value in getattr(entities, name)]
    named = tuple(dict.fromkeys((*state.named, *found)))
    ids = tuple(dict.fromkeys((*state.ids, *(hit.id for hit in meaning.alone.indications))))
    state = replace(state, named=named, ids=ids)
    country = flow.question("negara")
    for option in country.options if country else ():
        if option.codes & set(entities.destinations):
            state = _fill(state, "negara", option.id)
    if entities.companies:
        state = _fill(state, "pt", "ada")
    for id in ids:
        if id in flow.read_as:
            state = _fill(state, *flow.read_as[id])
    return state


def asks_about_advert(text: str, flow: Flow) -> bool:
    """Tell whether a text asks whether an offer is genuine."""
    return flow.has_words(text, "cek")


def offered(turn: Turn, text: str, view: View) -> Turn:
    """Offer to check an advertisement that was passed on, whatever else was said to it."""
    flow = view.flows.flows[NAME]
    is_free = turn.state.awaiting not in (Awaiting.SAFETY, Awaiting.FLOW)
    if turn.question is None or not turn.replies or not is_free:
        return turn
    if not flow.reads_like_advert(text):
        return turn
    told = turn.replies[0]
    if turn.ending == Ending.UNKNOWN:
        for key in ("di_luar", "belum_tahu", "belum_tahu_tanpa_petugas"):
            told = replace(told, text=told.text.replace(view.texts.say(key), flow.texts["iklan"]))
    check = replies.button(view, NAME, f"{FLOW_CHOICE}{NAME}")
    if check not in told.choices:
        told = replace(told, choices=(check, *told.choices))
    return replace(turn, replies=(told, *turn.replies[1:]))


def finish(state: ConversationState, flow_state: FlowState, view: View) -> Turn:
    """Give the result: at most two general reasons, what to ask, and where to check."""
    flow = view.flows.flows[NAME]
    is_empty = all(answer in (SKIPPED, OTHER) for _, answer in flow_state.answers)
    if is_empty and not flow_state.ids and not flow_state.named:
        return Turn(state, Ending.COMMAND, (OutboundMessage(flow.texts["kosong"]),))
    rules = _met(flow_state, flow)
    ids = _indicators(flow_state, rules)
    level = level_of([view.flows.weights.get(id, 0) for id in ids])
    case = _case(rules, ids, level, flow_state)
    next_step = flow.texts["tahan"]
    if case is not None:
        key = "sudah_serah" if any(rule.is_given for rule in rules) else "tahan"
        next_step = f"{flow.texts[key]}\n{_officer_told(view)}"
    told = OutboundMessage(_result(flow_state, rules, next_step, view), _buttons(view))
    turn = Turn(replace(state, advert=None), Ending.COMMAND, (told,), level=level)
    if case is not None:
        turn = replace(turn, replies=(with_outside(told, view),), intents=(case,))
    kind = RecordOffer(level, ids, flow_state.named)
    draft = QuestionDraft(TIP, None, level, tuple(sorted(ids)), LANGUAGE)
    turn = replace(turn, intents=(*turn.intents, kind), question=draft)
    return villages.ask_once(turn, view)


def level_of(weights: Sequence[int]) -> Level:
    """Give the level of a set of signs, by the level rules of the indicator list."""
    if not weights:
        return Level.TIDAK
    if max(weights) >= 4 or sum(weights) >= SURE_WEIGHT:
        return Level.TINGGI
    if max(weights) >= 3 or sum(weights) >= LOOK_WEIGHT:
        return Level.SEDANG
    return Level.RENDAH


def _spelled(state: FlowState, asked: Question, text: str, flow: Flow) -> FlowState:
    """Fill in the options that a text spells: the asked one by a word, others by a phrase.

    "Belum tahu kak" answers what is asked alone, and "udah" in "udah bayar" nothing but the paying.
    """
    bars, rest = flow.words["bukan"], f" {tidy(text)} "
    own = frozenset(word for option in asked.options for word in option.words)
    for question in flow.questions:
        found = question.phrase_in(text, negations=bars, least=PHRASE_WORDS)
        if question.id != asked.id and found is not None and found[1] not in own:
            state = _fill(state, question.id, found[0].id)
            rest = rest.replace(f" {found[1]} ", " ")
    option = asked.option_in(rest, negations=bars)
    return _fill(state, asked.id, option.id) if option is not None else state


def _answers_any(text: str, flow: Flow) -> bool:
    """Tell whether a text holds a word that answers some question."""
    bars = flow.words["bukan"]
    return any(one.option_in(text, negations=bars) is not None for one in flow.questions)


def _fill(state: FlowState, question: str, option: str) -> FlowState:
    """Answer a question that nothing has answered so far."""
    is_open = state.answer(question) in (None, SKIPPED, OTHER)
    return state.with_answer(question, option) if is_open else state


def _met(state: FlowState, flow: Flow) -> list[Rule]:
    """Give the rules that the answers meet, the most important first."""
    named = {flow.read_only[id] for id in state.ids if id in flow.read_only}
    for question in flow.questions:
        option = question.option(state.answer(question.id) or "")
        if option is not None and option.says is not None:
            named.add(option.says)
    return [rule for id, rule in flow.rules.items() if id in named]


def _indicators(state: FlowState, rules: Iterable[Rule]) -> tuple[str, ...]:
    found = [rule.indicator for rule in rules if rule.indicator is not None]
    return tuple(dict.fromkeys((*found, *state.ids)))


def _case(
    rules: Sequence[Rule], ids: tuple[str, ...], level: Level, state: FlowState
) -> OpenCase | None:
    """Bring it to a person where something was given, or somebody leaves on a doubtful offer."""
    is_leaving = any(rule.is_leaving for rule in rules) and len(rules) > 1
    if not is_leaving and not any(rule.is_given for rule in rules):
        return None
    level = level.at_least(Level.TINGGI if is_leaving else Level.SEDANG)
    named = {name: tuple(value for kind, value in state.named if kind == name) for name in NAMED}
    entities = Entities(
        phones=named["phones"],
        companies=named["companies"],
        people=named["people"],
        destinations=named["destinations"],
        dates=named["dates"],
    )
    indications = tuple(Indication(id, "") for id in ids)
    danger = Assessment(level, Kind.TPPO, 0.0, indications, entities, ())
    return OpenCase(danger)


def _result(state: FlowState, rules: Sequence[Rule], next_step: str, view: View) -> str:
    flow = view.flows.flows[NAME]
    reasons = [f"- {rule.reason}" for rule in rules[:REASONS_SHOWN]]
    parts = [flow.texts["hasil"]]
    if reasons:
        parts.append("\n".join([flow.texts["perhatikan"], *reasons]))
        parts.append(next_step)
    else:
        known = {id for id, answer in state.answers if answer not in (SKIPPED, OTHER, UNKNOWN)}
        is_unclear = len(flow.questions) - len(known) >= UNCLEAR_FROM
        parts.append(flow.texts["kurang" if is_unclear else "tenang"])
    asks = [f"- {ask}" for ask in _asks(state, flow)]
    if asks:
        parts.append("\n".join([flow.texts["tanya_perekrut"], *asks]))
    parts.append(flow.texts["cek_di"])
    return "\n\n".join(parts)


def _asks(state: FlowState, flow: Flow) -> list[str]:
    """Give what to ask the recruiter: first about risky answers, then about open questions."""
    risky, unknown = [], []
    for question in flow.questions:
        option = question.option(state.answer(question.id) or "")
        if option is not None and option.ask is not None:
            risky.append(option.ask)
        elif option is None and question.ask is not None:
            unknown.append(question.ask)
    return list(dict.fromkeys((*risky, *unknown)))[:ASKS_SHOWN]


def _buttons(view: View) -> tuple[Choice, ...]:
    entry = view.faq.entries.get(CHECK_COMPANY)
    return (
        *((replies.entry_choice(entry),) if entry is not None else ()),
        replies.button(view, "petugas", "petugas"),
        replies.button(view, "menu", "menu"),
    )


def _officer_told(view: View) -> str:
    return view.texts.say("petugas_diberi_tahu" if view.is_staffed else "petugas_belum_ada")
