"""One step of the conversation with a villager: a pure function from state and message to turn."""

from dataclasses import replace

from escalation.risk import Assessment, Kind, Level
from handlers import replies, taps, villages
from handlers.messages import InboundKind, InboundMessage, OutboundMessage
from handlers.models import Ending
from handlers.picks import Pick, is_none_of_them, points_into_list, read_pick, rows_of
from handlers.state import (
    ENTRY_CHOICE,
    RECENT_MESSAGES,
    TOPICS_KEPT,
    Awaiting,
    ConversationState,
    entries_of,
)
from handlers.turn import (
    Erase,
    ForwardToOfficer,
    Intent,
    OpenCase,
    QuestionDraft,
    SafetyAnswer,
    SetArea,
    Turn,
    Understanding,
    View,
)
from knowledge.answer import DecisionKind

GROUP = "grup"
"""`detail` of a message from a group chat, which is declined: others would read the answer."""

QUESTION = "tanya"
TIP = "masukan"
FRAGMENT_WORDS = 3
"""Texts this short lean on the question before them, so that one stays the context."""

STORY_WORDS = 6
"""With more words beside a place than this, a text is no answer to "which village?"."""

ADVERT_INDICATORS = frozenset(
    {
        "gaji-besar-tanpa-syarat",
        "lowongan-medsos-perorangan",
        "tawaran-scam-judol",
        "kontrak-tidak-jelas",
        "magang-seleksi-palsu",
        "visa-tidak-sesuai",
        "desak-berangkat-cepat",
        "biaya-besar-di-muka",
    }
)
"""Indicators of an offer as such. A sedang made of nothing else is a tip, not a case."""

ENDINGS = {
    DecisionKind.ANSWER: Ending.ANSWERED,
    DecisionKind.CHOICES: Ending.ASKED_BACK,
    DecisionKind.UNKNOWN: Ending.UNKNOWN,
    DecisionKind.SMALL_TALK: Ending.SOCIAL,
}


def step(
    state: ConversationState, message: InboundMessage, meaning: Understanding, view: View
) -> Turn:
    """Decide what one message leads to."""
    turn = _decide(state, message, meaning, view)
    turn = _with_officer(turn, message, view)
    return replace(turn, state=_remember(turn, message, meaning, view))


def _decide(
    state: ConversationState, message: InboundMessage, meaning: Understanding, view: View
) -> Turn:
    if message.kind == InboundKind.BUTTON:
        return taps.press(state, message.button_id or "", view)
    if message.kind == InboundKind.LOCATION:
        return villages.shared_location(state, message, view)
    if message.kind != InboundKind.TEXT and not message.text.strip():
        return _unreadable(state, message, view)
    text = message.text.strip()
    # Danger is looked at before anything else that a text could be.
    spoken = _to_speak_of(meaning, state)
    is_danger = spoken is not None and spoken.level == Level.DARURAT
    if is_danger and not (state.awaiting == Awaiting.SAFETY and _safety_word(text, view)):
        return question(state, meaning, view)
    for attempt in (_safety, _command, _pending, _picked, _village):
        turn = attempt(state, text, meaning, view)
        if turn is not None:
            return turn
    return question(state, meaning, view)


def question(
    state: ConversationState, meaning: Understanding, view: View, *, kind: str = QUESTION
) -> Turn:
    """Answer a question from the FAQ, with what its danger calls for."""
    decision, danger = meaning.decision, _to_speak_of(meaning, state)
    if danger is not None and danger.kind in (Kind.KRISIS, Kind.KEKERASAN):
        told = (replies.own_danger(danger, view),)
        turn = Turn(_calm(state), Ending.ANSWERED, told)
    elif danger is not None and danger.level == Level.DARURAT:
        entry = view.faq.entries.get(decision.slug or "")
        told = (replies.emergency(danger, entry, view),)
        safety = replace(_calm(state), awaiting=Awaiting.SAFETY, last_slug=decision.slug)
        turn = Turn(safety, Ending.ANSWERED, told)
    else:
        turn = _answered(state, meaning, view, danger=danger, kind=kind)
    return replace(
        turn,
        intents=(*turn.intents, *_case(meaning, kind=kind)),
        question=_draft(meaning, kind=kind),
        decision=decision,
        level=meaning.assessment.level,
    )


def _answered(
    state: ConversationState,
    meaning: Understanding,
    view: View,
    *,
    danger: Assessment | None,
    kind: str,
) -> Turn:
    decision = meaning.decision
    opens_case = bool(_case(meaning, kind=kind))
    extra = replies.warning(danger, view, opens_case=opens_case) if danger is not None else ""
    base = _calm(state)
    if decision.kind == DecisionKind.SMALL_TALK and not extra:
        return _social(base, meaning, view)
    entry = view.faq.entries.get(decision.slug or "")
    if decision.kind == DecisionKind.ANSWER and entry is not None:
        told: tuple[OutboundMessage, ...] = (replies.answer(entry, view, extra=extra),)
        base = replace(base, last_slug=entry.slug)
    elif decision.kind == DecisionKind.CHOICES:
        slugs = [c.slug for c in decision.candidates if c.slug in view.faq.entries]
        told = (replies.choices(slugs, view, extra=extra),)
    else:
        told = (_unknown(meaning, view, extra=extra),)
    if danger is not None and opens_case and view.is_staffed:
        told = (_with_outside(told[0], view), *told[1:])
    turn = Turn(base, ENDINGS[decision.kind], told)
    # Whoever asks about rice prices is not asked where they live.
    asks_more = decision.kind == DecisionKind.CHOICES or meaning.is_out_of_scope
    return turn if asks_more else villages.ask_once(turn, view)


def _unknown(meaning: Understanding, view: View, *, extra: str) -> OutboundMessage:
    key = "belum_tahu" if view.is_staffed else "belum_tahu_tanpa_petugas"
    if meaning.is_out_of_scope:
        key = "di_luar"
    text = view.texts.say(key)
    buttons = (replies.button(view, "petugas", "petugas"), replies.button(view, "menu", "menu"))
    # What a danger calls for comes before the excuse.
    return OutboundMessage(f"{extra}\n\n{text}" if extra else text, buttons)


def _with_outside(message: OutboundMessage, view: View) -> OutboundMessage:
    outside = replies.button(view, "luar", "luar")
    return replace(message, choices=(*message.choices, outside))


def _social(state: ConversationState, meaning: Understanding, view: View) -> Turn:
    texts = view.texts
    if not state.greeted:
        greeting = OutboundMessage(
            f"{texts.say('salam')}\n\n{texts.say('catatan')}", replies.menu(view).choices
        )
        return Turn(replace(state, greeted=True), Ending.SOCIAL, (greeting,))
    key = "terima_kasih" if meaning.is_thanks else "salam_lagi"
    return Turn(state, Ending.SOCIAL, (OutboundMessage(texts.say(key)),))


def _case(meaning: Understanding, *, kind: str) -> tuple[Intent, ...]:
    danger = meaning.assessment
    if not danger.level.escalated or danger.kind in (Kind.KRISIS, Kind.KEKERASAN):
        return ()
    ids = {indication.id for indication in danger.indications}
    if danger.level == Level.SEDANG and ids <= ADVERT_INDICATORS and kind == QUESTION:
        return ()
    return (OpenCase(danger),)


def _draft(meaning: Understanding, *, kind: str) -> QuestionDraft:
    decision, danger = meaning.decision, meaning.assessment
    private = danger.kind in (Kind.KRISIS, Kind.KEKERASAN)
    return QuestionDraft(
        kind=kind,
        slug=decision.slug if decision.kind == DecisionKind.ANSWER else None,
        level=danger.level,
        indicators=() if private else tuple(sorted({hit.id for hit in danger.indications})),
        language=meaning.language,
    )


def _to_speak_of(meaning: Understanding, state: ConversationState) -> Assessment | None:
    """Give the danger that this very message adds, so that it is spoken of once, not for ever.

    That of the whole conversation where it rises above what was spoken of, else the text's own.
    """
    before = Level(state.level) if state.level else Level.TIDAK
    if meaning.assessment.level.rank > before.rank:
        return meaning.assessment
    return meaning.alone if meaning.alone.level.escalated else None


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
        _calm(state),
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
    name = view.texts.command(text)
    if name in ("lewati", "ya", "tidak", "aman", "tidak_aman", None):
        return None
    if name in ("membantu", "tidak_membantu", "selengkapnya") and not state.last_slug:
        return None
    return taps.command(state, name, view)


def _pending(
    state: ConversationState, text: str, meaning: Understanding, view: View
) -> Turn | None:
    texts = view.texts
    if state.awaiting == Awaiting.ERASE:
        if texts.is_any(text, "ya"):
            return Turn(ConversationState(), Ending.COMMAND, (), (Erase(),))
        return Turn(_calm(state), Ending.COMMAND, (OutboundMessage(texts.say("hapus_batal")),))
    if state.awaiting == Awaiting.TIP:
        turn = question(replace(state, awaiting=None), meaning, view, kind=TIP)
        opens_case = bool(_case(meaning, kind=TIP))
        warned = replies.warning(meaning.assessment, view, opens_case=opens_case)
        if turn.state.awaiting == Awaiting.SAFETY:
            return turn
        thanks = texts.say("masukan_diterima") + (f"\n\n{warned}" if warned else "")
        state = replace(_calm(state), last_slug=None)
        return replace(turn, state=state, replies=(OutboundMessage(thanks),), ending=Ending.COMMAND)
    return None


def _picked(state: ConversationState, text: str, meaning: Understanding, view: View) -> Turn | None:
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


def _village(
    state: ConversationState, text: str, meaning: Understanding, view: View
) -> Turn | None:
    """Take the village that a text gives, and answer what it asks or tells beside.

    A story that only mentions a place does not say where its teller lives.
    """
    noted = villages.answered(state, text, meaning, view)
    if noted is None:
        return None
    danger = _to_speak_of(meaning, state)
    is_story = len(villages.own_words(text, meaning)) > STORY_WORDS
    asked = meaning.decision.kind in (DecisionKind.ANSWER, DecisionKind.CHOICES)
    if is_story or (danger is not None and danger.level.escalated):
        return question(state, meaning, view)
    places = tuple(intent for intent in noted.intents if isinstance(intent, SetArea))
    if not (places and asked and _asks(text, view)):
        return noted
    turn = question(noted.state, meaning, view)
    return replace(turn, intents=(*places, *turn.intents))


def _asks(text: str, view: View) -> bool:
    return "?" in text or view.texts.has_any(text, "bertanya")


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
    state = replace(_calm(state), listed=(), topics=topics, last_question="")
    none = OutboundMessage(
        view.texts.say("bukan_itu"),
        (replies.button(view, "petugas", "petugas"), replies.button(view, "menu", "menu")),
    )
    return Turn(state, Ending.UNKNOWN, (none,))


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
    text = view.texts.say(keys.get(message.kind, "tak_didukung"))
    if message.detail:
        text = view.texts.say("tak_didukung_jenis", jenis=message.detail)
    told = OutboundMessage(text, (replies.button(view, "menu", "menu"),))
    return Turn(state, Ending.ASKED_BACK, (told,))


def _with_officer(turn: Turn, message: InboundMessage, view: View) -> Turn:
    """Let the officer who holds the case read along; while present, the bot stays in the back."""
    if view.case is None or not view.case.is_accepted or message.kind == InboundKind.BUTTON:
        return turn
    text = message.text or view.texts.say("petugas.bukan_teks", jenis=message.kind)
    turn = replace(turn, intents=(*turn.intents, ForwardToOfficer(text)))
    if not view.case.officer_is_present or turn.ending == Ending.COMMAND:
        return turn
    if turn.ending == Ending.ANSWERED:
        first = turn.replies[0]
        marked = replace(first, text=view.texts.say("otomatis", isi=first.text))
        return replace(turn, replies=(marked,))
    return replace(turn, replies=(), ending=Ending.HANDED_OVER)


def _remember(
    turn: Turn, message: InboundMessage, meaning: Understanding, view: View
) -> ConversationState:
    if any(isinstance(intent, Erase) for intent in turn.intents):
        return ConversationState()
    offered = tuple(choice.id for reply in turn.replies for choice in reply.choices)
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
    return replace(
        state,
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


def _calm(state: ConversationState) -> ConversationState:
    """Give the state with nothing pending: a new message of the bot ends what it asked before."""
    return replace(state, awaiting=None, offered=())
