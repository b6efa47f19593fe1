"""What only messengers bring: receipts, other addresses of a person, closed windows, pace."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.app import App
from bot.pacing import Pace, Pacer
from bot.workers import Workers
from handlers import contacts, receipts
from handlers.channel import AddressMoved, Parsed, Receipt, WindowClosed
from handlers.intake import take_in
from handlers.messages import InboundKind
from handlers.models import Ending, InboxItem, InboxStatus, OutboxItem, OutboxStatus
from tests.conftest import FixedClock
from tests.factories import make_inbound
from tests.handlers.test_delivery import DANGER, Moody, moody, moody_app
from tests.people import Person, only_case, seat, settle, text_of

__all__ = ["moody", "moody_app"]


def told(app: App, person: Person) -> list[OutboxItem]:
    with app.database.read() as db:
        contact = person.contact(db)
        return list(
            db.exec(
                select(OutboxItem)
                .where(OutboxItem.contact_id == contact.id)
                .order_by(col(OutboxItem.id))
            ).all()
        )


def receive(app: App, *found: Receipt) -> int:
    with app.database.write() as work:
        known = receipts.apply(work.db, "web", found, resources=app.resources, now=app.clock())
        work.commit()
    return known


def test_receipts_in_any_order_and_twice(app: App) -> None:
    villager = Person(app, "warga")
    villager.say("brp biaya bikin paspor")
    sent = told(app, villager)[0]
    assert sent.provider_id is not None
    read = Receipt(sent.provider_id, "read", app.clock())
    delivered = Receipt(sent.provider_id, "delivered", app.clock())
    assert receive(app, read, delivered, read) == 3
    after = told(app, villager)[0]
    assert (after.delivered_at, after.read_at) == (app.clock(), app.clock())
    assert receive(app, Receipt("nobody", "read", app.clock())) == 0


def test_a_card_that_failed_later_goes_to_the_next_officer(app: App) -> None:
    villager, first = Person(app, "warga"), seat(app, "Sari")
    second = seat(app, "Budi")
    villager.say("petugas")
    card = told(app, first)[0]
    assert card.provider_id is not None
    receive(app, Receipt(card.provider_id, "failed", app.clock(), code="131026"))
    settle(app)
    assert "dialihkan" in text_of(second.read())
    assert told(app, first)[0].status == OutboxStatus.FAILED


def test_a_late_failure_of_another_device_changes_nothing(app: App) -> None:
    villager = Person(app, "warga")
    villager.say("brp biaya bikin paspor")
    sent = told(app, villager)[0]
    assert sent.provider_id is not None
    receive(app, Receipt(sent.provider_id, "delivered", app.clock()))
    receive(app, Receipt(sent.provider_id, "failed", app.clock()))
    assert told(app, villager)[0].status == OutboxStatus.SENT


def take(app: App, sender: str, *aliases: str, **fields: Any) -> None:
    message = make_inbound(sender=sender, aliases=aliases, **fields)
    take_in(
        app.database, Parsed((message,)), channel="web", resources=app.resources, now=app.clock()
    )


def contact_of(app: App, address: str) -> int | None:
    with app.database.read() as db:
        found = contacts.find(db, channel="web", address=address, sealer=app.resources.sealer)
    return found.id if found else None


def test_one_person_under_number_and_user_id(app: App) -> None:
    take(app, "6281200000001")
    first = contact_of(app, "6281200000001")
    take(app, "US.1", "6281200000001")
    take(app, "US.1")
    assert contact_of(app, "US.1") == first


def test_the_next_holder_of_a_number_is_somebody_else(app: App) -> None:
    take(app, "US.1", "6281200000001")
    take(app, "6281200000001")
    assert contact_of(app, "6281200000001") not in (None, contact_of(app, "US.1"))


def test_a_changed_number_is_followed_without_a_word(app: App) -> None:
    take(app, "6281200000001")
    settle(app)
    first = contact_of(app, "6281200000001")
    take(app, "6281200000002", "6281200000001", kind=InboundKind.MOVED, text="")
    settle(app)
    assert contact_of(app, "6281200000002") == first
    with app.database.read() as db:
        assert len(db.exec(select(InboxItem)).all()) == 1


def test_a_moved_chat_is_followed_at_once(moody_app: App, moody: Moody) -> None:
    moody.refusals["lama"] = AddressMoved("migrated", new_address="baru")
    Person(moody_app, "lama").send(text="brp biaya bikin paspor")
    settle(moody_app)
    assert "baru" in moody.calls
    assert "Rp" in text_of(Person(moody_app, "baru").read())


def test_a_window_that_proves_closed_later_is_opened_too(app: App) -> None:
    villager, officer = Person(app, "warga"), seat(app, "Sari")
    villager.say("petugas")
    card = told(app, officer)[0]
    assert card.provider_id is not None
    receive(app, Receipt(card.provider_id, "failed", app.clock(), code="window-closed"))
    settle(app)
    assert "Ada kasus baru" in text_of(officer.read())
    assert told(app, officer)[0].status == OutboxStatus.HELD


def test_what_failed_for_the_moment_is_tried_again(app: App, clock: FixedClock) -> None:
    villager = Person(app, "warga")
    villager.say("halo")
    sent = told(app, villager)[0]
    assert sent.provider_id is not None
    receive(app, Receipt(sent.provider_id, "failed", app.clock(), code="temporary-131000"))
    assert told(app, villager)[0].status == OutboxStatus.WAITING


def test_a_closed_window_is_opened_by_one_template(
    moody_app: App, moody: Moody, clock: FixedClock
) -> None:
    villager, officer = Person(moody_app, "warga"), seat(moody_app, "Sari")
    moody.refusals[officer.name] = WindowClosed("131047")
    villager.say(DANGER)
    held = [item for item in told(moody_app, officer) if item.status == OutboxStatus.HELD]
    assert held
    assert "Ada kasus baru" in text_of(officer.read())
    moody.refusals.clear()
    assert "DARURAT" in text_of(officer.say("ya"))
    assert only_case(moody_app).id


def test_a_reply_behind_a_closed_window_counts_as_waiting(moody_app: App, moody: Moody) -> None:
    villager = Person(moody_app, "warga")
    moody.refusals[villager.name] = WindowClosed("131047")
    inbox_id = villager.send(text="brp biaya bikin paspor")
    settle(moody_app)
    with moody_app.database.read() as db:
        assert db.get_one(InboxItem, inbox_id).status == InboxStatus.REPLYING
    moody.refusals.clear()
    villager.say("halo")
    with moody_app.database.read() as db:
        item = db.get_one(InboxItem, inbox_id)
    assert (item.status, item.ending) == (InboxStatus.DONE, Ending.ANSWERED)


def test_the_pace_is_kept_and_urgent_goes_first(clock: FixedClock) -> None:
    pacer = Pacer({"web": Pace(10, timedelta(seconds=1), 2)})
    waits = [pacer.reserve("web", n, urgent=False, now=clock()) for n in range(12)]
    assert waits.count(timedelta(0)) == 9
    assert pacer.reserve("web", 99, urgent=True, now=clock()) == timedelta(0)
    assert pacer.reserve("web", 98, urgent=True, now=clock()) > timedelta(0)
    clock.move(timedelta(seconds=1))
    assert pacer.reserve("web", 0, urgent=False, now=clock()) == timedelta(0)


def test_one_person_is_not_flooded(clock: FixedClock) -> None:
    pacer = Pacer({"web": Pace(100, timedelta(seconds=6), 2)})
    waits = [pacer.reserve("web", 1, urgent=False, now=clock()) for _ in range(3)]
    assert waits[:2] == [timedelta(0)] * 2
    assert timedelta(seconds=5) < waits[2] <= timedelta(seconds=6)
    assert pacer.reserve("terminal", 1, urgent=False, now=clock()) == timedelta(0)


@pytest.mark.parametrize("people", [1, 5])
def test_everything_arrives_in_order_at_a_slow_pace(
    app: App, clock: FixedClock, people: int
) -> None:
    pacer = Pacer({"web": Pace(2, timedelta(seconds=1), 1)})
    workers = Workers(
        database=app.database,
        channels=app.channels,
        resources=app.resources,
        clock=clock,
        pacer=pacer,
    )
    slow = replace(app, workers=workers)
    crowd = [Person(slow, f"warga-{number}") for number in range(people)]
    for person in crowd:
        person.send(text="brp biaya bikin paspor")
    for _ in range(30):
        settle(slow)
        clock.move(timedelta(seconds=1))
    for person in crowd:
        answer, village = person.read()
        assert "Rp" in answer.text
        assert "desa mana" in village.text


def test_a_text_in_three_parts_costs_three(clock: FixedClock) -> None:
    pacer = Pacer({"web": Pace(100, timedelta(seconds=6), 3)})
    assert pacer.reserve("web", 1, urgent=False, now=clock(), parts=3) == timedelta(0)
    assert timedelta(seconds=5) < pacer.reserve("web", 1, urgent=False, now=clock())


def test_more_parts_than_a_burst_wait_for_a_full_one_and_are_owed(clock: FixedClock) -> None:
    pacer = Pacer({"web": Pace(100, timedelta(seconds=6), 3)})
    assert pacer.reserve("web", 1, urgent=False, now=clock(), parts=5) == timedelta(0)
    clock.move(timedelta(seconds=6))
    assert pacer.reserve("web", 1, urgent=False, now=clock()) > timedelta(seconds=11)
