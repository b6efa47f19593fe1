"""Test alerts: when they go out, on which routes, and what an answer does."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.app import App
from escalation.assignment import Rung
from escalation.models import Officer
from escalation.roster import (
    break_route,
    desk_ever_answered,
    drop_route,
    load_roster,
    prefer_route,
    routes_of,
    silent_officers,
)
from handlers import presence
from handlers.models import Contact, OutboxItem, Priority
from tests.conftest import FixedClock
from tests.people import Person, choices_of, seat, settle, text_of

DAY = timedelta(days=1)


def id_of(app: App, name: str) -> int:
    with app.database.read() as db:
        found = db.exec(select(Officer.id).where(col(Officer.name) == name)).one()
    assert found is not None
    return found


def contact_of(app: App, person: Person) -> int:
    with app.database.read() as db:
        id = person.contact(db).id
    assert id is not None
    return id


def queue(app: App) -> int:
    with app.database.write() as work:
        count = presence.queue_due(work.db, resources=app.resources, now=app.clock())
        work.commit()
    return count


def reachable(app: App) -> frozenset[int]:
    with app.database.read() as db:
        return load_roster(db, now=app.clock()).reachable


@pytest.mark.parametrize(
    ("tested", "answered", "due"),
    [
        pytest.param(None, 0, False, id="answered today"),
        pytest.param(None, 4.9, False, id="answered less than five days ago"),
        pytest.param(None, 5, True, id="about to lapse"),
        pytest.param(0.5, 5, False, id="asked this morning"),
        pytest.param(0.9, 6, True, id="asked yesterday, still silent"),
        pytest.param(1, 20, False, id="given up on for the week"),
        pytest.param(7, 0.1, True, id="weekly, although there every day"),
        pytest.param(1, None, False, id="never answered, asked lately"),
    ],
)
def test_when_somebody_is_asked(
    clock: FixedClock, tested: float | None, answered: float | None, due: bool
) -> None:
    now = clock()

    def ago(days: float | None) -> datetime | None:
        return None if days is None else now - days * DAY

    asked = presence.is_due(
        last=ago(tested) or now - 6 * DAY, answered_at=ago(answered), tested_at=ago(tested), now=now
    )
    assert asked is due


def test_a_silent_officer_stops_counting_and_comes_back_by_writing(
    app: App, clock: FixedClock
) -> None:
    sari = seat(app, "Sari", (Rung.NASIONAL, ""))
    id = id_of(app, "Sari")
    clock.move(7 * DAY)
    assert reachable(app) == {id}
    clock.move(timedelta(seconds=1))
    assert reachable(app) == frozenset()
    with app.database.read() as db:
        assert (silent_officers(db, now=clock()), desk_ever_answered(db)) == (1, 1)
    sari.say("hadir")
    assert reachable(app) == {id}


def test_a_silent_desk_is_told_all_the_same(app: App, clock: FixedClock) -> None:
    sari = seat(app, "Sari", (Rung.NASIONAL, ""))
    clock.move(8 * DAY)
    villager = Person(app, "warga")
    villager.say("tolong saya disekap di kamboja paspor ditahan")
    settle(app)
    assert "DARURAT" in text_of(sari.read())


def test_the_test_alert_names_its_date_and_takes_a_tap(app: App, clock: FixedClock) -> None:
    sari = seat(app, "Sari", (Rung.NASIONAL, ""))
    clock.move(5 * DAY)
    while not queue(app):
        clock.move(timedelta(hours=1))
    assert queue(app) == 0
    settle(app)
    told = sari.read()
    assert f"{clock():%d-%m-%Y}" in text_of(told)
    assert [choice.id for choice in choices_of(told)] == [presence.PRESENT]
    assert "tes diterima" in text_of(sari.tap(presence.PRESENT))
    clock.move(DAY)
    assert queue(app) == 0


def test_it_goes_out_by_day_of_the_officer(app: App, clock: FixedClock) -> None:
    seat(app, "Sari", (Rung.NASIONAL, ""))
    clock.move(6 * DAY)
    hours = set()
    for _ in range(24):
        if queue(app):
            hours.add((clock() + timedelta(hours=7)).hour)
        clock.move(timedelta(hours=1))
    assert hours
    assert all(8 <= hour < 17 for hour in hours)


@pytest.mark.parametrize(
    ("rung", "code", "zone"),
    [
        pytest.param(Rung.KABUPATEN, "35.04", "Asia/Jakarta", id="a regency on Java"),
        pytest.param(Rung.KANTOR, "kanim-kupang", "Asia/Makassar", id="an office on Timor"),
        pytest.param(Rung.NASIONAL, "", "Asia/Jakarta", id="the national desk"),
    ],
)
def test_an_officer_s_hours_are_those_of_their_post(
    app: App, rung: Rung, code: str, zone: str
) -> None:
    sari = seat(app, "Sari", (rung, code))
    invitation = text_of(sari.say("kode")).split("\n")[0].removeprefix("Kode Bapak/Ibu: ")
    other = Person(app, "hp-kedua")
    other.say(invitation)
    with app.database.read() as db:
        assert other.contact(db).zone == zone


def test_every_route_is_tested_and_the_mail_address_is_the_last(
    mail_app: App, clock: FixedClock
) -> None:
    app = mail_app
    sari = seat(app, "Sari", (Rung.NASIONAL, ""))
    id = id_of(app, "Sari")
    assert "dicatat" in text_of(sari.say("surel Sari@kantor.example"))
    code = text_of(sari.say("kode")).split("\n")[0].removeprefix("Kode Bapak/Ibu: ")
    other = Person(app, "hp-kedua")
    assert "Selamat datang, Sari" in text_of(other.say(code))
    with app.database.read() as db:
        channels = [db.get_one(Contact, contact).channel for contact in routes_of(db, id)]
    assert channels == ["web", "web", "email"]
    clock.move(6 * DAY)
    while not (count := queue(app)):
        clock.move(timedelta(hours=1))
    assert count == 3
    with app.database.read() as db:
        items = db.exec(select(OutboxItem).where(col(OutboxItem.dedupe_key).like("test:%"))).all()
    assert {item.priority for item in items} == {Priority.NORMAL}


def test_the_order_of_routes_is_the_officer_s_and_one_always_stays(app: App) -> None:
    sari = seat(app, "Sari", (Rung.NASIONAL, ""))
    id = id_of(app, "Sari")
    code = text_of(sari.say("kode")).split("\n")[0].removeprefix("Kode Bapak/Ibu: ")
    Person(app, "hp-kedua").say(code)
    with app.database.read() as db:
        first, second = routes_of(db, id)
    shown = choices_of(sari.say("jalan"))
    assert [choice.id for choice in shown] == [
        f"jalan:lepas:{first}",
        f"jalan:utama:{second}",
        f"jalan:lepas:{second}",
    ]
    sari.tap(f"jalan:utama:{second}")
    with app.database.read() as db:
        assert list(routes_of(db, id)) == [second, first]
    sari.tap(f"jalan:lepas:{second}")
    assert "satu-satunya" in text_of(sari.tap(f"jalan:lepas:{first}"))
    with app.database.write() as work:
        assert not prefer_route(work.db, id, 999)
        assert not drop_route(work.db, id, 999)
        assert list(routes_of(work.db, id)) == [first]


@pytest.fixture
def mail_app(app: App) -> Iterator[App]:
    app.resources.has_mail = True
    yield app
    app.resources.has_mail = False


def test_a_mail_address_alone_reaches_nobody(mail_app: App) -> None:
    sari = seat(mail_app, "Sari", (Rung.NASIONAL, ""))
    id = id_of(mail_app, "Sari")
    sari.say("surel sari@kantor.example")
    assert "satu-satunya" in text_of(sari.tap(f"jalan:lepas:{contact_of(mail_app, sari)}"))
    with mail_app.database.write() as work:
        break_route(work.db, contact_of(mail_app, sari), code="blocked")
        work.commit()
    assert reachable(mail_app) == frozenset()
    with mail_app.database.read() as db:
        assert len(routes_of(db, id)) == 1


def test_another_officer_s_mail_address_is_not_taken(mail_app: App) -> None:
    sari, budi = seat(mail_app, "Sari"), seat(mail_app, "Budi")
    sari.say("surel bersama@kantor.example")
    assert "dipakai petugas lain" in text_of(budi.say("surel Bersama@kantor.example"))
    with mail_app.database.read() as db:
        assert len(routes_of(db, id_of(mail_app, "Sari"))) == 2
        assert len(routes_of(db, id_of(mail_app, "Budi"))) == 1


def test_without_a_mail_server_no_address_is_taken(app: App) -> None:
    sari = seat(app, "Sari", (Rung.NASIONAL, ""))
    assert "belum diatur" in text_of(sari.say("surel sari@kantor.example"))
    with app.database.read() as db:
        assert len(routes_of(db, id_of(app, "Sari"))) == 1


def test_nobody_on_leave_is_asked(app: App, clock: FixedClock) -> None:
    seat(app, "Sari", (Rung.NASIONAL, ""))
    with app.database.write() as work:
        officer = work.db.get_one(Officer, id_of(app, "Sari"))
        officer.away_until = clock() + 20 * DAY
        work.db.add(officer)
        work.commit()
    for _ in range(20):
        clock.move(DAY - timedelta(hours=1))
        assert queue(app) == 0


@pytest.mark.parametrize("text", ["hubungkan", "AB2C-9XYZ"])
def test_an_officer_who_types_a_villager_s_word_gets_a_sentence(app: App, text: str) -> None:
    sari = seat(app, "Sari", (Rung.NASIONAL, ""))
    assert "Itu untuk warga" in text_of(sari.say(text))


@pytest.mark.parametrize("address", ["a@b", "sari@kantor.example.", "x@y@z.id"])
def test_a_wrong_mail_address_changes_nothing(mail_app: App, address: str) -> None:
    app = mail_app
    sari = seat(app, "Sari", (Rung.NASIONAL, ""))
    assert "belum benar" in text_of(sari.say(f"surel {address}"))
    with app.database.read() as db:
        assert len(routes_of(db, id_of(app, "Sari"))) == 1


def test_a_villager_s_words_are_no_officer_s_command(app: App) -> None:
    villager = Person(app, "warga")
    assert "Kode Bapak/Ibu" not in text_of(villager.say("kode"))
