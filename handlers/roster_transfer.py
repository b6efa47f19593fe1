"""Importing a roster: a preview that writes nothing, then all of it or nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from escalation.roster_import import Imported, RosterError, Row, import_roster, read_roster
from escalation.roster_plan import Effect, Plan, make_plan
from handlers import audit
from handlers.audit import Action
from handlers.officer_routes import INVITATION_PURPOSE, MailTaken, add_mail
from handlers.resources import Resources
from handlers.roster_office import Doing
from handlers.sealing import Sealer


class PlanChanged(Exception):
    """The roster changed after the preview was made."""


def read_rows(text: str, *, resources: Resources) -> list[Row]:
    """Read a sheet. Raises RosterError."""
    return read_roster(
        text,
        offices=resources.offices,
        is_area=lambda code: resources.places.area(code) is not None,
    )


def bring_in(doing: Doing, text: str, *, mark: str) -> tuple[Plan, Sequence[Imported]]:
    """Write what the preview with this mark showed; codes of invitation are given once.

    Raises PlanChanged, RosterError.
    """
    rows = read_rows(text, resources=doing.resources)
    with doing.database.write() as work:
        plan = make_plan(work.db, rows)
        if plan.mark != mark:
            raise PlanChanged
        imported = write_rows(work.db, rows, sealer=doing.resources.sealer, now=doing.now)
        detail = f"{plan.count(Effect.ADDED)} baru, {plan.count(Effect.CHANGED)} berubah"
        audit.note(work.db, Action.ROSTER_IMPORTED, by=doing.by, now=doing.now, detail=detail)
        work.commit()
    return plan, imported


def write_rows(
    db: Session, rows: list[Row], *, sealer: Sealer, now: datetime
) -> Sequence[Imported]:
    """Write officers with their mail addresses. Raises RosterError where one is taken."""
    imported = import_roster(
        db, rows, hashed=lambda code: sealer.lookup(code, purpose=INVITATION_PURPOSE), now=now
    )
    taken = []
    for row in imported:
        try:
            if row.mail:
                add_mail(db, row.officer, row.mail, sealer=sealer, now=now)
        except MailTaken:
            taken.append(f"{row.name}: surel {row.mail!r} sudah dipakai petugas lain")
    if taken:
        raise RosterError(taken)
    return imported
