"""Pacing: no faster than the provider allows, per channel and per person, darurat first.

Claims come most urgent first, so what is urgent reserves its place first. A delivery that would
be too early is put off in the outbox, never slept on: a lease would run out meanwhile. Several
worker processes each keep their own pace; the provider's `retry_after` holds them together.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

PEOPLE_KEPT = 10_000
URGENT_RESERVE = 0.1
"""Share of a channel's burst that only what is urgent may use up."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages per second for a channel and for one person, with the bursts they allow."""

    per_second: float
    person_every: timedelta
    person_burst: int

    @property
    def burst(self) -> float:
        """Give how many messages a rested channel may send at once: one second's worth."""
        return max(1.0, self.per_second)


class Bucket:
    """A token bucket: `rate` tokens a second up to `size`."""

    __slots__ = ("_at", "_rate", "_size", "_tokens")

    def __init__(self, *, rate: float, size: float, now: datetime) -> None:
        """Start full."""
        self._rate, self._size, self._tokens, self._at = rate, size, size, now

    def wait(self, now: datetime, *, keep: float = 0.0, count: int = 1) -> timedelta:
        """Give how long until `count` tokens are there beside `keep` others; zero if they are.

        A full bucket serves any count: what is more than it holds is owed afterwards.
        """
        self._fill(now)
        missing = min(count + keep, self._size) - self._tokens
        return timedelta(seconds=max(0.0, missing) / self._rate)

    def take(self, now: datetime, *, count: int = 1) -> None:
        """Use tokens."""
        self._fill(now)
        self._tokens -= count

    def _fill(self, now: datetime) -> None:
        passed = max(0.0, (now - self._at).total_seconds())
        self._tokens = min(self._size, self._tokens + passed * self._rate)
        self._at = max(now, self._at)


class Pacer:
    """Says how long a delivery must still wait. Used by one event loop."""

    def __init__(self, paces: Mapping[str, Pace]) -> None:
        """Take the pace of each channel; a channel without one is never held back."""
        self._paces = paces
        self._channels: dict[str, Bucket] = {}
        self._people: OrderedDict[int, Bucket] = OrderedDict()

    def reserve(
        self, channel: str, contact_id: int, *, urgent: bool, now: datetime, parts: int = 1
    ) -> timedelta:
        """Give zero and use up the delivery's places, or how long it must wait.

        `parts` is how many messages the provider counts for it.
        """
        pace = self._paces.get(channel)
        if pace is None:
            return timedelta(0)
        whole = self._channels.setdefault(
            channel, Bucket(rate=pace.per_second, size=pace.burst, now=now)
        )
        person = self._person(contact_id, pace, now=now)
        keep = 0.0 if urgent else pace.burst * URGENT_RESERVE
        wait = max(whole.wait(now, keep=keep, count=parts), person.wait(now, count=parts))
        if wait > timedelta(0):
            return wait
        whole.take(now, count=parts)
        person.take(now, count=parts)
        return timedelta(0)

    def _person(self, contact_id: int, pace: Pace, *, now: datetime) -> Bucket:
        bucket = self._people.pop(contact_id, None) or Bucket(
            rate=1 / pace.person_every.total_seconds(), size=pace.person_burst, now=now
        )
        self._people[contact_id] = bucket
        if len(self._people) > PEOPLE_KEPT:
            self._people.popitem(last=False)
        return bucket
