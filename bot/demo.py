"""The demonstration: a made-up roster, clearly marked, in a database of its own."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from escalation import roster
from escalation.assignment import Rung
from escalation.models import Officer, Posting
from handlers import access, accounts, contacts
from handlers.database import Database
from handlers.sealing import Sealer

WEB = "web"
MARK = "(contoh)"


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    """One made-up officer and the web chat address that `?as=` opens."""

    key: str
    name: str
    duty: str
    office: str
    posts: tuple[tuple[Rung, str], ...]


OFFICERS = (
    DemoOfficer(
        "petugas",
        f"Sari {MARK}",
        "pimpasa",
        "kanim-blitar",
        ((Rung.KABUPATEN, "35.04"), (Rung.NASIONAL, "")),
    ),
    DemoOfficer("petugas2", f"Budi {MARK}", "meja nasional", "", ((Rung.NASIONAL, ""),)),
)
"""Sari answers for Tulungagung and sits at the national desk, so every case reaches her tab."""

LOGINS = (
    ("admin", f"Admin {MARK}", access.Role.ADMIN),
    ("sari", f"Sari {MARK}", access.Role.OFFICER),
)
PASSWORD_BYTES = 6


def address_of(key: str) -> str:
    """Give the web chat address of a demonstration officer."""
    return f"contoh:{key}"


def make_demo(database: Database, *, sealer: Sealer, now: datetime) -> None:
    """Fill an empty demonstration database with its roster; nothing happens on a filled one."""
    with database.write() as work:
        if work.db.exec(select(Officer.id).where(col(Officer.is_demo))).first():
            return
        for officer in OFFICERS:
            _add(work.db, officer, sealer=sealer, now=now)
        work.commit()


def _add(db: Session, made_up: DemoOfficer, *, sealer: Sealer, now: datetime) -> None:
    officer = Officer(
        name=made_up.name,
        duty=made_up.duty,
        office_code=made_up.office,
        is_demo=True,
        created_at=now,
    )
    db.add(officer)
    db.flush()
    assert officer.id is not None
    for rung, code in made_up.posts:
        db.add(Posting(officer_id=officer.id, rung=rung, code=code))
    contact = contacts.find_or_add(
        db, channel=WEB, address=address_of(made_up.key), sealer=sealer, now=now
    )
    assert contact.id is not None
    roster.link(db, officer, contact_id=contact.id, now=now)


def demo_logins(database: Database, *, now: datetime) -> dict[str, str]:
    """Give the demonstration's accounts fresh passwords: login → password."""
    given = {}
    with database.write() as work:
        for login, name, role in LOGINS:
            password = secrets.token_hex(PASSWORD_BYTES)
            officer = work.db.exec(select(Officer).where(col(Officer.name) == name)).first()
            accounts.put(
                work.db,
                login=login,
                name=name,
                role=role,
                password=password,
                officer_id=officer.id if officer else None,
                now=now,
            )
            given[login] = password
        work.commit()
    return given
