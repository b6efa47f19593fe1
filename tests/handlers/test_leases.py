"""One process polls at a time, and another soon after its end."""

from datetime import UTC, datetime, timedelta

from handlers import leases
from handlers.database import Database

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def take(database: Database, owner: str, now: datetime) -> bool:
    with database.write() as work:
        is_ours = leases.take(work.db, "telegram", owner=owner, now=now)
        work.commit()
    return is_ours


def test_only_one_has_it_until_it_runs_out(database: Database) -> None:
    assert take(database, "first", NOON)
    assert not take(database, "second", NOON + leases.LEASE - MOMENT)
    assert take(database, "first", NOON + leases.LEASE - MOMENT), "renewed by its holder"
    assert not take(database, "second", NOON + leases.LEASE)
    assert take(database, "second", NOON + 2 * leases.LEASE)
    assert not take(database, "first", NOON + 2 * leases.LEASE), "the old holder has lost it"


def test_what_is_given_back_is_free_at_once(database: Database) -> None:
    assert take(database, "first", NOON)
    with database.write() as work:
        leases.give_back(work.db, "telegram", owner="second")
        work.commit()
    assert not take(database, "second", NOON), "nobody gives back what is another's"
    with database.write() as work:
        leases.give_back(work.db, "telegram", owner="first")
        work.commit()
    assert take(database, "second", NOON)


def test_a_dead_holder_is_followed_within_a_minute() -> None:
    assert timedelta(minutes=1) > leases.LEASE + leases.RENEW_EVERY
    assert leases.RENEW_EVERY * 3 < leases.LEASE, "two renewals may fail"
