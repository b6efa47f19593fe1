"""The officer's side of the chat: which messages are an officer's business, and who does them."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from escalation.case_states import CaseState
from escalation.models import Case
from handlers import officer_cases, officer_endings, officer_replies
from handlers.messages import InboundKind, InboundMessage
from handlers.models import Contact
from handlers.officer_acting import Acting
from handlers.officer_duty import names_duty, set_duty
from handlers.officer_routes import (
    INVITATION,
    Routes,
    handles_button,
    handles_text,
    names_mail,
    register,
)
from handlers.resources import Resources
from handlers.state import ConversationState
from handlers.texts import Texts, tidy
from handlers.turn import Turn

CASE_BUTTON = re.compile(r"k:(\d{1,9}):(\w+)(?::(\w+))?(?::(\w+))?")
NEVER_A_REPLY = frozenset({"kode", "jalan", "kasus", "bantuan"})
CASE_WORD = re.compile(r"(?:kasus|/kasus)\s+#?(\d{1,9})")


def handles(
    message: InboundMessage, state: ConversationState, *, officer_id: int | None, texts: Texts
) -> bool:
    """Tell whether a message is an officer's business; anything else is answered like a question."""
    if message.kind == InboundKind.TEXT and INVITATION.fullmatch(message.text.strip()):
        return True
    if officer_id is None:
        return False
    if message.kind == InboundKind.BUTTON:
        id = message.button_id or ""
        return CASE_BUTTON.fullmatch(id) is not None or handles_button(id)
    if message.kind != InboundKind.TEXT:
        return False
    if state.replying_to_case is not None:
        return True
    text = message.text.strip()
    command = texts.command(text, group="petugas.perintah")
    return command is not None or _is_command(text, texts=texts)


def _is_command(text: str, *, texts: Texts) -> bool:
    """Tell whether a text can only be meant for the bot, also where words for a villager are due.

    "Siap" and "batal" may be either.
    """
    is_case = CASE_WORD.fullmatch(tidy(text)) is not None
    is_known = texts.command(text, group="petugas.perintah") in NEVER_A_REPLY
    return is_case or is_known or names_mail(text) or names_duty(text, texts)


def handle(
    db: Session,
    contact: Contact,
    message: InboundMessage,
    state: ConversationState,
    *,
    officer_id: int | None,
    resources: Resources,
    now: datetime,
) -> Turn:
    """Do what an officer asks for, inside the message's unit of work."""
    state = replace(state, awaiting=None, offered=())
    invitation = INVITATION.fullmatch(message.text.strip())
    if invitation and message.kind == InboundKind.TEXT:
        return register(db, contact, invitation[1], state, resources=resources, now=now)
    assert officer_id is not None
    replying_to = state.replying_to_case
    # Whatever is done in between ends a reply: the next words must not reach the wrong villager.
    state = replace(state, replying_to_case=None)
    acting = Acting(db, officer_id, state, message, resources, now)
    routes = Routes(db, officer_id, state, resources, now)
    if message.kind == InboundKind.BUTTON:
        if handles_button(message.button_id or ""):
            return routes.press(message.button_id or "")
        found = CASE_BUTTON.fullmatch(message.button_id or "")
        assert found is not None
        return _press(acting, int(found[1]), found[2], found[3], found[4])
    if replying_to is not None and not _is_command(message.text, texts=resources.texts):
        return officer_replies.send_reply(acting, replying_to)
    is_about_routes = handles_text(message.text, texts=resources.texts)
    turn = routes.read(message.text) if is_about_routes else _read(acting)
    return turn if replying_to is None else _after_dropped_reply(turn, resources.texts)


def _after_dropped_reply(turn: Turn, texts: Texts) -> Turn:
    first, *others = turn.replies
    text = f"{texts.say('petugas.balas_batal')}\n\n{first.text}"
    return replace(turn, replies=(replace(first, text=text), *others))


def _read(acting: Acting) -> Turn:
    """Do what an officer's words about cases and duty say."""
    text, texts = acting.message.text, acting.resources.texts
    if named := CASE_WORD.fullmatch(tidy(text)):
        return officer_cases.show(acting, int(named[1]))
    if names_duty(text, texts):
        return set_duty(acting)
    if texts.command(text, group="petugas.perintah") == "kasus":
        return officer_cases.list_cases(acting)
    return acting.say("bantuan")


def _press(acting: Acting, number: int, action: str, *rest: str | None) -> Turn:
    """Do what a button on a card says."""
    case = acting.db.get(Case, number, with_for_update=True)
    if case is None or not acting.may_take(case):
        return acting.say("tidak_ada", nomor=number)
    if case.state == CaseState.CLOSED:
        return acting.say_of(case, "sudah_selesai")
    if action == "terima":
        return officer_cases.accept(acting, case)
    if action == "lihat":
        return officer_cases.show(acting, number)
    is_free = action == "alihkan" and case.owner_id is None
    if case.owner_id != acting.officer_id and not is_free:
        return acting.say("bukan_pemegang", nomor=number)
    deeds: dict[str, Callable[[], Turn]] = {
        "balas": lambda: officer_replies.start_reply(acting, case),
        "rujuk": lambda: officer_endings.refer(acting, case, rest[0]),
        "alihkan": lambda: officer_cases.hand_over(acting, case),
        "urus": lambda: officer_cases.keep(acting, case),
        "selesai": lambda: officer_endings.close(acting, case, rest[0], rest[1]),
    }
    return deeds[action]() if action in deeds else acting.say("bantuan")
