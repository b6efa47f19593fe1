"""Working off what a person must still confirm: one unit of work each, by name and date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlers import audit
from handlers.audit import Action
from handlers.database import Database
from handlers.models import Account
from handlers.refresh import refresh
from handlers.resources import Resources
from knowledge import confirmations
from knowledge.confirmations import Vouched
from knowledge.entries import Entry, Source
from knowledge.entry_files import source_faults
from knowledge.helplines import EMERGENCY
from knowledge.todo import Group, group_of, load_groups

MAX_CHARS = 60
DIGITS = (3, 15)
"""From 110 to the longest number there is (ITU E.164)."""


class WrongNumber(Exception):
    """A correction of a helpline that cannot be taken. The message is Indonesian."""


@dataclass(frozen=True, slots=True)
class Share:
    """What the same people can confirm: how many things on how many entries."""

    group: Group
    items: int
    entries: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What still waits: entries nobody vouched for, numbers nobody called.

    `shares` part the entries' things by who can confirm them, the most urgent first.
    """

    entries: Sequence[Entry]
    shares: Sequence[Share]
    helplines: Sequence[Vouched]
    entries_done: int
    helplines_done: int


def waiting(database: Database, *, resources: Resources, now: datetime) -> Waiting:
    """Give the list: emergency numbers first, then entries by what is urgent in them."""
    refresh(database, resources, now=now)
    faq = resources.knowledge.faq
    with database.read() as db:
        lines = confirmations.helplines(db, now=now)
    unchecked = [entry for slug, entry in faq.entries.items() if slug not in faq.checked_on]
    groups = load_groups()
    unchecked.sort(key=lambda entry: (_urgency(entry, groups), entry.review_by, entry.slug))
    callable_ones = [line for line in lines if _is_callable(line)]
    uncalled = [line for line in callable_ones if not line.is_confirmed]
    uncalled.sort(key=lambda line: (line.helpline.id not in EMERGENCY, line.helpline.id))
    return Waiting(
        unchecked,
        _shares(unchecked, groups),
        uncalled,
        entries_done=len(faq.entries) - len(unchecked),
        helplines_done=len(callable_ones) - len(uncalled),
    )


def count_waiting(db: Session, *, resources: Resources, now: datetime) -> tuple[int, int]:
    """Give how many entries and how many numbers wait, without looking at what on them."""
    faq = resources.knowledge.faq
    lines = confirmations.helplines(db, now=now)
    return (
        sum(slug not in faq.checked_on for slug in faq.entries),
        sum(_is_callable(line) and not line.is_confirmed for line in lines),
    )


def items_of(entry: Entry, place: int, *, groups: Sequence[Group]) -> list[str]:
    """Give the things of an entry that belong to the group at a place."""
    return [item for item in entry.perlu_dicek if group_of(item, groups).place == place]


def confirm_entry(
    database: Database,
    slug: str,
    *,
    number: int,
    by: Account,
    resources: Resources,
    now: datetime,
) -> None:
    """Note that this admin checked this version today. Raises ChangedMeanwhile."""
    with database.write() as work:
        confirmations.confirm_entry(work.db, slug, number=number, by=by.name, now=now)
        detail = f"versi {number}"
        audit.note(work.db, Action.ENTRY_CONFIRMED, by=by, now=now, subject=slug, detail=detail)
        work.commit()
    refresh(database, resources, now=now)


def confirm_helpline(
    database: Database,
    id: str,
    *,
    dialled: str,
    by: Account,
    resources: Resources,
    now: datetime,
) -> None:
    """Note that this admin called this number today and it answered. Raises ChangedMeanwhile."""
    with database.write() as work:
        confirmations.confirm_helpline(work.db, id, dialled=dialled, by=by.name, now=now)
        audit.note(work.db, Action.HELPLINE_CONFIRMED, by=by, now=now, subject=id)
        work.commit()
    refresh(database, resources, now=now)


def change_helpline(
    database: Database,
    id: str,
    *,
    phone: str,
    whatsapp: str,
    email: str,
    source: Source,
    by: Account,
    resources: Resources,
    now: datetime,
) -> None:
    """Correct a helpline; a new number must be called again. Raises WrongNumber."""
    phone, whatsapp, email = phone.strip(), whatsapp.strip(), email.strip()
    for number in (phone, whatsapp):
        if number and not _is_number(number):
            raise WrongNumber(f"Nomor {number} tidak terbaca. Tulis angka, boleh dengan + dan -.")
    if id in EMERGENCY and not (phone or whatsapp):
        raise WrongNumber("Nomor ini dipakai dalam jawaban darurat. Nomornya tidak boleh kosong.")
    if not source.is_dated or not source.title:
        raise WrongNumber("Isi sumbernya: judul, penerbit, dan tanggal.")
    for _, fault in source_faults(source):
        raise WrongNumber(f"{fault}.")
    with database.write() as work:
        confirmations.change_helpline(
            work.db,
            id,
            phone=phone or None,
            whatsapp=whatsapp or None,
            email=email or None,
            source=source,
        )
        audit.note(work.db, Action.HELPLINE_CHANGED, by=by, now=now, subject=id)
        work.commit()
    refresh(database, resources, now=now)


def _urgency(entry: Entry, groups: Sequence[Group]) -> int:
    """Give the place of the most urgent group that an entry has an item in; last where none."""
    last = max(group.place for group in groups) + 1
    return min((group_of(item, groups).place for item in entry.perlu_dicek), default=last)


def _shares(entries: Sequence[Entry], groups: Sequence[Group]) -> list[Share]:
    found = []
    for group in sorted(groups, key=lambda group: group.place):
        counts = [len(items_of(entry, group.place, groups=groups)) for entry in entries]
        if any(counts):
            found.append(Share(group, sum(counts), sum(count > 0 for count in counts)))
    return found


def _is_callable(line: Vouched) -> bool:
    # An office without a number waits, too: somebody must find the number or the address.
    return bool(line.helpline.number or line.helpline.perlu_dicek)


def _is_number(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    is_plain = all(letter.isdigit() or letter in "+-() ." for letter in text)
    return is_plain and DIGITS[0] <= digits <= DIGITS[1] and len(text) <= MAX_CHARS
