"""Order, urgency, backoff, parking; nothing sent twice where the provider refused."""

from datetime import timedelta

import pytest
from sqlmodel import select

from handlers import contacts, outbox
from handlers.database import Database
from handlers.messages import OutboundMessage
from handlers.models import Contact, OutboxItem, OutboxKind, OutboxStatus, Priority
from handlers.sealing import Sealer
from tests.conftest import FixedClock


class Queue:
    """An outbox with a few people, as one worker sees it."""

    def __init__(self, database: Database, sealer: Sealer, clock: FixedClock) -> None:
        self.database, self.sealer, self.clock = database, sealer, clock

    def add(self, person: str, key: str, **fields: object) -> int | None:
        with self.database.write() as work:
            contact = contacts.find_or_add(
                work.db, channel="web", address=person, sealer=self.sealer, now=self.clock()
            )
            assert contact.id is not None
            draft = outbox.Draft(contact.id, OutboundMessage(key), key, **fields)  # type: ignore[arg-type]
            added = outbox.queue(work.db, draft, sealer=self.sealer, now=self.clock())
            work.commit()
        return added

    def claim(self, *, owner: str = "a", limit: int = 10) -> list[str]:
        with self.database.write() as work:
            ids = outbox.claim_due(work.db, owner=owner, now=self.clock(), limit=limit)
            keys = [work.db.get_one(OutboxItem, id).dedupe_key for id in ids]
            work.commit()
        return keys

    def item(self, key: str) -> OutboxItem:
        with self.database.read() as db:
            return db.exec(select(OutboxItem).where(OutboxItem.dedupe_key == key)).one()

    def sent(self, key: str, *, owner: str = "a") -> bool:
        with self.database.write() as work:
            id = self.item(key).id
            assert id is not None
            done = outbox.mark_sent(work.db, id, owner=owner, provider_id="p", now=self.clock())
            work.commit()
        return done

    def failed(self, key: str, *, retry_after: timedelta | None = None) -> None:
        with self.database.write() as work:
            item = work.db.get_one(OutboxItem, self.item(key).id)
            outbox.mark_retry(item, code="429", now=self.clock(), retry_after=retry_after)
            work.db.add(item)
            work.commit()


@pytest.fixture
def queue(database: Database, sealer: Sealer, clock: FixedClock) -> Queue:
    return Queue(database, sealer, clock)


def test_a_dedupe_key_queues_once(queue: Queue) -> None:
    assert queue.add("a", "reply:1") is not None
    assert queue.add("a", "reply:1") is None


def test_one_recipient_in_order_two_recipients_beside(queue: Queue) -> None:
    for person, key in (("a", "a1"), ("a", "a2"), ("b", "b1")):
        queue.add(person, key)
    assert queue.claim() == ["a1", "b1"]
    assert queue.claim(owner="b") == []
    queue.sent("a1")
    assert queue.claim(owner="b") == ["a2"]


def test_darurat_overtakes(queue: Queue) -> None:
    queue.add("a", "a1")
    queue.add("a", "a2")
    queue.add("a", "darurat", priority=Priority.URGENT)
    assert queue.claim() == ["darurat", "a1"]


def test_a_failing_delivery_holds_its_queue_for_a_minute_then_is_parked(queue: Queue) -> None:
    queue.add("a", "a1")
    queue.add("a", "a2")
    queue.add("b", "b1")
    waited = timedelta()
    while queue.item("a1").status == OutboxStatus.WAITING:
        assert "a2" not in queue.claim()
        queue.failed("a1")
        step = queue.item("a1").due_at - queue.clock()
        waited += step
        queue.clock.move(step)
    assert queue.item("a1").status == OutboxStatus.PARKED
    assert waited <= outbox.HOLDS_QUEUE * 2
    assert set(queue.claim()) >= {"a1", "a2"}


def test_an_hour_asked_by_the_provider_parks_at_once(queue: Queue) -> None:
    queue.add("a", "a1")
    queue.add("a", "a2")
    queue.claim()
    queue.failed("a1", retry_after=timedelta(hours=1))
    assert queue.item("a1").status == OutboxStatus.PARKED
    assert queue.claim() == ["a2"]
    queue.sent("a2")
    queue.clock.move(timedelta(minutes=59))
    assert queue.claim() == []
    queue.clock.move(timedelta(minutes=1))
    assert queue.claim() == ["a1"]


def test_the_attempt_stands_before_the_send(queue: Queue) -> None:
    queue.add("a", "a1")
    queue.claim()
    assert queue.item("a1").attempts == 1
    queue.clock.move(outbox.LEASE + timedelta(seconds=1))
    assert queue.claim(owner="b") == ["a1"]
    assert queue.item("a1").attempts == 2


def test_a_lease_that_passed_on_cannot_settle(queue: Queue) -> None:
    queue.add("a", "a1")
    queue.claim()
    queue.clock.move(outbox.LEASE + timedelta(seconds=1))
    assert queue.claim(owner="b") == ["a1"]
    assert not queue.sent("a1", owner="a")
    assert queue.item("a1").status == OutboxStatus.WAITING
    assert queue.sent("a1", owner="b")
    assert queue.item("a1").status == OutboxStatus.SENT
    assert queue.item("a1").lease_owner is None
    assert not queue.sent("a1", owner="b")


def test_what_is_held_goes_when_the_person_writes_again(queue: Queue) -> None:
    queue.add("a", "a1", kind=OutboxKind.RELAY, held=True)
    queue.add("a", "a2")
    assert queue.claim() == ["a2"]
    with queue.database.write() as work:
        item = work.db.get_one(OutboxItem, queue.item("a1").id)
        writer, person_id = work.db.get_one(Contact, item.contact_id), item.contact_id
        assert outbox.release_held(work.db, writer, person_id=person_id, now=queue.clock()) == 1
        work.commit()
    assert queue.claim() == ["a1"]


def test_a_card_for_the_morning_waits_and_holds_nothing_up(queue: Queue) -> None:
    queue.add("a", "pagi", priority=8, due_at=queue.clock() + timedelta(hours=5))
    queue.add("a", "kini")
    assert queue.claim() == ["kini"]
    queue.sent("kini")
    queue.clock.move(timedelta(hours=5))
    assert queue.claim() == ["pagi"]


def test_payloads_are_sealed(queue: Queue) -> None:
    queue.add("a", "rahasia sekali")
    item = queue.item("rahasia sekali")
    assert b"rahasia" not in item.payload_sealed
    assert outbox.payload_of(item, sealer=queue.sealer).text == "rahasia sekali"


def test_what_may_have_been_sent_twice_is_counted(queue: Queue) -> None:
    queue.add("ani", "a1")
    queue.claim()
    queue.failed("a1")
    queue.clock.move(timedelta(seconds=2))
    queue.claim()
    assert queue.item("a1").lost_answers == 0
    # The worker that held it vanished: nobody knows whether it was sent.
    queue.clock.move(outbox.LEASE + timedelta(seconds=1))
    queue.claim(owner="b")
    assert queue.item("a1").lost_answers == 1
    with queue.database.write() as work:
        outbox.release_all(work.db)
        work.commit()
    assert queue.item("a1").lost_answers == 2
    queue.claim()
    queue.sent("a1")
    with queue.database.read() as db:
        assert outbox.lost_answers(db) == 2
