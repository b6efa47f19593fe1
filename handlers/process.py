"""One message, one unit of work: everything it leads to stands or falls in one commit."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from escalation.roster import mend_route, note_answer, officer_of
from handlers import contacts, inbox, officers, outbox, questions
from handlers.conversation import step
from handlers.database import Database, UnitOfWork
from handlers.effects import Effects
from handlers.messages import InboundKind, InboundMessage, OutboundMessage
from handlers.models import Contact, Ending, InboxItem
from handlers.resources import Resources
from handlers.sealing import SealBroken
from handlers.state import ConversationState
from handlers.turn import SafetyAnswer, Turn
from handlers.views import state_of, view_of

TRIES = 3
"""How often a message is thought over again when its person's state changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Thought:
    """What was read before thinking, and what thinking gave."""

    message: InboundMessage
    state: ConversationState
    state_version: int
    officer_id: int | None
    turn: Turn


def process(
    database: Database, inbox_id: int, *, owner: str, resources: Resources, now: datetime
) -> Turn | None:
    """Work off one claimed message. None where it was lost to another worker or to an error.

    A message that cannot be handled is put back, and quarantined when its tries are used up.
    """
    try:
        for _ in range(TRIES):
            thought = _think(database, inbox_id, resources=resources, now=now)
            write = partial(
                _write,
                inbox_id=inbox_id,
                thought=thought,
                owner=owner,
                resources=resources,
                now=now,
            )
            done, turn = database.write_together(write)
            if done:
                return turn
    except Exception as error:
        _set_aside(database, inbox_id, error, owner=owner, resources=resources, now=now)
        raise
    return None


def _think(database: Database, inbox_id: int, *, resources: Resources, now: datetime) -> Thought:
    with database.read() as db:
        item, contact = inbox.with_contact(db, inbox_id)
        officer = officer_of(db, item.contact_id)
        view = view_of(db, contact, officer=officer, resources=resources, now=now)
    message = inbox.body_of(item, sealer=resources.sealer)
    state = state_of(contact, resources=resources)
    officer_id = officer.id if officer else None
    turn = Turn(state, Ending.COMMAND)
    if not officers.handles(message, state, officer_id=officer_id, texts=resources.texts):
        recent = state.recent_at(now)
        # Words under a picture count too: danger may stand there.
        text = "" if message.kind == InboundKind.BUTTON else message.text
        home = view.area.code if view.area else None
        meaning = resources.understand(text, state=state, recent=recent, area_code=home)
        turn = step(state, message, meaning, view)
    return Thought(message, state, contact.state_version, officer_id, turn)


def _write(
    work: UnitOfWork,
    *,
    inbox_id: int,
    thought: Thought,
    owner: str,
    resources: Resources,
    now: datetime,
) -> tuple[bool, Turn | None]:
    db = work.db
    claimed = inbox.claimed_with_contact(db, inbox_id, owner=owner)
    if claimed is None:
        return True, None
    item, contact = claimed
    if contact.state_version != thought.state_version:
        return False, None
    # What an officer wrote earlier goes out before the reply to this message, but never
    # onto a phone that was just called unsafe.
    if not any(intent == SafetyAnswer(is_safe=False) for intent in thought.turn.intents):
        outbox.release_held(db, contact, person_id=contacts.person_of(contact), now=now)
    handled_by_officer = officers.handles(
        thought.message, thought.state, officer_id=thought.officer_id, texts=resources.texts
    )
    if thought.officer_id is not None:
        mend_route(db, item.contact_id)
        note_answer(db, thought.officer_id, now=now)
    if handled_by_officer:
        turn = officers.handle(
            db,
            contact,
            thought.message,
            thought.state,
            officer_id=thought.officer_id,
            resources=resources,
            now=now,
        )
    else:
        turn = thought.turn
        if thought.officer_id is None:
            effects = Effects(db, item, contact, resources, now)
            turn = effects.carry_out(turn, thought.message)
        elif not turn.replies:
            # What changes a villager's data does nothing here.
            told = OutboundMessage(resources.texts.say("petugas.bukan_untuk_petugas"))
            turn = replace(turn, replies=(told,))
    _store_turn(db, item, contact, turn, resources=resources, now=now)
    inbox.finish(item, ending=turn.ending, reason=turn.reason, now=now, replying=bool(turn.replies))
    db.add(item)
    work.commit()
    return True, turn


def _store_turn(
    db: Session,
    item: InboxItem,
    contact: Contact,
    turn: Turn,
    *,
    resources: Resources,
    now: datetime,
) -> None:
    for number, reply in enumerate(turn.replies):
        draft = outbox.Draft(
            contact_id=item.contact_id,
            message=reply,
            dedupe_key=f"reply:{item.id}:{number}",
            inbox_id=item.id,
            channel=contact.channel,
        )
        outbox.queue(db, draft, sealer=resources.sealer, now=now)
    if turn.question is not None and item.id is not None:
        questions.record(
            db,
            turn.question,
            contact=contact,
            inbox_id=item.id,
            topic=resources.knowledge.faq.topic_of(turn.question.slug or ""),
            ending=turn.ending,
            sealer=resources.sealer,
            now=now,
        )
    contact.state_sealed = resources.sealer.seal_json(turn.state.to_json(), purpose=contacts.STATE)
    contact.state_version += 1
    contact.last_seen_at = now
    db.add(contact)


def _set_aside(
    database: Database,
    inbox_id: int,
    error: Exception,
    *,
    owner: str,
    resources: Resources,
    now: datetime,
) -> None:
    reason = "sealed with another key" if isinstance(error, SealBroken) else type(error).__name__
    with database.write() as work:
        item = inbox.claimed_item(work.db, inbox_id, owner=owner)
        if item is None:
            return
        if not inbox.put_back(item, now=now, reason=reason):
            told = OutboundMessage(resources.texts.say("gangguan"))
            draft = outbox.Draft(
                contact_id=item.contact_id,
                message=told,
                dedupe_key=f"reply:{item.id}:quarantined",
                inbox_id=item.id,
            )
            outbox.queue(work.db, draft, sealer=resources.sealer, now=now)
            inbox.finish(item, ending=Ending.QUARANTINED, reason=reason, now=now, replying=True)
        work.db.add(item)
        work.commit()
