"""An officer's words to a villager: asked for with a button, sent with the next text."""

from dataclasses import replace

from escalation import cases
from escalation.case_states import CaseState, EventKind
from escalation.models import Case
from handlers import relay
from handlers.cards import actions
from handlers.messages import InboundMessage
from handlers.officer_acting import Acting
from handlers.turn import Turn


def start_reply(acting: Acting, case: Case) -> Turn:
    """Ask for the words that go to the villager."""
    if case.state != CaseState.ACCEPTED:
        return acting.say_of(case, "terima_dulu")
    acting.state = replace(acting.state, replying_to_case=case.id)
    return acting.say_of(case, "balas_mulai")


def send_reply(acting: Acting, number: int) -> Turn:
    """Send what the officer wrote to the villager of a case."""
    text = acting.message.text.strip()
    command = acting.resources.texts.command(text, group="petugas.perintah")
    if command == "batal" or not text:
        return acting.say("balas_batal")
    case = acting.db.get(Case, number, with_for_update=True)
    if case is None or case.owner_id != acting.officer_id or case.state != CaseState.ACCEPTED:
        return acting.say("bukan_pemegang", nomor=number)
    held = relay.reply(
        acting.db,
        case,
        text,
        mark=mark_of(acting.message),
        resources=acting.resources,
        now=acting.now,
    )
    cases.record(acting.db, case, EventKind.ANSWERED, officer_id=acting.officer_id, now=acting.now)
    buttons = actions(case, texts=acting.resources.texts)
    key = "balas_menunggu" if held else "balas_terkirim"
    return acting.say_of(case, "latihan_dikirim" if case.is_drill else key, choices=buttons)


def mark_of(message: InboundMessage) -> str:
    """Give what tells an officer's message from every other, so that its words go out once."""
    return f"{message.channel}:{message.external_id}"
