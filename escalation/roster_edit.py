"""What an admin changes on one officer: who it is, where they answer, when they are on leave."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from escalation.assignment import AREA_RUNGS, Rung
from escalation.models import Officer, Posting
from escalation.offices import Offices
from escalation.roster_import import DUTIES, LONGEST_NAME

MARK_CHARS = 16


class RosterRefused(Exception):
    """A change of the roster that cannot be made. The message is Indonesian."""


class OfficerChanged(Exception):
    """Somebody else changed this officer after the page was made."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a form says of one officer. `is_at_desk`: also sits at the national desk."""

    name: str
    duty: str
    office: str
    deputy_id: int | None
    is_at_desk: bool


def posts_of(db: Session, officer_id: int) -> Sequence[Posting]:
    """Give an officer's postings, oldest first."""
    return db.exec(
        select(Posting).where(col(Posting.officer_id) == officer_id).order_by(col(Posting.id))
    ).all()


def details_of(officer: Officer, posts: Sequence[Posting]) -> Details:
    """Give what the form shows before anybody types."""
    return Details(
        name=officer.name,
        duty=officer.duty,
        office=officer.office_code,
        deputy_id=officer.deputy_id,
        is_at_desk=any(post.rung == Rung.NASIONAL for post in posts),
    )


def mark_of(officer: Officer, posts: Sequence[Posting]) -> str:
    """Give a mark that changes with anything an admin can change on an officer."""
    told = (
        *(officer.name, officer.duty, officer.office_code, officer.deputy_id, officer.is_active),
        *(officer.away_from, officer.away_until),
        sorted((post.rung, post.code) for post in posts),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:MARK_CHARS]


def locked(db: Session, officer_id: int, *, mark: str | None) -> Officer:
    """Give an officer to be changed. Raises OfficerChanged where `mark` no longer fits."""
    officer = db.get(Officer, officer_id, with_for_update=True)
    if officer is None:
        raise RosterRefused("Petugas itu tidak ada di daftar.")
    if mark is not None and mark_of(officer, posts_of(db, officer_id)) != mark:
        raise OfficerChanged
    return officer


def check(db: Session, given: Details, *, officer_id: int | None, offices: Offices) -> None:
    """Check what a form says. Raises RosterRefused."""
    if not given.name:
        raise RosterRefused("Isi nama petugas.")
    if len(given.name) > LONGEST_NAME:
        raise RosterRefused(f"Nama paling banyak {LONGEST_NAME} huruf.")
    if given.duty not in DUTIES:
        raise RosterRefused("Pilih tugas dari daftar.")
    if given.office and given.office not in offices.by_code:
        raise RosterRefused("Pilih kantor dari daftar.")
    same = db.exec(
        select(Officer.id).where(
            col(Officer.name) == given.name, col(Officer.office_code) == given.office
        )
    ).first()
    if same is not None and same != officer_id:
        raise RosterRefused("Di kantor itu sudah ada petugas bernama sama. Bedakan namanya.")
    if given.deputy_id is None:
        return
    deputy = db.get(Officer, given.deputy_id)
    if given.deputy_id == officer_id:
        raise RosterRefused("Wakil harus orang lain.")
    if deputy is None or not deputy.is_active:
        raise RosterRefused("Wakil itu tidak bertugas. Pilih orang lain.")


def put_details(db: Session, officer: Officer, given: Details) -> list[str]:
    """Write what a checked form says; give what changed, without names.

    The posting at the office follows the office.
    """
    assert officer.id is not None
    before = details_of(officer, posts_of(db, officer.id))
    officer.name, officer.duty = given.name, given.duty
    officer.office_code, officer.deputy_id = given.office, given.deputy_id
    db.add(officer)
    if before.office != given.office:
        remove_post(db, officer.id, Rung.KANTOR, before.office)
        if given.office:
            add_post(db, officer.id, Rung.KANTOR, given.office)
    if before.is_at_desk and not given.is_at_desk:
        remove_post(db, officer.id, Rung.NASIONAL, "")
    if given.is_at_desk and not before.is_at_desk:
        add_post(db, officer.id, Rung.NASIONAL, "")
    return _changes(before, given)


def _changes(before: Details, after: Details) -> list[str]:
    said = ["nama"] if before.name != after.name else []
    said += [f"tugas {after.duty}"] if before.duty != after.duty else []
    said += [f"kantor {after.office or '-'}"] if before.office != after.office else []
    if before.deputy_id != after.deputy_id:
        said.append(f"wakil petugas-{after.deputy_id}" if after.deputy_id else "tanpa wakil")
    if before.is_at_desk != after.is_at_desk:
        said.append("masuk meja nasional" if after.is_at_desk else "keluar dari meja nasional")
    return said


def add_area(db: Session, officer_id: int, code: str) -> bool:
    """Post an officer to an area; False where that is so already."""
    return add_post(db, officer_id, AREA_RUNGS[len(code)], code)


def add_post(db: Session, officer_id: int, rung: Rung, code: str) -> bool:
    """Add a posting; False where it is there already."""
    if _post(db, officer_id, rung, code) is not None:
        return False
    db.add(Posting(officer_id=officer_id, rung=rung, code=code))
    db.flush()
    return True


def remove_post(db: Session, officer_id: int, rung: str, code: str) -> bool:
    """Take a posting away; False where it is not there."""
    found = _post(db, officer_id, rung, code)
    if found is None:
        return False
    db.delete(found)
    db.flush()
    return True


def _post(db: Session, officer_id: int, rung: str, code: str) -> Posting | None:
    return db.exec(
        select(Posting).where(
            col(Posting.officer_id) == officer_id,
            col(Posting.rung) == rung,
            col(Posting.code) == code,
        )
    ).first()
