"""A roster from CSV: every fault by its line, all or nothing, and repeatable."""

from collections.abc import Callable

import pytest
from sqlmodel import col, select

from escalation import roster
from escalation.assignment import Rung
from escalation.models import Invitation, Officer, Posting
from escalation.offices import load_offices
from escalation.roster_import import Imported, RosterError, Row, import_roster, read_roster
from handlers.database import Database
from handlers.sealing import Sealer
from tests.conftest import FixedClock

OFFICES = load_offices()
AREAS = {"35", "35.04", "35.04.01", "35.04.01.2001"}
HEAD = "nama,tugas,kantor,wilayah,wakil\n"
GOOD = (
    HEAD
    + "Sari,pimpasa,kanim-blitar,35.04.01.2001; 35.04.01,Budi\n"
    + "Budi,kepala kantor,kanim-blitar,,\n"
    + "Tini,kepala wilayah,,35,\n"
    + "Agus,meja nasional,,nasional,Tini\n"
)


def read(text: str) -> list[Row]:
    return read_roster(text, offices=OFFICES, is_area=AREAS.__contains__)


def faults(text: str) -> list[str]:
    with pytest.raises(RosterError) as refused:
        read(text)
    return refused.value.faults


def test_a_good_file_gives_its_officers() -> None:
    sari, budi, tini, agus = read(GOOD)
    assert sari == Row(
        line=2,
        name="Sari",
        duty="pimpasa",
        office="kanim-blitar",
        posts=(
            (Rung.DESA, "35.04.01.2001"),
            (Rung.KECAMATAN, "35.04.01"),
            (Rung.KANTOR, "kanim-blitar"),
        ),
        deputy="Budi",
    )
    assert budi.posts == ((Rung.KANTOR, "kanim-blitar"),)
    assert tini.posts == ((Rung.WILAYAH, "35"),)
    assert (agus.posts, agus.deputy) == (((Rung.NASIONAL, ""),), "Tini")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + GOOD, id="byte order mark"),
        pytest.param(
            GOOD.replace("35.04.01.2001; 35.04.01", '"35.04.01.2001/ 35.04.01"')
            .replace(",", ";")
            .replace("/", ";"),
            id="semicolons of an Indonesian spreadsheet",
        ),
        pytest.param(GOOD.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param(GOOD.replace("Sari,", " Sari ,"), id="blanks around a name"),
        pytest.param(GOOD.replace("Sari,", '"Sari",'), id="quotes"),
        pytest.param(GOOD.replace("\nTini", "\n\nTini"), id="an empty line"),
    ],
)
def test_what_spreadsheets_do_is_read_the_same(text: str) -> None:
    def told(rows: list[Row]) -> list[tuple[object, ...]]:
        return [(row.name, row.duty, row.office, row.posts, row.deputy) for row in rows]

    assert told(read(text)) == told(read(GOOD))


def test_the_column_of_deputies_may_be_missing() -> None:
    (row,) = read("wilayah,kantor,tugas,nama\n35.04,,pimpasa,Sari\n")
    assert (row.name, row.posts, row.deputy) == ("Sari", ((Rung.KABUPATEN, "35.04"),), "")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param(",pimpasa,,35.04,", "nama kosong", id="no name"),
        pytest.param("Sari,kades,,35.04,", "tugas 'kades'", id="unknown duty"),
        pytest.param("Sari,,,35.04,", "tugas ''", id="no duty"),
        pytest.param("Sari,pimpasa,kanim-x,35.04,", "kode kantor 'kanim-x'", id="unknown office"),
        pytest.param("Sari,pimpasa,,35.99,", "kode wilayah '35.99'", id="unknown area"),
        pytest.param("Sari,pimpasa,,3504,", "kode wilayah '3504'", id="area without dots"),
        pytest.param("Sari,pimpasa,,35.04;Blitar,", "kode wilayah 'Blitar'", id="a name as area"),
        pytest.param("Sari,pimpasa,,,", "`wilayah` atau `kantor`", id="no posting"),
        pytest.param("Sari,pimpasa,,35.04,Joko", "wakil 'Joko' tidak ada", id="unknown deputy"),
        pytest.param("Sari,pimpasa,,35.04,Sari", "itu sendiri", id="her own deputy"),
        pytest.param("Sari", "tugas ''", id="a row that ends early"),
    ],
)
def test_a_fault_names_its_line(row: str, told: str) -> None:
    found = faults(HEAD + "Budi,pimpasa,,35.04,\n" + row + "\n")
    assert any(fault.startswith("baris 3: ") and told in fault for fault in found)
    assert all(fault.startswith("baris 3: ") for fault in found)


def test_every_fault_is_told_at_once() -> None:
    found = faults(HEAD + ",kades,kanim-x,35.99,\nSari,pimpasa,,35.04,Joko\nBudi,pimpasa,,,\n")
    assert [fault.split(":")[0] for fault in found] == [
        *["baris 2"] * 4,
        "baris 4",
        "baris 3",
    ]


def test_the_same_person_twice_is_a_fault_the_same_name_elsewhere_is_not() -> None:
    twice = HEAD + "Sari,pimpasa,kanim-blitar,,\nSari,pimpasa,kanim-blitar,35.04,\n"
    assert faults(twice) == ["baris 3: 'Sari' sudah ada di baris lain"]
    assert len(read(HEAD + "Sari,pimpasa,kanim-blitar,,\nSari,pimpasa,kanim-langsa,,\n")) == 2


def test_a_deputy_whose_name_two_people_bear_must_be_told_apart() -> None:
    budis = "Budi,pimpasa,kanim-langsa,,\nBudi,pimpasa,kanim-medan,,\n"
    assert {"kanim-langsa", "kanim-medan"} <= set(OFFICES.by_code)
    (fault,) = faults(HEAD + budis + "Sari,pimpasa,kanim-blitar,,Budi\n")
    assert fault.startswith("baris 4: wakil 'Budi' ada lebih dari satu")
    assert read(HEAD + budis + "Sari,pimpasa,kanim-medan,,Budi\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "kolom nama, tugas, kantor, wilayah tidak ada", id="empty file"),
        pytest.param("nama;tugas\nSari;pimpasa\n", "kolom kantor, wilayah", id="semicolons"),
        pytest.param(
            "nama;tugas;kantor;wilayah\nSari;pimpasa;;35.04;35.04.01\n",
            "baris 2: ada isi di luar kolom",
            id="areas parted like columns",
        ),
        pytest.param("nama,tugas,wilayah\n", "kolom kantor tidak ada", id="a column missing"),
        pytest.param(HEAD, "tidak berisi petugas", id="no rows"),
        pytest.param(HEAD + '"' + "x" * 140_000, "bukan CSV yang utuh", id="a quote never closed"),
    ],
)
def test_a_file_that_is_no_roster_is_refused(text: str, told: str) -> None:
    (fault,) = faults(text)
    assert told in fault


class Office:
    """A database into which rosters are imported."""

    def __init__(self, database: Database, sealer: Sealer, clock: FixedClock) -> None:
        self.database, self.clock = database, clock
        self.hashed: Callable[[str], str] = lambda code: sealer.lookup(code, purpose="undangan")

    def take(self, text: str) -> list[Imported]:
        rows = read(text)
        with self.database.write() as work:
            imported = import_roster(work.db, rows, hashed=self.hashed, now=self.clock())
            work.commit()
        return imported

    def redeem(self, code: str, contact_id: int) -> str:
        with self.database.write() as work:
            officer = roster.redeem(
                work.db, code, contact_id=contact_id, hashed=self.hashed, now=self.clock()
            )
            work.commit()
        return f"{officer.name} {officer.office_code}".strip()

    def officers(self) -> dict[str, Officer]:
        with self.database.read() as db:
            return {officer.name: officer for officer in db.exec(select(Officer)).all()}

    def posts(self) -> set[tuple[str, str]]:
        with self.database.read() as db:
            return {(post.rung, post.code) for post in db.exec(select(Posting)).all()}


@pytest.fixture
def office(database: Database, sealer: Sealer, clock: FixedClock) -> Office:
    return Office(database, sealer, clock)


def test_an_import_writes_officers_posts_deputies_and_codes(office: Office) -> None:
    imported = office.take(GOOD)
    assert [(one.name, one.office) for one in imported] == [
        ("Sari", "kanim-blitar"),
        ("Budi", "kanim-blitar"),
        ("Tini", ""),
        ("Agus", ""),
    ]
    officers = office.officers()
    assert officers["Sari"].deputy_id == officers["Budi"].id
    assert officers["Agus"].deputy_id == officers["Tini"].id
    assert officers["Budi"].deputy_id is None
    assert office.posts() == {
        ("desa", "35.04.01.2001"),
        ("kecamatan", "35.04.01"),
        ("kantor", "kanim-blitar"),
        ("wilayah", "35"),
        ("nasional", ""),
    }
    codes = [one.code for one in imported]
    assert None not in codes
    assert len(set(codes)) == 4
    assert office.redeem(codes[0] or "", 11) == "Sari kanim-blitar"


def test_a_faulty_file_changes_nothing(office: Office) -> None:
    office.take(GOOD)
    with pytest.raises(RosterError):
        office.take(HEAD + "Joko,pimpasa,,35.04,\nSari,kades,kanim-blitar,,\n")
    assert set(office.officers()) == {"Sari", "Budi", "Tini", "Agus"}
    assert office.officers()["Sari"].duty == "pimpasa"


def test_importing_again_keeps_who_is_linked_and_gives_no_new_code(office: Office) -> None:
    first = office.take(GOOD)
    office.redeem(first[0].code or "", 11)
    before = office.officers()["Sari"].id
    second = office.take(GOOD)
    assert second[0].code is None
    assert [one.code is None for one in second[1:]] == [False] * 3
    assert office.officers()["Sari"].id == before
    assert len(office.officers()) == 4
    with office.database.read() as db:
        found = roster.officer_of(db, 11)
        codes = db.exec(select(Invitation).where(col(Invitation.officer_id) == before)).all()
    assert found is not None
    assert found.name == "Sari"
    assert len(codes) == 1


def test_importing_again_replaces_posts_duty_and_deputy(office: Office) -> None:
    office.take(GOOD)
    office.take(HEAD + "Sari,kepala kantor,kanim-blitar,35.04,\n")
    sari = office.officers()["Sari"]
    assert (sari.duty, sari.deputy_id) == ("kepala kantor", None)
    with office.database.read() as db:
        posts = db.exec(select(Posting).where(col(Posting.officer_id) == sari.id)).all()
    assert {(post.rung, post.code) for post in posts} == {
        ("kabupaten", "35.04"),
        ("kantor", "kanim-blitar"),
    }


def test_a_post_written_twice_is_held_once(office: Office) -> None:
    office.take(HEAD + "Sari,pimpasa,,35.04;35.04;nasional;nasional,\n")
    assert office.posts() == {("kabupaten", "35.04"), ("nasional", "")}


def test_two_people_of_one_name_get_a_code_each_and_their_own_deputies(office: Office) -> None:
    text = (
        HEAD
        + "Sari,pimpasa,kanim-blitar,,Budi\nSari,pimpasa,kanim-langsa,,Budi\n"
        + "Budi,pimpasa,kanim-blitar,,\nBudi,pimpasa,kanim-langsa,,\n"
    )
    imported = office.take(text)
    linked = [office.redeem(one.code or "", 10 + at) for at, one in enumerate(imported)]
    assert linked == [f"{one.name} {one.office}" for one in imported]
    with office.database.read() as db:
        for sari in db.exec(select(Officer).where(col(Officer.name) == "Sari")).all():
            assert sari.deputy_id is not None
            assert db.get_one(Officer, sari.deputy_id).office_code == sari.office_code
