"""Adding words, a photo or a voice note to a case by its number, from whatever phone."""

from dataclasses import replace

from handlers import replies
from handlers.flow_state import FlowState
from handlers.messages import Choice, InboundKind, InboundMessage, OutboundMessage
from handlers.models import Ending
from handlers.state import FLOW_CHOICE, Awaiting, ConversationState
from handlers.turn import AddEvidence, Turn, View

ADD = "tambah"
KINDS = frozenset(
    {
        InboundKind.VOICE,
        InboundKind.PICTURE,
        InboundKind.DOCUMENT,
        InboundKind.CONTACT,
        InboundKind.LOCATION,
    }
)
"""What is kept with a case although nobody but an officer can read it."""


def button(view: View) -> Choice:
    """Give the button that lets somebody add to a case whose number was typed."""
    return replies.button(view, ADD, f"{FLOW_CHOICE}{ADD}")


def ask(state: ConversationState, view: View) -> Turn:
    """Ask for what is to be added; the number has to have been typed before."""
    if state.flow is None or state.flow.case_id is None:
        told = OutboundMessage(view.texts.say("nomor.ketik_dulu"))
        return Turn(state, Ending.ASKED_BACK, (told,))
    told = OutboundMessage(view.texts.say("nomor.tambah"))
    # Whoever asks to add leaves a row of questions that was open meanwhile.
    flow = FlowState(ADD, case_id=state.flow.case_id)
    return Turn(replace(state, flow=flow, awaiting=Awaiting.FLOW), Ending.COMMAND, (told,))


def added(state: ConversationState, message: InboundMessage, view: View) -> Turn | None:
    """Take a message as an addition; None where it is a command or nothing that can be kept."""
    text = message.text.strip()
    if text and view.texts.command(text) is not None:
        return None
    if (not text and message.kind not in KINDS) or state.flow is None or not state.flow.case_id:
        return None
    told = OutboundMessage(view.texts.say("nomor.ditambah"), (button(view),))
    intents = (AddEvidence(state.flow.case_id),)
    return Turn(state.calm(), Ending.COMMAND, (told,), intents)
