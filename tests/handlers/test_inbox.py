"""Stored, then acknowledged; worked off in order per person; never lost."""

from datetime import timedelta

from sqlmodel import select

from handlers import inbox
from handlers.database import Database
from handlers.models import Contact, Ending, InboxItem, InboxStatus
from handlers.sealing import Sealer
from tests.conftest import FixedClock
from tests.factories import make_inbound


def store(database: Database, sealer: Sealer, clock: FixedClock, **fields: str) -> inbox.Receipt:
    with database.write() as work:
        receipt = inbox.store(work.db, make_inbound(**fields), sealer=sealer, now=clock())
        work.commit()
    return receipt


def claim(database: Database, clock: FixedClock, *, owner: str = "a", limit: int = 10) -> list[int]:
    with database.write() as work:
        ids = inbox.claim_due(work.db, owner=owner, now=clock(), limit=limit)
        work.commit()
    return ids


def finish(database: Database, inbox_id: int, clock: FixedClock, *, owner: str = "a") -> bool:
    with database.write() as work:
        item = inbox.claimed_item(work.db, inbox_id, owner=owner)
        if item is None:
            return False
        inbox.finish(item, ending=Ending.SOCIAL, reason=None, now=clock(), replying=False)
        work.db.add(item)
        work.commit()
    return True


def test_a_repeat_is_a_silent_success(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    first = store(database, sealer, clock, external_id="wamid.1")
    again = store(database, sealer, clock, external_id="wamid.1", text="another body")
    assert first.is_new
    assert not again.is_new
    assert again.inbox_id == first.inbox_id
    with database.read() as db:
        assert len(db.exec(select(InboxItem)).all()) == 1


def test_the_same_id_on_another_channel_is_another_message(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    assert store(database, sealer, clock, external_id="1", channel="telegram").is_new
    assert store(database, sealer, clock, external_id="1", channel="whatsapp").is_new


def test_no_table_holds_a_plain_address_or_text(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    store(database, sealer, clock, sender="6281200001111", text="saya disekap")
    with database.read() as db:
        contact = db.exec(select(Contact)).one()
        item = db.exec(select(InboxItem)).one()
    stored = repr(contact.model_dump()) + repr(item.model_dump())
    assert "6281200001111" not in stored
    assert "disekap" not in stored
    assert inbox.body_of(item, sealer=sealer).text == "saya disekap"


def test_one_person_is_worked_off_in_order_others_beside(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    first = store(database, sealer, clock, sender="a").inbox_id
    second = store(database, sealer, clock, sender="a").inbox_id
    other = store(database, sealer, clock, sender="b").inbox_id
    assert claim(database, clock) == [first, other]
    assert claim(database, clock, owner="b") == []
    assert finish(database, first, clock)
    assert claim(database, clock, owner="b") == [second]


def test_a_lease_that_ran_out_passes_to_another(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    inbox_id = store(database, sealer, clock).inbox_id
    assert claim(database, clock, owner="a") == [inbox_id]
    clock.move(inbox.LEASE + timedelta(seconds=1))
    assert claim(database, clock, owner="b") == [inbox_id]
    assert not finish(database, inbox_id, clock, owner="a")
    assert finish(database, inbox_id, clock, owner="b")


def test_what_cannot_be_handled_waits_and_is_at_last_set_aside(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    inbox_id = store(database, sealer, clock).inbox_id
    put_back = []
    for wait in (*inbox.RETRY_AFTER, None):
        assert claim(database, clock) == [inbox_id]
        with database.write() as work:
            item = inbox.claimed_item(work.db, inbox_id, owner="a")
            assert item is not None
            put_back.append(inbox.put_back(item, now=clock(), reason="ValueError"))
            work.db.add(item)
            work.commit()
        if wait is not None:
            assert claim(database, clock) == []
            clock.move(wait)
    assert put_back == [True, True, True, False]


def test_waiting_counts_what_has_no_reply_yet(
    database: Database, sealer: Sealer, clock: FixedClock
) -> None:
    inbox_id = store(database, sealer, clock).inbox_id
    claim(database, clock)
    with database.write() as work:
        item = inbox.claimed_item(work.db, inbox_id, owner="a")
        assert item is not None
        inbox.finish(item, ending=Ending.ANSWERED, reason=None, now=clock(), replying=True)
        work.db.add(item)
        work.commit()
    with database.read() as db:
        count, oldest = inbox.waiting(db)
        assert db.get_one(InboxItem, inbox_id).status == InboxStatus.REPLYING
    assert count == 1
    assert oldest == clock()
