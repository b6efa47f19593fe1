"""Silence is climbed past: real database, outbox and clock, officers who do or do not answer."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.app import App
from bot.workers import Workers
from escalation import cases
from escalation.assignment import Rung
from escalation.case_states import CaseState, EventKind
from escalation.models import Case, CaseEvent, Officer
from escalation.notices import NoticeKind
from escalation.risk import Level
from handlers import alerts
from handlers.cards import FACTS
from handlers.models import OutboxItem, Priority
from tests.conftest import FixedClock
from tests.people import Person, only_case, seat, settle, text_of

EMERGENCY = "tolong adik saya disekap di kamboja, paspor diambil bos, minta tebusan 30 juta"
REGENCY = "35.04"
VILLAGE = "35.04.01.1001"


def watch(app: App) -> int:
    """Let the clock make a round and everything it leads to arrive."""
    done = asyncio.run(app.workers.watch())
    settle(app)
    return done


def pass_time(app: App, clock: FixedClock, minutes: float) -> None:
    clock.move(timedelta(minutes=minutes))
    watch(app)


def villager(app: App, name: str = "warga") -> Person:
    """Somebody whose village is known."""
    person = Person(app, name)
    with app.database.write() as work:
        contact = person.contact(work.db)
        contact.area_code = VILLAGE
        work.db.add(contact)
        work.commit()
    return person


def make_head(app: App, name: str) -> None:
    with app.database.write() as work:
        officer = work.db.exec(select(Officer).where(Officer.name == name)).one()
        officer.duty = "kepala kantor"
        work.db.add(officer)
        work.commit()


def make_deputy(app: App, of: str, deputy: str) -> None:
    with app.database.write() as work:
        rows = {officer.name: officer for officer in work.db.exec(select(Officer)).all()}
        rows[of].deputy_id = rows[deputy].id
        work.db.add(rows[of])
        work.commit()


def events(app: App) -> list[str]:
    with app.database.read() as db:
        return [event.kind for event in db.exec(select(CaseEvent)).all()]


def tell(app: App, person: Person, level: Level, *, area: str = VILLAGE) -> int:
    """Open a case of a level as a message would, whatever the risk engine thinks of any text."""
    with app.database.write() as work:
        contact = person.contact(work.db)
        assert contact.id is not None
        change = cases.report(
            work.db,
            cases.Report(
                contact_id=contact.id,
                area_code=area,
                level=level,
                kind="TPPO",
                indicators=("jalur-tikus",),
                facts_sealed=app.resources.sealer.seal_json({"desa": "Desa A"}, purpose=FACTS),
            ),
            offices=app.resources.offices,
            now=app.clock(),
        )
        work.db.flush()
        alerts.notify(
            work.db, change.case, NoticeKind.NEW, resources=app.resources, now=app.clock()
        )
        work.commit()
    settle(app)
    assert change.case.id is not None
    return change.case.id


def test_a_strong_case_climbs_rung_by_rung_and_tells_both_sides(
    app: App, clock: FixedClock
) -> None:
    office = app.resources.offices.of_regency[REGENCY][0]
    owner = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    deputy = seat(app, "Wati", (Rung.DESA, "35.04.01.2002"))
    head = seat(app, "Hadi", (Rung.KANTOR, office))
    region = seat(app, "Rini", (Rung.WILAYAH, "35"))
    desk = seat(app, "Budi")
    make_head(app, "Hadi")
    make_deputy(app, "Sari", "Wati")
    tell(app, villager(app), Level.TINGGI)
    assert "Kasus" in text_of(owner.read())
    former = owner
    for name, person in (("Wati", deputy), ("Hadi", head), ("Rini", region)):
        pass_time(app, clock, 29)
        assert person.read() == []
        pass_time(app, clock, 1)
        told = text_of(person.read())
        assert "naik ke Bapak/Ibu" in told
        assert "Sebelumnya dikirim ke: Sari" in told
        assert "Desa:" in told
        assert f"sudah dikirim ke {name}" in text_of(former.read())
        former = person
    pass_time(app, clock, 30)
    assert "Rini" in text_of(desk.read())
    case = only_case(app)
    assert (case.rung, case.owner_id) == (Rung.NASIONAL, None)
    pass_time(app, clock, 30)
    assert "masih menunggu" in text_of(desk.read())
    desk.tap(f"k:{case.id}:terima")
    assert only_case(app).state == CaseState.ACCEPTED


def test_an_emergency_tells_owner_deputy_and_desk_then_everyone_above(
    app: App, clock: FixedClock
) -> None:
    office = app.resources.offices.of_regency[REGENCY][0]
    owner = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    deputy = seat(app, "Wati", (Rung.DESA, "35.04.01.2002"))
    head = seat(app, "Hadi", (Rung.KANTOR, office))
    region = seat(app, "Rini", (Rung.WILAYAH, "35"))
    desk = seat(app, "Budi")
    make_head(app, "Hadi")
    make_deputy(app, "Sari", "Wati")
    villager(app).say(EMERGENCY)
    assert all("DARURAT" in text_of(person.read()) for person in (owner, deputy, desk))
    pass_time(app, clock, 4.9)
    assert head.read() == region.read() == []
    pass_time(app, clock, 0.1)
    for person in (head, region):
        assert "belum diterima siapa pun" in text_of(person.read())
    pass_time(app, clock, 5)
    assert only_case(app).rung == Rung.NASIONAL
    assert "naik ke Bapak/Ibu" in text_of(desk.read())
    for person in (head, region):
        told = text_of(person.read())
        assert "belum diterima siapa pun" in told
        assert "naik ke Bapak/Ibu" not in told
    with app.database.read() as db:
        cards = db.exec(select(OutboxItem).where(OutboxItem.case_id == only_case(app).id)).all()
    assert {card.priority for card in cards} == {Priority.URGENT}
    head.tap(f"k:{only_case(app).id}:terima")
    assert only_case(app).rung == Rung.KANTOR
    assert "sudah diterima Hadi" in text_of(desk.read())


def test_the_ten_minutes_run_from_the_stored_message(app: App, clock: FixedClock) -> None:
    """A worker that was down for a while does not give itself more time."""
    seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Budi")
    villager(app).send(text=EMERGENCY)
    clock.move(timedelta(minutes=11))
    settle(app)
    watch(app)
    assert only_case(app).rung == Rung.NASIONAL


def test_a_restart_changes_nothing_and_a_second_round_does_nothing(
    app: App, clock: FixedClock
) -> None:
    seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Budi")
    tell(app, villager(app), Level.TINGGI)
    clock.move(timedelta(minutes=30))
    fresh = Workers(
        database=app.database, channels=app.channels, resources=app.resources, clock=clock
    )
    restarted = replace(app, workers=fresh)
    # The process that died may still hold the job's lease.
    assert watch(app) == 1
    assert watch(restarted) == 0
    clock.move(timedelta(minutes=2))
    before = events(app)
    assert watch(restarted) == watch(app) == 0
    assert events(app) == before


def test_accepted_but_silent_climbs_too(app: App, clock: FixedClock) -> None:
    owner = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    desk = seat(app, "Budi")
    tell(app, villager(app), Level.TINGGI)
    owner.tap(f"k:{only_case(app).id}:terima")
    pass_time(app, clock, 30)
    assert "warga menunggu" in text_of(owner.read())
    pass_time(app, clock, 30)
    case = only_case(app)
    assert (case.state, case.rung) == (CaseState.NEW, Rung.NASIONAL)
    assert "Sudah pernah diterima" in text_of(desk.read())
    assert "sudah dikirim ke meja nasional" in text_of(owner.read())


@pytest.mark.parametrize("deed", ["balas", "urus", "rujuk:polisi"])
def test_whatever_an_officer_does_for_the_villager_is_a_sign_of_life(
    app: App, clock: FixedClock, deed: str
) -> None:
    owner = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Budi")
    person = villager(app)
    tell(app, person, Level.TINGGI)
    number = only_case(app).id
    owner.tap(f"k:{number}:terima")
    owner.tap(f"k:{number}:{deed}")
    if deed == "balas":
        owner.say("Jangan serahkan paspor.")
    pass_time(app, clock, 300)
    assert only_case(app).state == CaseState.ACCEPTED
    # Thanks ask for nothing; a new message does, from its own time on.
    person.say("makasih pak")
    pass_time(app, clock, 300)
    assert only_case(app).state == CaseState.ACCEPTED
    person.say("pak agennya datang lagi ke rumah minta uang")
    pass_time(app, clock, 60)
    assert only_case(app).state == CaseState.NEW


def test_an_owner_taken_off_the_roster_is_climbed_past_at_once(app: App, clock: FixedClock) -> None:
    seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    desk = seat(app, "Budi")
    tell(app, villager(app), Level.TINGGI)
    with app.database.write() as work:
        officer = work.db.exec(select(Officer).where(Officer.name == "Sari")).one()
        officer.is_active = False
        work.db.add(officer)
        work.commit()
    watch(app)
    assert only_case(app).rung == Rung.NASIONAL
    assert "Sebelumnya dikirim ke: Sari" in text_of(desk.read())


def test_the_milder_cases_come_as_one_message_in_the_morning(app: App, clock: FixedClock) -> None:
    owner = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Budi")
    for name in ("a", "b"):
        tell(app, villager(app, name), Level.SEDANG)
    watch(app)
    assert owner.read() == []
    # Ten in the morning in Jakarta; the digest comes at seven.
    pass_time(app, clock, 21 * 60 - 1)
    assert owner.read() == []
    pass_time(app, clock, 1)
    told = owner.read()
    assert len(told) == 1
    assert "2 kasus menunggu" in told[0].text
    numbers = [int(choice.id.split(":")[1]) for choice in told[0].choices]
    assert f"Kasus {numbers[0]}" in text_of(owner.say(f"kasus {numbers[0]}"))
    watch(app)
    assert owner.read() == []
    owner.tap(f"k:{numbers[0]}:terima")
    # The other one climbs at the end of that working day.
    pass_time(app, clock, 9 * 60)
    with app.database.read() as db:
        rungs = {case.id: case.rung for case in db.exec(select(Case)).all()}
    assert rungs[numbers[1]] == Rung.NASIONAL


def test_the_digest_comes_by_the_officers_own_clock(app: App, clock: FixedClock) -> None:
    owner = seat(app, "Yosep", (Rung.WILAYAH, "94"))
    seat(app, "Budi")
    tell(app, villager(app), Level.SEDANG, area="94")
    # 12.00 WIT now; seven in Papua is five in Java.
    pass_time(app, clock, 19 * 60 - 1)
    assert owner.read() == []
    pass_time(app, clock, 1)
    assert "1 kasus menunggu" in text_of(owner.read())


def test_a_mild_case_is_quiet_at_night_and_an_emergency_is_not(app: App, clock: FixedClock) -> None:
    owner = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Budi")
    person = villager(app)
    tell(app, person, Level.SEDANG)
    owner.tap(f"k:{only_case(app).id}:terima")
    owner.read()
    clock.move(timedelta(hours=12))
    person.say("pak bagaimana kabarnya")
    assert owner.read() == []
    other = villager(app, "lain")
    other.say(EMERGENCY)
    assert "DARURAT" in text_of(owner.read())
    clock.move(timedelta(hours=9))
    settle(app)
    assert "bagaimana kabarnya" in text_of(owner.read())


def test_the_history_tells_who_held_the_case(app: App, clock: FixedClock) -> None:
    seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Budi")
    tell(app, villager(app), Level.TINGGI)
    pass_time(app, clock, 30)
    with app.database.read() as db:
        found = db.exec(select(CaseEvent)).all()
        names = {officer.id: officer.name for officer in db.exec(select(Officer)).all()}
    assert [(e.kind, names.get(e.to_officer_id or 0)) for e in found] == [
        (EventKind.OPENED, "Sari"),
        (EventKind.CLIMBED, None),
    ]


def test_a_case_that_cannot_be_read_holds_up_no_other(
    app: App, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    owner = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    desk = seat(app, "Budi")
    broken = tell(app, villager(app, "warga satu"), Level.DARURAT)
    whole = tell(app, villager(app, "warga dua"), Level.TINGGI)
    with app.database.write() as work:
        case = work.db.get_one(Case, broken)
        case.facts_sealed = b"rusak"
        work.db.add(case)
        work.commit()
    owner.read()
    desk.read()
    pass_time(app, clock, 120)
    assert f"Kasus {whole} naik ke Bapak/Ibu" in text_of(desk.read())
    assert f"case {broken} failed: SealBroken" in caplog.text
    with app.database.read() as db:
        assert db.get_one(Case, broken).state == CaseState.NEW
