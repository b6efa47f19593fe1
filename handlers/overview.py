"""The overview: what was asked, how it was answered, and how long people waited, area by area."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from escalation.assignment import Rung
from escalation.case_states import CaseState
from escalation.models import Case
from escalation.offices import Offices
from handlers.access import sees_area
from handlers.models import Account, Ending, QuestionRecord

SPAN = timedelta(days=14)
"""How far back questions are counted: pages stay fast, the index on time does the rest."""

CASES_SPAN = timedelta(days=90)
SHOWN = 8
FEW = 5
"""Fewer than this at a place might point to a person: such places are counted together."""


@dataclass(frozen=True, slots=True)
class OfficeWait:
    """How long cases of one office's area waited for a person, in minutes; None without any."""

    code: str
    office: str
    taken: int
    waiting: int
    half: float | None
    most: float | None
    """Nine of ten waited at most this long."""


@dataclass(frozen=True, slots=True)
class _Stood:
    """What the figures need of one case; reading all of it would take as long as the counting."""

    state: str
    area_code: str | None
    is_outside: bool
    rung: str
    opened_at: datetime
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of one area. Counts are of the last 14 days unless their name says otherwise."""

    today: int
    questions: int
    answered: int
    unknown: int
    helped: int
    did_not_help: int
    days: Sequence[tuple[date, int]]
    topics: Sequence[tuple[str, int]]
    entries: Sequence[tuple[str, int]]
    languages: Sequence[tuple[str, int]]
    places: Sequence[tuple[str, int]]
    """Regency codes; "" stands for those with too few questions and those without a place."""

    open_cases: int
    untaken: int
    ladder: Sequence[tuple[str, int]]
    """Open cases by the rung they stand at, lowest first."""

    oldest: datetime | None
    """When the longest waiting case that nobody has taken was opened."""

    offices: Sequence[OfficeWait]


def take(db: Session, *, by: Account, offices: Offices, zone: str, now: datetime) -> Overview:
    """Give the figures that an account may see: of its area alone. `zone` decides what a day is."""
    here = ZoneInfo(zone)
    start = now.astimezone(here).replace(hour=0, minute=0, second=0, microsecond=0)
    since = start - SPAN + timedelta(days=1)
    found = _cases(db, by=by, now=now)
    still_open = [one for one in found if one.state != CaseState.CLOSED]
    untaken = [one.opened_at for one in still_open if one.state == CaseState.NEW]
    rungs = Counter(one.rung for one in still_open)
    endings = _grouped(db, QuestionRecord.ending, by=by, since=since)
    helped, did_not = _helpful(db, by=by, since=since)
    days = _days(db, by=by, since=since, zone=here, last=start.date())
    return Overview(
        today=days[-1][1],
        questions=sum(endings.values()),
        answered=endings[Ending.ANSWERED],
        unknown=endings[Ending.UNKNOWN],
        helped=helped,
        did_not_help=did_not,
        days=days,
        topics=_grouped(db, QuestionRecord.topic, by=by, since=since).most_common(SHOWN),
        entries=_grouped(db, QuestionRecord.slug, by=by, since=since).most_common(SHOWN),
        languages=_grouped(db, QuestionRecord.language, by=by, since=since).most_common(SHOWN),
        places=_places(db, by=by, since=since),
        open_cases=len(still_open),
        untaken=len(untaken),
        ladder=[(rung.value, rungs[rung.value]) for rung in Rung if rungs[rung.value]],
        oldest=min(untaken, default=None),
        offices=_waits(found, offices=offices),
    )


def _in_area(by: Account) -> Any:
    """Give the condition that keeps questions to an account's area."""
    area = col(QuestionRecord.area_code)
    if not by.area_code:
        return col(QuestionRecord.id).is_not(None)
    return or_(area == by.area_code, area.startswith(f"{by.area_code}."))


def _grouped(db: Session, column: Any, *, by: Account, since: datetime) -> Counter[str]:
    rows = db.exec(
        select(column, func.count())
        .where(col(QuestionRecord.at) >= since, column.is_not(None), _in_area(by))
        .group_by(column)
        .order_by(column)
    ).all()
    return Counter({str(value): count for value, count in rows})


def _helpful(db: Session, *, by: Account, since: datetime) -> tuple[int, int]:
    helpful = col(QuestionRecord.helpful)
    row = db.exec(
        select(
            func.sum(case((helpful.is_(True), 1), else_=0)),
            func.sum(case((helpful.is_(False), 1), else_=0)),
        ).where(col(QuestionRecord.at) >= since, _in_area(by))
    ).one()
    return int(row[0] or 0), int(row[1] or 0)


def _days(
    db: Session, *, by: Account, since: datetime, zone: ZoneInfo, last: date
) -> list[tuple[date, int]]:
    """Count day by day; one small query a day, which both engines answer from the index."""
    found = []
    for ago in range(SPAN.days - 1, -1, -1):
        day = last - timedelta(days=ago)
        begin = datetime(day.year, day.month, day.day, tzinfo=zone)
        query = select(func.count()).where(
            col(QuestionRecord.at) >= begin,
            col(QuestionRecord.at) < begin + timedelta(days=1),
            _in_area(by),
        )
        found.append((day, db.exec(query).one()))
    return found


def _places(db: Session, *, by: Account, since: datetime) -> list[tuple[str, int]]:
    regency = func.substr(QuestionRecord.area_code, 1, 5)
    rows = db.exec(
        select(regency, func.count())
        .where(col(QuestionRecord.at) >= since, _in_area(by))
        .group_by(regency)
    ).all()
    named = Counter({code: count for code, count in rows if code and count >= FEW})
    shown = sorted(named.most_common(SHOWN), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(count for _, count in rows) - sum(count for _, count in shown)
    return [*shown, ("", rest)] if rest else shown


def _cases(db: Session, *, by: Account, now: datetime) -> list[_Stood]:
    rows = db.execute(
        select_columns(
            col(Case.state),
            col(Case.area_code),
            col(Case.is_outside),
            col(Case.rung),
            col(Case.opened_at),
            col(Case.accepted_at),
        ).where(
            or_(col(Case.state) != CaseState.CLOSED, col(Case.opened_at) >= now - CASES_SPAN),
            col(Case.is_drill).is_(False),
        )
    ).all()
    # A case that goes past the local office does not count in its figures either.
    return [
        one
        for one in (_Stood(*row) for row in rows)
        if not by.area_code or (sees_area(by.area_code, one.area_code) and not one.is_outside)
    ]


def _waits(found: Sequence[_Stood], *, offices: Offices) -> list[OfficeWait]:
    minutes: defaultdict[str, list[float]] = defaultdict(list)
    waiting: Counter[str] = Counter()
    for one in found:
        code = (offices.office_code(one.area_code) if one.area_code else None) or ""
        if one.accepted_at is not None:
            minutes[code].append((one.accepted_at - one.opened_at).total_seconds() / 60)
        elif one.state == CaseState.NEW:
            waiting[code] += 1
    names = {code: office.name for code, office in offices.by_code.items()}
    rows = [
        OfficeWait(
            code,
            names.get(code, ""),
            len(minutes[code]),
            waiting[code],
            *_half_and_most(minutes[code]),
        )
        for code in {*minutes, *waiting}
    ]
    return sorted(rows, key=lambda row: (-row.waiting, -(row.most or 0), row.office))


def _half_and_most(minutes: Sequence[float]) -> tuple[float | None, float | None]:
    """Give the time within which half, and nine of ten, were taken."""
    if not minutes:
        return None, None
    if len(minutes) == 1:
        return minutes[0], minutes[0]
    tenths = quantiles(minutes, n=10, method="inclusive")
    return tenths[4], tenths[8]
