"""The list of placement companies on pages: what a new one changes, and putting it in force."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from handlers import audit
from handlers.audit import Action
from handlers.database import Database
from handlers.models import Account
from handlers.resources import Resources
from knowledge import company_list, store
from knowledge.companies import Company, CompanyStatus, Register, name_of


class ListChanged(Exception):
    """Another list came into force after the preview was made."""


@dataclass(frozen=True, slots=True)
class ListChange:
    """What a new list would change. `turned` are companies whose status differs, old one second.

    `mark` stands for the list in force; `is_older`: it describes an earlier day than that one.
    """

    as_of: date
    companies: Sequence[Company]
    counts: Mapping[CompanyStatus, int]
    gained: Sequence[Company]
    lost: Sequence[Company]
    turned: Sequence[tuple[Company, CompanyStatus]]
    mark: str
    is_older: bool


def preview(
    db: Session, text: str, *, as_of: str, resources: Resources, now: datetime
) -> ListChange:
    """Compare a sheet with the list in force; nothing is written. Raises CompanyListError."""
    day = company_list.read_day(as_of, today=now.date())
    companies = company_list.read_list(text)
    current = resources.companies(db)
    before = {_key(one): one for one in current.companies}
    after = {_key(one): one for one in companies}
    return ListChange(
        as_of=day,
        companies=companies,
        counts=count(companies),
        gained=[one for key, one in after.items() if key not in before],
        lost=[one for key, one in before.items() if key not in after],
        turned=[
            (one, before[key].status)
            for key, one in after.items()
            if key in before and before[key].status != one.status
        ],
        mark=mark_of(db),
        is_older=_is_older(day, current),
    )


def put(
    database: Database, text: str, *, as_of: str, mark: str, by: Account, now: datetime
) -> None:
    """Put a list in force. Raises CompanyListError, ListChanged."""
    day = company_list.read_day(as_of, today=now.date())
    companies = company_list.read_list(text)
    with database.write() as work:
        if mark_of(work.db) != mark:
            raise ListChanged
        store.put_companies(work.db, companies, as_of=day, by=by.name, now=now)
        detail = f"{day.isoformat()}, {len(companies)} perusahaan"
        audit.note(work.db, Action.COMPANIES_IMPORTED, by=by, now=now, detail=detail)
        work.commit()


def mark_of(db: Session) -> str:
    """Give what stands for the list in force."""
    return str(store.company_list_id(db) or 0)


def count(companies: Sequence[Company]) -> Mapping[CompanyStatus, int]:
    """Count companies by what the list says of their licence."""
    return Counter(one.status for one in companies)


def _key(company: Company) -> str:
    return name_of(company.name).joined


def _is_older(day: date, current: Register) -> bool:
    return current.as_of is not None and day < current.as_of
