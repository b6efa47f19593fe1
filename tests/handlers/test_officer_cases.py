"""An officer's taps and words: once is enough, and nothing reaches the wrong villager."""

import pytest

from bot.app import App
from escalation.assignment import Rung
from escalation.case_states import CaseState
from escalation.risk import Level
from tests.handlers.test_clockwork import EMERGENCY, REGENCY, tell, villager
from tests.people import Person, choices_of, only_case, seat, text_of

SECRET = "disekap di kamboja, paspor diambil bos"


@pytest.fixture
def owner(app: App) -> Person:
    return seat(app, "Sari", (Rung.KABUPATEN, REGENCY))


@pytest.fixture
def desk(app: App) -> Person:
    return seat(app, "Budi")


def test_a_second_tap_on_terima_does_not_show_the_story_again(
    app: App, owner: Person, desk: Person
) -> None:
    villager(app).say(EMERGENCY)
    number = only_case(app).id
    assert SECRET in text_of(owner.tap(f"k:{number}:terima"))
    again = owner.tap(f"k:{number}:terima")
    assert f"Kasus {number} sudah di tangan Bapak/Ibu" in text_of(again)
    assert SECRET not in text_of(again)
    assert f"k:{number}:balas" in {choice.id for choice in choices_of(again)}
    assert SECRET in text_of(owner.say(f"kasus {number}"))
    late = text_of(desk.tap(f"k:{number}:terima"))
    assert "sudah diterima petugas lain" in late
    assert SECRET not in late


@pytest.mark.parametrize("action", ["terima", "balas", "rujuk", "alihkan", "selesai", "lihat"])
def test_a_closed_case_says_so_whatever_is_tapped(
    app: App, owner: Person, desk: Person, action: str
) -> None:
    number = tell(app, villager(app), Level.TINGGI)
    owner.tap(f"k:{number}:terima")
    owner.tap(f"k:{number}:selesai:VERIFIED:SAFE")
    assert only_case(app).state == CaseState.CLOSED
    assert text_of(owner.tap(f"k:{number}:{action}")) == f"Kasus {number} sudah selesai."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("kasus", "Kasus terbuka:", id="the list"),
        pytest.param("KASUS 1", "Ini tulisan warga", id="one case"),
        pytest.param("bantuan", "Petunjuk petugas:", id="help"),
        pytest.param("siaga", "sedang siaga", id="duty"),
    ],
)
def test_a_command_never_goes_to_the_villager(
    app: App, owner: Person, desk: Person, text: str, told: str
) -> None:
    person = villager(app)
    person.say(EMERGENCY)
    number = only_case(app).id
    assert number == 1
    owner.tap(f"k:{number}:terima")
    owner.tap(f"k:{number}:balas")
    person.read()
    answer = text_of(owner.say(text))
    assert answer.startswith("Tidak jadi membalas.")
    assert told in answer
    assert person.read() == []


@pytest.mark.parametrize("text", ["siap", "Baik, kami ke sana. Kasus ini kami urus."])
def test_words_that_may_be_meant_for_the_villager_reach_them(
    app: App, owner: Person, desk: Person, text: str
) -> None:
    person = villager(app)
    person.say(EMERGENCY)
    number = only_case(app).id
    owner.tap(f"k:{number}:terima")
    owner.tap(f"k:{number}:balas")
    owner.say(text)
    assert text in text_of(person.say("ya"))


def test_a_tap_on_another_case_ends_a_reply(app: App, owner: Person, desk: Person) -> None:
    first, second = villager(app, "a"), villager(app, "b")
    one, two = (tell(app, person, Level.TINGGI) for person in (first, second))
    owner.tap(f"k:{one}:terima")
    owner.tap(f"k:{one}:balas")
    owner.tap(f"k:{two}:terima")
    owner.say("Ibu, jangan berangkat besok.")
    assert "jangan berangkat" not in text_of(first.say("ya"))
    assert "jangan berangkat" not in text_of(second.say("ya"))


def test_the_desk_lists_what_it_holds_together(app: App, desk: Person) -> None:
    other = seat(app, "Tini")
    tell(app, villager(app), Level.TINGGI, area="94")
    number = only_case(app).id
    # Given to one of the desk by name at first; passed on, it is everybody's.
    holder, colleague = (desk, other) if desk.read() else (other, desk)
    holder.tap(f"k:{number}:alihkan")
    colleague.tap(f"k:{number}:alihkan")
    assert only_case(app).owner_id is None
    for person in (holder, colleague):
        assert f"{number}: Tinggi" in text_of(person.say("kasus"))


def test_whoever_was_called_may_read_the_card_but_not_the_words(
    app: App, owner: Person, desk: Person
) -> None:
    villager(app).say(EMERGENCY)
    number = only_case(app).id
    shown = text_of(desk.say(f"kasus {number}"))
    assert "Tujuan: Kamboja" in shown
    assert SECRET not in shown


def test_a_case_passed_on_is_only_its_new_owners(app: App, owner: Person, desk: Person) -> None:
    office = app.resources.offices.of_regency[REGENCY][0]
    head = seat(app, "Hadi", (Rung.KANTOR, office))
    number = tell(app, villager(app), Level.DARURAT)
    owner.tap(f"k:{number}:terima")
    desk.read()
    owner.tap(f"k:{number}:alihkan")
    mine, others = text_of(head.read()), text_of(desk.read())
    assert "dialihkan ke Bapak/Ibu" in mine
    assert "Sudah pernah diterima, lalu dialihkan." in mine
    assert "diam" not in mine
    assert f"Kasus {number} belum diterima siapa pun" in others
    assert "dialihkan ke Bapak/Ibu" not in others
