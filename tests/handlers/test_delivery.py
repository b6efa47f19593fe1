"""When a provider refuses: retried, brought to the next officer, visible; never dropped."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.app import App
from bot.transcript_channel import TranscriptChannel
from bot.workers import Workers
from escalation.assignment import Rung
from escalation.case_states import EventKind
from escalation.models import CaseEvent, OfficerRoute
from handlers import balance
from handlers.channel import (
    Delivery,
    PermanentSendError,
    SendError,
    TemporarySendError,
    WindowClosed,
)
from handlers.messages import InboundMessage
from handlers.models import Ending, InboxItem, OutboxItem, OutboxKind, OutboxStatus
from tests.conftest import FixedClock
from tests.people import Person, only_case, seat, settle, text_of

DANGER = "tolong adik saya disekap di kamboja, paspor diambil bos, minta tebusan 30 juta"


class Moody:
    """The web channel, which refuses some addresses as told."""

    def __init__(self, real: TranscriptChannel) -> None:
        self.name, self.limits, self._real = real.name, real.limits, real
        self.refusals: dict[str, SendError] = {}
        self.calls: list[str] = []

    async def send(self, delivery: Delivery) -> str:
        self.calls.append(delivery.address)
        error = self.refusals.get(delivery.address)
        opens = isinstance(error, WindowClosed) and delivery.message.template is not None
        if error is not None and not opens:
            raise error
        return await self._real.send(delivery)

    async def acknowledge(self, message: InboundMessage) -> None:
        return None

    async def close(self) -> None:
        return None


@pytest.fixture
def moody(app: App) -> Moody:
    real = app.channels["web"]
    assert isinstance(real, TranscriptChannel)
    return Moody(real)


@pytest.fixture
def moody_app(app: App, moody: Moody) -> App:
    channels = {**app.channels, "web": moody}
    workers = Workers(
        database=app.database, channels=channels, resources=app.resources, clock=app.clock
    )
    return replace(app, channels=channels, workers=workers)


def events(app: App) -> list[str]:
    with app.database.read() as db:
        return [event.kind for event in db.exec(select(CaseEvent)).all()]


def test_a_blocked_officer_is_passed_over_at_once(
    moody_app: App, moody: Moody, clock: FixedClock
) -> None:
    villager = Person(moody_app, "warga")
    first = seat(moody_app, "Sari", (Rung.KABUPATEN, "35.04"))
    second = seat(moody_app, "Budi")
    villager.say("brp biaya bikin paspor")
    villager.say("desa karangrejo kec karangrejo kab tulungagung")
    moody.refusals[first.name] = PermanentSendError("blocked")
    villager.say(DANGER)
    assert EventKind.UNDELIVERED in events(moody_app)
    assert only_case(moody_app).rung == Rung.NASIONAL
    assert "DARURAT" in text_of(second.read())
    with moody_app.database.read() as db:
        routes = {route.broken_code for route in db.exec(select(OfficerRoute)).all()}
        failed = db.exec(select(OutboxItem).where(OutboxItem.status == OutboxStatus.FAILED)).one()
    assert routes == {None, "blocked"}
    assert (failed.kind, failed.error_code) == (OutboxKind.NOTICE, "blocked")


def second_route(app: App, officer: Person, name: str) -> Person:
    """Give an officer a second contact, by the code that the first asks for."""
    code = text_of(officer.say("kode")).split("\n")[0].removeprefix("Kode Bapak/Ibu: ")
    other = Person(app, name)
    assert "Selamat datang" in text_of(other.say(code))
    return other


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(PermanentSendError("blocked"), id="for good"),
        pytest.param(TemporarySendError("down", retry_after=timedelta(minutes=2)), id="stuck"),
    ],
)
@pytest.mark.parametrize("broken", [0, 1], ids=["first", "second"])
def test_a_card_that_arrives_on_one_of_two_routes_is_not_passed_on(
    moody_app: App, moody: Moody, error: SendError, broken: int
) -> None:
    seat(moody_app, "Budi")
    sari = seat(moody_app, "Sari", (Rung.KABUPATEN, "35.04"))
    routes = [sari, second_route(moody_app, sari, "hp-kedua")]
    villager = Person(moody_app, "warga")
    villager.say("brp biaya bikin paspor")
    villager.say("desa karangrejo kec karangrejo kab tulungagung")
    moody.refusals[routes[broken].name] = error
    villager.say(DANGER)
    assert EventKind.UNDELIVERED not in events(moody_app)
    assert only_case(moody_app).rung == Rung.KABUPATEN
    assert "DARURAT" in text_of(routes[1 - broken].read())


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(PermanentSendError("blocked"), id="for good"),
        pytest.param(TemporarySendError("down", retry_after=timedelta(minutes=2)), id="stuck"),
    ],
)
def test_what_fails_on_the_first_route_goes_by_the_second(
    moody_app: App, moody: Moody, error: SendError
) -> None:
    """Outside an emergency one route is used; the officer hears all the same, and keeps the case."""
    seat(moody_app, "Budi")
    sari = seat(moody_app, "Sari", (Rung.KABUPATEN, "35.04"))
    other = second_route(moody_app, sari, "hp-kedua")
    villager = Person(moody_app, "warga")
    villager.say("brp biaya bikin paspor")
    villager.say("desa karangrejo kec karangrejo kab tulungagung")
    moody.refusals[sari.name] = error
    villager.say("petugas")
    assert "minta bicara" in text_of(other.read())
    number = only_case(moody_app).id
    other.tap(f"k:{number}:terima")
    villager.say("pak saya disuruh setor uang lagi")
    assert "setor uang lagi" in text_of(other.read())
    assert EventKind.UNDELIVERED not in events(moody_app)
    assert only_case(moody_app).rung == Rung.KABUPATEN


def test_a_card_that_fails_on_both_routes_is_passed_on(moody_app: App, moody: Moody) -> None:
    budi = seat(moody_app, "Budi")
    sari = seat(moody_app, "Sari", (Rung.KABUPATEN, "35.04"))
    routes = [sari, second_route(moody_app, sari, "hp-kedua")]
    villager = Person(moody_app, "warga")
    villager.say("brp biaya bikin paspor")
    villager.say("desa karangrejo kec karangrejo kab tulungagung")
    for person in routes:
        moody.refusals[person.name] = PermanentSendError("blocked")
    villager.say(DANGER)
    assert only_case(moody_app).rung == Rung.NASIONAL
    assert "DARURAT" in text_of(budi.read())


def test_whoever_can_no_longer_be_reached_holds_nothing(moody_app: App, moody: Moody) -> None:
    """Not even until the next round of the clock, and not what was accepted either."""
    budi = seat(moody_app, "Budi")
    sari = seat(moody_app, "Sari", (Rung.KABUPATEN, "35.04"))
    villager = Person(moody_app, "warga")
    villager.say("brp biaya bikin paspor")
    villager.say("desa karangrejo kec karangrejo kab tulungagung")
    villager.say("petugas")
    sari.tap(f"k:{only_case(moody_app).id}:terima")
    moody.refusals[sari.name] = PermanentSendError("blocked")
    villager.say("pak saya disuruh setor uang lagi")
    assert only_case(moody_app).owner_id is None
    assert "naik ke Bapak/Ibu" in text_of(budi.read())


def test_an_officer_who_writes_again_can_be_reached_again(moody_app: App, moody: Moody) -> None:
    villager = Person(moody_app, "warga")
    officer = seat(moody_app, "Sari")
    moody.refusals[officer.name] = PermanentSendError("blocked")
    villager.say(DANGER)
    assert only_case(moody_app).owner_id is None
    moody.refusals.clear()
    officer.say("kasus")
    asyncio.run(moody_app.workers.sweep())
    settle(moody_app)
    assert "DARURAT" in text_of(officer.read())


def test_a_card_that_does_not_get_through_goes_on_and_is_still_tried(
    moody_app: App, moody: Moody, clock: FixedClock
) -> None:
    villager = Person(moody_app, "warga")
    first = seat(moody_app, "Sari", (Rung.NASIONAL, ""))
    second = seat(moody_app, "Budi")
    moody.refusals[first.name] = TemporarySendError("timeout")
    villager.say("petugas")
    assert text_of(second.read()) == ""
    for _ in range(10):
        clock.move(timedelta(seconds=20))
        settle(moody_app)
    assert "dialihkan" in text_of(second.read())
    moody.refusals.clear()
    clock.move(timedelta(hours=1))
    settle(moody_app)
    assert "minta bicara" in text_of(first.read())


def test_a_reply_that_never_arrives_is_counted_not_hidden(moody_app: App, moody: Moody) -> None:
    villager = Person(moody_app, "warga")
    moody.refusals[villager.name] = PermanentSendError("gone")
    inbox_id = villager.send(text="brp biaya bikin paspor")
    settle(moody_app)
    with moody_app.database.read() as db:
        item = db.get_one(InboxItem, inbox_id)
        taken = balance.take_balance(db)
    assert (item.ending, item.reason) == (Ending.QUARANTINED, "undeliverable:gone")
    assert taken.holds
    assert taken.endings[Ending.ANSWERED] == 0


def test_what_the_provider_asks_for_is_obeyed(
    moody_app: App, moody: Moody, clock: FixedClock
) -> None:
    villager = Person(moody_app, "warga")
    moody.refusals[villager.name] = TemporarySendError("429", retry_after=timedelta(seconds=30))
    villager.say("brp biaya bikin paspor")
    tries = len(moody.calls)
    clock.move(timedelta(seconds=29))
    settle(moody_app)
    assert len(moody.calls) == tries
    moody.refusals.clear()
    clock.move(timedelta(seconds=1))
    settle(moody_app)
    assert "Rp" in text_of(villager.read())


def test_two_people_never_wait_for_each_other(
    moody_app: App, moody: Moody, clock: FixedClock
) -> None:
    stuck, free = Person(moody_app, "macet"), Person(moody_app, "lancar")
    moody.refusals[stuck.name] = TemporarySendError("timeout")
    stuck.say("brp biaya bikin paspor")
    assert "Rp" in text_of(free.say("brp biaya bikin paspor"))
