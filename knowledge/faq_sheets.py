"""The FAQ as a spreadsheet: one row an entry, for people who edit in a table."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import closing
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from knowledge.entries import ContentError, Entry, Problem
from knowledge.forms import (
    LIST_FIELDS,
    TEXT_FIELDS,
    entry_from_form,
    problems_of,
    sources_from_text,
    sources_to_text,
)
from knowledge.helplines import Helpline

COLUMNS = ("slug", "topic", *TEXT_FIELDS, *LIST_FIELDS, "sources")
MAX_ROWS = 2_000
MAX_COLUMNS = 64
MAX_CELL_CHARS = 10_000
MAX_UNPACKED_BYTES = 30 * 1024 * 1024
"""A spreadsheet is a zip: a small one can unpack to more than memory holds."""

UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, InvalidFileException),
    *(KeyError, IndexError, ValueError, TypeError, AttributeError, SyntaxError),
)
"""What a broken, locked or made-up file leads to; XML that cannot be read is a SyntaxError."""

FORMULA = ("=", "+", "-", "@")
WIDE, NARROW = 60, 18


def write_sheet(entries: Iterable[Entry]) -> bytes:
    """Give an XLSX file with every entry; lists stand one item a line in their cell."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "jawaban"
    sheet.append(list(COLUMNS))
    for entry in entries:
        sheet.append([_cell(_value(entry, key)) for key in COLUMNS])
    for number, key in enumerate(COLUMNS, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        letter = get_column_letter(number)
        is_narrow = key in ("slug", "topic", "review_by", "certainty")
        sheet.column_dimensions[letter].width = NARROW if is_narrow else WIDE
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_sheet(
    data: bytes, *, topics: Set[str], slugs: Set[str], helplines: Mapping[str, Helpline]
) -> list[Entry]:
    """Read what `write_sheet` gave, edited. Raises ContentError with the row of every fault."""
    rows = _rows(data)
    if any(cell is not None for row in rows[MAX_ROWS:] for cell in row):
        raise ContentError([Problem("xlsx", MAX_ROWS, None, f"paling banyak {MAX_ROWS} baris")])
    header = [str(name or "").strip() for name in rows[0]] if rows else []
    if missing := [key for key in COLUMNS if key not in header]:
        raise ContentError([Problem("xlsx", 1, None, f"kolom tidak ada: {', '.join(missing)}")])
    read: list[tuple[int, Entry, list[Problem]]] = []
    for line, row in enumerate(rows[1:], start=2):
        cells = {key: _text(value) for key, value in zip(header, row, strict=False)}
        if not any(cells.values()):
            continue
        read.append((line, *_entry(cells, line=line)))
    known = {*slugs, *(entry.slug for _, entry, _ in read)}
    seen: set[str] = set()
    problems: list[Problem] = []
    for line, entry, faults in read:
        problems += faults
        if entry.topic not in topics:
            problems.append(Problem("xlsx", line, entry.slug, f"topik tidak ada: {entry.topic}"))
        if entry.slug in seen:
            problems.append(Problem("xlsx", line, entry.slug, "slug ganda dalam berkas ini"))
        seen.add(entry.slug)
        if not faults:
            found = problems_of(entry, slugs=known, helplines=helplines)
            problems += [Problem("xlsx", line, entry.slug, message) for message in found]
    if problems:
        raise ContentError(problems)
    return [entry for _, entry, _ in read]


def _entry(cells: Mapping[str, str], *, line: int) -> tuple[Entry, list[Problem]]:
    return entry_from_form(
        cells,
        sources_from_text(cells.get("sources", "")),
        slug=cells.get("slug", ""),
        topic=cells.get("topic", ""),
        file="xlsx",
        line=line,
    )


def _rows(data: bytes) -> Sequence[Sequence[Any]]:
    fault = Problem("xlsx", 1, None, "berkas ini bukan lembar XLSX yang terbaca")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise ContentError([fault])
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        with closing(book):
            sheet = book.worksheets[0]
            # One row more than is taken: what is too long must not be cut without a word.
            return list(
                sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS)
            )
    except UNREADABLE as error:
        raise ContentError([fault]) from error


def _value(entry: Entry, key: str) -> str:
    if key == "sources":
        return sources_to_text(entry)
    value = getattr(entry, key)
    if isinstance(value, tuple):
        return "\n".join(value)
    return "" if value is None else str(value)


def _cell(text: str) -> str:
    # A program for tables must never take an answer for a formula.
    return f"'{text}" if text.startswith(FORMULA) else text


def _text(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    if hasattr(value, "isoformat"):
        text = value.isoformat()[:10]
    if text[:1] == "'" and text[1:2] in FORMULA:
        text = text[1:]
    return text[:MAX_CELL_CHARS]
