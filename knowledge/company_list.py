"""Reading the official list of placement companies from CSV: all of it or nothing."""

import csv
import io
from datetime import date
from pathlib import Path

from knowledge.companies import Company, CompanyStatus, company_words, name_of

REQUIRED = ("nama", "status")
COLUMNS = ("nama", "nomor_sip3mi", "status", "alamat", "kota", "keterangan")
LONGEST_CELL = 300


class CompanyListError(Exception):
    """A list that cannot be imported. `faults` are Indonesian sentences with their lines."""

    def __init__(self, faults: list[str]) -> None:
        """Keep every fault."""
        self.faults = faults
        super().__init__("\n".join(faults))


def read_day(text: str, *, today: date) -> date:
    """Read the day that a list describes. Raises CompanyListError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CompanyListError([f"tanggal {text!r} harus ditulis seperti 2026-11-24"]) from None
    if day > today:
        raise CompanyListError([f"tanggal {day} belum terjadi; tulis tanggal daftar itu diambil"])
    return day


def read_list_file(path: Path) -> list[Company]:
    """Read and check a file. Raises CompanyListError."""
    try:
        return read_list(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise CompanyListError(
            [f"berkas {path} tidak bisa dibuka; periksa nama dan tempatnya"]
        ) from error
    except UnicodeDecodeError as error:
        raise CompanyListError([f"berkas {path} harus disimpan sebagai UTF-8"]) from error


def read_list(text: str) -> list[Company]:
    """Read and check a whole list. Raises CompanyListError with every fault by line."""
    companies: list[Company] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for line, cells in _rows(text):
        company, found = _company(cells)
        if company is not None:
            key = name_of(company.name).joined
            if key in seen:
                found.append(f"{company.name!r} sama dengan baris {seen[key]}")
            seen.setdefault(key, line)
            companies.append(company)
        faults += [f"baris {line}: {fault}" for fault in found]
    if not companies and not faults:
        faults.append("berkas tidak berisi perusahaan")
    if faults:
        raise CompanyListError(faults)
    return companies


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    text = text.lstrip("\ufeff")
    # Spreadsheets set to Indonesian part columns with semicolons.
    head = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",", strict=True
    )
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        faults = [f"kolom {name} tidak ada" for name in REQUIRED if name not in header]
        faults += [f"kolom {name!r} tidak dikenal" for name in header if name not in COLUMNS]
        faults += [
            f"kolom {name!r} ada dua" for name in sorted(set(header)) if header.count(name) > 1
        ]
        if faults:
            raise CompanyListError([f"baris 1: {fault}" for fault in faults])
        found = []
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                fault = f"ada {len(row)} kolom, seharusnya {len(header)}"
                raise CompanyListError([f"baris {reader.line_num}: {fault}"])
            cells = [" ".join(cell.split()) for cell in row]
            found.append((reader.line_num, dict(zip(header, cells, strict=True))))
        return found
    except csv.Error as error:
        raise CompanyListError(
            [f"baris {reader.line_num}: bukan CSV yang utuh ({error})"]
        ) from error


def _company(cells: dict[str, str]) -> tuple[Company | None, list[str]]:
    faults = [
        f"{name} lebih dari {LONGEST_CELL} huruf"
        for name, cell in cells.items()
        if len(cell) > LONGEST_CELL
    ]
    if not name_of(cells["nama"]).words:
        faults.append("nama kosong")
    known = company_words()["status"]
    status = known.get(cells["status"].lower())
    if status is None:
        choices = ", ".join(dict.fromkeys(known.values()))
        faults.append(f"status {cells['status']!r} harus salah satu dari {choices}")
    if faults or status is None:
        return None, faults
    company = Company(
        name=cells["nama"],
        status=CompanyStatus(status),
        licence=cells.get("nomor_sip3mi", ""),
        address=cells.get("alamat", ""),
        city=cells.get("kota", ""),
        note=cells.get("keterangan", ""),
    )
    return company, []
