"""Between villager and officer: words pass through here, addresses never do."""

from datetime import datetime

from sqlmodel import Session, col, select

from escalation import case_moves, cases
from escalation.case_states import CaseState, EventKind
from escalation.models import Case
from escalation.notices import NoticeKind, routes_for
from escalation.risk import Level
from escalation.roster import load_roster
from handlers import alerts, contacts, enclosures, inbox, media, outbox
from handlers.cards import FACTS, actions
from handlers.media_models import CaseMedia
from handlers.messages import InboundKind, OutboundMessage
from handlers.models import InboxItem, OutboxItem, OutboxKind, Priority
from handlers.privacy import ERASED
from handlers.resources import Resources

RELAYED = "relay:"
"""How the dedupe key of an officer's words begins; the neutral hints beside them have another."""


def forward(
    db: Session,
    case: Case,
    text: str,
    *,
    inbox_id: int | None,
    resources: Resources,
    now: datetime,
    wants_answer: bool = True,
) -> None:
    """Let the officer who holds a case read a message of its villager."""
    case.last_message_at = now
    db.add(case)
    if wants_answer and case.state == CaseState.ACCEPTED:
        case_moves.villager_waits(db, case, now=now)
    body = resources.texts.say("petugas.pesan_baru", nomor=case.id, isi=text)
    _tell_owner(db, case, body, key=f"forward:{inbox_id}", resources=resources, now=now)


def safety_told(
    db: Session, case: Case, *, is_safe: bool, resources: Resources, now: datetime
) -> None:
    """Note whether the villager may be written to, and tell the owner."""
    case.is_safe_to_push = is_safe
    case.last_message_at = now
    db.add(case)
    kind = EventKind.SAFE if is_safe else EventKind.UNSAFE
    cases.record(db, case, kind, now=now)
    body = resources.texts.say(f"petugas.{'aman' if is_safe else 'tidak_aman'}", nomor=case.id)
    key = f"safety:{case.id}:{now.isoformat()}"
    _tell_owner(db, case, body, key=key, resources=resources, now=now)


def area_known(db: Session, case: Case, code: str, *, resources: Resources, now: datetime) -> None:
    """Put a village that was named later on the card, and let a nearer officer have a new case."""
    facts = resources.sealer.open_json(case.facts_sealed, purpose=FACTS)
    area = resources.places.area(code)
    if area is not None:
        facts = {"desa": area.label} | {k: v for k, v in facts.items() if k != "desa"}
        case.facts_sealed = resources.sealer.seal_json(facts, purpose=FACTS)
    moved = cases.set_area(db, case, code, offices=resources.offices, now=now)
    if moved:
        db.flush()
        alerts.notify(db, case, NoticeKind.HANDED_OVER, resources=resources, now=now)


def reply(
    db: Session, case: Case, text: str, *, mark: str, resources: Resources, now: datetime
) -> bool:
    """Bring an officer's words to the villager; True where they wait until the villager writes.

    `mark` is the officer's message, so that working it off twice sends once.
    A watched phone: unless the villager answered "aman" in this case, only a neutral line is
    pushed, and the words follow when the villager writes again.
    """
    if case.is_drill:
        # Nobody is at the other end of a drill.
        case_moves.officer_acted(db, case, now=now)
        return False
    held = not case.is_safe_to_push
    urgency = Priority.NORMAL
    reached = contacts.of_person(db, case.contact_id)[0]
    draft = outbox.Draft(
        contact_id=reached,
        message=OutboundMessage(resources.texts.say("dari_petugas", isi=text)),
        dedupe_key=f"{RELAYED}{mark}",
        kind=OutboxKind.RELAY,
        priority=urgency,
        case_id=case.id,
        held=held,
    )
    outbox.queue(db, draft, sealer=resources.sealer, now=now)
    if held:
        hint = outbox.Draft(
            contact_id=reached,
            message=OutboundMessage(resources.texts.say("kabar_netral")),
            dedupe_key=f"hint:{mark}",
            kind=OutboxKind.RELAY,
            priority=urgency,
            case_id=case.id,
        )
        outbox.queue(db, hint, sealer=resources.sealer, now=now)
    case_moves.officer_acted(db, case, now=now)
    return held


def was_replied(db: Session, *, mark: str) -> bool:
    """Tell whether an officer's message with this mark was brought to the villager before."""
    key = f"{RELAYED}{mark}"
    return (
        db.exec(select(OutboxItem.id).where(col(OutboxItem.dedupe_key) == key)).first() is not None
    )


def story(db: Session, case: Case, *, resources: Resources) -> str:
    """Give what the villager wrote in a case, oldest first, for the officer who took it."""
    items = db.exec(
        select(InboxItem).where(col(InboxItem.case_id) == case.id).order_by(col(InboxItem.id))
    ).all()
    files = media.of_case(db, case.id or 0)
    lines = []
    for item in items:
        if item.body_sealed == ERASED:
            continue
        message = inbox.body_of(item, sealer=resources.sealer)
        if message.kind == InboundKind.BUTTON:
            continue
        if message.text:
            lines.append(f"“{message.text}”")
        lines.append(
            enclosures.line(
                message,
                case_id=case.id or 0,
                file=files.get(item.id or 0),
                resources=resources,
            )
        )
    return "\n".join(filter(None, lines))


def media_lost(
    db: Session, case: Case, row: CaseMedia, *, resources: Resources, now: datetime
) -> None:
    """Tell whoever took a case that a file of its villager cannot be had; others read it later."""
    if case.state != CaseState.ACCEPTED:
        return
    kind = db.get_one(InboxItem, row.inbox_id).kind
    body = resources.texts.say(
        "petugas.kiriman.gagal_kabar",
        nomor=case.id,
        apa=enclosures.name_of(kind, resources=resources),
        sebab=enclosures.why_lost(row.reason or "", resources=resources),
    )
    _tell_owner(db, case, body, key=f"media:{row.id}", resources=resources, now=now)


def _tell_owner(
    db: Session, case: Case, text: str, *, key: str, resources: Resources, now: datetime
) -> None:
    if case.owner_id is None:
        return
    buttons = actions(case, texts=resources.texts) if case.state != CaseState.CLOSED else ()
    priority, due = Priority.NORMAL, now
    if alerts.waits_for_digest(case):
        # Quiet hours are for this level only. A priority of its own holds up nothing else.
        zone = resources.zone_of(load_roster(db, now=now), case.owner_id)
        priority = alerts.DIGEST
        due = resources.deadlines.hours.when_not_quiet(now, zone=zone)
    for contact_id in routes_for(db, case.owner_id, level=Level(case.level)):
        draft = outbox.Draft(
            contact_id=contact_id,
            message=OutboundMessage(text, buttons),
            dedupe_key=f"{key}:{contact_id}",
            kind=OutboxKind.NOTICE,
            priority=priority,
            case_id=case.id,
            officer_id=case.owner_id,
            due_at=due,
        )
        outbox.queue(db, draft, sealer=resources.sealer, now=now)
