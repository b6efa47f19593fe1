"""The two sections of the settings alike: their values, names, faults, and what changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from escalation.policy_limits import TimeLimits
from escalation.policy_values import Value, Values
from handlers.hotlines import Danger, DangerNumbers, Hotlines, may_stand
from handlers.resources import Resources
from handlers.setting_versions import Section
from knowledge.index import FaqIndex

NOT_OFFERED = "{nama}: pilih dari daftar."
NOT_CALLED = (
    "{nama}: {kontak} belum ditelepon dalam 90 hari terakhir. Telepon dan pastikan dulu di halaman "
    "Pastikan."
)


class Sheet(Protocol):
    """One section: what can be set in it."""

    def defaults(self) -> Mapping[str, Value]:
        """Give the packaged values."""

    def label(self, key: str) -> str:
        """Give what a value is called."""

    def shown(self, key: str, value: Value) -> str:
        """Give a value as people read it."""

    def faults(self, values: Values) -> list[str]:
        """Say all that stands against putting values in force."""


@dataclass(frozen=True, slots=True)
class NumberSheet:
    """Which helpline is named in which danger."""

    dangers: Mapping[Danger, DangerNumbers]
    faq: FaqIndex

    def defaults(self) -> Mapping[str, Value]:
        """Give the packaged choices."""
        return {str(id): numbers.default for id, numbers in self.dangers.items()}

    def label(self, key: str) -> str:
        """Give the name of a kind of danger."""
        found = {str(id): numbers.name for id, numbers in self.dangers.items()}
        return found.get(key, key)

    def shown(self, key: str, value: Value) -> str:
        """Give the helpline's name with the number it has now."""
        helpline = self.faq.helplines.get(str(value))
        if helpline is None:
            return str(value)
        number = helpline.number or "belum ada nomor"
        return helpline.name if number in helpline.name else f"{helpline.name}: {number}"

    def faults(self, values: Values) -> list[str]:
        """Say which choice is not offered, or may not stand in a reply today."""
        found = []
        defaults = self.defaults()
        for key, value in {**defaults, **values}.items():
            if key not in defaults or value not in self.dangers[Danger(key)].offered:
                found.append(NOT_OFFERED.format(nama=self.label(key)))
            elif not may_stand(str(value), self.faq):
                name = self.shown(key, value)
                found.append(NOT_CALLED.format(nama=self.label(key), kontak=name))
        return found


def sheet_of(section: Section, resources: Resources) -> Sheet:
    """Give a section with its packaged values, as things stand today."""
    if section == Section.TIMES:
        return TimeLimits.load()
    return NumberSheet(Hotlines.load().dangers, resources.knowledge.faq)


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another one; `is_slower` where that lets people wait longer."""

    key: str
    label: str
    before: str
    after: str
    is_slower: bool = False


def changes(sheet: Sheet, before: Values, after: Values) -> list[Change]:
    """Give what is another value afterwards, in the order of the section."""
    defaults = sheet.defaults()
    found = []
    for key, default in defaults.items():
        old, new = before.get(key, default), after.get(key, default)
        if old != new:
            slower = isinstance(old, int) and isinstance(new, int) and new > old
            shown = (sheet.shown(key, old), sheet.shown(key, new))
            found.append(Change(key, sheet.label(key), *shown, is_slower=slower))
    return found
