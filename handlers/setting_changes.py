"""What admins do to the settings: one unit of work each, kept as a version, told to the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from escalation.policy_values import Value, Values
from handlers import audit, in_force, replies, setting_versions
from handlers.audit import Action
from handlers.database import Database
from handlers.hotlines import Danger
from handlers.models import Account
from handlers.proving import prove_password
from handlers.resources import Resources
from handlers.setting_models import SettingVersion
from handlers.setting_sheets import Change, Sheet, changes, sheet_of
from handlers.setting_versions import Section


class SettingRefused(Exception):
    """Values that cannot be put in force. Carries a sentence for each fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep the sentences."""
        self.faults = tuple(faults)
        super().__init__("refused")


@dataclass(frozen=True, slots=True)
class Kept:
    """A version with its values and what it changed against the one before, if both are readable."""

    version: SettingVersion
    values: Mapping[str, Value] | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A section as it stands: its newest version, the values that count, what differs.

    `values` are the packaged ones where the newest version is unreadable.
    """

    version: SettingVersion | None
    values: Mapping[str, Value]
    differs: tuple[Change, ...]
    is_unreadable: bool

    @property
    def number(self) -> int:
        """Give the number of the newest version, 0 where there is none."""
        return self.version.number if self.version else 0


def standing(db: Session, section: Section, *, sheet: Sheet) -> Standing:
    """Give a section as it stands."""
    defaults = dict(sheet.defaults())
    version = setting_versions.newest(db, section)
    if section in in_force.read(db).unreadable:
        return Standing(version, defaults, (), is_unreadable=True)
    values = defaults | (setting_versions.values_in(version) if version else {})
    return Standing(version, values, tuple(changes(sheet, defaults, values)), is_unreadable=False)


def history(db: Session, section: Section, *, sheet: Sheet) -> list[Kept]:
    """Give every version, newest first, each against the one before."""
    kept: list[Kept] = []
    before: Mapping[str, Value] = {}
    for row in reversed(setting_versions.history(db, section)):
        try:
            values = setting_versions.values_in(row)
        except ValueError:
            kept.append(Kept(row, None, ()))
            continue
        kept.append(Kept(row, values, tuple(changes(sheet, before, values))))
        before = values
    return kept[::-1]


def samples(values: Values, *, resources: Resources) -> dict[str, str]:
    """Give what villagers would read in each kind of danger, for choices without faults."""
    chosen = resources.hotlines.choosing({key: str(value) for key, value in values.items()})
    faq, texts = resources.knowledge.faq, resources.texts
    return {str(id): replies.advice(chosen.of(id, faq), texts) for id in Danger}


def put_in_force(
    database: Database,
    section: Section,
    values: Values,
    *,
    seen: int,
    restored: int | None,
    password: str,
    by: Account,
    resources: Resources,
    now: datetime,
) -> SettingVersion:
    """Let values count from now on; `seen` is the version the admin had before their eyes.

    Raises SettingRefused, PasswordRefused, SettingChanged.
    """
    sheet = sheet_of(section, resources)
    if faults := sheet.faults(values):
        raise SettingRefused(faults)
    defaults = sheet.defaults()
    whole = {**defaults, **values}
    content = {} if whole == defaults else whole
    with database.write() as work:
        prove_password(work, by, password, now=now)
        before = standing(work.db, section, sheet=sheet)
        row = setting_versions.append(
            work.db, section, content, seen=seen, restored=restored, by=by, now=now
        )
        if row.number != before.number:
            told = [
                f"{one.label}: {one.before} → {one.after}"
                for one in changes(sheet, before.values, whole)
            ]
            detail = "; ".join([f"versi {row.number}", *told])
            audit.note(
                work.db, Action.SETTING_CHANGED, by=by, now=now, subject=section, detail=detail
            )
        work.commit()
    in_force.refresh(database, resources)
    return row
