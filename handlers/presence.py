"""Test alerts: every officer shows once a week, on every route, that somebody is there."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from escalation.models import Officer
from escalation.roster import is_away, routes_of
from handlers import outbox
from handlers.messages import Choice, OutboundMessage
from handlers.models import Contact, OutboxKind
from handlers.resources import Resources

EVERY = timedelta(days=7)
ASK_AFTER = timedelta(days=5)
"""After so long without a word somebody is asked, two days before they stop counting."""

REMIND_AFTER = timedelta(hours=20)
REMIND_FOR = timedelta(days=14)
"""Whoever keeps silent is asked each morning for two weeks, then once a week."""

FROM, UNTIL = time(8, 0), time(17, 0)
"""Local hours in which test alerts go out."""

PRESENT = "tes:hadir"


def queue_due(db: Session, *, resources: Resources, now: datetime) -> int:
    """Queue the test alerts that are due, on every route of each officer; give how many.

    Nobody on leave is asked. Asking twice from two processes queues once.
    """
    officers = db.exec(select(Officer).where(col(Officer.is_active), ~col(Officer.is_demo))).all()
    return sum(
        _test(db, officer, resources=resources, now=now)
        for officer in officers
        if not is_away(officer, now=now)
    )


def is_due(
    *, last: datetime, answered_at: datetime | None, tested_at: datetime | None, now: datetime
) -> bool:
    """Tell whether to ask an officer now.

    `last`: the latest of registration and test. Once a week in any case; earlier, and again each
    morning, where the answer that counts is about to lapse.
    """
    if now - last >= EVERY:
        return True
    silent_for = now - answered_at if answered_at is not None else REMIND_FOR
    if not ASK_AFTER <= silent_for < REMIND_FOR:
        return False
    return tested_at is None or now - tested_at >= REMIND_AFTER


def _test(db: Session, officer: Officer, *, resources: Resources, now: datetime) -> int:
    assert officer.id is not None
    due = is_due(
        last=max(officer.created_at, officer.tested_at or officer.created_at),
        answered_at=officer.answered_at,
        tested_at=officer.tested_at,
        now=now,
    )
    routes = routes_of(db, officer.id) if due else ()
    contacts = [db.get_one(Contact, contact_id) for contact_id in routes]
    if not contacts:
        return 0
    local = now.astimezone(ZoneInfo(contacts[0].zone))
    if not FROM <= local.time() < UNTIL:
        return 0
    texts = resources.texts
    message = OutboundMessage(
        texts.say("petugas.tes", tanggal=f"{local:%d-%m-%Y}", nama=officer.name),
        (Choice(PRESENT, texts.say("petugas.tombol.hadir")),),
    )
    for contact in contacts:
        assert contact.id is not None
        draft = outbox.Draft(
            contact_id=contact.id,
            message=message,
            dedupe_key=f"test:{officer.id}:{local:%Y-%m-%d}:{contact.id}",
            kind=OutboxKind.NOTICE,
            officer_id=officer.id,
        )
        outbox.queue(db, draft, sealer=resources.sealer, now=now)
    officer.tested_at = now
    db.add(officer)
    return len(contacts)
