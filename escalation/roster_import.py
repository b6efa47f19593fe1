"""Reading a roster from CSV: all of it or nothing, with every error by line."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from escalation.assignment import AREA_RUNGS, Rung
from escalation.mail_address import is_mail_address
from escalation.models import Officer, Posting
from escalation.offices import Offices
from escalation.roster import invite, routes_of

COLUMNS = ("nama", "tugas", "kantor", "wilayah", "wakil", "surel")
"""Name; duty; office code; `;`-separated area codes or `nasional`; deputy's name; mail address."""

DUTIES = ("pimpasa", "kepala kantor", "kepala wilayah", "meja nasional")
NATIONAL = "nasional"
LONGEST_NAME = 100
LONGEST_CELL = 2_000


class RosterError(Exception):
    """A roster that cannot be imported. `faults` are Indonesian sentences with their lines."""

    def __init__(self, faults: list[str]) -> None:
        """Keep every fault."""
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Row:
    """One officer of the file."""

    line: int
    name: str
    duty: str
    office: str
    posts: tuple[tuple[Rung, str], ...]
    deputy: str
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """One officer as imported; `code` is an invitation where nobody answers from a contact yet.

    `mail` is the address to link, empty where the file gives none.
    """

    officer: Officer
    name: str
    office: str
    code: str | None
    mail: str = ""


def read_roster(text: str, *, offices: Offices, is_area: Callable[[str], bool]) -> list[Row]:
    """Read and check a whole file. Raises RosterError with every fault."""
    rows: list[Row] = []
    faults: list[str] = []
    for line, cells in _cells(text):
        row, found = _read_row(line, cells, offices=offices, is_area=is_area)
        faults += [f"baris {line}: {fault}" for fault in found]
        rows.append(row)
    seen: set[tuple[str, str]] = set()
    mails: set[str] = set()
    for row in rows:
        if row.mail and row.mail.lower() in mails:
            faults.append(f"baris {row.line}: surel {row.mail!r} sudah ada di baris lain")
        mails.add(row.mail.lower())
        if row.deputy and len(deputies_of(row, rows)) != 1:
            faults.append(f"baris {row.line}: wakil {row.deputy!r} {_why_not(row, rows)}")
        if (row.name, row.office) in seen:
            faults.append(f"baris {row.line}: {row.name!r} sudah ada di baris lain")
        seen.add((row.name, row.office))
    if not rows:
        faults.append("berkas tidak berisi petugas")
    if faults:
        raise RosterError(faults)
    return rows


def _cells(text: str) -> list[tuple[int, dict[str, str]]]:
    text = text.lstrip("\ufeff")
    # Spreadsheets set to Indonesian part columns with semicolons.
    parted_by = ";" if ";" in text.split("\n", 1)[0] else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=parted_by)
    try:
        missing = [name for name in COLUMNS[:4] if name not in (reader.fieldnames or ())]
        if missing:
            raise RosterError([f"baris 1: kolom {', '.join(missing)} tidak ada"])
        found = []
        for raw in reader:
            # What stands behind the last column has no name.
            if any(cell.strip() for cell in raw.get(None) or ()):
                raise RosterError([f"baris {reader.line_num}: ada isi di luar kolom"])
            cells = {key: " ".join((raw.get(key) or "").split()) for key in COLUMNS}
            found.append((reader.line_num, cells))
        return found
    except csv.Error as error:
        raise RosterError([f"baris {reader.line_num}: bukan CSV yang utuh ({error})"]) from error


def deputies_of(row: Row, rows: list[Row]) -> list[Row]:
    """Give who may be meant as a row's deputy: names repeat, so its own office goes first."""
    named = [other for other in rows if other.name == row.deputy and other is not row]
    return [other for other in named if other.office == row.office] or named


def _why_not(row: Row, rows: list[Row]) -> str:
    if deputies_of(row, rows):
        return "ada lebih dari satu; bedakan namanya"
    if row.deputy == row.name:
        return "adalah petugas itu sendiri"
    return "tidak ada di berkas ini"


def _read_row(
    line: int, cells: dict[str, str], *, offices: Offices, is_area: Callable[[str], bool]
) -> tuple[Row, list[str]]:
    faults = [
        f"{key} berisi huruf yang tidak bisa dibaca"
        for key, cell in cells.items()
        if not cell.isprintable()
    ]
    if not cells["nama"]:
        faults.append("nama kosong")
    if len(cells["nama"]) > LONGEST_NAME:
        faults.append(f"nama lebih dari {LONGEST_NAME} huruf")
    if any(len(cell) > LONGEST_CELL for cell in cells.values()):
        faults.append(f"ada isi yang lebih dari {LONGEST_CELL} huruf")
    if cells["tugas"] not in DUTIES:
        faults.append(f"tugas {cells['tugas']!r} harus salah satu dari {', '.join(DUTIES)}")
    office = cells["kantor"]
    if office and office not in offices.by_code:
        faults.append(f"kode kantor {office!r} tidak dikenal")
    posts: list[tuple[Rung, str]] = []
    for code in filter(None, (part.strip() for part in cells["wilayah"].split(";"))):
        if code == NATIONAL:
            posts.append((Rung.NASIONAL, ""))
        elif is_area(code):
            posts.append((AREA_RUNGS[len(code)], code))
        else:
            faults.append(f"kode wilayah {code!r} tidak dikenal")
    if office:
        posts.append((Rung.KANTOR, office))
    if not posts and not faults:
        faults.append("isi `wilayah` atau `kantor`, supaya ada yang ditugaskan")
    mail = cells["surel"]
    if mail and not is_mail_address(mail):
        faults.append(f"surel {mail!r} bukan alamat surel")
    row = Row(line, cells["nama"], cells["tugas"], office, tuple(posts), cells["wakil"], mail)
    return row, faults


def import_roster(
    db: Session, rows: list[Row], *, hashed: Callable[[str], str], now: datetime
) -> list[Imported]:
    """Write officers and postings; whoever has no contact yet gets a one-time code."""
    officers: dict[tuple[str, str], Officer] = {}
    for row in rows:
        officer = db.exec(
            select(Officer).where(
                col(Officer.name) == row.name, col(Officer.office_code) == row.office
            )
        ).one_or_none()
        officer = officer or Officer(
            name=row.name, office_code=row.office, duty=row.duty, created_at=now
        )
        officer.duty, officer.is_active = row.duty, True
        db.add(officer)
        db.flush()
        officers[row.name, row.office] = officer
        db.exec(delete(Posting).where(col(Posting.officer_id) == officer.id))
        for rung, place in dict.fromkeys(row.posts):
            db.add(Posting(officer_id=officer.id or 0, rung=rung, code=place))
    imported = []
    for row in rows:
        officer = officers[row.name, row.office]
        deputies = deputies_of(row, rows) if row.deputy else []
        officer.deputy_id = officers[deputies[0].name, deputies[0].office].id if deputies else None
        db.add(officer)
        assert officer.id is not None
        # A mail address alone is no contact that anybody answers from.
        is_there = officer.answered_at is not None and routes_of(db, officer.id)
        code = None if is_there else invite(db, officer.id, hashed=hashed, now=now)
        imported.append(Imported(officer, row.name, row.office, code, row.mail))
    return imported
