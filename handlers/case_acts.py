"""An officer acting on a case from a page: just what the same button does in chat."""

from dataclasses import dataclass
from datetime import datetime

from escalation.case_states import CaseState
from escalation.models import Case
from handlers import audit, officer_replies, officers, relay
from handlers.audit import Action
from handlers.database import Database
from handlers.messages import Choice, InboundKind, InboundMessage
from handlers.models import Account, Contact
from handlers.officer_routes import INVITATION
from handlers.resources import Resources
from handlers.state import ConversationState

CHANNEL = "halaman"
"""Marks what was done on a page, apart from every messenger's messages."""

TAKE = "terima"
WORDS_PURPOSE = "case-words"


@dataclass(frozen=True, slots=True)
class Act:
    """A button (`k:7:alihkan`), or words for the villager.

    `mark` is of the page it was sent from: the same words with the same mark are one sending.
    """

    case_id: int
    mark: str
    button: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the officer is told, and what can be chosen next."""

    text: str
    choices: tuple[Choice, ...]


class NotAnOfficer(Exception):
    """An account without an officer, or an invitation code in place of words: nothing is done."""


def do(
    database: Database, act: Act, *, by: Account, resources: Resources, now: datetime
) -> Told | None:
    """Carry out one act in one unit of work; who may do what is decided as in chat.

    None where the page itself shows what came of it: the officer holds the case after *Terima*,
    or these very words were sent before. Raises NotAnOfficer.
    """
    if by.officer_id is None or INVITATION.fullmatch(act.words):
        raise NotAnOfficer
    # Browsers keep the mark when somebody goes back a page: other words are another sending.
    words_key = resources.sealer.lookup(act.words, purpose=WORDS_PURPOSE)
    message = InboundMessage(
        channel=CHANNEL,
        external_id=f"{by.id}:{act.mark}:{words_key}",
        sender="",
        sent_at=now,
        kind=InboundKind.BUTTON if act.button else InboundKind.TEXT,
        text=act.words,
        button_id=act.button or None,
    )
    state = ConversationState(replying_to_case=None if act.button else act.case_id)
    with database.write() as work:
        if act.words and relay.was_replied(work.db, mark=officer_replies.mark_of(message)):
            return None
        turn = officers.handle(
            work.db,
            Contact(
                channel=CHANNEL,
                address_key="",
                address_sealed=b"",
                created_at=now,
                last_seen_at=now,
            ),
            message,
            state,
            officer_id=by.officer_id,
            resources=resources,
            now=now,
        )
        audit.note(
            work.db,
            Action.CASE_ACTED,
            by=by,
            now=now,
            subject=audit.case_subject(act.case_id),
            detail=act.button.split(":")[2] if act.button else "balas",
        )
        case = work.db.get_one(Case, act.case_id)
        is_taken = act.button.endswith(f":{TAKE}") and case.owner_id == by.officer_id
        work.commit()
    if is_taken and case.state == CaseState.ACCEPTED:
        # In chat the villager's words follow at once; a page shows them masked, and notes it.
        return None
    reply = turn.replies[0]
    after = tuple(choice for choice in reply.choices if choice.id.count(":") > 2)
    return Told(reply.text, after)


def is_button_of(button: str, case_id: int) -> bool:
    """Tell whether a button is one of a case's that a page may press."""
    found = officers.CASE_BUTTON.fullmatch(button)
    return found is not None and int(found[1]) == case_id and found[2] not in ("balas", "lihat")
