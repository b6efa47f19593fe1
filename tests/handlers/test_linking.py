"""One person on several channels: joined by a code, one case, one place to answer to."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.app import App
from escalation.assignment import Rung
from escalation.case_states import CaseState
from escalation.models import Case
from handlers import contacts, linking
from handlers.models import Contact, LinkCode, QuestionRecord
from tests.conftest import FixedClock
from tests.people import Person, choices_of, seat, text_of

STORY = "tolong saya disekap di kamboja paspor ditahan"


def code_for(person: Person) -> str:
    lines = text_of(person.say("hubungkan")).split("\n")
    return next(line.partition(": ")[2] for line in lines if line.startswith("Kode Bapak/Ibu"))


def joined(app: App) -> tuple[Person, Person]:
    first, second = Person(app, "hp-pertama"), Person(app, "hp-kedua")
    assert "Sudah terhubung" in text_of(second.say(code_for(first).lower()))
    return first, second


def cases_in(db: Session) -> list[Case]:
    return list(db.exec(select(Case).order_by(col(Case.id))).all())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("ab2c-9xyz", "AB2C-9XYZ", id="small letters"),
        pytest.param(" AB2C9XYZ ", "AB2C-9XYZ", id="without the dash"),
        pytest.param("BATU-SARI", None, id="a village"),
        pytest.param("AB2C-WXYZ", None, id="a group without a digit"),
        pytest.param("2345678", None, id="seven digits"),
        pytest.param("X4567892", None, id="a passport"),
        pytest.param("K7QM-2XFA-9RTD", None, id="an officer's invitation"),
    ],
)
def test_what_is_a_code(text: str, code: str | None) -> None:
    assert linking.code_in(text) == code


def test_one_person_has_one_case_and_is_counted_once(app: App) -> None:
    seat(app, "Sari", (Rung.NASIONAL, ""))
    first, second = joined(app)
    first.say(STORY)
    second.say("tolong saya masih disekap, paspor ditahan bos")
    with app.database.read() as db:
        assert len(cases_in(db)) == 1
        assert len({row.pseudonym for row in db.exec(select(QuestionRecord)).all()}) == 1


def test_what_waited_on_one_phone_opens_on_the_one_that_writes(app: App) -> None:
    sari = seat(app, "Sari", (Rung.NASIONAL, ""))
    first = Person(app, "hp-pertama")
    first.say(STORY)
    code = code_for(first)
    with app.database.read() as db:
        number = cases_in(db)[0].id
    sari.tap(f"k:{number}:terima")
    sari.tap(f"k:{number}:balas")
    sari.say("Saya Sari. Bapak/Ibu sekarang di mana?")
    assert "Saya Sari" not in text_of(first.read())
    second = Person(app, "hp-kedua")
    second.say(code)
    assert "Saya Sari" in text_of(second.say("halo pak"))
    assert "Saya Sari" not in text_of(first.read())
    assert "halo pak" in text_of(sari.read())


def test_an_older_case_comes_along(app: App) -> None:
    seat(app, "Sari", (Rung.NASIONAL, ""))
    first, second = Person(app, "hp-pertama"), Person(app, "hp-kedua")
    second.say(STORY)
    second.say(code_for(first))
    first.say("paspor saya masih ditahan, tolong")
    with app.database.read() as db:
        (case,) = cases_in(db)
        assert case.contact_id == contacts.person_of(first.contact(db))
        assert case.state == CaseState.NEW


def test_a_code_works_once_and_not_for_ever(app: App, clock: FixedClock) -> None:
    first, second = Person(app, "hp-pertama"), Person(app, "hp-kedua")
    code = code_for(first)
    assert "tidak berlaku" in text_of(first.say(code))
    second.say(code)
    assert "tidak berlaku" in text_of(Person(app, "orang-lain").say(code))
    late = code_for(first)
    clock.move(linking.LIVES + timedelta(seconds=1))
    assert "tidak berlaku" in text_of(Person(app, "terlambat").say(late))
    with app.database.read() as db:
        assert len(contacts.of_person(db, contacts.person_of(first.contact(db)))) == 2


def test_the_first_channel_hears_of_it_and_can_part_them(app: App) -> None:
    first, second = joined(app)
    assert "ketik PUTUSKAN" in text_of(first.read())
    assert "Sudah diputuskan" in text_of(first.say("putuskan"))
    assert "Tidak ada aplikasi lain" in text_of(second.say("putuskan"))
    with app.database.read() as db:
        assert {c.person_id for c in db.exec(select(Contact)).all()} == {None}


def test_made_codes_are_read_as_codes(app: App) -> None:
    first = Person(app, "hp-pertama")
    for _ in range(30):
        code = code_for(first)
        assert linking.code_in(code) == code


def test_a_new_code_voids_the_one_before(app: App) -> None:
    first = Person(app, "hp-pertama")
    old, _new = code_for(first), code_for(first)
    assert "tidak berlaku" in text_of(Person(app, "hp-kedua").say(old))
    with app.database.read() as db:
        assert len(db.exec(select(LinkCode)).all()) == 1


def test_erasing_reaches_both_and_parts_them(app: App) -> None:
    first, second = joined(app)
    first.say("brp biaya paspor")
    second.say("hapus")
    assert choices_of(second.tap("hapus:ya")) == []
    with app.database.read() as db:
        assert {c.person_id for c in db.exec(select(Contact)).all()} == {None}
        assert {row.pseudonym for row in db.exec(select(QuestionRecord)).all()} == {""}
        assert first.contact(db).area_code is None
