"""Who polls a messenger: one process at a time, another soon after that one dies."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col

from handlers.database import insert_once
from handlers.models import PollerLease

LEASE = timedelta(seconds=40)
RENEW_EVERY = timedelta(seconds=10)
"""Whoever waits looks as often: another process polls within 50 seconds of a holder's end."""


def take(db: Session, channel: str, *, owner: str, now: datetime) -> bool:
    """Take or renew a channel's lease; False while another process holds it.

    Clocks of different machines may differ by less than a lease: keep them set (NTP).
    """
    until = now + LEASE
    if insert_once(db, PollerLease(channel=channel, owner=owner, until=until)) is not None:
        return True
    taken = db.execute(
        update(PollerLease)
        .where(
            col(PollerLease.channel) == channel,
            (col(PollerLease.owner) == owner) | (col(PollerLease.until) <= now),
        )
        .values(owner=owner, until=until)
        .returning(col(PollerLease.id))
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None


def give_back(db: Session, channel: str, *, owner: str) -> None:
    """Let another process have the lease at once."""
    db.execute(
        delete(PollerLease).where(
            col(PollerLease.channel) == channel, col(PollerLease.owner) == owner
        )
    )
