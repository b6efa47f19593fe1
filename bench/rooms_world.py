"""A country that has asked for a while: questions, messages, replies, cases, officers, accounts.

Made up by a seeded generator; no row holds a villager's words: bodies are phrasings of the FAQ.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert, text
from sqlmodel import SQLModel, col, select

from bot.app import App
from escalation.assignment import Rung
from escalation.case_states import CaseState, EventKind, Outcome, Reason
from escalation.models import Case, CaseEvent, Officer, OfficerRoute, Posting
from handlers import accounts
from handlers.audit import Action
from handlers.cards import FACTS
from handlers.inbox import BODY
from handlers.messages import InboundKind, InboundMessage
from handlers.models import (
    Account,
    Contact,
    Ending,
    InboxItem,
    InboxStatus,
    OutboxItem,
    OutboxKind,
    OutboxStatus,
    QuestionRecord,
)
from handlers.room_models import AuditEvent
from knowledge.variants import load_variants

PASSWORD = "sandi-panjang-sekali"
CHUNK = 10_000
BODIES = 2_000
OFFICERS = 146
AUDIT_LINES = 100_000
AREA = "35.04"
"""The regency of the head of office and the observer."""

LOGINS = (("admin", ""), ("kepala_kantor", AREA), ("pengamat", AREA), ("editor", ""))
ENDINGS = {
    Ending.ANSWERED: 62,
    Ending.ASKED_BACK: 17,
    Ending.UNKNOWN: 7,
    Ending.SOCIAL: 9,
    Ending.HANDED_OVER: 3,
    Ending.COMMAND: 2,
}
LANGUAGES = {"id": 70, "jv": 14, "su": 8, "mad": 3, "sas": 3, "min": 2}
CHANNELS = {"whatsapp": 80, "telegram": 17, "web": 3}
LEVELS = {"tidak": 900, "rendah": 80, "sedang": 15, "tinggi": 4, "darurat": 1}
CASE_LEVELS = {"sedang": 60, "tinggi": 32, "darurat": 8}
OPEN_SHARE = 0.05
HELPED, NOT_HELPED = 0.12, 0.16
"""Of ten answers one is called helpful; every 25th is called unhelpful (up to the second)."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: questions in all, over how many days, cases."""

    questions: int
    days: int
    cases: int


def fill(app: App, size: Size, *, now: datetime) -> None:
    """Fill a database that has the FAQ and nothing else."""
    dice = random.Random(6)
    people = max(1_000, size.questions // 5)
    _put(app, Contact, _contacts(app, people, now=now, dice=dice))
    _put(app, QuestionRecord, _questions(app, size, people=people, now=now, dice=dice))
    _put(app, InboxItem, _messages(app, size, people=people, now=now, dice=dice))
    _put(app, OutboxItem, _replies(app, size, people=people, now=now, dice=dice))
    _put(app, AuditEvent, _audit(now=now, dice=dice))
    _staff(app, now=now, dice=dice)
    _put(app, Case, _cases(app, size, people=people, now=now, dice=dice))
    _put(app, CaseEvent, _events(app))
    with app.database.engine.begin() as connection:
        # As a database that runs for a while has it: SQLite by optimize, PostgreSQL by itself.
        connection.execute(text("ANALYZE"))


def case_ids(app: App, *, count: int) -> Sequence[int]:
    """Give open cases that went to their local office."""
    with app.database.read() as db:
        found = db.exec(
            select(Case.id)
            .where(col(Case.state) != CaseState.CLOSED, col(Case.is_outside).is_(False))
            .where(col(Case.area_code).startswith(AREA))
            .limit(count)
        ).all()
    return [id for id in found if id is not None]


def _put(app: App, model: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
    table: Table = model.__table__  # type: ignore[attr-defined]
    while some := list(islice(rows, CHUNK)):
        with app.database.engine.begin() as connection:
            connection.execute(insert(table), some)


def _pick(dice: random.Random, shares: dict[Any, int], count: int) -> list[Any]:
    return dice.choices(list(shares), weights=list(shares.values()), k=count)


def _times(size: Size, *, now: datetime, dice: random.Random) -> list[datetime]:
    """Give when each question came, oldest first: half as many at first as now, few at night."""
    found = []
    for _ in range(size.questions):
        ago = size.days * (1 - (dice.random() ** 0.75))
        hour = min(23.9, max(0.0, dice.gauss(15, 4)))
        found.append(now - timedelta(days=int(ago), hours=hour))
    return sorted(found)


def _areas(app: App, dice: random.Random) -> list[str]:
    """Give villages, those of some regencies many times: work abroad is not spread evenly."""
    codes = app.resources.places.centroid_codes
    heavy = {AREA, "35.05", "35.07", "33.02", "52.01", "52.03", "32.12", "18.07", "53.01"}
    return [code for code in codes for _ in range(12 if code[:5] in heavy else 1)]


def _contacts(
    app: App, people: int, *, now: datetime, dice: random.Random
) -> Iterator[dict[str, Any]]:
    areas = _areas(app, dice)
    for number in range(people):
        yield {
            "channel": "whatsapp",
            "address_key": f"k{number:040d}",
            "address_sealed": bytes(60),
            "area_code": dice.choice(areas) if dice.random() < 0.7 else None,
            "zone": "Asia/Jakarta",
            "state_sealed": bytes(400),
            "state_version": 3,
            "created_at": now - timedelta(days=100),
            "last_seen_at": now,
        }


def _questions(
    app: App, size: Size, *, people: int, now: datetime, dice: random.Random
) -> Iterator[dict[str, Any]]:
    areas, count = _areas(app, dice), size.questions
    entries = list(app.resources.knowledge.faq.entries.values())
    dice.shuffle(entries)
    asked = dice.choices(entries, weights=[1 / (at + 2) for at in range(len(entries))], k=count)
    drawn = zip(
        _times(size, now=now, dice=dice),
        _pick(dice, ENDINGS, count),
        _pick(dice, LANGUAGES, count),
        _pick(dice, CHANNELS, count),
        _pick(dice, LEVELS, count),
        asked,
        strict=True,
    )
    for number, (at, ending, language, channel, level, entry) in enumerate(drawn, 1):
        has_entry = ending in (Ending.ANSWERED, Ending.HANDED_OVER)
        said = dice.random() if has_entry else 1.0
        yield {
            "inbox_id": number,
            "pseudonym": f"{number * 7919 % people:032x}",
            "at": at,
            "kind": "question",
            "area_code": dice.choice(areas) if dice.random() < 0.75 else None,
            "topic": entry.topic if has_entry else None,
            "slug": entry.slug if has_entry else None,
            "level": level,
            "indicators": [] if level == "tidak" else ["janji-gaji"],
            "language": language,
            "channel": channel,
            "ending": ending,
            "helpful": True if said < HELPED else False if said < NOT_HELPED else None,
            "gap_outcome": None,
        }


def _bodies(app: App, dice: random.Random) -> list[bytes]:
    texts = [variant.text for variant in load_variants()]
    return [
        app.resources.sealer.seal_json(
            InboundMessage(
                channel="whatsapp",
                external_id="x",
                sender="x",
                sent_at=app.clock(),
                kind=InboundKind.TEXT,
                text=said,
            ).to_json(),
            purpose=BODY,
        )
        for said in dice.sample(texts, min(BODIES, len(texts)))
    ]


def _messages(
    app: App, size: Size, *, people: int, now: datetime, dice: random.Random
) -> Iterator[dict[str, Any]]:
    bodies, drawn = _bodies(app, dice), _pick(dice, ENDINGS, size.questions)
    case_every = max(1, size.questions // max(1, size.cases * 3))
    for number, at in enumerate(_times(size, now=now, dice=dice)):
        yield {
            "channel": "whatsapp",
            "external_id": f"wamid.{number}",
            "contact_id": number % people + 1,
            "kind": "text",
            "body_sealed": dice.choice(bodies),
            "received_at": at,
            "status": InboxStatus.DONE,
            "ending": drawn[number],
            "attempts": 1,
            "due_at": at,
            "case_id": None if number % case_every else number // case_every % size.cases + 1,
            "finished_at": at + timedelta(seconds=2),
        }


def _replies(
    app: App, size: Size, *, people: int, now: datetime, dice: random.Random
) -> Iterator[dict[str, Any]]:
    for number, at in enumerate(_times(size, now=now, dice=dice)):
        yield {
            "contact_id": number % people + 1,
            "channel": "whatsapp",
            "kind": OutboxKind.REPLY,
            "priority": 5,
            "dedupe_key": f"reply:{number}:0",
            "payload_sealed": bytes(700),
            "status": OutboxStatus.SENT,
            "created_at": at,
            "due_at": at,
            "attempts": 1,
            "lost_answers": 0,
            "provider_id": f"wamid.out.{number}",
            "sent_at": at + timedelta(seconds=2),
            "inbox_id": number + 1,
        }


def _audit(*, now: datetime, dice: random.Random) -> Iterator[dict[str, Any]]:
    kinds = {Action.CASE_READ: 60, Action.CONVERSATION_READ: 30, Action.SIGNED_IN: 9}
    for number, action in enumerate(_pick(dice, kinds, AUDIT_LINES)):
        yield {
            "at": now - timedelta(minutes=AUDIT_LINES - number),
            "account_id": 1,
            "who": "Nama",
            "action": action,
            "subject": f"kasus-{number % 3_000 + 1}",
            "detail": "",
        }


def _staff(app: App, *, now: datetime, dice: random.Random) -> None:
    """Add officers in as many regencies, two at the national desk, and who signs in."""
    regencies = sorted({code[:5] for code in app.resources.places.centroid_codes})
    regencies.remove(AREA)
    codes = [AREA, *dice.sample(regencies, OFFICERS - 1)]
    with app.database.write() as work:
        for number, code in enumerate(codes, 1):
            work.db.add(
                Officer(name=f"Petugas {number}", duty="pimpasa", answered_at=now, created_at=now)
            )
            work.db.flush()
            work.db.add(Posting(officer_id=number, rung=Rung.KABUPATEN, code=code))
            work.db.add(OfficerRoute(officer_id=number, contact_id=number, linked_at=now))
        for number in (OFFICERS - 1, OFFICERS):
            work.db.add(Posting(officer_id=number, rung=Rung.NASIONAL, code=""))
        for role, area in LOGINS:
            _account(work.db, role, area, now=now)
        _account(work.db, "pimpasa", AREA, now=now, officer_id=1)
        work.commit()


def _account(
    db: Any, role: str, area: str, *, now: datetime, officer_id: int | None = None
) -> Account:
    account = accounts.put(
        db,
        login=role,
        name=f"Nama {role}",
        role=role,
        password=PASSWORD,
        officer_id=officer_id,
        now=now,
    )
    account.area_code = area
    return account


def _cases(
    app: App, size: Size, *, people: int, now: datetime, dice: random.Random
) -> Iterator[dict[str, Any]]:
    areas = _areas(app, dice)
    home = next(code for code in app.resources.places.centroid_codes if code[:5] == AREA)
    facts = app.resources.sealer.seal_json({"desa": "x", "tujuan": "Kamboja"}, purpose=FACTS)
    for number in range(size.cases):
        is_open = number >= size.cases * (1 - OPEN_SHARE)
        ago = timedelta(days=size.days * (1 - number / size.cases))
        at = now - (timedelta(hours=dice.random() * 40) if is_open else ago)
        is_taken = not is_open or dice.random() < 0.6
        taken = at + timedelta(minutes=dice.expovariate(1 / 40)) if is_taken else None
        near = is_open and number % 5 == 0
        yield {
            "contact_id": dice.randrange(people) + 1,
            "area_code": home if near else dice.choice(areas),
            "level": _pick(dice, CASE_LEVELS, 1)[0],
            "kind": "TPPO",
            "indicators": ["janji-gaji"],
            "facts_sealed": facts,
            "state": CaseState.CLOSED
            if not is_open
            else (CaseState.ACCEPTED if taken else CaseState.NEW),
            "rung": Rung.KABUPATEN,
            "owner_id": 1 if near else dice.randrange(OFFICERS) + 1,
            "is_outside": not near and dice.random() < 0.1,
            "is_safe_to_push": False,
            "opened_at": at,
            "last_message_at": at,
            "held_since": at,
            "waits_since": at if is_open else None,
            "is_drill": False,
            "accepted_at": taken,
            "last_officer_at": taken,
            "closed_at": None if is_open else at + timedelta(days=2),
            "outcome": None if is_open else Outcome.UNKNOWN,
            "reason": None if is_open else Reason.OTHER,
        }


def _events(app: App) -> Iterator[dict[str, Any]]:
    with app.database.read() as db:
        found = db.exec(select(Case)).all()
    for case in found:
        steps = [(case.opened_at, EventKind.OPENED, CaseState.NEW)]
        if case.accepted_at:
            steps.append((case.accepted_at, EventKind.ACCEPTED, CaseState.ACCEPTED))
        if case.closed_at:
            steps.append((case.closed_at, EventKind.CLOSED, CaseState.CLOSED))
        for at, kind, state in steps:
            yield {
                "case_id": case.id,
                "at": at,
                "officer_id": case.owner_id,
                "to_officer_id": case.owner_id,
                "kind": kind,
                "to_state": state,
                "detail": "",
            }
