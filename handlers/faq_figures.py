"""How each entry does with villagers: how often it is asked for, how often it helped."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from handlers.models import QuestionRecord

SPAN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Figures:
    """One entry in the last 30 days. `share` is of all questions that led to an entry."""

    asked: int = 0
    share: float = 0.0
    helped: int = 0
    did_not_help: int = 0

    @property
    def helpfulness(self) -> float | None:
        """Give the share of helped among all who said either; None where nobody did."""
        said = self.helped + self.did_not_help
        return self.helped / said if said else None


def by_entry(db: Session, *, now: datetime) -> dict[str, Figures]:
    """Count by entry, in one query over the last 30 days."""
    rows = db.exec(
        select(
            QuestionRecord.slug,
            func.count(),
            func.sum(case((col(QuestionRecord.helpful).is_(True), 1), else_=0)),
            func.sum(case((col(QuestionRecord.helpful).is_(False), 1), else_=0)),
        )
        .where(col(QuestionRecord.at) >= now - SPAN, col(QuestionRecord.slug).is_not(None))
        .group_by(QuestionRecord.slug)
    ).all()
    total = sum(row[1] for row in rows) or 1
    return {
        str(slug): Figures(asked, asked / total, int(helped or 0), int(did_not or 0))
        for slug, asked, helped, did_not in rows
    }
