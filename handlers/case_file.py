"""A case as a page shows it: fields, masked words with their signs, history. Reads are audited."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from escalation import cases
from escalation.assignment import Roster
from escalation.models import Case, CaseEvent
from escalation.roster import load_roster
from handlers import audit, enclosures, inbox, media, namings
from handlers.audit import Action
from handlers.cards import FACTS
from handlers.case_list import Row, Rows
from handlers.case_sight import reads_words, sees
from handlers.database import Database
from handlers.enclosures import Enclosed
from handlers.masking import mask
from handlers.media import Kept
from handlers.messages import InboundKind
from handlers.models import Account, InboxItem, OutboxItem, OutboxKind, OutboxStatus
from handlers.outbox import payload_of
from handlers.privacy import ERASED
from handlers.relay import RELAYED
from handlers.resources import Resources


class CaseHidden(Exception):
    """A case that is not there, or that this account does not see: the same to who asks."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the conversation, masked. `parts` are (text, sign); no sign is "".

    `waits` marks an officer's words that are held until the villager writes; `enclosed` is what
    came beside or instead of words.
    """

    at: datetime
    is_villager: bool
    parts: tuple[tuple[str, str], ...]
    waits: bool = False
    enclosed: Enclosed | None = None


@dataclass(frozen=True, slots=True)
class File:
    """All that a page shows of one case. `words` is None for who may not read them."""

    row: Row
    zone: str
    facts: Mapping[str, str]
    words: Sequence[Said] | None
    history: Sequence[tuple[CaseEvent, str]]
    others: Sequence[Row]
    """Other cases of the same person that this account sees, too."""

    alike: Sequence[Row]
    """Those of other people that name the same number or company."""

    offers: int
    """How many checked offers name it."""


def check_seen(
    database: Database, case_id: int, *, by: Account, resources: Resources, now: datetime
) -> None:
    """Refuse a case that is not there or not seen; nothing is shown. Raises CaseHidden."""
    with database.read() as db:
        _seen(db, case_id, by=by, roster=load_roster(db, now=now), resources=resources)


def read(
    database: Database,
    case_id: int,
    *,
    by: Account,
    resources: Resources,
    now: datetime,
    detail: str = "",
) -> File:
    """Give one case; the audit log notes who looked, and whether words were shown.

    Raises CaseHidden.
    """
    with database.read() as db:
        roster = load_roster(db, now=now)
        case = _seen(db, case_id, by=by, roster=roster, resources=resources)
        words = _words(db, case, resources=resources) if reads_words(by, case) else None
        siblings, shared = _siblings(db, case), namings.shared(db, case_id)
        known = {one.id for one in siblings}
        alike = [db.get_one(Case, id) for id in shared.cases if id not in known]

        def is_seen(one: Case) -> bool:
            return sees(by, one, roster=roster, offices=resources.offices)

        make = Rows(db, roster=roster, resources=resources)
        found = File(
            row=make.of([case])[0],
            zone=resources.places.zone(case.area_code or ""),
            facts=_facts(case, resources=resources),
            words=words,
            history=[(event, make.name(event.officer_id)) for event in cases.history(db, case_id)],
            others=make.of([one for one in siblings if is_seen(one)]),
            alike=make.of([one for one in alike if is_seen(one)]),
            offers=shared.offers,
        )
    action = Action.CASE_READ if words is None else Action.CONVERSATION_READ
    with database.write() as work:
        audit.note(
            work.db, action, by=by, now=now, subject=audit.case_subject(case_id), detail=detail
        )
        work.commit()
    return found


def _seen(db: Session, case_id: int, *, by: Account, roster: Roster, resources: Resources) -> Case:
    case = db.get(Case, case_id)
    if case is None or not sees(by, case, roster=roster, offices=resources.offices):
        raise CaseHidden
    return case


def _siblings(db: Session, case: Case) -> Sequence[Case]:
    """Give the other cases of the same villager; a drill has none."""
    if case.is_drill:
        return ()
    return db.exec(
        select(Case).where(col(Case.contact_id) == case.contact_id, col(Case.id) != case.id)
    ).all()


def _facts(case: Case, *, resources: Resources) -> dict[str, str]:
    texts = resources.texts
    facts: dict[str, str] = resources.sealer.open_json(case.facts_sealed, purpose=FACTS)
    if "dugaan" in facts:
        facts["dugaan"] = texts.say(f"petugas.dugaan.{facts['dugaan']}")
    return {texts.say(f"petugas.kolom.{key}"): value for key, value in facts.items()}


def _words(db: Session, case: Case, *, resources: Resources) -> list[Said]:
    """Give what was written in a case by both sides, oldest first."""
    # Messages of one call of a provider have the same time.
    items = db.exec(
        select(InboxItem).where(col(InboxItem.case_id) == case.id).order_by(col(InboxItem.id))
    ).all()
    sent = db.exec(
        select(OutboxItem).where(
            col(OutboxItem.case_id) == case.id, col(OutboxItem.kind) == OutboxKind.RELAY
        )
    ).all()
    files = media.of_case(db, case.id or 0)
    found = [_villager(item, files.get(item.id or 0), resources=resources) for item in items]
    found += [_officer(item, resources=resources) for item in sent]
    return sorted((said for said in found if said is not None), key=lambda said: said.at)


def _villager(item: InboxItem, file: Kept | None, *, resources: Resources) -> Said | None:
    if item.body_sealed == ERASED:
        return None
    message = inbox.body_of(item, sealer=resources.sealer)
    if message.kind == InboundKind.BUTTON:
        return None
    parts = signs_in(message.text, resources=resources) if message.text else ()
    enclosed = enclosures.on_page(
        message, case_id=item.case_id or 0, file=file, resources=resources
    )
    if not parts and enclosed is None:
        return None
    return Said(item.received_at, is_villager=True, parts=parts, enclosed=enclosed)


def _officer(item: OutboxItem, *, resources: Resources) -> Said | None:
    if not item.dedupe_key.startswith(RELAYED) or item.payload_sealed == ERASED:
        return None
    text = payload_of(item, sealer=resources.sealer).text
    masked = mask(text, entities=resources.entities)
    return Said(
        item.created_at,
        is_villager=False,
        parts=((masked, ""),),
        waits=item.status == OutboxStatus.HELD,
    )


def signs_in(text: str, *, resources: Resources) -> tuple[tuple[str, str], ...]:
    """Give a villager's text masked, in parts: those that show a sign of danger carry its name."""
    masked = mask(text, entities=resources.entities)
    names = resources.names.indicators
    signs = {
        sign.quote.lower(): names.get(sign.id, sign.id)
        for sign in resources.risk.assess([text]).indications
        if sign.quote.strip()
    }
    if not signs:
        return ((masked, ""),)
    longest = sorted(signs, key=len, reverse=True)
    pattern = re.compile(f"({'|'.join(map(re.escape, longest))})", re.IGNORECASE)
    return tuple((part, signs.get(part.lower(), "")) for part in pattern.split(masked) if part)
