"""Answering one text from the FAQ, with what its danger calls for."""

from dataclasses import replace

from escalation.risk import Assessment, Kind, Level
from handlers import late_answers, lookups, replies, villages
from handlers.messages import OutboundMessage
from handlers.models import Ending
from handlers.state import Awaiting, ConversationState
from handlers.turn import Intent, OpenCase, QuestionDraft, Turn, Understanding, View
from knowledge.answer import DecisionKind

QUESTION = "tanya"
TIP = "masukan"

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


def question(
    state: ConversationState, meaning: Understanding, view: View, *, kind: str = QUESTION
) -> Turn:
    """Answer a question from the FAQ, with what its danger calls for."""
    meaning = lookups.settled(meaning, view)
    decision, danger = meaning.decision, to_speak_of(meaning, state)
    if danger is not None and danger.kind in (Kind.KRISIS, Kind.KEKERASAN):
        told = (replies.own_danger(danger, view),)
        turn = Turn(state.calm(), Ending.ANSWERED, told)
    elif danger is not None and danger.level == Level.DARURAT:
        entry = view.faq.entries.get(decision.slug or "")
        told = (replies.emergency(danger, entry, view),)
        safety = replace(state.calm(), awaiting=Awaiting.SAFETY, last_slug=decision.slug)
        turn = Turn(safety, Ending.ANSWERED, told)
    else:
        turn = _answered(state, meaning, view, danger=danger, kind=kind)
    return replace(
        turn,
        intents=(*turn.intents, *case_of(meaning, kind=kind)),
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
    opens_case = bool(case_of(meaning, kind=kind))
    extra = replies.warning(danger, view, opens_case=opens_case) if danger is not None else ""
    base = state.calm()
    if decision.kind == DecisionKind.SMALL_TALK and not extra:
        return _social(base, meaning, view)
    entry = view.faq.entries.get(decision.slug or "")
    found: tuple[lookups.Found, ...] = ()
    if decision.kind == DecisionKind.ANSWER and entry is not None:
        second = view.faq.entries.get(meaning.also.slug or "") if meaning.also else None
        slugs = [one.slug for one in (entry, second) if one is not None]
        found = lookups.find_all(slugs, meaning.text, view, meaning=meaning)
        answer = (
            replies.both_answers(entry, second, view, extra=extra)
            if second is not None
            else replies.answer(entry, view, extra=extra)
        )
        told: tuple[OutboundMessage, ...] = (lookups.joined(answer, found, state, view),)
        base = replace(base, last_slug=entry.slug)
    elif decision.kind == DecisionKind.CHOICES:
        slugs = [c.slug for c in decision.candidates if c.slug in view.faq.entries]
        told = (replies.choices(slugs, view, extra=extra),)
    else:
        is_asked = kind == QUESTION and not extra
        is_offered = is_asked and late_answers.may_offer(meaning, view, spoken_level=state.level)
        told = (_unknown(meaning, view, extra=extra, offers_late=is_offered),)
    if danger is not None and opens_case and view.is_staffed:
        told = (with_outside(told[0], view), *told[1:])
    turn = lookups.awaiting_area(Turn(base, ENDINGS[decision.kind], told), found)
    # Whoever asks about rice prices is not asked where they live.
    asks_more = decision.kind == DecisionKind.CHOICES or meaning.is_out_of_scope
    return turn if asks_more else villages.ask_once(turn, view)


def _unknown(
    meaning: Understanding, view: View, *, extra: str, offers_late: bool
) -> OutboundMessage:
    key = "belum_tahu" if view.is_staffed else "belum_tahu_tanpa_petugas"
    if meaning.is_out_of_scope:
        key = "di_luar"
    text = view.texts.say(key)
    buttons = [replies.button(view, "petugas", "petugas"), replies.button(view, "menu", "menu")]
    if offers_late:
        text = f"{text}\n{view.texts.say('kabari_tawaran')}"
        buttons.insert(1, replies.button(view, "kabari", late_answers.ASKS))
    # What a danger calls for comes before the excuse.
    return OutboundMessage(f"{extra}\n\n{text}" if extra else text, tuple(buttons))


def with_outside(message: OutboundMessage, view: View) -> OutboundMessage:
    """Give a message with the way to an officer of elsewhere."""
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


def case_of(meaning: Understanding, *, kind: str) -> tuple[Intent, ...]:
    """Give what brings a danger to a person; an offer that is only asked about is a tip."""
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


def is_private(meaning: Understanding, state: ConversationState) -> bool:
    """Tell whether a text speaks of suicide or violence at home: it gets its own advice."""
    danger = to_speak_of(meaning, state)
    return danger is not None and danger.kind in (Kind.KRISIS, Kind.KEKERASAN)


def to_speak_of(meaning: Understanding, state: ConversationState) -> Assessment | None:
    """Give the danger that this very message adds, so that it is spoken of once, not for ever.

    That of the whole conversation where it rises above what was spoken of, else the text's own.
    """
    before = Level(state.level) if state.level else Level.TIDAK
    if meaning.assessment.level.rank > before.rank:
        return meaning.assessment
    return meaning.alone if meaning.alone.level.escalated else None
