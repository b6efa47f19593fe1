"""One message, one unit of work: everything it leads to stands or falls in one commit."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from escalation import cases
from escalation.assignment import DESK_NEEDS, Roster, desk, owner_for
from escalation.cases import CaseState
from escalation.models import Case
from escalation.notices import NoticeKind
from escalation.roster import load_roster, mend_route, officer_of
from handlers import alerts, inbox, officers, outbox, privacy, questions, relay
from handlers import contacts as contact_rows
from handlers.cards import FACTS, facts_of
from handlers.conversation import step
from handlers.database import Database
from handlers.messages import InboundKind, InboundMessage, OutboundMessage
from handlers.models import Contact, Ending, InboxItem
from handlers.resources import Resources
from handlers.sealing import SealBroken
from handlers.state import ConversationState
from handlers.turn import (
    CaseView,
    Erase,
    ForwardToOfficer,
    Helpful,
    Intent,
    MoveOutside,
    OpenCase,
    SafetyAnswer,
    SetArea,
    Turn,
    View,
)

OFFICER_PRESENT_FOR = timedelta(minutes=15)
"""How long after an officer's last word the bot stays in the back (rules of care)."""

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
            done, turn = _write(
                database, inbox_id, thought, owner=owner, resources=resources, now=now
            )
            if done:
                return turn
    except Exception as error:
        _set_aside(database, inbox_id, error, owner=owner, resources=resources, now=now)
        raise
    return None


def _think(database: Database, inbox_id: int, *, resources: Resources, now: datetime) -> Thought:
    with database.read() as db:
        item = db.get_one(InboxItem, inbox_id)
        contact = db.get_one(Contact, item.contact_id)
        officer = officer_of(db, item.contact_id)
        view = view_of(db, contact, resources=resources, now=now)
    message = inbox.body_of(item, sealer=resources.sealer)
    state = state_of(contact, resources=resources)
    officer_id = officer.id if officer else None
    turn = Turn(state, Ending.COMMAND)
    if not officers.handles(message, state, officer_id=officer_id, texts=resources.texts):
        recent = state.recent_at(now)
        text = message.text if message.kind == InboundKind.TEXT else ""
        meaning = resources.understand(text, state=state, recent=recent)
        turn = step(state, message, meaning, view)
    return Thought(message, state, contact.state_version, officer_id, turn)


def _write(
    database: Database,
    inbox_id: int,
    thought: Thought,
    *,
    owner: str,
    resources: Resources,
    now: datetime,
) -> tuple[bool, Turn | None]:
    with database.write() as work:
        db = work.db
        item = inbox.claimed_item(db, inbox_id, owner=owner)
        if item is None:
            return True, None
        contact = db.get_one(Contact, item.contact_id)
        if contact.state_version != thought.state_version:
            return False, None
        # What an officer wrote earlier goes out before the reply to this message.
        outbox.release_held(db, contact_id=item.contact_id, now=now)
        handled_by_officer = officers.handles(
            thought.message, thought.state, officer_id=thought.officer_id, texts=resources.texts
        )
        if thought.officer_id is not None:
            mend_route(db, item.contact_id)
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
                turn = _carry_out(db, item, contact, turn, resources=resources, now=now)
                _keep_with_case(db, item, thought, resources=resources, now=now)
        _store_turn(db, item, contact, turn, resources=resources, now=now)
        inbox.finish(
            item, ending=turn.ending, reason=turn.reason, now=now, replying=bool(turn.replies)
        )
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
            case_id=None,
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
    contact.state_sealed = resources.sealer.seal_json(
        turn.state.to_json(), purpose=contact_rows.STATE
    )
    contact.state_version += 1
    contact.last_seen_at = now
    db.add(contact)


def _carry_out(
    db: Session,
    item: InboxItem,
    contact: Contact,
    turn: Turn,
    *,
    resources: Resources,
    now: datetime,
) -> Turn:
    for intent in turn.intents:
        turn = _carry(db, item, contact, turn, intent, resources=resources, now=now)
    return turn


def _carry(
    db: Session,
    item: InboxItem,
    contact: Contact,
    turn: Turn,
    intent: Intent,
    *,
    resources: Resources,
    now: datetime,
) -> Turn:
    case = cases.open_case_of(db, item.contact_id, now=now, lock=True)
    match intent:
        case SetArea(code):
            contact.area_code = code
            contact.zone = resources.places.zone(code)
            db.add(contact)
            since = now - timedelta(hours=24)
            questions.set_area(db, contact, since=since, sealer=resources.sealer)
            if case is not None:
                relay.area_known(db, case, code, resources=resources, now=now)
        case OpenCase():
            _report(db, item, contact, intent, resources=resources, now=now)
        case MoveOutside():
            if case is not None and not case.is_outside:
                cases.move_outside(db, case, offices=resources.offices, now=now)
                alerts.notify(db, case, NoticeKind.HANDED_OVER, resources=resources, now=now)
        case SafetyAnswer(is_safe):
            if case is not None:
                relay.safety_told(db, case, is_safe=is_safe, resources=resources, now=now)
        case ForwardToOfficer(text):
            if case is not None:
                item.case_id = case.id
                relay.forward(db, case, text, inbox_id=item.id, resources=resources, now=now)
        case Helpful(slug, yes):
            questions.mark_helpful(db, contact, slug, yes=yes, sealer=resources.sealer)
        case Erase():
            kept = privacy.erase(db, contact, sealer=resources.sealer)
            key = "hapus_kecuali" if kept else "hapus_sudah"
            told = OutboundMessage(resources.texts.say(key))
            turn = replace(turn, replies=(told,))
    return turn


def _keep_with_case(
    db: Session, item: InboxItem, thought: Thought, *, resources: Resources, now: datetime
) -> None:
    """Put a message with its person's open case, so that whoever takes the case reads all of it.

    Where an officer took the case while this message was being thought over, it is passed on now.
    """
    case = cases.open_case_of(db, item.contact_id, now=now)
    if case is None or thought.message.kind == InboundKind.BUTTON:
        return
    item.case_id = case.id
    passed_on = any(isinstance(intent, ForwardToOfficer) for intent in thought.turn.intents)
    if case.state == CaseState.ACCEPTED and not passed_on:
        text = thought.message.text or resources.texts.say(
            "petugas.bukan_teks", jenis=thought.message.kind
        )
        relay.forward(db, case, text, inbox_id=item.id, resources=resources, now=now)


def _report(
    db: Session,
    item: InboxItem,
    contact: Contact,
    intent: OpenCase,
    *,
    resources: Resources,
    now: datetime,
) -> None:
    danger = intent.assessment
    area = resources.places.area(contact.area_code) if contact.area_code else None
    facts = facts_of(
        danger,
        area=area,
        names=resources.names.indicators,
        countries=resources.names.countries,
    )
    ids = tuple(indication.id for indication in danger.indications)
    change = cases.report(
        db,
        cases.Report(
            contact_id=item.contact_id,
            area_code=contact.area_code,
            level=danger.level,
            kind=danger.kind,
            indicators=ids,
            facts_sealed=resources.sealer.seal_json(facts, purpose=FACTS),
            outside=intent.outside or cases.OFFICIALS_INVOLVED in ids,
        ),
        offices=resources.offices,
        now=now,
    )
    db.flush()
    item.case_id = change.case.id
    if change.is_new:
        alerts.notify(db, change.case, NoticeKind.NEW, resources=resources, now=now)
    elif change.is_raised:
        alerts.notify(db, change.case, NoticeKind.RAISED, resources=resources, now=now)


def view_of(db: Session, contact: Contact, *, resources: Resources, now: datetime) -> View:
    """Give the world as one step of this contact's conversation sees it."""
    assert contact.id is not None
    case = cases.open_case_of(db, contact.id, now=now)
    roster = load_roster(db, now=now)
    places = resources.places
    return View(
        faq=resources.knowledge.faq,
        places=places,
        texts=resources.texts,
        area=places.area(contact.area_code) if contact.area_code else None,
        case=_case_view(case, now=now) if case else None,
        is_staffed=_is_staffed(contact, roster, resources=resources),
        now=now,
    )


def _is_staffed(contact: Contact, roster: Roster, *, resources: Resources) -> bool:
    if resources.is_unstaffed and len(desk(roster)) < DESK_NEEDS:
        return False
    owner = owner_for(contact.area_code, roster=roster, offices=resources.offices)
    return owner.officer_id is not None


def _case_view(case: Case, *, now: datetime) -> CaseView:
    assert case.id is not None
    accepted = case.state == CaseState.ACCEPTED
    recent = case.last_officer_at is not None and now - case.last_officer_at < OFFICER_PRESENT_FOR
    return CaseView(
        id=case.id,
        is_accepted=accepted,
        officer_is_present=accepted and recent,
    )


def state_of(contact: Contact, *, resources: Resources) -> ConversationState:
    """Open what the conversation remembers of a contact."""
    if not contact.state_sealed:
        return ConversationState()
    raw = resources.sealer.open_json(contact.state_sealed, purpose=contact_rows.STATE)
    return ConversationState.from_json(raw)


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
