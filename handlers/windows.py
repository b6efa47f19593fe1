"""Windows: some providers let nothing but an approved template open a conversation."""

from datetime import datetime

from sqlmodel import Session

from handlers import outbox
from handlers.messages import OutboundMessage
from handlers.models import OutboxItem, OutboxKind
from handlers.resources import Resources

NEUTRAL_TEMPLATE = "ada_kabar"
CASE_TEMPLATE = "ada_kasus"
"""Templates to be approved by the provider; docs/menghubungkan.md has their wording."""


def open_window(db: Session, item: OutboxItem, *, resources: Resources, now: datetime) -> None:
    """Keep a delivery until its person writes, and send the one message that may go before."""
    outbox.hold(item)
    db.add(item)
    is_officer = item.kind == OutboxKind.NOTICE
    # A test alert is no new case.
    has_case = is_officer and item.case_id is not None
    name = CASE_TEMPLATE if has_case else NEUTRAL_TEMPLATE
    text = resources.texts.say("petugas.kabar_kasus" if has_case else "kabar_netral")
    draft = outbox.Draft(
        contact_id=item.contact_id,
        message=OutboundMessage(text, template=name),
        # One a day is enough: every further one is what people call spam.
        dedupe_key=f"open:{item.contact_id}:{now.date()}",
        kind=OutboxKind.NOTICE if is_officer else OutboxKind.RELAY,
        priority=item.priority,
        case_id=item.case_id,
        officer_id=item.officer_id,
    )
    outbox.queue(db, draft, sealer=resources.sealer, now=now)
