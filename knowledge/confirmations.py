"""What named people vouch for: entries they checked, numbers they called."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from knowledge.entries import Source
from knowledge.helplines import Helpline, is_confirmed
from knowledge.models import FaqVersion, HelplineRow, Origin, VersionState
from knowledge.store import helpline_from_json, helpline_to_json


class ChangedMeanwhile(Exception):
    """What was to be confirmed is no longer what the person had before their eyes."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """A helpline with who called it last and when."""

    helpline: Helpline
    confirmed_by: str | None
    confirmed_at: datetime | None
    is_confirmed: bool


def confirm_entry(db: Session, slug: str, *, number: int, by: str, now: datetime) -> None:
    """Note that a named person checked this version of an entry. Raises ChangedMeanwhile."""
    row = db.exec(
        select(FaqVersion)
        .where(
            col(FaqVersion.slug) == slug,
            col(FaqVersion.number) == number,
            col(FaqVersion.state) == VersionState.PUBLISHED,
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise ChangedMeanwhile
    row.checked_by, row.checked_on = by, now.date()
    db.add(row)


def published_numbers(db: Session) -> dict[str, int]:
    """Give the number of the published version of every entry."""
    rows = db.exec(
        select(FaqVersion.slug, FaqVersion.number).where(
            col(FaqVersion.state) == VersionState.PUBLISHED
        )
    ).all()
    return dict(rows)


def helplines(db: Session, *, now: datetime) -> Sequence[Vouched]:
    """Give the whole register by id."""
    rows = db.exec(select(HelplineRow).order_by(col(HelplineRow.id))).all()
    return [_vouched(row, now=now) for row in rows]


def helpline(db: Session, id: str, *, now: datetime) -> Vouched | None:
    """Give one helpline."""
    row = db.get(HelplineRow, id)
    return _vouched(row, now=now) if row else None


def confirm_helpline(db: Session, id: str, *, dialled: str, by: str, now: datetime) -> None:
    """Note that a named person called this number and it answered. Raises ChangedMeanwhile."""
    row = db.get(HelplineRow, id, with_for_update=True)
    if row is None or helpline_from_json(row.content).number != dialled:
        raise ChangedMeanwhile
    row.confirmed_by, row.confirmed_at = by, now
    db.add(row)


def change_helpline(
    db: Session,
    id: str,
    *,
    phone: str | None,
    whatsapp: str | None,
    email: str | None,
    source: Source,
) -> None:
    """Correct a helpline; what vouched for the old number does not vouch for the new one."""
    row = db.get(HelplineRow, id, with_for_update=True)
    if row is None:
        raise ChangedMeanwhile
    old = helpline_from_json(row.content)
    new = replace(old, phone=phone, whatsapp=whatsapp, email=email, source=source)
    row.content, row.origin = helpline_to_json(new), Origin.EDITOR
    if (old.phone, old.whatsapp) != (new.phone, new.whatsapp):
        row.confirmed_by = row.confirmed_at = None
    db.add(row)


def _vouched(row: HelplineRow, *, now: datetime) -> Vouched:
    return Vouched(
        helpline_from_json(row.content),
        row.confirmed_by,
        row.confirmed_at,
        is_confirmed(row.confirmed_at, now=now),
    )
