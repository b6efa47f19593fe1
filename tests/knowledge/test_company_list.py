"""An official list from CSV: all of it, or every fault by line and nothing."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from handlers.database import Database
from knowledge import store
from knowledge.companies import Company, CompanyStatus, Register
from knowledge.company_list import CompanyListError, read_day, read_list, read_list_file

GOOD = """\
nama,nomor_sip3mi,status,alamat,kota,keterangan
PT Bahtera Karya,123/2024,Aktif,"Jalan Melati 1, lantai 2",Bekasi,
PT Surya Timur,,skorsing,,,sampai Maret
"""
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def test_a_list_is_read() -> None:
    assert read_list(GOOD) == [
        Company(
            "PT Bahtera Karya",
            CompanyStatus.ACTIVE,
            licence="123/2024",
            address="Jalan Melati 1, lantai 2",
            city="Bekasi",
        ),
        Company("PT Surya Timur", CompanyStatus.SUSPENDED, note="sampai Maret"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("nama,status\nPT Bahtera Karya,aktif\n", id="only what is needed"),
        pytest.param("\ufeffnama;status\r\nPT Bahtera Karya;aktif\r\n", id="a spreadsheet's way"),
        pytest.param("Status,Nama\naktif,PT  Bahtera Karya \n\n,\n", id="blanks"),
    ],
)
def test_ways_to_write_a_list(text: str) -> None:
    assert read_list(text) == [Company("PT Bahtera Karya", CompanyStatus.ACTIVE)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("", "baris 1: kolom nama tidak ada", id="empty"),
        pytest.param("nama,status\n", "berkas tidak berisi perusahaan", id="no rows"),
        pytest.param("nama\nPT A\n", "baris 1: kolom status tidak ada", id="no status"),
        pytest.param("nama,status,izin\n", "baris 1: kolom 'izin' tidak dikenal", id="unknown"),
        pytest.param("nama,status,nama\n", "baris 1: kolom 'nama' ada dua", id="column twice"),
        pytest.param("nama,status\nPT A,aktif\nPT B,oke\n", "baris 3: status 'oke'", id="status"),
        pytest.param("nama,status\nPT B,\n", "baris 2: status ''", id="no status given"),
        pytest.param("nama,status\nPT.,aktif\n", "baris 2: nama kosong", id="form alone"),
        pytest.param("nama,status\nPT B\n", "baris 2: ada 1 kolom", id="cells missing"),
        pytest.param(
            "nama,status\nPT Maju,aktif\npt. maju,dicabut\n", "sama dengan baris 2", id="twice"
        ),
        pytest.param(f"nama,status\n{'x' * 301},aktif\n", "lebih dari 300 huruf", id="long"),
        pytest.param('nama,status\n"PT A,aktif\n', "bukan CSV yang utuh", id="open quote"),
    ],
)
def test_a_fault_is_told_by_line(text: str, fault: str) -> None:
    with pytest.raises(CompanyListError) as raised:
        read_list(text)
    assert fault in str(raised.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(CompanyListError) as raised:
        read_list("nama,status\n,aktif\nPT B,entah\n")
    assert len(raised.value.faults) == 2


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(None, "tidak bisa dibuka", id="no file"),
        pytest.param(b"nama,status\nPT \xe9,aktif\n", "UTF-8", id="another encoding"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, fault: str) -> None:
    file = tmp_path / "daftar.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CompanyListError, match=fault):
        read_list_file(file)


@pytest.mark.parametrize("text", ["20-11-2026", "kemarin", "2026-11-25", ""])
def test_a_wrong_day_is_refused(text: str) -> None:
    with pytest.raises(CompanyListError):
        read_day(text, today=NOW.date())


def test_the_last_list_is_in_force_and_the_one_before_is_kept(database: Database) -> None:
    first, second = read_list(GOOD), [Company("PT Lain", CompanyStatus.REVOKED)]
    for companies, day in ((first, date(2026, 11, 1)), (second, date(2026, 11, 20))):
        with database.write() as work:
            store.put_companies(work.db, companies, as_of=day, by="admin", now=NOW)
            work.commit()
    with database.read() as db:
        newest = store.company_list_id(db)
        assert newest is not None
        register = store.load_register(db, newest)
        before = store.load_register(db, newest - 1)
    assert register.as_of == date(2026, 11, 20)
    assert [(company.name, company.status) for company in register.companies] == [
        ("PT Lain", CompanyStatus.REVOKED)
    ]
    assert register.by_id(register.companies[0].id) == register.companies[0]
    assert register.by_id(before.companies[0].id) is None
    assert [company.name for company in before.companies] == [company.name for company in first]


def test_before_the_first_import_there_is_no_list(database: Database) -> None:
    with database.read() as db:
        assert store.company_list_id(db) is None
        assert store.load_register(db, None) == Register()
