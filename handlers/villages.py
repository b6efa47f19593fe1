"""Learning where a person lives: asked once, after the first answer, never a gate."""

from dataclasses import replace

from handlers import lookups, replies
from handlers.messages import Choice, InboundMessage, OutboundMessage
from handlers.models import Ending
from handlers.state import Awaiting, ConversationState
from handlers.texts import tidy
from handlers.turn import SetArea, Turn, Understanding, View
from knowledge.answer import DecisionKind
from knowledge.place_words import HAMLET_WORDS, LEVEL_WORDS, PLACE_PREPOSITIONS
from knowledge.places import Area, AreaLevel, Located

ASK_AT_MOST = 2
PLACES_OFFERED = 6
SKIP = "lewati"
OWN_WORDS = 2
"""Words beside the place's official names that an answer to "which village?" may have."""


def ask_once(turn: Turn, view: View) -> Turn:
    """Add the question for the village to a first answer, with what is recorded and why."""
    state = turn.state
    if view.area is not None or state.villages_asked > 0 or state.flow is not None:
        return turn
    text = view.texts.say("tanya_desa")
    if not state.greeted:
        text = f"{view.texts.say('catatan')}\n\n{text}"
    state = replace(state, greeted=True, villages_asked=1, awaiting=Awaiting.VILLAGE, within=None)
    return replace(turn, state=state, replies=(*turn.replies, _question(text, view)))


def ask_again(state: ConversationState, view: View) -> Turn:
    """Ask for the village because the person wants to change it."""
    state = replace(state, awaiting=Awaiting.VILLAGE, within=None, villages_asked=1)
    return Turn(state, Ending.COMMAND, (_question(view.texts.say("tanya_desa_singkat"), view),))


def answered(
    state: ConversationState, text: str, meaning: Understanding, view: View
) -> Turn | None:
    """Read a text as the answer to "which village?"; None where it is something else."""
    if state.awaiting == Awaiting.VILLAGE_CONFIRM and state.proposed_area:
        if view.texts.is_any(text, "ya"):
            return tapped(_settled(state), state.proposed_area, view)
        if view.texts.is_any(text, "tidak"):
            return ask_again(state, view)
    if state.awaiting != Awaiting.VILLAGE:
        return _volunteered(state, text, meaning, view)
    if any(view.texts.is_any(text, word) for word in ("lewati", "tidak", "batal")):
        return _skipped(state, view)
    located = view.places.locate(text, within=state.within)
    if located.code is None and not located.ambiguous:
        return _not_found(state, text, meaning, view)
    if meaning.decision.kind == DecisionKind.ANSWER and not _is_all_place(text, meaning):
        return None
    if located.ambiguous:
        return offer(state, located, view)
    area = view.places.area(located.code or "")
    return set_area(state, area, view) if area else None


def tapped(state: ConversationState, rest: str, view: View) -> Turn:
    """Do what a village button says: an area code, `lewati`, or `bukan`."""
    if rest == SKIP:
        return _skipped(state, view)
    area = view.places.area(rest)
    if area is None:
        return ask_again(state, view)
    return set_area(_settled(state), area, view)


def linked(state: ConversationState, area: Area, view: View) -> Turn:
    """Take the village from a poster's link, and greet."""
    texts = view.texts
    greeting = f"{texts.say('salam')}\n\n{texts.say('catatan')}"
    told = OutboundMessage(greeting, replies.menu(view).choices)
    state = replace(_settled(state), greeted=True, villages_asked=1)
    return Turn(state, Ending.COMMAND, (told,), (SetArea(area.code),))


def shared_location(state: ConversationState, message: InboundMessage, view: View) -> Turn:
    """Say back the village nearest to a shared location, for confirmation."""
    found = None
    if message.latitude is not None and message.longitude is not None:
        found = view.places.nearest(message.latitude, message.longitude)
    if found is None:
        state = replace(state, awaiting=Awaiting.VILLAGE)
        return Turn(state, Ending.ASKED_BACK, (_question(view.texts.say("desa_jauh"), view),))
    area, _ = found
    yes = replies.button(view, "ya", f"desa:{area.code}")
    no = replies.button(view, "bukan", "desa:bukan")
    told = OutboundMessage(view.texts.say("desa_benar", tempat=area.label), (yes, no))
    state = replace(state, awaiting=Awaiting.VILLAGE_CONFIRM, proposed_area=area.code)
    return Turn(state, Ending.ASKED_BACK, (told,))


def offer(state: ConversationState, located: Located, view: View) -> Turn:
    """Ask which of several places of the same name is meant.

    A regency that holds all of them is noted: a case that comes before the answer goes there.
    """
    rows = [Choice(f"desa:{area.code}", area.name, area.label) for area in located.candidates]
    skip = replies.button(view, "lewati", f"desa:{SKIP}")
    told = OutboundMessage(view.texts.say("desa_mana"), (*rows[:PLACES_OFFERED], skip))
    state = replace(state, awaiting=Awaiting.VILLAGE)
    shared = located.code if located.level != AreaLevel.PROVINSI else None
    is_known = view.area is not None and view.area.code.startswith(shared or "")
    intents = (SetArea(shared),) if shared and not is_known else ()
    return Turn(state, Ending.ASKED_BACK, (told,), intents)


def set_area(state: ConversationState, area: Area, view: View) -> Turn:
    """Note an area; one above a village is noted too, and the village asked for once more."""
    intents = (SetArea(area.code),)
    office = lookups.on_area(state, area, view)
    if area.level == AreaLevel.DESA or state.villages_asked >= ASK_AT_MOST:
        text = view.texts.say("desa_dicatat", tempat=area.label)
        told = OutboundMessage(f"{text}\n\n{office}" if office else text)
        return Turn(_settled(state), Ending.COMMAND, (told,), intents)
    state = replace(
        state,
        awaiting=Awaiting.VILLAGE,
        within=area.code,
        villages_asked=state.villages_asked + 1,
    )
    text = view.texts.say("desa_kurang", tempat=area.label)
    if office:
        text = f"{office}\n\n{text}"
    return Turn(state, Ending.COMMAND, (_question(text, view),), intents)


def _question(text: str, view: View) -> OutboundMessage:
    skip = replies.button(view, "lewati", f"desa:{SKIP}")
    return OutboundMessage(text, (skip,), ask_location=True)


def _skipped(state: ConversationState, view: View) -> Turn:
    told = OutboundMessage(view.texts.say("desa_dilewati"))
    state = replace(_settled(state), villages_asked=max(state.villages_asked, 1))
    return Turn(state, Ending.COMMAND, (told,))


def _not_found(
    state: ConversationState, text: str, meaning: Understanding, view: View
) -> Turn | None:
    looks_asked = meaning.decision.kind in (DecisionKind.ANSWER, DecisionKind.CHOICES)
    is_long = len(tidy(text).split()) > 4
    if looks_asked or is_long or meaning.decision.kind == DecisionKind.SMALL_TALK:
        return None
    if state.villages_asked >= ASK_AT_MOST:
        return None
    state = replace(state, villages_asked=state.villages_asked + 1)
    told = _question(view.texts.say("desa_tidak_ketemu"), view)
    return Turn(state, Ending.ASKED_BACK, (told,))


def _volunteered(
    state: ConversationState, text: str, meaning: Understanding, view: View
) -> Turn | None:
    """Take a place that somebody names without being asked, where the text says nothing else.

    A village may have a word or two beside it; a place above it, or one of several, none, and
    only where the FAQ has nothing to say: "malang" is also a word.
    """
    located, kind = meaning.located, meaning.decision.kind
    if located.level == AreaLevel.DESA and kind != DecisionKind.ANSWER:
        area = view.places.area(located.code or "")
        return set_area(state, area, view) if area and _is_all_place(text, meaning) else None
    is_open = kind in (DecisionKind.SMALL_TALK, DecisionKind.UNKNOWN)
    if not is_open or own_words(text, meaning) or len(tidy(text).split()) < 2:
        return None
    if located.ambiguous:
        return offer(state, located, view)
    area = view.places.area(located.code or "")
    return set_area(state, area, view) if area else None


def _is_all_place(text: str, meaning: Understanding) -> bool:
    return len(own_words(text, meaning)) <= OWN_WORDS


def own_words(text: str, meaning: Understanding) -> list[str]:
    """Give the words of a text that are no part of the place it names."""
    named = meaning.located
    names = [named.desa, named.kecamatan, named.kabupaten, named.provinsi]
    names += [area.name for area in named.candidates]
    words = {word for name in names if name for word in tidy(name).split()}
    words |= set(LEVEL_WORDS) | HAMLET_WORDS | PLACE_PREPOSITIONS
    return [word for word in tidy(text).split() if word not in words]


def _settled(state: ConversationState) -> ConversationState:
    return replace(state, awaiting=None, within=None, proposed_area=None, offered=())
