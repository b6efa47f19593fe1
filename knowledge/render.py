"""An entry as a villager reads it: the first screen, and the rest behind "Selengkapnya" in parts."""

import re
from collections.abc import Iterable, Mapping, Set
from datetime import date

from knowledge.entries import UNDATED, Entry, Source
from knowledge.helplines import Helpline

FIRST_SCREEN_CHARS = 700
"""What a small phone shows at once."""

PART_CHARS = 1_200
"""Two screens of a 360-pixel phone; more is lost before the end is reached."""

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
SENTENCE = re.compile(r"(?<=[.!?]) +(?=[\"(]?[A-Z0-9])")
PARAGRAPH_SENTENCES = 2
ISO_DAY = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(\d{2})")
ISO_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
NO_DATE = "tanpa tanggal"


def spoken_date(text: str) -> str:
    """Give "26 Maret 2025" for "2025-03-26", "Maret 2025" for "2025-03"; else the text itself."""
    if match := ISO_DAY.fullmatch(text):
        year, month, day = match.groups()
        return f"{int(day)} {MONTHS[int(month) - 1]} {year}"
    if match := ISO_MONTH.fullmatch(text):
        year, month = match.groups()
        return f"{MONTHS[int(month) - 1]} {year}"
    return text


def main_source(entry: Entry) -> Source | None:
    """Give the source shown with the answer: the first with publisher and date, else the first."""
    for source in entry.sources:
        if source.is_dated:
            return source
    return entry.sources[0] if entry.sources else None


def source_line(entry: Entry, *, checked_on: date | None = None, today: date | None = None) -> str:
    """Give the line that says who says so, when, and whether an officer has confirmed it.

    `checked_on` is set only where a named admin confirmed the entry in the product.
    """
    source = main_source(entry)
    if source is None:
        line = "Sumber belum ada; tanyakan dulu ke petugas."
    else:
        line = f"Menurut {source.publisher or source.title}, {_when(source)}"
        if checked_on:
            line += f"; diperiksa petugas {spoken_date(checked_on.isoformat())}."
        else:
            line += "; belum dipastikan petugas."
    if today and today > entry.review_by:
        line += " Keterangan ini sudah lama, pastikan lagi ke kantor imigrasi."
    return line


def first_screen(entry: Entry, *, checked_on: date | None = None, today: date | None = None) -> str:
    """Give the short answer with its source line."""
    return f"{spaced(entry.answer)}\n\n({source_line(entry, checked_on=checked_on, today=today)})"


def spaced(text: str) -> str:
    """Give a text in paragraphs of two sentences, which are found again when the eye slips.

    A question stays with what answers it, a last sentence is not left alone, and a text that has
    lines of its own keeps them.
    """
    if "\n" in text:
        return text
    paragraphs: list[list[str]] = []
    for sentence in SENTENCE.split(text):
        last = paragraphs[-1] if paragraphs else []
        is_answer = bool(last) and last[-1].endswith("?")
        is_full = len(last) >= PARAGRAPH_SENTENCES
        if last and (is_answer or not (is_full or sentence.endswith("?"))):
            last.append(sentence)
        else:
            paragraphs.append([sentence])
    if len(paragraphs) > 1 and len(paragraphs[-1]) == 1:
        paragraphs[-2:] = [paragraphs[-2] + paragraphs[-1]]
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def has_more(entry: Entry) -> bool:
    """Tell whether there is anything behind "Selengkapnya"."""
    fields = (entry.steps, entry.bring, entry.cost, entry.time, entry.warnings, entry.contacts)
    return any(fields)


def rest(
    entry: Entry, *, helplines: Mapping[str, Helpline], confirmed: Set[str] = frozenset()
) -> tuple[str, ...]:
    """Give everything but the short answer, with all sources, in parts of two screens at most.

    A part breaks between lists, never inside one. `confirmed` are ids of helplines whose number a
    call confirmed within 90 days.
    """
    blocks = [
        _numbered("Langkahnya:", entry.steps),
        _bullets("Yang dibawa:", entry.bring),
        f"Biaya: {entry.cost}" if entry.cost else "",
        f"Waktu: {entry.time}" if entry.time else "",
        _bullets("Hati-hati:", entry.warnings),
        helpline_lines([helplines[id] for id in entry.contacts], confirmed=confirmed),
        _bullets("Sumber:", [cite(source) for source in entry.sources]),
    ]
    parts: list[str] = []
    for block in filter(None, blocks):
        joined = f"{parts[-1]}\n\n{block}" if parts else block
        if parts and len(joined) <= PART_CHARS:
            parts[-1] = joined
        else:
            parts.append(block)
    return tuple(parts)


def helpline_lines(helplines: Iterable[Helpline], *, confirmed: Set[str] = frozenset()) -> str:
    """Give the contacts to call, each number with its source date or its confirmation."""
    lines = []
    for helpline in helplines:
        ways = [
            f"telepon {helpline.phone}" if helpline.phone else "",
            f"WA {helpline.whatsapp}" if helpline.whatsapp else "",
            helpline.email or "",
        ]
        line = f"{helpline.name}: {', '.join(way for way in ways if way) or helpline.purpose}"
        if helpline.id not in confirmed and helpline.number:
            source = helpline.source
            who = source.publisher or source.title
            line += f" (menurut {who}, {_when(source)}; belum dipastikan petugas)"
        lines.append(line)
    return _bullets("Yang bisa dihubungi:", lines)


def _numbered(title: str, items: Iterable[str]) -> str:
    lines = [f"{number}. {item}" for number, item in enumerate(items, start=1)]
    return "\n".join([title, *lines]) if lines else ""


def _bullets(title: str, items: Iterable[str]) -> str:
    lines = [f"- {item}" for item in items]
    return "\n".join([title, *lines]) if lines else ""


def cite(source: Source) -> str:
    """Give title, publisher and date of a source."""
    return f"{source.title} ({source.publisher or 'penerbit belum tercatat'}, {_when(source)})"


def _when(source: Source) -> str:
    return NO_DATE if source.date in UNDATED else spoken_date(source.date)
