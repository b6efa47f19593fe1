"""What buttons and command words do. A button says all it needs: it works a year later."""

import re
from collections.abc import Callable
from dataclasses import replace

from escalation.entities import Entities
from escalation.risk import Assessment, Level
from handlers import company_lookup, flows, lookups, replies, villages
from handlers.messages import OutboundMessage
from handlers.models import Ending
from handlers.state import Awaiting, ConversationState
from handlers.turn import (
    Erase,
    GiveCode,
    Helpful,
    MoveOutside,
    OpenCase,
    PartChannels,
    Turn,
    View,
    WantLateAnswer,
)
from knowledge.entries import Entry

ROW_ID = re.compile(r"[0-9]{1,9}")

NO_DANGER = Assessment(Level.TIDAK, None, 0.0, (), Entities(), ())
"""What stands on the card of somebody who only wants to talk."""


def press(state: ConversationState, button_id: str, view: View) -> Turn:
    """Do what a button says; an unknown one gets a polite way on."""
    state = replace(state, awaiting=None, offered=())
    kind, _, rest = button_id.partition(":")
    turn = PRESSES[kind](state, rest, view) if kind in PRESSES else None
    if turn is None and button_id in COMMANDS:
        turn = command(state, button_id, view)
    if turn is None:
        text = view.texts.say("tombol_lama")
        told = OutboundMessage(text, replies.menu(view).choices)
        turn = Turn(state, Ending.ASKED_BACK, (told,))
    return turn


def _open(state: ConversationState, slug: str, view: View) -> Turn | None:
    entry = view.faq.entries.get(slug)
    if entry is None:
        return None
    found = lookups.find_all([slug], state.last_question, view)
    told = lookups.joined(replies.answer(entry, view), found, state, view)
    turn = lookups.awaiting_area(Turn(_about(state, entry), Ending.ANSWERED, (told,)), found)
    return villages.ask_once(turn, view)


def _company(state: ConversationState, rest: str, view: View) -> Turn | None:
    """Say what the list holds on one of several companies alike."""
    company = view.companies.by_id(int(rest)) if ROW_ID.fullmatch(rest) else None
    if company is None:
        return None
    told = OutboundMessage(
        company_lookup.chosen(company, view), (replies.button(view, "petugas", "petugas"),)
    )
    return Turn(state, Ending.ANSWERED, (told,))


def _open_rest(state: ConversationState, asked: str, view: View) -> Turn | None:
    slug, _, part = asked.partition(":")
    entry = view.faq.entries.get(slug)
    if entry is None:
        return None
    told = replies.more(entry, view, part=_number(part))
    return Turn(_about(state, entry), Ending.ANSWERED, (told,))


def _about(state: ConversationState, entry: Entry) -> ConversationState:
    return replace(state, last_slug=entry.slug, last_question=entry.question)


def _rate(state: ConversationState, rest: str, view: View) -> Turn:
    slug, _, says = rest.partition(":")
    return _helpful(state, slug, yes=says == "ya", view=view)


def _topic(state: ConversationState, rest: str, view: View) -> Turn | None:
    topic, _, start = rest.partition(":")
    told = replies.topic_menu(topic, _number(start), view)
    return Turn(state, Ending.COMMAND, (told,)) if told is not None else None


def _topics(state: ConversationState, rest: str, view: View) -> Turn:
    return Turn(state, Ending.COMMAND, (replies.menu(view, start=_number(rest)),))


def _late_answer(state: ConversationState, rest: str, _view: View) -> Turn | None:
    if not ROW_ID.fullmatch(rest):
        return None
    return Turn(state, Ending.COMMAND, (), (WantLateAnswer(int(rest)),))


def _erase_answer(state: ConversationState, rest: str, view: View) -> Turn:
    if rest == "ya":
        return Turn(ConversationState(), Ending.COMMAND, (), (Erase(),))
    return _say(state, "hapus_batal", view)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def command(state: ConversationState, name: str, view: View) -> Turn:
    """Do what a command word says."""
    # "Selengkapnya" goes on from the part that was shown last.
    offered = state.offered if name == "selengkapnya" else ()
    return COMMANDS[name](replace(state, awaiting=None, offered=offered), view)


def _say(state: ConversationState, key: str, view: View) -> Turn:
    return Turn(state, Ending.COMMAND, (OutboundMessage(view.texts.say(key)),))


def _start(state: ConversationState, view: View) -> Turn:
    texts = view.texts
    greeting = f"{texts.say('salam')}\n\n{texts.say('catatan')}"
    told = OutboundMessage(greeting, replies.menu(view).choices)
    return Turn(replace(state, greeted=True), Ending.COMMAND, (told,))


def _menu(state: ConversationState, view: View) -> Turn:
    return Turn(state, Ending.COMMAND, (replies.menu(view),))


def _help(state: ConversationState, view: View) -> Turn:
    return _say(state, "bantuan", view)


def _officer(state: ConversationState, view: View) -> Turn:
    if view.case is not None and view.is_staffed:
        return _say(state, "petugas_sudah", view)
    key = "petugas_diminta" if view.is_staffed else "petugas_kosong"
    turn = Turn(
        state,
        Ending.HANDED_OVER,
        (OutboundMessage(view.texts.say(key)),),
        (OpenCase(NO_DANGER, is_request=True),),
    )
    return villages.ask_once(turn, view)


def _outside(state: ConversationState, view: View) -> Turn:
    if view.case is None:
        return _say(state, "luar_daerah_kosong", view)
    turn = _say(state, "luar_daerah", view)
    return replace(turn, intents=(MoveOutside(),))


def _erase(state: ConversationState, view: View) -> Turn:
    told = OutboundMessage(
        view.texts.say("hapus_yakin"),
        (
            replies.button(view, "hapus_ya", "hapus:ya"),
            replies.button(view, "hapus_tidak", "hapus:tidak"),
        ),
    )
    return Turn(replace(state, awaiting=Awaiting.ERASE), Ending.COMMAND, (told,))


def _link(state: ConversationState, view: View) -> Turn:
    return Turn(state, Ending.COMMAND, (), (GiveCode(),))


def _part(state: ConversationState, view: View) -> Turn:
    return Turn(state, Ending.COMMAND, (), (PartChannels(),))


def _tip(state: ConversationState, view: View) -> Turn:
    return _say(replace(state, awaiting=Awaiting.TIP), "masukan_mulai", view)


def _more(state: ConversationState, view: View) -> Turn:
    """Give the part that the last message offered, else the first of what was answered last."""
    if state.last_slug in view.faq.entries:
        first = f"{replies.MORE}{state.last_slug}"
        offered = (id for id in state.offered if id.startswith(replies.MORE))
        return press(state, next(offered, first), view)
    return _say(state, "lagi_apa", view)


def _yes(state: ConversationState, view: View) -> Turn:
    return _helpful(state, state.last_slug or "", yes=True, view=view)


def _no(state: ConversationState, view: View) -> Turn:
    return _helpful(state, state.last_slug or "", yes=False, view=view)


def _helpful(state: ConversationState, slug: str, *, yes: bool, view: View) -> Turn:
    told = OutboundMessage(view.texts.say("syukur"))
    if not yes:
        told = OutboundMessage(
            view.texts.say("belum_membantu"),
            (replies.button(view, "petugas", "petugas"), replies.button(view, "menu", "menu")),
        )
    return Turn(state, Ending.COMMAND, (told,), (Helpful(slug, yes),))


PRESSES: dict[str, Callable[[ConversationState, str, View], Turn | None]] = {
    "a": _open,
    "m": _open_rest,
    "h": _rate,
    "t": _topic,
    "menu": _topics,
    "desa": villages.tapped,
    "hapus": _erase_answer,
    "p3mi": _company,
    "f": flows.press,
    "kabari": _late_answer,
}
"""What the part of a button id before the colon means."""


def _report(state: ConversationState, view: View) -> Turn:
    return flows.start(state, flows.REPORT, view)


def _check_offer(state: ConversationState, view: View) -> Turn:
    return flows.start(state, flows.OFFER, view)


COMMANDS = {
    "lapor": _report,
    "cek_tawaran": _check_offer,
    "hubungkan": _link,
    "putuskan": _part,
    "mulai": _start,
    "menu": _menu,
    "bantuan": _help,
    "petugas": _officer,
    "luar": _outside,
    "hapus": _erase,
    "ganti_desa": villages.ask_again,
    "masukan": _tip,
    "selengkapnya": _more,
    "membantu": _yes,
    "tidak_membantu": _no,
}
