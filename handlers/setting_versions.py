"""Versions of the settings in the database: the newest of a section is in force."""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from escalation.policy_values import Value, Values
from handlers.models import Account
from handlers.setting_models import SettingVersion


class Section(StrEnum):
    """What is set, kept and restored as one; the value stands in addresses and in the log."""

    TIMES = "waktu"
    NUMBERS = "nomor"


class SettingChanged(Exception):
    """Somebody else changed this section since it was opened."""

    def __init__(self, by: str, at: datetime | None) -> None:
        """Keep who it was and when."""
        self.by, self.at = by, at
        super().__init__("changed")


def mark(db: Session) -> tuple[int, ...]:
    """Give what changes with every new version of any section."""
    return (db.exec(select(func.max(SettingVersion.id))).one() or 0,)


def newest(db: Session, section: Section) -> SettingVersion | None:
    """Give the version in force, None where nobody ever changed the packaged values."""
    return db.exec(_of(section).limit(1)).first()


def values_in(row: SettingVersion) -> dict[str, Value]:
    """Give the values of a version. Raises ValueError where they cannot be read."""
    found = json.loads(row.content)
    if not isinstance(found, dict) or not all(isinstance(v, int | str) for v in found.values()):
        raise ValueError("no values")
    return found


def history(db: Session, section: Section) -> Sequence[SettingVersion]:
    """Give every version, newest first."""
    return db.exec(_of(section)).all()


def numbered(db: Session, section: Section, number: int) -> SettingVersion | None:
    """Give one version."""
    return db.exec(_of(section).where(col(SettingVersion.number) == number)).one_or_none()


def append(
    db: Session,
    section: Section,
    content: Values,
    *,
    seen: int,
    restored: int | None,
    by: Account,
    now: datetime,
) -> SettingVersion:
    """Put values in force; `seen` is the number of the version that the admin had before them.

    What is in force already stays: a button is pressed twice. Raises SettingChanged.
    """
    found, text = newest(db, section), json.dumps(dict(content), sort_keys=True)
    if found is not None and found.number != seen:
        if found.content == text:
            return found
        raise SettingChanged(found.who, found.at)
    number = found.number + 1 if found else 1
    assert by.id is not None
    row = SettingVersion(
        section=section,
        number=number,
        content=text,
        restored=restored,
        account_id=by.id,
        who=by.name,
        at=now,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError as error:
        # Two admins in the same moment.
        other = newest(db, section)
        raise SettingChanged(other.who if other else "", other.at if other else None) from error
    return row


def _of(section: Section) -> SelectOfScalar[SettingVersion]:
    query = select(SettingVersion).where(col(SettingVersion.section) == section)
    return query.order_by(col(SettingVersion.number).desc())
