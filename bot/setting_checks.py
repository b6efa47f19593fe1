"""`check`: whether settings that admins changed can be read, and how they differ."""

from collections.abc import Iterator
from datetime import datetime

from bot.findings import Finding, fault, fine, note
from escalation.policy_limits import TimeLimits
from handlers import in_force, setting_changes
from handlers.database import Database
from handlers.hotlines import Hotlines
from handlers.setting_sheets import NumberSheet, Sheet
from handlers.setting_versions import Section
from knowledge import store

NAMES = {Section.TIMES: "Batas waktu", Section.NUMBERS: "Nomor saat bahaya"}


def of_sections(database: Database, *, now: datetime) -> Iterator[Finding]:
    """Say of each section whether it is the packaged one, and name every other value."""
    with database.read() as db:
        faq = store.load_index(db, now=now)
        sheets: dict[Section, Sheet] = {
            Section.TIMES: TimeLimits.load(),
            Section.NUMBERS: NumberSheet(Hotlines.load().dangers, faq),
        }
        standing = {
            section: setting_changes.standing(db, section, sheet=sheet)
            for section, sheet in sheets.items()
        }
        hotlines = in_force.read(db).hotlines
    for section, one in standing.items():
        if one.is_unreadable:
            yield fault(
                f"{NAMES[section]}: setelan tersimpan (versi {one.number}) tidak terbaca atau "
                "melewati batas; yang berlaku bawaan. Simpan lagi di /admin/setelan"
            )
        elif not one.differs:
            yield fine(f"{NAMES[section]}: sama dengan bawaan")
        for change in one.differs:
            yield note(
                f"{NAMES[section]}: {change.label} {change.after} (bawaan {change.before}), "
                f"versi {one.number}"
            )
    for danger in hotlines.lapsed(faq) if faq.helplines else ():
        yield note(
            f"{danger.name}: nomor pilihan belum ditelepon dalam 90 hari; balasan menyebut bawaan"
        )
