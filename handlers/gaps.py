"""The gap list: what villagers asked in vain, grouped by meaning, most people and danger first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from escalation.risk import Level
from handlers import audit, late_answers
from handlers.access import sees_area
from handlers.audit import Action
from handlers.database import Database
from handlers.inbox import BODY
from handlers.late_answers import Told
from handlers.masking import mask
from handlers.messages import InboundMessage
from handlers.models import Account, Ending, InboxItem, QuestionRecord
from handlers.resources import Resources
from knowledge import editions
from knowledge.grouping import group

PAGE = 20
SPAN = timedelta(days=30)
LOOKED_AT = 600
"""Newest questions that are grouped; more would make the page slow."""

MOST_KEPT = LOOKED_AT * 10
"""Questions whose weights are kept in memory, without their words."""

SAMPLES = 3
NEAR_FROM = 0.15
"""Below this probability no entry is named as the nearest."""

RISK_WEIGHT = {
    Level.DARURAT: 4.0,
    Level.TINGGI: 3.0,
    Level.SEDANG: 2.0,
    Level.RENDAH: 1.3,
    Level.TIDAK: 1.0,
}
"""One person in danger counts as this many who are not."""


class GapOutcome(StrEnum):
    """What became of a gap."""

    MENDED = "beres"
    OUT_OF_SCOPE = "di luar pokok"


class UnknownEntry(Exception):
    """An entry that is neither published nor a draft: nothing is closed."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that mean much the same. `samples` are masked; `ids` are of question records."""

    ids: tuple[int, ...]
    samples: tuple[str, ...]
    people: int
    questions: int
    agreed: int
    """How many of them want to hear once there is an answer."""

    not_helped: int
    level: Level
    last_at: datetime
    nearest: str | None
    """The entry that comes closest, where one does."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of gaps, how many there are in all, and of how many pages. `page` is from 1."""

    gaps: Sequence[Gap]
    total: int
    page: int
    pages: int
    late: Told


@dataclass(frozen=True, slots=True)
class _Asked:
    record: QuestionRecord
    text: str


def read_list(
    database: Database, *, by: Account, resources: Resources, now: datetime, page: int = 1
) -> Listed:
    """Give gaps of the last 30 days in this account's area; the audit log notes who looked."""
    with database.read() as db:
        asked = _asked(db, by=by, resources=resources, now=now)
        ids = [one.record.inbox_id for one in asked if one.record.inbox_id is not None]
        agreed = late_answers.waiting_for(db, ids)
        late = late_answers.told_lately(db, now=now)
    with database.write() as work:
        audit.note(work.db, Action.GAPS_READ, by=by, now=now, detail=f"{len(asked)} pertanyaan")
        work.commit()
    groups = [[asked[at] for at in found] for found in group(_weights(asked, resources))]
    groups.sort(key=_rank)
    pages = max(1, -(-len(groups) // PAGE))
    page = min(max(1, page), pages)
    # Only what is shown is matched and masked: that takes milliseconds each.
    shown = groups[(page - 1) * PAGE : page * PAGE]
    gaps = [_gap(members, agreed, resources=resources) for members in shown]
    return Listed(gaps, len(groups), page, pages, late)


def close(
    database: Database,
    ids: Sequence[int],
    *,
    outcome: GapOutcome,
    by: Account,
    now: datetime,
    slug: str = "",
) -> int:
    """Note what became of a gap's questions, so that they leave the list.

    `slug` is the entry that answers them now, or will once it is published: whoever agreed hears
    of it. Raises UnknownEntry.
    """
    with database.write() as work:
        if slug and not (editions.published_of(work.db, slug) or editions.draft_of(work.db, slug)):
            raise UnknownEntry
        rows = work.db.exec(
            select(QuestionRecord).where(
                col(QuestionRecord.id).in_(ids), col(QuestionRecord.gap_outcome).is_(None)
            )
        ).all()
        seen = [row for row in rows if sees_area(by.area_code, row.area_code)]
        mine = [row.id for row in seen]
        work.db.execute(
            update(QuestionRecord)
            .where(col(QuestionRecord.id).in_(mine))
            .values(gap_outcome=outcome)
        )
        asked = [row.inbox_id for row in seen if row.inbox_id is not None]
        entry = slug if outcome == GapOutcome.MENDED else ""
        waiting = late_answers.close(work.db, asked, slug=entry or None, now=now)
        if mine:
            detail = f"{len(mine)} pertanyaan: {outcome}"
            if entry:
                detail += f" ({entry}; {waiting} orang dikabari)"
            audit.note(work.db, Action.GAP_CLOSED, by=by, now=now, detail=detail)
        work.commit()
    return len(mine)


def _asked(db: Session, *, by: Account, resources: Resources, now: datetime) -> list[_Asked]:
    query = (
        select(QuestionRecord, InboxItem.body_sealed)
        .join(InboxItem, col(InboxItem.id) == col(QuestionRecord.inbox_id))
        .where(
            col(QuestionRecord.at) >= now - SPAN,
            col(QuestionRecord.gap_outcome).is_(None),
            or_(
                col(QuestionRecord.ending) == Ending.UNKNOWN,
                col(QuestionRecord.helpful).is_(False),
            ),
        )
        .order_by(col(QuestionRecord.id).desc())
        .limit(LOOKED_AT)
    )
    if by.area_code:
        query = query.where(col(QuestionRecord.area_code).startswith(by.area_code))
    found = []
    for record, body in db.exec(query).all():
        if not body or not sees_area(by.area_code, record.area_code):
            continue
        message = InboundMessage.from_json(resources.sealer.open_json(body, purpose=BODY))
        if message.text.strip():
            found.append(_Asked(record, message.text))
    return found


def _weights(asked: Sequence[_Asked], resources: Resources) -> list[Mapping[int, float]]:
    """Give what each question is about; each is read once as long as the phrasings stay."""
    knowledge = resources.knowledge
    known = knowledge.asked_weights
    if len(known) > MOST_KEPT:
        known.clear()
    found = []
    for one in asked:
        key = sha256(one.text.encode()).digest()
        if key not in known:
            known[key] = knowledge.matcher.weights(one.text)
        found.append(known[key])
    return found


def _rank(members: Sequence[_Asked]) -> tuple[float, float]:
    """Give what the list is ordered by: people, weighed with the danger in their words."""
    records = [one.record for one in members]
    weight = RISK_WEIGHT[_level(records)] * len(_people(records))
    return -weight, -max(record.at for record in records).timestamp()


def _people(records: Sequence[QuestionRecord]) -> set[str]:
    return {record.pseudonym or f"?{record.id}" for record in records}


def _level(records: Sequence[QuestionRecord]) -> Level:
    return max((Level(record.level) for record in records), key=lambda level: level.rank)


def _samples(members: Sequence[_Asked], resources: Resources) -> tuple[str, ...]:
    """Give a few different questions, masked."""
    shown: dict[str, None] = {}
    for text in dict.fromkeys(one.text for one in members):
        shown[mask(text, entities=resources.entities)] = None
        if len(shown) == SAMPLES:
            break
    return tuple(shown)


def _gap(members: Sequence[_Asked], agreed: set[int], *, resources: Resources) -> Gap:
    records = [one.record for one in members]
    best = resources.knowledge.matcher.match(members[0].text).candidates[0]
    return Gap(
        ids=tuple(record.id for record in records if record.id is not None),
        samples=_samples(members, resources),
        people=len(_people(records)),
        questions=len(records),
        agreed=sum(record.inbox_id in agreed for record in records),
        not_helped=sum(record.helpful is False for record in records),
        level=_level(records),
        last_at=max(record.at for record in records),
        nearest=best.slug if best.score >= NEAR_FROM else None,
    )
