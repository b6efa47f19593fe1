"""Drills: a made-up case through the whole chain, marked on every card, outside every count."""

from datetime import datetime

from sqlmodel import Session

from escalation import cases
from escalation.models import Case
from escalation.notices import NoticeKind
from escalation.risk import Level
from handlers import alerts
from handlers.cards import FACTS
from handlers.resources import Resources

NOBODY = 0
"""The contact of a drill: there is no villager, and nothing is ever sent to one."""

MADE_UP = "latihan"
"""Stands where a real case has its indicators."""

LEVELS = (Level.DARURAT, Level.TINGGI)
"""What interrupts an officer; the rest would wait for a digest that comes after the drill."""


class NoSuchArea(Exception):
    """A drill for a place that the list of areas does not know; an Indonesian sentence."""


def start_drill(
    db: Session, area_code: str, level: Level, *, resources: Resources, now: datetime
) -> Case:
    """Open a drill and queue its cards, as for a real case. Raises NoSuchArea."""
    area = resources.places.area(area_code)
    if area is None:
        raise NoSuchArea(f"Kode wilayah {area_code!r} tidak dikenal. Contoh: 35.04.01.1001")
    facts = {"desa": area.label, "tanda_bahaya": resources.texts.say("petugas.latihan_tanda")}
    case = cases.open_new(
        db,
        cases.Report(
            contact_id=NOBODY,
            area_code=area_code,
            level=level,
            kind=None,
            indicators=(MADE_UP,),
            facts_sealed=resources.sealer.seal_json(facts, purpose=FACTS),
            is_drill=True,
        ),
        offices=resources.offices,
        now=now,
    )
    db.flush()
    alerts.notify(db, case, NoticeKind.NEW, resources=resources, now=now)
    return case
