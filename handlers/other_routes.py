"""An officer's other routes, for what does not get through on one of them."""

from datetime import datetime

from sqlmodel import Session, col, select

from escalation.roster import load_roster, routes_of
from handlers import outbox
from handlers.models import OutboxItem, OutboxKind, OutboxStatus
from handlers.resources import Resources


def goes_elsewhere(db: Session, item: OutboxItem, *, resources: Resources, now: datetime) -> bool:
    """Tell whether a notice reached its officer, or may yet, on another route; else try the next.

    Notices that go out on several routes differ only in the last part of their dedupe key.
    """
    if item.officer_id is None:
        return False
    same = item.dedupe_key.rpartition(":")[0]
    copies = db.exec(
        select(OutboxItem).where(
            col(OutboxItem.dedupe_key).startswith(f"{same}:", autoescape=True),
            col(OutboxItem.officer_id) == item.officer_id,
            col(OutboxItem.id) != item.id,
        )
    ).all()
    if any(copy.status in (OutboxStatus.SENT, OutboxStatus.WAITING) for copy in copies):
        return True
    message = outbox.payload_of(item, sealer=resources.sealer)
    # A template opens its own route only. An officer whose last route to answer from is gone is
    # passed by, whatever a mail may still tell them.
    roster = load_roster(db, now=now)
    if message.template is not None or item.officer_id not in roster.routed:
        return False
    tried = {item.contact_id, *(copy.contact_id for copy in copies)}
    untried = [id for id in routes_of(db, item.officer_id) if id not in tried]
    for contact_id in untried[:1]:
        draft = outbox.Draft(
            contact_id=contact_id,
            message=message,
            dedupe_key=f"{same}:{contact_id}",
            kind=OutboxKind(item.kind),
            priority=item.priority,
            case_id=item.case_id,
            officer_id=item.officer_id,
        )
        outbox.queue(db, draft, sealer=resources.sealer, now=now)
    return bool(untried)
