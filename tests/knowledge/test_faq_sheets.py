"""The FAQ as a spreadsheet: there and back, and every fault by its row."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook

from knowledge.entries import ContentError
from knowledge.faq_sheets import COLUMNS, MAX_ROWS, read_sheet, write_sheet
from knowledge.packaged import read_content

CONTENT = read_content()[0]
TOPICS = {topic.id for topic in CONTENT.topics}
SLUGS = {entry.slug for entry in CONTENT.entries}


def read(data: bytes) -> list[object]:
    return list(read_sheet(data, topics=TOPICS, slugs=SLUGS, helplines=CONTENT.contacts))


def test_there_and_back_nothing_is_lost() -> None:
    assert read(write_sheet(CONTENT.entries)) == CONTENT.entries


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        pytest.param("topic", "masak", "topik tidak ada: masak", id="unknown topic"),
        pytest.param("title", "", "`title` wajib diisi", id="empty title"),
        pytest.param("review_by", "besok", "harus tanggal", id="no date"),
        pytest.param("contacts", "bukan-nomor", "kontak yang tidak ada", id="unknown helpline"),
        pytest.param("answer", "Telepon 0812 3456 7890.", "nomor telepon", id="number in a text"),
        pytest.param("slug", "Paspor", "huruf kecil", id="bad slug"),
    ],
)
def test_faults_are_told_by_row(column: str, value: str, message: str) -> None:
    book = load_workbook(io.BytesIO(write_sheet(CONTENT.entries[:3])))
    book.worksheets[0].cell(3, COLUMNS.index(column) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(ContentError) as told:
        read(out.getvalue())
    assert [p.line for p in told.value.problems if message in p.message] == [3]


def test_new_entries_may_name_each_other_in_any_order() -> None:
    first, second = (
        replace(CONTENT.entries[0], slug=slug, related=(other,))
        for slug, other in (("baru-satu", "baru-dua"), ("baru-dua", "baru-satu"))
    )
    assert read(write_sheet([first, second])) == [first, second]


def damaged(change: Callable[[bytes], bytes]) -> bytes:
    """Give a sheet of which one part inside was changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_sheet(CONTENT.entries[:1]))) as sound,
        zipfile.ZipFile(out, "w") as broken,
    ):
        for name in sound.namelist():
            data = sound.read(name)
            broken.writestr(name, change(data) if name == "xl/worksheets/sheet1.xml" else data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"PK\x03\x04 rusak", id="no zip"),
        pytest.param(damaged(lambda data: data[:200]), id="cut XML"),
        pytest.param(damaged(lambda data: b"<a>" + data), id="wrong XML"),
        pytest.param(damaged(lambda data: b""), id="empty part"),
        pytest.param(
            damaged(lambda data: data.replace(b'r="A1"', b'r="?"')), id="a cell of no place"
        ),
        pytest.param(write_sheet(CONTENT.entries[:1])[:-400], id="cut file"),
    ],
)
def test_a_broken_file_is_told_and_no_more(data: bytes) -> None:
    with pytest.raises(ContentError):
        read(data)


def test_too_many_rows_are_told_not_cut() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [list(COLUMNS), *([["x"]] * MAX_ROWS)]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(ContentError, match="paling banyak"):
        read(out.getvalue())


def test_a_missing_column_is_named() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["slug", "title"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(ContentError, match="kolom tidak ada"):
        read(out.getvalue())


def test_no_answer_is_taken_for_a_formula() -> None:
    trick = replace(CONTENT.entries[0], answer='=HYPERLINK("http://x","klik")')
    cell = (
        load_workbook(io.BytesIO(write_sheet([trick])))
        .worksheets[0]
        .cell(2, COLUMNS.index("answer") + 1)
    )
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'=")
