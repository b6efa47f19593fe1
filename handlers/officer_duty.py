"""`siaga on` and `siaga off`: on duty, or away until a day, with every case in other hands."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from escalation import cases
from escalation.assignment import Owner, Rung, desk, owner_for
from escalation.case_moves import climb
from escalation.climbing import DESK_ITSELF, steps_above
from escalation.deadlines import Cause
from escalation.models import Case, Officer
from escalation.notices import NoticeKind
from escalation.roster import is_away
from handlers import alerts
from handlers.cards import local_time
from handlers.deeds import trail_of
from handlers.officer_acting import Acting
from handlers.texts import Texts, tidy
from handlers.turn import Turn
from knowledge.render import MONTHS

DUTY = re.compile(r"/?siaga(?:\s+(?P<word>\S+))?(?:\s+(?P<until>.+))?")
SPAN = re.compile(r"(?:selama )?(\d{1,3}) (hari|jam|minggu)")
DATE = re.compile(r"(?:sampai |hingga |s/d )?(\d{1,2})[ /](\w{1,9})(?:[ /](\d{4}))?")
NAMES = [month.lower() for month in MONTHS]
HOURS = {"jam": 1, "hari": 24, "minggu": 168}
USUAL = timedelta(hours=24)
LONGEST = timedelta(days=366)
BACK_AT = time(7, 0)
"""Somebody away "until the 30th" is back that morning."""


def names_duty(text: str, texts: Texts) -> bool:
    """Tell whether a text is `siaga`, alone or with a word that belongs to it."""
    found = DUTY.fullmatch(tidy(text))
    return found is not None and (found["word"] is None or _word(found["word"], texts) is not None)


def set_duty(acting: Acting) -> Turn:
    """Say, end or begin an officer's absence."""
    found = DUTY.fullmatch(tidy(acting.message.text))
    assert found is not None
    officer = acting.db.get_one(Officer, acting.officer_id, with_for_update=True)
    word = _word(found["word"], acting.resources.texts) if found["word"] else None
    if word == "nyala":
        officer.away_from = officer.away_until = None
        acting.db.add(officer)
        return acting.say("siaga_nyala")
    if word is None:
        if officer.away_until is None or not is_away(officer, now=acting.now):
            return acting.say("siaga_sekarang_nyala")
        until = local_time(officer.away_until, zone=acting.zone())
        return acting.say("siaga_sekarang_mati", waktu=until)
    end = _until(found["until"], now=acting.now, zone=acting.zone())
    if end is None or not acting.now < end <= acting.now + LONGEST:
        return acting.say("siaga_kapan")
    return _leave(acting, officer, end)


def _leave(acting: Acting, officer: Officer, until: datetime) -> Turn:
    before = acting.roster()
    if set(desk(before)) <= {officer.id}:
        # Whoever else is away: the last step of every ladder must stay staffed.
        return acting.say("siaga_sendiri")
    officer.away_from, officer.away_until = None, until
    acting.db.add(officer)
    acting.db.flush()
    moved = [
        f"{case.id} ({_move(acting, case)})"
        for case in cases.open_cases(acting.db, officer_id=acting.officer_id, with_drills=True)
    ]
    shown = local_time(until, zone=acting.zone())
    turn = acting.say("siaga_mati", waktu=shown, wakil=_stand_in(acting, officer))
    if not moved:
        return turn
    text = acting.resources.texts.say("petugas.siaga_mati_pindah", daftar=", ".join(moved))
    return acting.tell(f"{turn.replies[0].text}\n{text}")


def _move(acting: Acting, case: Case) -> str:
    """Give an open case to the next above and tell them; give the name of who has it now."""
    db, resources, now = acting.db, acting.resources, acting.now
    roster = acting.roster()
    above = steps_above(
        Owner(Rung(case.rung), case.owner_id),
        case.area_code,
        roster=roster,
        offices=resources.offices,
        outside=case.is_outside,
    )
    to = above[0]
    zone = resources.zone_of(roster, to.officer_id)
    events = cases.history(db, case.id or 0)
    trail = trail_of(events, resources=resources, db=db, zone=zone, by_hand=True)
    climb(db, case, to, cause=Cause.AWAY, now=now)
    db.flush()
    alerts.notify(db, case, NoticeKind.CLIMBED, resources=resources, now=now, trail=trail)
    return _name(acting, to)


def _stand_in(acting: Acting, officer: Officer) -> str:
    """Name who gets the new cases: the deputy, else the next on the ladder of the first post."""
    roster = acting.roster()
    if officer.deputy_id in roster.reachable and officer.deputy_id is not None:
        return acting.name(officer.deputy_id)
    code = next((p.code for p in roster.posts if p.officer_id == officer.id and "." in p.code), "")
    return _name(acting, owner_for(code, roster=roster, offices=acting.resources.offices))


def _name(acting: Acting, owner: Owner) -> str:
    if owner == DESK_ITSELF or owner.officer_id is None:
        return acting.resources.texts.say("petugas.meja_nasional")
    return acting.name(owner.officer_id)


def _word(typed: str, texts: Texts) -> str | None:
    return texts.command(typed, group="petugas.siaga")


def _until(text: str | None, *, now: datetime, zone: str) -> datetime | None:
    """Read until when: "2 hari", "sampai 30-11", nothing for a day; None where it is unclear."""
    if text is None:
        return now + USUAL
    if found := SPAN.fullmatch(text):
        return now + timedelta(hours=int(found[1]) * HOURS[found[2]])
    if not (found := DATE.fullmatch(text)):
        return None
    local = now.astimezone(ZoneInfo(zone))
    try:
        month = int(found[2]) if found[2].isdecimal() else 1 + NAMES.index(found[2])
        day = date(int(found[3] or local.year), month, int(found[1]))
        if not found[3] and day <= local.date():
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None
    return datetime.combine(day, BACK_AT, local.tzinfo).astimezone(now.tzinfo)
