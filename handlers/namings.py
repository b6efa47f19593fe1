"""Linking by what is named: the same number or company in other cases and in checked offers.

Only keyed hashes are kept, so that a number can be recognised and never read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from escalation.entities import Entities
from handlers.database import insert_once
from handlers.naming_models import Naming
from handlers.sealing import Sealer
from handlers.texts import tidy

PURPOSE = "offer"
LINKED = ("phones", "companies")
"""People's names are too common to link by."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What names the same as a case: other cases, the newest first, and how many offers."""

    cases: tuple[int, ...] = ()
    offers: int = 0


def keep_of_case(db: Session, case_id: int, named: Entities, *, sealer: Sealer) -> None:
    """Keep what a message of a case names."""
    pairs = [(kind, value) for kind in LINKED for value in getattr(named, kind)]
    for key in _keys(pairs, sealer=sealer):
        insert_once(db, Naming(key=key, case_id=case_id))


def keep_of_offer(
    db: Session, offer_id: int, named: Iterable[tuple[str, str]], *, sealer: Sealer
) -> None:
    """Keep what a checked offer names, given as (kind, value)."""
    for key in _keys(named, sealer=sealer):
        insert_once(db, Naming(key=key, offer_id=offer_id))


def shared(db: Session, case_id: int) -> Shared:
    """Give the other cases, and the number of offers, that name something this case names."""
    keys = db.exec(select(Naming.key).where(col(Naming.case_id) == case_id)).all()
    if not keys:
        return Shared()
    others = db.exec(
        select(Naming.case_id)
        .where(
            col(Naming.key).in_(keys), col(Naming.case_id).is_not(None), Naming.case_id != case_id
        )
        .distinct()
    ).all()
    offers = db.exec(
        select(func.count(func.distinct(col(Naming.offer_id)))).where(col(Naming.key).in_(keys))
    ).one()
    return Shared(tuple(sorted((id for id in others if id is not None), reverse=True)), offers)


def _keys(named: Iterable[tuple[str, str]], *, sealer: Sealer) -> list[str]:
    keys = {
        sealer.lookup(tidy(value), purpose=f"{PURPOSE}:{kind}")
        for kind, value in named
        if kind in LINKED
    }
    return sorted(keys)
