"""The register of helplines and offices: the only place where a phone number may stand."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from knowledge.entries import ContentError, Problem, Source
from knowledge.entry_files import read_source
from knowledge.located_yaml import Fields, Located, read_yaml

CONFIRMED_FOR = timedelta(days=90)
"""How long a call to a number vouches for it (design, invariant 11)."""

EMERGENCY = ("polisi-110", "sapa-129", "kemlu", "kp2mi")
"""The only contacts that may stand in a darurat reply before a call has confirmed them."""


@dataclass(frozen=True, slots=True)
class Helpline:
    """A helpline or office. `phone`, `whatsapp` are written as people dial them."""

    id: str
    name: str
    purpose: str
    phone: str | None
    whatsapp: str | None
    email: str | None
    country: str | None
    source: Source
    perlu_dicek: tuple[str, ...]

    @property
    def number(self) -> str | None:
        """Give the one number to call: the phone, else WhatsApp."""
        return self.phone or self.whatsapp


def is_confirmed(confirmed_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether a call confirmed a number within the last 90 days. Both times are aware."""
    return confirmed_at is not None and timedelta(0) <= now - confirmed_at <= CONFIRMED_FOR


def read_helplines(text: str, *, file: str) -> Mapping[str, Helpline]:
    """Read the register by id. Raises ContentError with every problem."""
    raw = read_yaml(text, file=file)
    if not isinstance(raw, Located):
        raise ContentError([Problem(file, 1, None, "berkas harus berisi `contacts`")])
    top = Fields(raw, file=file, slug=None)
    found: dict[str, Helpline] = {}
    problems: list[Problem] = []
    for item in top.mappings("contacts"):
        contact, faults = _read_helpline(item, file=file)
        problems += faults
        if contact.id in found:
            problems.append(Problem(file, item.line, contact.id, "id kontak ganda"))
        found[contact.id] = contact
    top.unknown()
    problems = top.problems + problems
    if problems:
        raise ContentError(problems)
    return found


def office_helplines(text: str) -> Mapping[str, Helpline]:
    """Read the numbers of immigration offices, by the code of the office."""
    rows = csv.DictReader(text.splitlines())
    return {
        row["id"]: Helpline(
            id=row["id"],
            name=row["name"],
            purpose="Keterangan layanan imigrasi di kantor ini",
            phone=row["phone"],
            whatsapp=None,
            email=None,
            country=None,
            source=Source(row["title"], row["publisher"], row["date"]),
            perlu_dicek=("Coba telepon kantornya; catat tanggalnya.",),
        )
        for row in rows
    }


def _read_helpline(raw: Located, *, file: str) -> tuple[Helpline, list[Problem]]:
    fields = Fields(raw, file=file, slug=str(raw.get("id", "")) or None)
    sources = fields.mappings("sources")
    if len(sources) != 1:
        fields.fault("sources", "tepat satu sumber, dengan penerbit dan tanggal")
    source, faults = (
        read_source(sources[0], file=file, slug=fields.slug)
        if sources
        else (Source("", "", ""), [])
    )
    contact = Helpline(
        id=fields.text("id"),
        name=fields.text("name"),
        purpose=fields.text("purpose"),
        phone=fields.optional("phone"),
        whatsapp=fields.optional("whatsapp"),
        email=fields.optional("email"),
        country=fields.optional("country"),
        source=source,
        perlu_dicek=fields.texts("perlu_dicek"),
    )
    fields.unknown()
    if not source.is_dated and not contact.perlu_dicek:
        fields.fault("sources", "sumber tanpa penerbit atau tanggal wajib punya `perlu_dicek`")
    return contact, fields.problems + faults
