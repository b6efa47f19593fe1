"""Which office serves a regency, as named admins vouched for it."""

from collections.abc import Mapping

from sqlmodel import Session, col, func, select

from escalation.models import OfficeConfirmation


def newest_id(db: Session) -> int:
    """Give a number that grows with every confirmation; 0 without any."""
    return db.exec(select(func.max(OfficeConfirmation.id))).one() or 0


def in_force(db: Session) -> Mapping[str, OfficeConfirmation]:
    """Give the last confirmation of each regency, without those taken back."""
    rows = db.exec(select(OfficeConfirmation).order_by(col(OfficeConfirmation.id))).all()
    last = {row.regency_code: row for row in rows}
    return {code: row for code, row in last.items() if row.office_code}
