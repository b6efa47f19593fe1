"""One contact per person and channel; the address is sealed."""

from datetime import timedelta

import pytest
from sqlmodel import select

from handlers import contacts
from handlers.database import Database
from handlers.models import Contact
from handlers.sealing import SealBroken, Sealer
from tests.conftest import FixedClock

NUMBER = "6281234567890"


def add(database: Database, address: str, sealer: Sealer, clock: FixedClock, **by: str) -> Contact:
    with database.write() as work:
        contact = contacts.find_or_add(
            work.db,
            channel=by.get("channel", "whatsapp"),
            address=address,
            sealer=sealer,
            now=clock(),
        )
        work.commit()
    return contact


def test_the_same_address_is_the_same_contact(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    first = add(database, NUMBER, sealer, clock)
    since = clock()
    clock.move(timedelta(days=1))
    again = add(database, NUMBER, sealer, clock)
    assert again.id == first.id
    assert again.created_at == since


@pytest.mark.parametrize(
    ("address", "channel"),
    [
        pytest.param(NUMBER, "telegram", id="another channel"),
        pytest.param("6281234567891", "whatsapp", id="another number"),
        pytest.param(NUMBER + " ", "whatsapp", id="an address is kept as the channel gave it"),
    ],
)
def test_another_address_or_channel_is_another_contact(
    database: Database, sealer: Sealer, clock: FixedClock, address: str, channel: str
) -> None:
    first = add(database, NUMBER, sealer, clock)
    other = add(database, address, sealer, clock, channel=channel)
    assert other.id != first.id
    assert other.address_key != first.address_key
    assert contacts.address_of(other, sealer=sealer) == address


def test_the_address_is_stored_sealed_only(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    add(database, NUMBER, sealer, clock)
    with database.read() as db:
        stored = db.exec(select(Contact)).one()
    assert not any(NUMBER in str(value) for value in stored.model_dump().values())
    assert contacts.address_of(stored, sealer=sealer) == NUMBER
    with pytest.raises(SealBroken):
        contacts.address_of(stored, sealer=Sealer(bytes(32)))


def test_an_unknown_address_finds_nobody(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    known = add(database, NUMBER, sealer, clock)
    with database.read() as db:
        found = contacts.find(db, channel="whatsapp", address=NUMBER, sealer=sealer)
        assert found is not None
        assert found.id == known.id
        assert contacts.find(db, channel="telegram", address=NUMBER, sealer=sealer) is None
        key = known.address_key
        assert contacts.find(db, channel="whatsapp", address=key, sealer=sealer) is None


def test_without_a_commit_nobody_was_added(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    with database.write() as work:
        contacts.find_or_add(
            work.db, channel="whatsapp", address=NUMBER, sealer=sealer, now=clock()
        )
    with database.read() as db:
        assert db.exec(select(Contact)).all() == []


def test_a_pseudonym_is_steady_and_hangs_on_the_key(sealer: Sealer) -> None:
    other = Sealer(bytes(32))
    names = {contacts.pseudonym(id, sealer=sealer) for id in range(1, 200)}
    assert len(names) == 199
    assert contacts.pseudonym(7, sealer=sealer) == contacts.pseudonym(7, sealer=sealer)
    assert contacts.pseudonym(7, sealer=other) not in names
