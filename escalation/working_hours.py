"""Hours by the officer's own clock: working time, quiet hours, the next morning."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST_WAIT_DAYS = 3660
"""A span that no working time fills within ten years is a fault in the policy."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours (`days`: Monday is 0), quiet hours and the time of the digest, all local."""

    start: time
    end: time
    days: frozenset[int]
    quiet_from: time
    quiet_until: time
    digest: time

    def after(self, at: datetime, span: timedelta, *, zone: str) -> datetime:
        """Give when `span` of working time has passed since `at`, in the zone of `at`."""
        local, left = at.astimezone(ZoneInfo(zone)), span
        for _ in range(LONGEST_WAIT_DAYS):
            opens = datetime.combine(local.date(), self.start, local.tzinfo)
            closes = datetime.combine(local.date(), self.end, local.tzinfo)
            begins = max(local, opens)
            if local.weekday() in self.days and begins < closes:
                if begins + left <= closes:
                    return (begins + left).astimezone(at.tzinfo)
                left -= closes - begins
            local = datetime.combine(local.date() + timedelta(days=1), time(0), local.tzinfo)
        raise ValueError("no working hours")

    def next_digest(self, at: datetime, *, zone: str) -> datetime:
        """Give the first time of the digest at or after `at`, in the zone of `at`."""
        return _next(at, self.digest, zone=zone)

    def is_quiet(self, at: datetime, *, zone: str) -> bool:
        """Tell whether people are left alone with what can wait."""
        local = at.astimezone(ZoneInfo(zone)).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= local < self.quiet_until
        return local >= self.quiet_from or local < self.quiet_until

    def when_not_quiet(self, at: datetime, *, zone: str) -> datetime:
        """Give `at`, or the end of the quiet hours that it falls into."""
        return _next(at, self.quiet_until, zone=zone) if self.is_quiet(at, zone=zone) else at


def _next(at: datetime, clock: time, *, zone: str) -> datetime:
    local = at.astimezone(ZoneInfo(zone))
    found = datetime.combine(local.date(), clock, local.tzinfo)
    if found < local:
        found = datetime.combine(local.date() + timedelta(days=1), clock, local.tzinfo)
    return found.astimezone(at.tzinfo)
