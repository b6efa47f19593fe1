"""The morning digest: one message with the cases that could wait, by the officer's own clock."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from escalation import assignment
from escalation.assignment import Roster
from escalation.case_states import CaseState
from escalation.models import Case
from escalation.roster import load_roster, routes_of
from handlers import outbox
from handlers.alerts import DIGEST, waits_for_digest
from handlers.cards import case_line, place_of
from handlers.messages import Choice, OutboundMessage
from handlers.models import OutboxItem, OutboxKind
from handlers.resources import Resources

LISTED = 9
"""Cases named one by one: what a list of choices and one screen hold."""


def queue_digests(db: Session, *, resources: Resources, now: datetime) -> int:
    """Queue this morning's digest for everybody who has one coming; give how many were queued."""
    roster = load_roster(db, now=now)
    queued = 0
    for officer_id, found in _by_officer(db, roster=roster).items():
        zone = resources.zone_of(roster, officer_id)
        since = _morning(now, zone=zone, resources=resources)
        waiting = [case for case in found if since is not None and _waited_at(case, since)]
        if not waiting or since is None:
            continue
        key = f"digest:{officer_id}:{since.astimezone(ZoneInfo(zone)):%Y-%m-%d}"
        sent = col(OutboxItem.dedupe_key).startswith(f"{key}:", autoescape=True)
        if db.exec(select(OutboxItem.id).where(sent)).first():
            continue
        for contact_id in routes_of(db, officer_id)[:1]:
            draft = outbox.Draft(
                contact_id=contact_id,
                message=digest(waiting, resources=resources),
                dedupe_key=f"{key}:{contact_id}",
                kind=OutboxKind.NOTICE,
                priority=DIGEST,
                officer_id=officer_id,
            )
            queued += outbox.queue(db, draft, sealer=resources.sealer, now=now) is not None
    return queued


def digest(found: Sequence[Case], *, resources: Resources) -> OutboundMessage:
    """Word a digest; each case opens with a tap or with `kasus N`."""
    texts = resources.texts
    shown = sorted(found, key=lambda case: case.waits_since or case.opened_at)[:LISTED]
    lines = [
        case_line(case, place=place_of(case, resources.places, texts), texts=texts)
        for case in shown
    ]
    text = texts.say("petugas.digest", jumlah=len(found), daftar="\n".join(lines))
    if len(found) > len(shown):
        text += "\n" + texts.say("petugas.digest_lagi", jumlah=len(found) - len(shown))
    rows = tuple(
        Choice(f"k:{case.id}:lihat", texts.say("petugas.kasus_nomor", nomor=case.id), line)
        for case, line in zip(shown, lines, strict=True)
    )
    return OutboundMessage(text, rows)


def _by_officer(db: Session, *, roster: Roster) -> Mapping[int, list[Case]]:
    """Give what waits for whom: an owner's cases, and to the whole desk those of the desk."""
    found: dict[int, list[Case]] = defaultdict(list)
    query = select(Case).where(
        col(Case.state) != CaseState.CLOSED, col(Case.waits_since).is_not(None)
    )
    for case in db.exec(query).all():
        if not waits_for_digest(case):
            continue
        is_desk = case.owner_id is None
        for holder in assignment.desk_to_tell(roster) if is_desk else (case.owner_id,):
            if holder is not None and (is_desk or holder in roster.reachable):
                found[holder].append(case)
    return found


def _morning(now: datetime, *, zone: str, resources: Resources) -> datetime | None:
    """Give the time of today's digest in a zone, if it has come."""
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    at = resources.deadlines.hours.next_digest(midnight, zone=zone)
    return at if at <= now and now - at < timedelta(days=1) else None


def _waited_at(case: Case, at: datetime) -> bool:
    """Tell whether a case was with its owner, waiting, when the digest was made up."""
    since = case.held_since if case.state == CaseState.NEW else case.waits_since
    return since is not None and since <= at
