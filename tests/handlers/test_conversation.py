"""Whole conversations: what was talked about gives later messages their meaning."""

import pytest
from sqlmodel import select

from bot.app import App
from escalation.models import Case
from handlers.models import Contact, Ending, InboxItem, QuestionRecord
from handlers.state import ConversationState, entries_of
from handlers.views import state_of
from tests.people import Person, text_of

LOST = "paspor saya hilang di pasar bagaimana mengurusnya"
FEE = "brp biaya bikin paspor"


@pytest.fixture
def villager(app: App) -> Person:
    return Person(app, "warga-1")


def state(villager: Person) -> ConversationState:
    with villager.app.database.read() as db:
        return state_of(villager.contact(db), resources=villager.app.resources)


def led_to(villager: Person) -> set[str]:
    """The entry answered last, or those offered last."""
    now = state(villager)
    return set(entries_of(now.offered)) or set(now.topics[-1:])


def endings(app: App) -> list[str | None]:
    with app.database.read() as db:
        return [item.ending for item in db.exec(select(InboxItem).order_by("id")).all()]


@pytest.mark.parametrize(
    ("before", "text", "slugs"),
    [
        pytest.param((LOST,), "biayanya?", {"paspor-biaya", "paspor-hilang"}, id="fee"),
        pytest.param((LOST,), "dendanya?", {"paspor-hilang"}, id="fine-within-the-entry"),
        pytest.param((FEE, "gak mau"), "lamanya?", {"paspor-lama-proses"}, id="time"),
        pytest.param((FEE, "gak mau"), "kalo anak", {"paspor-syarat-anak"}, id="child"),
        pytest.param((LOST, "gak mau", "makasih pak"), "syaratnya", {"paspor-hilang"}, id="thanks"),
        pytest.param((FEE, "gak mau"), "bara hari siap", {"paspor-lama-proses"}, id="minang"),
    ],
)
def test_a_fragment_asks_about_the_topic(
    villager: Person, before: tuple[str, ...], text: str, slugs: set[str]
) -> None:
    for earlier in before:
        villager.say(earlier)
    villager.say(text)
    assert led_to(villager) & slugs


def test_the_topic_outlives_what_is_not_understood(villager: Person) -> None:
    villager.say(LOST)
    villager.say("gak mau")
    villager.say("resep sambal terasi ulek pedas")
    villager.say("biayanya?")
    assert led_to(villager) & {"paspor-biaya", "paspor-hilang"}


def test_a_picked_entry_is_the_topic(villager: Person) -> None:
    villager.tap("a:paspor-rusak")
    assert state(villager).topics == ("paspor-rusak",)


@pytest.mark.parametrize("text", ["makasih ya pak", "assalamualaikum", "siap", "bentar ya"])
def test_courtesies_bring_no_new_answer(app: App, villager: Person, text: str) -> None:
    villager.say(LOST)
    villager.say("gak mau")
    villager.say(text)
    assert endings(app)[-1] != Ending.ANSWERED
    assert state(villager).topics == ("paspor-hilang",)


def shown(villager: Person) -> tuple[str, ...]:
    """Bring a list to the screen, as the menu does."""
    villager.say("paspor")
    villager.tap("t:paspor:0")
    return state(villager).entries_listed()


@pytest.mark.parametrize(
    ("text", "position"),
    [("yg bawah", -1), ("yang paling atas", 0), ("yg terakhir aja", -1), ("nomor 2", 1)],
)
def test_a_place_in_the_list_is_a_pick(villager: Person, text: str, position: int) -> None:
    listed = shown(villager)
    assert len(listed) > 2
    villager.say(text)
    assert state(villager).topics[-1] == listed[position]


def test_the_list_before_can_be_gone_back_to(villager: Person) -> None:
    listed = shown(villager)
    villager.say("nomor 1")
    villager.say("balik ke yang kedua tadi")
    assert state(villager).topics[-2:] == (listed[0], listed[1])


def test_a_pick_may_say_more(app: App, villager: Person) -> None:
    listed = shown(villager)
    villager.say("yg kedua, tapi ktp saya luar kota")
    assert state(villager).topics[-1] == listed[1]
    with app.database.read() as db:
        assert db.exec(select(QuestionRecord)).all()[-1].slug == listed[1]


def test_a_danger_behind_a_pick_is_heard(app: App, villager: Person) -> None:
    shown(villager)
    villager.say("yg kedua, tolong saya dikurung majikan tidak boleh keluar")
    with app.database.read() as db:
        assert db.exec(select(Case)).all()


def test_none_of_them_drops_the_list(villager: Person) -> None:
    shown(villager)
    told = villager.say("gak ada yg pas")
    assert "belum pas" in text_of(told)
    assert state(villager).entries_listed() == ()


def test_a_question_with_a_place_gets_both(app: App, villager: Person) -> None:
    villager.say("apa syarat bikin paspor dewasa")
    villager.say("di tulungagung bikinnya dimana?")
    assert "paspor-lokasi" in led_to(villager)
    with app.database.read() as db:
        contact = db.exec(select(Contact)).one()
    assert (contact.area_code or "").startswith("35.04")


def test_a_village_alone_is_only_a_village(app: App, villager: Person) -> None:
    villager.say(FEE)
    villager.say("karangrejo kec karangrejo tulungagung")
    assert endings(app)[-1] == Ending.COMMAND
    assert state(villager).topics == ("paspor-biaya",)


def test_a_story_that_names_a_place_is_no_village(app: App, villager: Person) -> None:
    villager.say(FEE)
    villager.say(
        "anak tetangga umur 15 diajak kerja di kafe batam, orangnya mau jemput nanti malam naik "
        "travel, ibunya tidak tahu"
    )
    with app.database.read() as db:
        assert db.exec(select(Contact)).one().area_code is None
        assert db.exec(select(Case)).all()


def test_two_questions_get_both_answers(app: App, villager: Person) -> None:
    told = villager.say("paspor hilang gimana? terus biaya bikin paspor berapa?")
    text = text_of(told[:1])
    assert "Paspor hilang" in text
    assert "650.000" in text
    assert [choice.id for choice in told[0].choices] == [
        "a:paspor-hilang",
        "a:paspor-biaya",
        "menu",
    ]
    with app.database.read() as db:
        assert db.exec(select(QuestionRecord)).one().slug == "paspor-hilang"
    assert "Selengkapnya" in [c.title for m in villager.say("2") for c in m.choices]


def test_a_danger_is_never_taken_for_two_questions(villager: Person) -> None:
    told = villager.say("tolong saya disekap majikan gimana? terus biaya bikin paspor berapa?")
    assert text_of(told[:1]).endswith("Balas 1 aman, 2 tidak aman.")
    assert "650.000" not in text_of(told)


@pytest.mark.parametrize("before", [None, "masukan", "ganti desa", FEE], ids=str)
@pytest.mark.parametrize("text", ["batal", "gak jadi", "stop"])
def test_who_wants_to_stop_is_asked_nothing(
    app: App, villager: Person, before: str | None, text: str
) -> None:
    if before is not None:
        villager.say(before)
    told = villager.say(text)
    assert len(told) == 1
    assert "Silakan bertanya." in told[0].text or "Kapan saja boleh bertanya" in told[0].text
    assert not [id for id in (c.id for c in told[0].choices) if id != "menu"]
    with app.database.read() as db:
        asked = db.exec(select(QuestionRecord)).all()
    assert len(asked) == (before == FEE)
