"""One step of the conversation with a villager: a pure function from state and message to turn."""

from dataclasses import replace

from escalation.risk import Level
from handlers import albums, evidence, flows, offer_check, replies, taps, villages
from handlers.answering import TIP, case_of, is_private, question, to_speak_of
from handlers.flow_state import FlowState
from handlers.linking import code_in
from handlers.memory import remember
from handlers.messages import InboundKind, InboundMessage, OutboundMessage
from handlers.models import Ending
from handlers.picking import picked
from handlers.report_codes import code_in as number_in
from handlers.state import Awaiting, ConversationState
from handlers.turn import (
    AddEvidence,
    AskStatus,
    Erase,
    ForwardToOfficer,
    JoinPerson,
    SafetyAnswer,
    SetArea,
    Turn,
    Understanding,
    View,
)
from knowledge.answer import DecisionKind

GROUP = "grup"
"""`detail` of a message from a group chat, which is declined: others would read the answer."""

SHORT_ASKING = 8
"""A longer text that asks whether an offer is genuine tells of the offer itself."""

STORY_WORDS = 6
"""With more words beside a place than this, a text is no answer to "which village?"."""


def step(
    state: ConversationState, message: InboundMessage, meaning: Understanding, view: View
) -> Turn:
    """Decide what one message leads to."""
    turn = _decide(state, message, meaning, view)
    turn = offer_check.offered(turn, message.text, view)
    turn = flows.beside(turn, state, message, meaning, view)
    turn = _with_officer(turn, message, view)
    remembered = remember(turn, message, meaning, view)
    added_to = [intent.case_id for intent in turn.intents if isinstance(intent, AddEvidence)]
    case_id = added_to[0] if added_to else None
    return replace(turn, state=albums.note(remembered, message, case_id=case_id))


def _decide(
    state: ConversationState, message: InboundMessage, meaning: Understanding, view: View
) -> Turn:
    if message.kind == InboundKind.BUTTON:
        return taps.press(state, message.button_id or "", view)
    if message.kind != InboundKind.TEXT and not message.text.strip():
        return _wordless(state, message, meaning, view)
    if message.kind == InboundKind.LOCATION:
        return villages.shared_location(state, message, view)
    text = message.text.strip()
    # Danger is looked at before anything else that a text could be.
    spoken = to_speak_of(meaning, state)
    is_danger = spoken is not None and spoken.level == Level.DARURAT
    is_danger = is_danger or is_private(meaning, state)
    # "Majikan" as an answer adds nothing to a story that was spoken of already.
    is_danger = is_danger and not flows.spells_option(state, text, view)
    if is_danger and not (state.awaiting == Awaiting.SAFETY and _safety_word(text, view)):
        return question(state, meaning, view)
    told = flows.answered(state, message, meaning, view)
    if told is not None:
        return told
    for attempt in (_safety, _command, _pending, _offer, picked, _village, _cancelled):
        turn = attempt(state, text, meaning, view)
        if turn is not None:
            return turn
    return question(state, meaning, view)


def _safety_word(text: str, view: View) -> bool:
    return any(view.texts.is_any(text, word) for word in ("aman", "tidak_aman"))


def _safety(
    state: ConversationState, text: str, _meaning: Understanding, view: View
) -> Turn | None:
    if state.awaiting != Awaiting.SAFETY or not _safety_word(text, view):
        return None
    is_safe = view.texts.is_any(text, "aman")
    key = "tidak_aman_dicatat"
    if is_safe:
        key = "aman_dicatat" if view.is_staffed else "aman_dicatat_kosong"
    turn = Turn(
        state.calm(),
        Ending.COMMAND,
        (OutboundMessage(view.texts.say(key)),),
        (SafetyAnswer(is_safe),),
    )
    return villages.ask_once(turn, view) if is_safe else turn


def _command(
    state: ConversationState, text: str, _meaning: Understanding, view: View
) -> Turn | None:
    if text.startswith("/start ") and (area := view.places.from_link_code(text[7:].strip())):
        return villages.linked(state, area, view)
    # Codes of linking hold letters, numbers of reports do not.
    if (number := number_in(text)) and not view.is_officer:
        return Turn(state.calm(), Ending.COMMAND, (), (AskStatus(number),))
    if code := code_in(text):
        return Turn(state.calm(), Ending.COMMAND, (), (JoinPerson(code),))
    name = view.texts.command(text)
    if name == "lewati" and state.awaiting is None:
        return flows.skip(state, view)
    if name in ("lewati", "ya", "tidak", "aman", "tidak_aman", None):
        return None
    if name in ("membantu", "tidak_membantu", "selengkapnya") and not state.last_slug:
        return None
    if name in ("batal", "lanjut_lapor"):
        return flows.cancel(state, view) if name == "batal" else flows.resume(state, view)
    return taps.command(state, name, view)


def _offer(state: ConversationState, text: str, meaning: Understanding, view: View) -> Turn | None:
    """Check an offer where somebody asks whether the advertisement they passed on is genuine."""
    flow = view.flows.flows[offer_check.NAME]
    if not offer_check.asks_about_advert(text, flow):
        return None
    if flow.reads_like_advert(text) and view.texts.has_any(text, "periksa"):
        advert = offer_check.read(FlowState(flow.name), meaning, flow)
        return flows.start(replace(state.calm(), advert=advert, last_at=view.now), flow.name, view)
    is_short = len(text.split()) <= SHORT_ASKING
    if is_short and state.advert_at(view.now) is not None:
        return flows.start(state.calm(), flow.name, view)
    return None


def _pending(
    state: ConversationState, text: str, meaning: Understanding, view: View
) -> Turn | None:
    texts = view.texts
    if state.awaiting == Awaiting.ERASE:
        if texts.is_any(text, "ya"):
            return Turn(ConversationState(), Ending.COMMAND, (), (Erase(),))
        return Turn(state.calm(), Ending.COMMAND, (OutboundMessage(texts.say("hapus_batal")),))
    if state.awaiting == Awaiting.TIP and not texts.is_any(text, "batal"):
        turn = question(replace(state, awaiting=None), meaning, view, kind=TIP)
        opens_case = bool(case_of(meaning, kind=TIP))
        warned = replies.warning(meaning.assessment, view, opens_case=opens_case)
        if turn.state.awaiting == Awaiting.SAFETY:
            return turn
        thanks = texts.say("masukan_diterima") + (f"\n\n{warned}" if warned else "")
        state = replace(state.calm(), last_slug=None)
        return replace(turn, state=state, replies=(OutboundMessage(thanks),), ending=Ending.COMMAND)
    return None


def _village(
    state: ConversationState, text: str, meaning: Understanding, view: View
) -> Turn | None:
    """Take the village that a text gives, and answer what it asks or tells beside.

    A story that only mentions a place does not say where its teller lives.
    """
    noted = villages.answered(state, text, meaning, view)
    if noted is None:
        return None
    danger = to_speak_of(meaning, state)
    is_story = len(villages.own_words(text, meaning)) > STORY_WORDS
    asked = meaning.decision.kind in (DecisionKind.ANSWER, DecisionKind.CHOICES)
    if is_story or (danger is not None and danger.level.escalated):
        return question(state, meaning, view)
    places = tuple(intent for intent in noted.intents if isinstance(intent, SetArea))
    if noted.ending == Ending.ASKED_BACK or not (places and asked and _asks(text, view)):
        return noted
    turn = question(noted.state, meaning, view)
    return replace(turn, intents=(*places, *turn.intents))


def _cancelled(
    state: ConversationState, text: str, _meaning: Understanding, view: View
) -> Turn | None:
    """Stop what is no row of questions, or nothing at all: whoever wants to stop asks nothing."""
    if not view.texts.is_any(text, "batal"):
        return None
    told = OutboundMessage(view.texts.say("batal"), (replies.button(view, "menu", "menu"),))
    return Turn(replace(state.calm(), flow=None), Ending.COMMAND, (told,))


def _asks(text: str, view: View) -> bool:
    return "?" in text or view.texts.has_any(text, "bertanya")


def _wordless(
    state: ConversationState, message: InboundMessage, meaning: Understanding, view: View
) -> Turn:
    """Take what was sent without words; of pictures sent together the first one alone counts."""
    if albums.continues(state, message):
        # What was sent together with something added to a case by its number belongs there, too.
        more = (AddEvidence(state.album_case),) if state.album_case is not None else ()
        return Turn(state, Ending.IGNORED, intents=more, reason="album")
    turn = flows.answered(state, message, meaning, view)
    if turn is not None:
        return turn
    if message.kind == InboundKind.LOCATION:
        return villages.shared_location(state, message, view)
    return _unreadable(state, message, view)


def _unreadable(state: ConversationState, message: InboundMessage, view: View) -> Turn:
    if message.detail == GROUP:
        told = OutboundMessage(view.texts.say("grup"))
        return Turn(state, Ending.IGNORED, (told,), reason="grup")
    keys = {
        InboundKind.VOICE: "suara",
        InboundKind.PICTURE: "gambar",
        InboundKind.DOCUMENT: "gambar",
        InboundKind.CONTACT: "kontak_dikirim",
    }
    key = keys.get(message.kind, "tak_didukung")
    if view.case is not None and message.kind in evidence.KINDS:
        # Nobody but the officer can look at it, and it is kept with the case.
        key = "bukti_disimpan"
    text = view.texts.say(key)
    if message.detail:
        text = view.texts.say("tak_didukung_jenis", jenis=message.detail)
    told = OutboundMessage(text, (replies.button(view, "menu", "menu"),))
    return Turn(state, Ending.ASKED_BACK, (told,))


def _with_officer(turn: Turn, message: InboundMessage, view: View) -> Turn:
    """Let the officer who holds the case read along; while present, the bot stays in the back."""
    if view.case is None or not view.case.is_accepted or message.kind == InboundKind.BUTTON:
        return turn
    if any(isinstance(intent, SafetyAnswer | AddEvidence) for intent in turn.intents):
        # The officer is told what "1" means; the "1" itself says nothing more. What is added to
        # a case goes to that case's officer alone.
        return turn
    turn = replace(turn, intents=(*turn.intents, ForwardToOfficer()))
    if not view.case.officer_is_present or turn.ending in (Ending.COMMAND, Ending.HANDED_OVER):
        return turn
    if turn.ending == Ending.ANSWERED:
        first = turn.replies[0]
        marked = replace(first, text=view.texts.say("otomatis", isi=first.text))
        return replace(turn, replies=(marked,))
    return replace(turn, replies=(), ending=Ending.HANDED_OVER)
