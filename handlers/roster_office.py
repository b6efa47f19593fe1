"""What admins do with officers: one unit of work each, noted in the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from escalation import roster, roster_edit
from escalation.assignment import desk
from escalation.models import OfficeConfirmation, Officer
from escalation.offices import VOUCHED, Offices
from escalation.roster_edit import Details, RosterRefused
from handlers import audit
from handlers.audit import Action
from handlers.clockwork import climb_past
from handlers.database import Database, UnitOfWork
from handlers.models import Account
from handlers.officer_duty import BACK_AT, LONGEST
from handlers.officer_routes import hashed
from handlers.refresh import refresh_offices
from handlers.resources import Resources
from knowledge.place_area import Area


@dataclass(frozen=True, slots=True)
class Doing:
    """An admin at work: where, who, with what, when."""

    database: Database
    by: Account
    resources: Resources
    now: datetime

    def note(self, db: Session, action: Action, officer_id: int, detail: str = "") -> None:
        """Append what was done to the log."""
        subject = subject_of(officer_id)
        audit.note(db, action, by=self.by, now=self.now, subject=subject, detail=detail)

    @contextmanager
    def on(
        self, officer_id: int, *, mark: str | None = None
    ) -> Iterator[tuple[UnitOfWork, Officer]]:
        """Open a unit of work on one officer.

        Raises OfficerChanged where `mark` no longer fits, RosterRefused where nobody is there.
        """
        with self.database.write() as work:
            yield work, roster_edit.locked(work.db, officer_id, mark=mark)


def subject_of(officer_id: int) -> str:
    """Give the name under which an officer stands in the log."""
    return f"petugas-{officer_id}"


def add(doing: Doing, given: Details, *, area: Area | None) -> int:
    """Put a new officer on the roster; give the id. Raises RosterRefused."""
    if not given.office and not given.is_at_desk and area is None:
        raise RosterRefused("Isi kantor atau tempat tugas, supaya ada yang ditugaskan.")
    with doing.database.write() as work:
        roster_edit.check(work.db, given, officer_id=None, offices=doing.resources.offices)
        officer = Officer(name=given.name, duty=given.duty, created_at=doing.now)
        work.db.add(officer)
        work.db.flush()
        assert officer.id is not None
        changed = roster_edit.put_details(work.db, officer, given)
        if area is not None:
            roster_edit.add_area(work.db, officer.id, area.code)
        detail = ", ".join([given.duty, *changed, *([area.code] if area else [])])
        doing.note(work.db, Action.OFFICER_ADDED, officer.id, detail)
        work.commit()
    return officer.id


def change(doing: Doing, officer_id: int, given: Details, *, mark: str) -> bool:
    """Change who an officer is; False where it is so already.

    Raises RosterRefused, OfficerChanged.
    """
    with doing.database.write() as work:
        officer = roster_edit.locked(work.db, officer_id, mark=None)
        posts = roster_edit.posts_of(work.db, officer_id)
        if roster_edit.details_of(officer, posts) == given:
            return False
        roster_edit.locked(work.db, officer_id, mark=mark)
        roster_edit.check(work.db, given, officer_id=officer_id, offices=doing.resources.offices)
        changed = roster_edit.put_details(work.db, officer, given)
        _still_posted(work.db, officer)
        doing.note(work.db, Action.OFFICER_CHANGED, officer_id, ", ".join(changed))
        work.commit()
    return True


def add_post(doing: Doing, officer_id: int, area: Area) -> bool:
    """Post an officer to an area; False where that is so already. Raises RosterRefused."""
    with doing.on(officer_id) as (work, _):
        if not roster_edit.add_area(work.db, officer_id, area.code):
            return False
        doing.note(work.db, Action.POSTING_CHANGED, officer_id, f"tambah {area.code}")
        work.commit()
    return True


def remove_post(doing: Doing, officer_id: int, *, rung: str, code: str) -> bool:
    """Take a posting at an area away; False where it is not there. Raises RosterRefused."""
    with doing.on(officer_id) as (work, officer):
        if not roster_edit.remove_post(work.db, officer_id, rung, code):
            return False
        _still_posted(work.db, officer)
        doing.note(work.db, Action.POSTING_CHANGED, officer_id, f"lepas {code or rung}")
        work.commit()
    return True


def set_leave(
    doing: Doing, officer_id: int, *, first: date | None, back: date, zone: str, mark: str
) -> None:
    """Write when an officer is on leave; open cases climb at once where it begins now.

    `first`: the first day away, None for at once; `back`: the day on which they are back at
    seven. Raises RosterRefused, OfficerChanged.
    """
    here = ZoneInfo(zone)
    start = datetime.combine(first, time(0), here).astimezone(doing.now.tzinfo) if first else None
    end = datetime.combine(back, BACK_AT, here).astimezone(doing.now.tzinfo)
    if start is not None and start <= doing.now:
        start = None
    if end <= (start or doing.now):
        raise RosterRefused("Tanggal kembali harus sesudah hari pertama cuti dan sesudah hari ini.")
    if end > doing.now + LONGEST:
        raise RosterRefused("Cuti paling lama satu tahun. Kalau lebih lama, berhentikan dulu.")
    with doing.on(officer_id, mark=mark) as (work, officer):
        if not officer.is_active:
            raise RosterRefused("Petugas ini tidak bertugas, jadi tidak perlu cuti.")
        if start is None and _is_last_at_desk(work.db, officer_id, now=doing.now):
            raise RosterRefused(
                "Kalau petugas ini cuti, meja nasional kosong. Cari pengganti di meja nasional dulu."
            )
        officer.away_from, officer.away_until = start, end
        work.db.add(officer)
        detail = f"{(first or doing.now.astimezone(here).date())} sampai {back}"
        doing.note(work.db, Action.LEAVE_CHANGED, officer_id, detail)
        work.commit()
    climb_past(doing.database, officer_id, resources=doing.resources, now=doing.now)


def end_leave(doing: Doing, officer_id: int) -> None:
    """End or call off a leave. Raises RosterRefused."""
    with doing.on(officer_id) as (work, officer):
        if officer.away_until is None:
            return
        officer.away_from = officer.away_until = None
        work.db.add(officer)
        doing.note(work.db, Action.LEAVE_CHANGED, officer_id, "selesai")
        work.commit()


def set_active(doing: Doing, officer_id: int, *, to: bool) -> None:
    """Take an officer off duty, whose open cases then climb at once, or put them back on.

    Raises RosterRefused.
    """
    with doing.on(officer_id) as (work, officer):
        if officer.is_active == to:
            return
        officer.is_active = to
        work.db.add(officer)
        detail = "bertugas lagi" if to else "tidak bertugas"
        doing.note(work.db, Action.OFFICER_CHANGED, officer_id, detail)
        work.commit()
    if not to:
        climb_past(doing.database, officer_id, resources=doing.resources, now=doing.now)


def invite(doing: Doing, officer_id: int) -> str:
    """Give a one-time code that links an officer's messenger. Raises RosterRefused."""
    with doing.on(officer_id) as (work, officer):
        if not officer.is_active:
            raise RosterRefused("Petugas ini tidak bertugas. Aktifkan dulu, baru undang.")
        code = roster.invite(work.db, officer_id, hashed=hashed(doing.resources), now=doing.now)
        doing.note(work.db, Action.OFFICER_INVITED, officer_id)
        work.commit()
    return code


def confirm_office(doing: Doing, regency: str, *, office: str, shown: str) -> None:
    """Note which office serves a regency, or with "" take that back; every process takes it up.

    `shown` is the office that stood on the page. Raises RosterRefused, OfficerChanged.
    """
    known = doing.resources.offices
    if regency not in known.of_regency or (office and office not in known.by_code):
        raise RosterRefused("Pilih kantor dari daftar.")
    with doing.database.write() as work:
        refresh_offices(work.db, doing.resources)
        if known_as(doing.resources.offices, regency, office):
            return
        if doing.resources.offices.office_code(regency) != shown:
            raise roster_edit.OfficerChanged
        work.db.add(
            OfficeConfirmation(
                regency_code=regency,
                office_code=office,
                confirmed_by=doing.by.name,
                confirmed_at=doing.now,
            )
        )
        audit.note(
            work.db,
            Action.OFFICE_CONFIRMED,
            by=doing.by,
            now=doing.now,
            subject=regency,
            detail=office or "ditarik",
        )
        work.commit()
    with doing.database.read() as db:
        refresh_offices(db, doing.resources)


def known_as(offices: Offices, regency: str, office: str) -> bool:
    """Tell whether an admin has already vouched for this office, or nobody for any."""
    found, basis = offices.of_regency[regency]
    return (found, basis) == (office, VOUCHED) if office else basis != VOUCHED


def _still_posted(db: Session, officer: Officer) -> None:
    if officer.is_active and not roster_edit.posts_of(db, officer.id or 0):
        raise RosterRefused(
            "Petugas yang bertugas harus punya kantor, tempat tugas, atau meja nasional. "
            "Isi yang baru dulu, atau berhentikan."
        )


def _is_last_at_desk(db: Session, officer_id: int, *, now: datetime) -> bool:
    return desk(roster.load_roster(db, now=now)) == (officer_id,)
