"""Windows: some providers let nothing but an approved template open a conversation."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from handlers import outbox
from handlers.messages import OutboundMessage
from handlers.models import OutboxItem, OutboxKind, OutboxStatus
from handlers.resources import Resources
from handlers.texts import Texts

NEUTRAL_TEMPLATE = "ada_kabar"
CASE_TEMPLATE = "ada_kasus"
"""Templates to be approved by the provider; docs/menghubungkan.md has their wording."""

TEMPLATES = (NEUTRAL_TEMPLATE, CASE_TEMPLATE)
REFUSED = "template-"
"""How the code of a refusal begins that speaks of the template, not of the person."""

REFUSED_LATELY = timedelta(days=7)
OPENS = "open:"


@dataclass(frozen=True, slots=True)
class RefusedTemplate:
    """A template that the provider refused when it was last sent, and how often since then."""

    name: str
    code: str
    count: int

    def sentence(self, texts: Texts) -> str:
        """Give what an admin is to do, with how many messages did not go out."""
        number = self.code.removeprefix(REFUSED)
        key = number if number in TOLD else "lain"
        return texts.say(f"templat.{key}", nama=self.name, jumlah=self.count)


TOLD = ("132000", "132001", "132005", "132007", "132012", "132015", "132016")
"""The numbers that have a sentence of their own."""


def open_window(db: Session, item: OutboxItem, *, resources: Resources, now: datetime) -> None:
    """Keep a delivery until its person writes, and send the one message that may go before."""
    outbox.hold(item)
    db.add(item)
    is_officer = item.kind == OutboxKind.NOTICE
    name = _template_for(item.kind, item.case_id)
    key = "petugas.kabar_kasus" if name == CASE_TEMPLATE else "kabar_netral"
    text = resources.texts.say(key)
    draft = outbox.Draft(
        contact_id=item.contact_id,
        message=OutboundMessage(text, template=name),
        # One a day is enough: every further one is what people call spam.
        dedupe_key=f"{OPENS}{item.contact_id}:{now.date()}",
        kind=OutboxKind.NOTICE if is_officer else OutboxKind.RELAY,
        priority=item.priority,
        case_id=item.case_id,
        officer_id=item.officer_id,
    )
    outbox.queue(db, draft, sealer=resources.sealer, now=now)


def refused_templates(db: Session, *, now: datetime) -> list[RefusedTemplate]:
    """Give the templates that were refused the last time they were sent, in the last week."""
    rows = db.exec(
        select(OutboxItem.kind, OutboxItem.case_id, OutboxItem.status, OutboxItem.error_code)
        .where(
            # What begins with OPENS and a contact's number, in a form that an index serves: digits
            # come before letters in every collation, while punctuation has no order of its own.
            col(OutboxItem.dedupe_key) >= f"{OPENS}0",
            col(OutboxItem.dedupe_key) < f"{OPENS}a",
            col(OutboxItem.status).in_((OutboxStatus.SENT, OutboxStatus.FAILED)),
            col(OutboxItem.created_at) >= now - REFUSED_LATELY,
        )
        .order_by(col(OutboxItem.id).desc())
    ).all()
    found: dict[str, RefusedTemplate] = {}
    works: set[str] = set()
    for kind, case_id, status, code in rows:
        name = _template_for(kind, case_id)
        if status == OutboxStatus.SENT:
            works.add(name)
        elif name not in works and code is not None and code.startswith(REFUSED):
            newest = found.get(name, RefusedTemplate(name, code, 0))
            found[name] = replace(newest, count=newest.count + 1)
    return [found[name] for name in sorted(found)]


def _template_for(kind: str, case_id: int | None) -> str:
    """Give the template that opens a window; a test alert is no new case."""
    has_case = kind == OutboxKind.NOTICE and case_id is not None
    return CASE_TEMPLATE if has_case else NEUTRAL_TEMPLATE
