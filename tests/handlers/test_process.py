"""A message in, rows and replies out: the whole way through one unit of work."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.app import App
from escalation.assignment import Rung
from escalation.case_states import CaseState
from escalation.models import Case, CaseEvent
from escalation.risk import Level
from handlers import balance
from handlers.messages import InboundKind
from handlers.models import (
    Contact,
    Ending,
    InboxItem,
    InboxStatus,
    OutboxItem,
    QuestionRecord,
    TranscriptLine,
)
from tests.conftest import FixedClock
from tests.people import Person, choices_of, only_case, seat, settle, text_of

FEE = "brp biaya bikin paspor"
DANGER = (
    "tolong pak adik saya umur 15 sekarang di pelabuhan batam mau dinaikin kapal ke malaysia "
    "sama sponsor, hp nya diambil, dia takut mau pulang"
)


@pytest.fixture
def villager(app: App) -> Person:
    return Person(app, "warga-1")


def test_a_question_is_answered_with_source_then_the_village_is_asked(
    app: App, villager: Person
) -> None:
    told = villager.say(FEE)
    assert "belum dipastikan petugas" in told[0].text
    assert "Rp" in told[0].text
    assert "desa mana" in told[1].text
    assert "NIK" in told[1].text
    assert {"Selengkapnya", "Membantu", "Belum membantu", "Tanya petugas"} <= {
        choice.title for choice in told[0].choices
    }
    with app.database.read() as db:
        record = db.exec(select(QuestionRecord)).one()
        assert balance.take_balance(db).holds
        assert balance.take_balance(db).endings[Ending.ANSWERED] == 1
    assert (record.slug, record.topic) == ("paspor-biaya", "paspor")
    assert record.ending == Ending.ANSWERED
    assert record.level == Level.TIDAK
    assert "biaya" not in repr({**record.model_dump(), "slug": "", "topic": ""})


def test_the_village_is_asked_once_and_never_a_gate(app: App, villager: Person) -> None:
    villager.say(FEE)
    told = villager.say("kalau paspor hilang gimana")
    assert "desa mana" not in text_of(told)
    told = villager.say("karangrejo kec karangrejo tulungagung")
    assert "Karangrejo" in text_of(told)
    with app.database.read() as db:
        contact = db.exec(select(Contact)).one()
        areas = {row.area_code for row in db.exec(select(QuestionRecord)).all()}
    assert contact.area_code is not None
    assert contact.area_code.startswith("35.04")
    assert areas == {contact.area_code}


def test_skipping_the_village_is_fine(villager: Person) -> None:
    villager.say(FEE)
    assert "Tidak apa-apa" in text_of(villager.say("gak mau"))


def test_a_message_stands_or_falls_whole(app: App, villager: Person) -> None:
    """With the question records gone the unit of work fails: then nothing of it may stay."""
    seat(app, "Sari")
    with app.database.write() as work:
        work.db.execute(text("ALTER TABLE question RENAME TO question_away"))
        work.commit()
    inbox_id = villager.send(text=DANGER)
    settle(app)
    with app.database.read() as db:
        assert db.exec(select(Case)).all() == []
        assert db.exec(select(CaseEvent)).all() == []
        assert db.exec(select(OutboxItem)).all() == []
        item = db.get_one(InboxItem, inbox_id)
        assert item.status == InboxStatus.WAITING
        assert item.attempts == 1
    with app.database.write() as work:
        work.db.execute(text("ALTER TABLE question_away RENAME TO question"))
        work.commit()
    app.clock.move(timedelta(seconds=2))  # type: ignore[attr-defined]
    settle(app)
    assert only_case(app).level == Level.DARURAT
    assert len(villager.read()) == 1


def test_in_danger_the_reply_opens_neutrally_with_one_step_and_one_number(
    app: App, villager: Person
) -> None:
    seat(app, "Sari")
    told = villager.say(DANGER)
    assert len(told) == 1
    reply = told[0]
    opening = reply.text[:40].casefold()
    for telling in ("polisi", "petugas", "bahaya", "dagang", "korban", "lapor", "darurat", "110"):
        assert telling not in opening
    assert reply.choices == ()
    assert "110" in reply.text
    assert reply.text.endswith("Balas 1 aman, 2 tidak aman.")
    assert "korban" not in reply.text.casefold()


def test_one_and_two_then_mean_only_safe_and_not_safe(app: App, villager: Person) -> None:
    officer = seat(app, "Sari")
    villager.say(DANGER)
    officer.read()
    villager.say("2")
    assert "TIDAK AMAN" in text_of(officer.read())
    assert not only_case(app).is_safe_to_push
    # The bot has written since: 1 now means nothing of the kind.
    villager.say("1")
    assert not only_case(app).is_safe_to_push


def test_the_officer_gets_a_card_without_words_or_address(app: App, villager: Person) -> None:
    officer = seat(app, "Sari")
    villager.say(DANGER)
    card = officer.read()[0]
    assert "DARURAT" in card.text
    assert "15" in card.text
    assert "hp nya diambil" not in card.text
    assert villager.name not in card.text
    assert [choice.title for choice in card.choices] == ["Terima", "Alihkan"]


def test_the_whole_relay(app: App, villager: Person, clock: FixedClock) -> None:
    officer = seat(app, "Sari")
    villager.say(DANGER)
    number = only_case(app).id
    officer.read()
    taken = officer.tap(f"k:{number}:terima")
    assert "hp nya diambil" in text_of(taken)
    assert only_case(app).state == CaseState.ACCEPTED
    officer.tap(f"k:{number}:balas")
    sent = officer.say("Tetap di tempat ramai. Kami sudah menghubungi polisi pelabuhan.")
    assert "mungkin diawasi" in text_of(sent)
    # A watched phone: only a neutral line is pushed.
    pushed = villager.read()
    assert [message.text for message in pushed] == [
        "Ada kabar untuk Bapak/Ibu. Balas apa saja kalau sedang sempat."
    ]
    opened = villager.say("ya")
    assert opened[0].text.startswith("Petugas: Tetap di tempat ramai.")
    assert "“" not in text_of(officer.read())
    villager.say("dia pakai baju merah pak")
    assert "baju merah" in text_of(officer.read())
    with app.database.read() as db:
        assert balance.take_balance(db).holds


def test_a_second_tap_on_terima_does_not_show_the_words_again(app: App, villager: Person) -> None:
    officer = seat(app, "Sari")
    villager.say(DANGER)
    number = only_case(app).id
    assert "hp nya diambil" in text_of(officer.tap(f"k:{number}:terima"))
    again = officer.tap(f"k:{number}:terima")
    assert "sudah di tangan Bapak/Ibu" in text_of(again)
    assert "hp nya diambil" not in text_of(again)
    assert "Balas warga" in [choice.title for choice in choices_of(again)]
    assert "hp nya diambil" in text_of(officer.say(f"kasus {number}"))


def test_after_aman_the_officers_words_come_straight_through(app: App, villager: Person) -> None:
    officer = seat(app, "Sari")
    villager.say(DANGER)
    villager.say("1")
    number = only_case(app).id
    officer.tap(f"k:{number}:terima")
    officer.tap(f"k:{number}:balas")
    officer.say("Polisi menuju ke sana.")
    assert "Petugas: Polisi menuju ke sana." in text_of(villager.read())


def test_an_unsafe_phone_is_not_written_to(app: App, villager: Person) -> None:
    officer = seat(app, "Sari")
    villager.say(DANGER)
    number = only_case(app).id
    officer.tap(f"k:{number}:terima")
    officer.tap(f"k:{number}:balas")
    officer.say("Polisi menuju ke sana.")
    assert "Polisi" not in text_of(villager.read())
    assert "Polisi" not in text_of(villager.say("2"))
    assert "Polisi menuju ke sana." in text_of(villager.say("orangnya sudah pergi"))


def test_an_officer_reads_what_the_safety_answer_means_once(app: App, villager: Person) -> None:
    officer = seat(app, "Sari")
    villager.say(DANGER)
    officer.read()
    officer.tap(f"k:{only_case(app).id}:terima")
    villager.say("2")
    (told,) = officer.read()
    assert "TIDAK AMAN" in told.text
    villager.say("orangnya masih di depan rumah")
    assert "orangnya masih di depan rumah" in text_of(officer.read())


def test_the_bot_is_back_after_a_quarter_of_an_hour(
    app: App, villager: Person, clock: FixedClock
) -> None:
    officer = seat(app, "Sari")
    villager.say(DANGER)
    officer.tap(f"k:{only_case(app).id}:terima")
    answer = villager.say("syarat paspor anak")
    assert answer[0].text.startswith("(Jawaban otomatis)")
    clock.move(timedelta(minutes=15))
    assert not text_of(villager.say("paspor saya hilang di rumah, gimana ngurusnya")).startswith(
        "(Jawaban otomatis)"
    )
    assert "paspor saya hilang di rumah, gimana ngurusnya" in text_of(officer.read())


def test_a_case_closes_only_with_outcome_and_reason(app: App, villager: Person) -> None:
    officer = seat(app, "Sari")
    villager.say(DANGER)
    number = only_case(app).id
    officer.tap(f"k:{number}:terima")
    outcomes = choices_of(officer.tap(f"k:{number}:selesai"))
    assert [choice.title for choice in outcomes] == [
        "Terverifikasi",
        "Tidak terbukti",
        "Tidak diketahui",
    ]
    assert only_case(app).state == CaseState.ACCEPTED
    reasons = choices_of(officer.tap(outcomes[0].id))
    assert only_case(app).state == CaseState.ACCEPTED
    officer.tap(reasons[0].id)
    closed = only_case(app)
    assert closed.state == CaseState.CLOSED
    assert (closed.outcome, closed.reason) == ("terverifikasi", "orangnya sudah aman")
    assert "sudah selesai" in text_of(officer.tap(f"k:{number}:terima"))


def test_passing_on_reaches_the_next_person(app: App, villager: Person) -> None:
    first = seat(app, "Sari", (Rung.KABUPATEN, "35.04"))
    second = seat(app, "Budi")
    villager.say(FEE)
    villager.say("desa karangrejo kec karangrejo kab tulungagung")
    villager.say(DANGER)
    number = only_case(app).id
    assert "DARURAT" in text_of(first.read())
    first.tap(f"k:{number}:alihkan")
    assert only_case(app).rung == Rung.NASIONAL
    assert "dialihkan" in text_of(second.read())


def test_pressed_twice_and_a_year_later(app: App, villager: Person, clock: FixedClock) -> None:
    villager.say(FEE)
    twice = [villager.tap("a:paspor-hilang") for _ in range(2)]
    assert text_of(twice[0]) == text_of(twice[1])
    clock.move(timedelta(days=366))
    assert villager.tap("a:paspor-hilang")
    assert "sudah tidak ada" in text_of(villager.tap("a:entri-yang-dihapus"))


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param("", id="empty"),
        pytest.param("   \n\t ", id="blank"),
        pytest.param("🙏🙏😭", id="emoji only"),
        pytest.param("\u202ekamus\u202c \x00\x07 paspor", id="control and right-to-left marks"),
        pytest.param("a" * 100_000, id="one word of 100,000 letters"),
        pytest.param("paspor " * 15_000, id="100,000 characters"),
        pytest.param("?!.,;:", id="punctuation"),
        pytest.param("%s {nama} {{x}} <b>", id="templates"),
    ],
)
def test_odd_texts_get_a_polite_reply(app: App, villager: Person, odd: str) -> None:
    told = villager.say(odd)
    assert told
    assert told[0].text.strip()
    with app.database.read() as db:
        taken = balance.take_balance(db)
    assert taken.holds
    assert taken.waiting == 0
    assert taken.endings[Ending.QUARANTINED] == 0


@pytest.mark.parametrize("kind", [k for k in InboundKind if k not in ("text", "button")])
def test_every_kind_of_message_gets_a_reply(app: App, villager: Person, kind: str) -> None:
    villager.send(kind=InboundKind(kind), latitude=-8.05, longitude=111.9)
    settle(app)
    assert villager.read()


def test_a_shared_location_is_said_back_before_it_counts(app: App, villager: Person) -> None:
    villager.send(kind=InboundKind.LOCATION, latitude=-8.0657, longitude=111.9025)
    settle(app)
    told = villager.read()
    assert "Tulungagung" in told[0].text
    with app.database.read() as db:
        assert db.exec(select(Contact)).one().area_code is None
    villager.tap(told[0].choices[0].id)
    with app.database.read() as db:
        code = db.exec(select(Contact)).one().area_code
    assert code is not None
    assert code.startswith("35.04")


def test_erasing_leaves_no_words_and_a_balance_that_holds(app: App, villager: Person) -> None:
    villager.say(FEE)
    villager.say("hapus")
    told = villager.say("ya")
    assert "Sudah dihapus" in text_of(told)
    with app.database.read() as db:
        bodies = [item.body_sealed for item in db.exec(select(InboxItem)).all()]
        lines = db.exec(select(TranscriptLine)).all()
        records = db.exec(select(QuestionRecord)).all()
        assert balance.take_balance(db).holds
    assert [body for body in bodies if body] == bodies[-1:]
    assert len(lines) == 1
    assert {record.pseudonym for record in records} == {""}


def test_erasing_never_removes_an_open_case(app: App, villager: Person) -> None:
    officer = seat(app, "Sari")
    villager.say(DANGER)
    villager.say("hapus")
    assert "tetap disimpan" in text_of(villager.say("ya"))
    taken = officer.tap(f"k:{only_case(app).id}:terima")
    assert "hp nya diambil" in text_of(taken)


def test_without_an_officer_no_reply_promises_one_and_the_case_waits_at_the_desk(
    app: App, villager: Person
) -> None:
    told = text_of(villager.say(DANGER))
    assert "etugas juga diberi tahu" not in told
    case = only_case(app)
    assert (case.rung, case.owner_id) == (Rung.NASIONAL, None)
    assert text_of(villager.say("petugas")).startswith("Belum ada petugas")
    # As soon as somebody registers, the sweep brings them the case.
    officer = seat(app, "Sari")

    asyncio.run(app.workers.sweep())
    settle(app)
    assert "DARURAT" in text_of(officer.read())


def test_an_officer_registers_with_a_one_time_code(app: App) -> None:
    from escalation.models import Officer, OfficerRoute
    from escalation.roster import invite
    from handlers.officer_routes import hashed

    with app.database.write() as work:
        officer = Officer(name="Sari", duty="pimpasa", created_at=app.clock())
        work.db.add(officer)
        work.db.flush()
        code = invite(work.db, officer.id or 0, hashed=hashed(app.resources), now=app.clock())
        work.commit()
    sari = Person(app, "sari")
    assert "Selamat datang, Sari" in text_of(sari.say(code.lower()))
    other = Person(app, "orang-lain")
    assert "tidak berlaku" in text_of(other.say(code))
    with app.database.read() as db:
        assert len(db.exec(select(OfficerRoute)).all()) == 1


def test_an_offer_only_looked_at_is_a_tip_and_promises_nobody(app: App, villager: Person) -> None:
    officer = seat(app, "Sari")
    told = text_of(villager.say("ada lowongan admin di kamboja gaji 15 juta, bener ga ini"))
    assert "sampaikan ke petugas" not in told
    assert officer.read() == []
    with app.database.read() as db:
        assert db.exec(select(Case)).all() == []
        assert db.exec(select(QuestionRecord)).one().level == Level.SEDANG


def test_a_report_about_officials_goes_past_their_office(app: App, villager: Person) -> None:
    local = seat(app, "Sari", (Rung.KABUPATEN, "35.04"), (Rung.NASIONAL, ""))
    outside = seat(app, "Budi")
    villager.say(FEE)
    villager.say("desa karangrejo kec karangrejo kab tulungagung")
    villager.say(DANGER)
    assert "DARURAT" in text_of(local.read())
    outside.read()
    villager.tap("luar")
    moved = only_case(app)
    assert moved.is_outside
    assert "dialihkan" in text_of(outside.read())
    assert text_of(local.tap(f"k:{moved.id}:terima")) == f"Kasus {moved.id} tidak ada."
    assert "tidak ada" in text_of(local.say(f"kasus {moved.id}"))
    assert only_case(app).state == CaseState.NEW


def test_words_under_a_picture_are_read(app: App, villager: Person) -> None:
    officer = seat(app, "Sari")
    villager.send(kind=InboundKind.PICTURE, text=DANGER)
    settle(app)
    assert villager.read()[0].text.endswith("Balas 1 aman, 2 tidak aman.")
    assert "DARURAT" in text_of(officer.read())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("karangrejo tulungagung", "Yang mana", id="one of two places"),
        pytest.param("desa karangrejo kec boyolangu", "Boyolangu", id="a village"),
    ],
)
def test_a_place_named_without_being_asked_is_taken(app: App, text: str, told: str) -> None:
    villager = Person(app, "warga")
    villager.say("kulo badhe damel paspor, pinten nggih regine?")
    shown = villager.say(text)
    assert told in text_of(shown)
    assert "Halo" not in text_of(shown)


def test_what_holds_all_places_of_a_name_is_known_before_one_is_chosen(app: App) -> None:
    local = seat(app, "Sari", (Rung.KABUPATEN, "35.04"))
    seat(app, "Budi")
    villager = Person(app, "warga")
    assert "Yang mana" in text_of(villager.say("karangrejo tulungagung"))
    villager.say(DANGER)
    assert "Desa: Kab. Tulungagung, Jawa Timur" in text_of(local.read())
    assert only_case(app).area_code == "35.04"


@pytest.mark.parametrize("text", ["selamat pagi", "malang", "terima kasih banyak pak"])
def test_a_greeting_is_no_place(app: App, text: str) -> None:
    villager = Person(app, "warga")
    villager.say("kulo badhe damel paspor, pinten nggih regine?")
    villager.say(text)
    with app.database.read() as db:
        assert villager.contact(db).area_code is None
