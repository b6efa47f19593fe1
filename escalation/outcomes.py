"""What became of closed cases: how often each level and each indicator was right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from sqlmodel import Session, col, select

from escalation.case_states import CaseState, Outcome
from escalation.models import Case

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Closed:
    """One closed case, without anything that names its teller."""

    level: str
    kind: str | None
    indicators: tuple[str, ...]
    outcome: str
    reason: str
    month: str

    def to_json(self) -> dict[str, object]:
        """Give it as plain JSON."""
        return {
            "level": self.level,
            "kind": self.kind,
            "indicators": list(self.indicators),
            "outcome": self.outcome,
            "reason": self.reason,
            "month": self.month,
        }


@dataclass(frozen=True, slots=True)
class Precision:
    """How often a name (level or indicator) was verified among the cases with a finding.

    `low`, `high`: Wilson's 95 % interval; None, like the share, where no case has a finding.
    """

    name: str
    verified: int
    unfounded: int
    unknown: int
    share: float | None
    low: float | None
    high: float | None


def closed_cases(db: Session) -> list[Closed]:
    """Give every closed case, oldest first; drills are not among them."""
    found = db.exec(
        select(Case)
        .where(col(Case.state) == CaseState.CLOSED, col(Case.is_drill).is_(False))
        .order_by(col(Case.id))
    ).all()
    return [
        Closed(
            level=case.level,
            kind=case.kind,
            indicators=tuple(case.indicators),
            outcome=case.outcome or Outcome.UNKNOWN,
            reason=case.reason or "",
            month=f"{case.closed_at or case.opened_at:%Y-%m}",
        )
        for case in found
    ]


def by_level(found: Sequence[Closed]) -> list[Precision]:
    """Give the precision of each level that occurs, the most frequent first."""
    return _table((case.level, case.outcome) for case in found)


def by_indicator(found: Sequence[Closed]) -> list[Precision]:
    """Give the precision of each indicator that fired, the most frequent first."""
    return _table((id, case.outcome) for case in found for id in dict.fromkeys(case.indicators))


def _table(pairs: Iterable[tuple[str, str]]) -> list[Precision]:
    counts: dict[str, dict[str, int]] = {}
    for name, outcome in pairs:
        row = counts.setdefault(name, {})
        row[outcome] = row.get(outcome, 0) + 1
    rows = [_precision(name, row) for name, row in counts.items()]
    return sorted(rows, key=lambda row: (-row.verified - row.unfounded - row.unknown, row.name))


def _precision(name: str, row: dict[str, int]) -> Precision:
    verified, unfounded = row.get(Outcome.VERIFIED, 0), row.get(Outcome.UNFOUNDED, 0)
    unknown = sum(row.values()) - verified - unfounded
    total = verified + unfounded
    if not total:
        return Precision(name, verified, unfounded, unknown, None, None, None)
    low, high = wilson(verified, total)
    return Precision(name, verified, unfounded, unknown, verified / total, low, high)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Give Wilson's 95 % interval of a share; `total` is at least one."""
    share, square = hits / total, Z95 * Z95
    middle = share + square / (2 * total)
    spread = Z95 * sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
