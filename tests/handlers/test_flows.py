"""Rows of questions: answered by taps, numbers and words, left and come back to, never lost."""

import re

import pytest
from sqlmodel import select

from bot.app import App
from escalation.models import Case
from handlers.messages import InboundKind
from handlers.models import InboxItem, OfferTip, QuestionRecord
from handlers.naming_models import Naming
from handlers.state import ConversationState
from handlers.views import state_of
from tests.people import Person, choices_of, only_case, seat, settle, text_of

STORY = "ada ibu di kampung sebelah ngajak anak muda kerja ke kapal, ktp mereka dikumpulin semua"
LOCKED_IN = "tolong pak anak saya disekap di rumahnya sekarang, pintu digembok, dia nangis"
FEE = "brp biaya bikin paspor?"
ADVERT = (
    "INFO LOWONGAN KERJA jaga toko di Malaysia, gaji 12 juta, tiket ditanggung, syarat KTP saja, "
    "minat hubungi wa 0812-3456-7890"
)


@pytest.fixture
def villager(app: App) -> Person:
    return Person(app, "warga-1")


def state(person: Person) -> ConversationState:
    with person.app.database.read() as db:
        return state_of(person.contact(db), resources=person.app.resources)


def reported(person: Person, story: str = STORY) -> str:
    """File a report and give its number."""
    for text in ("lapor", "petugas daerah saya", story, "lewati", "lewati", "lewati", "lewati"):
        told = person.say(text)
    found = re.search(r"\d{4} \d{4}", text_of(told))
    assert found is not None
    return found[0]


def cases(app: App) -> list[Case]:
    with app.database.read() as db:
        return list(db.exec(select(Case)).all())


def skip(person: Person, times: int) -> str:
    told = ""
    for _ in range(times):
        told = text_of(person.say("lewati"))
    return told


@pytest.mark.parametrize("answer", ["2", "Tidak ada", "ga ada", "gak ada!"])
def test_an_answer_may_be_a_number_a_title_or_words(villager: Person, answer: str) -> None:
    villager.say("cek tawaran")
    skip(villager, 2)
    assert "bayar" in text_of(villager.say(answer))
    flow = state(villager).flow
    assert flow is not None
    assert flow.answer("pt") == "tidak"


def test_a_button_of_long_ago_still_answers(villager: Person) -> None:
    told = text_of(villager.tap("f:tawaran:visa:turis"))
    assert "negara mana" in told
    flow = state(villager).flow
    assert flow is not None
    assert flow.answer("visa") == "turis"


@pytest.mark.parametrize("id", ["f:tawaran:entah:apa", "f:entah", "f:", "f:lanjut"])
def test_an_unknown_button_gets_a_way_on(villager: Person, id: str) -> None:
    assert "sudah tidak ada" in text_of(villager.tap(id))


def test_a_country_is_read_from_words(villager: Person) -> None:
    villager.say("cek tawaran")
    villager.say("katanya di phnom penh kamboja")
    flow = state(villager).flow
    assert flow is not None
    assert flow.answer("negara") == "kamboja"


def test_a_tip_is_counted_and_is_no_case(app: App, villager: Person) -> None:
    seat(app, "Meja")
    for text in ("cek tawaran", "kamboja", "medsos", "PT Maju Mundur", "diminta", "turis"):
        villager.say(text)
    told = text_of(villager.say("lewati")) + skip(villager, 2)
    assert "Untuk bekerja perlu visa kerja" in told
    assert told.count("\n- ") <= 2 + 3
    assert cases(app) == []
    with app.database.read() as db:
        tip = db.exec(select(OfferTip)).one()
        counted = db.exec(select(QuestionRecord)).all()[-1]
        named = app.resources.sealer.open_json(tip.named_sealed, purpose="offer")
        link_keys = db.exec(select(Naming.key).where(Naming.offer_id == tip.id)).all()
    assert counted.kind == "masukan"
    assert {"visa-tidak-sesuai", "biaya-besar-di-muka"} <= set(counted.indicators)
    assert ["companies", "PT Maju Mundur"] in named
    assert link_keys


def test_a_villager_reads_no_indicator_and_no_promise(app: App, villager: Person) -> None:
    names = app.resources.names.indicators
    villager.say("cek tawaran")
    told = "".join(
        text_of(villager.say(text))
        for text in ("kamboja", "medsos", "tidak ada", "diminta", "turis", "belum", "di saya")
    )
    told += text_of(villager.say("belum pasti"))
    assert not [id for id, name in names.items() if id in told or name in told]
    for word in ("skor", "penipu", "korban", "dijamin", "pasti aman"):
        assert word not in told.casefold()


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(("f:tawaran:biaya:sudah",), id="has paid"),
        pytest.param(("f:tawaran:dokumen:dipegang",), id="handed over documents"),
        pytest.param(
            ("f:tawaran:visa:turis", "f:tawaran:berangkat:sekarang"), id="is about to be taken"
        ),
    ],
)
def test_who_has_given_something_gets_a_person(
    app: App, villager: Person, given: tuple[str, ...]
) -> None:
    seat(app, "Meja")
    for id in given:
        villager.tap(id)
    told = skip(villager, 8 - len(given))
    assert "petugas imigrasi" in told
    assert only_case(app).kind == "TPPO"


def test_a_sound_offer_that_leaves_tomorrow_is_no_case(app: App, villager: Person) -> None:
    seat(app, "Meja")
    villager.say("cek tawaran")
    for text in ("taiwan", "petugas pt", "ada", "tidak", "visa kerja", "sudah", "di saya"):
        villager.say(text)
    assert "jadi belum pasti" in text_of(villager.say("besok"))
    assert cases(app) == []


def test_an_advert_leaves_only_what_is_missing(villager: Person) -> None:
    told = villager.say(ADVERT)
    assert "f:tawaran" in [choice.id for choice in choices_of(told)]
    told = villager.say("ini lowongan asli gak")
    assert "Ada nama PT-nya" in text_of(told)
    for known in ("negara mana", "Siapa yang menawari"):
        assert known not in text_of(told)


def test_an_advert_may_come_in_the_middle(villager: Person) -> None:
    villager.say("cek tawaran")
    assert "Ada nama PT-nya" in text_of(villager.say(ADVERT))


def test_erasing_takes_what_an_offer_named(app: App, villager: Person) -> None:
    villager.say("cek tawaran")
    for text in ("malaysia", "lewati", "PT Maju Mundur"):
        villager.say(text)
    skip(villager, 5)
    villager.say("hapus")
    villager.say("ya")
    with app.database.read() as db:
        tip = db.exec(select(OfferTip)).one()
    assert (tip.named_sealed, tip.pseudonym) == (b"", "")


def test_a_question_in_the_middle_is_answered_and_the_row_goes_on(villager: Person) -> None:
    villager.say("lapor")
    told = text_of(villager.say(FEE))
    assert "belum dipastikan petugas" in told
    assert "Lanjut lapor?" in told
    assert "desa mana" not in told
    assert "Apa yang terjadi" in text_of(villager.say("1"))


def test_a_menu_in_the_middle_offers_the_way_back(villager: Person) -> None:
    villager.say("lapor")
    told = villager.say("menu")
    assert choices_of(told)[0].title == "Lanjut lapor"
    assert len(choices_of(told)) <= 10
    assert "petugas mana" in text_of(villager.tap("f:lanjut"))


def test_batal_gives_the_number_of_what_was_filed(app: App, villager: Person) -> None:
    seat(app, "Meja")
    for text in ("lapor", "petugas daerah saya", STORY):
        villager.say(text)
    told = text_of(villager.say("batal"))
    code = re.search(r"\d{4} \d{4}", told)
    assert code is not None
    assert "sudah tercatat" in text_of(villager.say(code[0]))


def test_lewati_after_a_menu_goes_on_with_the_row(villager: Person) -> None:
    for text in ("lapor", "lewati", "menu"):
        villager.say(text)
    assert "Di mana kejadiannya" in text_of(villager.say("lewati"))


def test_batal_ends_it(villager: Person) -> None:
    villager.say("lapor")
    assert "tidak jadi" in text_of(villager.say("batal"))
    assert state(villager).flow is None


def test_everything_may_be_skipped_and_then_nothing_is_filed(app: App, villager: Person) -> None:
    seat(app, "Meja")
    villager.say("lapor")
    assert "Belum ada yang dicatat" in skip(villager, 6)
    assert cases(app) == []


def test_the_first_words_are_with_an_officer_though_the_rest_never_comes(
    app: App, villager: Person
) -> None:
    officer = seat(app, "Meja")
    villager.say("lapor")
    villager.say("petugas daerah saya")
    villager.say(STORY)
    card = text_of(officer.read())
    assert "Warga melapor sendiri" in card
    assert "kampung" not in card


def test_an_officer_reads_words_after_terima_and_tapped_fields_on_the_card(
    app: App, villager: Person
) -> None:
    officer = seat(app, "Meja")
    villager.say("lapor")
    villager.say("petugas daerah saya")
    villager.say(STORY)
    for text in ("di kec bumiayu kab brebes", "sudah lama", "majikan"):
        villager.say(text)
    assert "Simpan nomor ini" in text_of(villager.say("lihat sendiri"))
    case = only_case(app)
    told = text_of(officer.say(f"kasus {case.id}"))
    for field in ("Brebes", "Sudah lama", "Majikan", "Saya lihat sendiri"):
        assert field in told
    officer.tap(f"k:{case.id}:terima")
    assert (case.area_code or "").startswith("33.29")


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(("petugas luar daerah", STORY), id="asked for"),
        pytest.param(("curiga oknum", STORY), id="doubt in words"),
        pytest.param(("lewati", f"{STORY}, pak kades ikut dapat bagian"), id="doubt in the story"),
        pytest.param(("lewati", STORY, "lewati", "lewati", "aparat"), id="officials named later"),
    ],
)
def test_doubt_goes_past_the_office(app: App, villager: Person, texts: tuple[str, ...]) -> None:
    seat(app, "Meja")
    villager.say("lapor")
    for text in texts:
        villager.say(text)
    assert only_case(app).is_outside


def test_a_danger_in_the_middle_is_answered_at_once_and_goes_outside_too(
    app: App, villager: Person
) -> None:
    seat(app, "Meja")
    villager.say("lapor")
    villager.say("petugas luar daerah")
    told = villager.say(LOCKED_IN)
    assert text_of(told).endswith("Balas 1 aman, 2 tidak aman.")
    assert choices_of(told) == []
    assert only_case(app).is_outside
    assert "Lanjut lapor?" in text_of(villager.say("1"))


def test_who_is_not_safe_is_not_asked_on(app: App, villager: Person) -> None:
    seat(app, "Meja")
    villager.say("lapor")
    villager.say("lewati")
    villager.say(LOCKED_IN)
    told = text_of(villager.say("2"))
    assert "Lanjut" not in told
    assert "Di mana kejadiannya" in text_of(villager.say("lanjut lapor"))


def test_despair_in_the_middle_is_not_met_with_questions(app: App, villager: Person) -> None:
    seat(app, "Meja")
    villager.say("lapor")
    told = villager.say("saya sudah tidak kuat, mau bunuh diri saja")
    assert "Bapak/Ibu tidak sendirian" in text_of(told)
    assert "Lanjut" not in text_of(told)
    assert cases(app) == []


@pytest.mark.parametrize("kind", [InboundKind.VOICE, InboundKind.PICTURE])
def test_a_photo_or_voice_tells_what_happened(
    app: App, villager: Person, kind: InboundKind
) -> None:
    seat(app, "Meja")
    villager.say("lapor")
    villager.say("lewati")
    villager.send(kind=kind, media_id="m-1")
    settle(app)
    assert "Di mana kejadiannya" in text_of(villager.read())
    with app.database.read() as db:
        kept = db.exec(select(InboxItem).where(InboxItem.kind == kind)).one()
    assert kept.case_id == only_case(app).id


def test_photos_sent_together_answer_one_question(app: App, villager: Person) -> None:
    seat(app, "Meja")
    for text in ("lapor", "lewati"):
        villager.say(text)
    for number in range(4):
        villager.send(kind=InboundKind.PICTURE, media_id=f"m-{number}")
    settle(app)
    told = villager.read()
    assert len(told) == 1
    assert "Di mana kejadiannya" in told[0].text
    with app.database.read() as db:
        kept = db.exec(select(InboxItem).where(InboxItem.kind == InboundKind.PICTURE)).all()
    assert [item.case_id for item in kept] == [only_case(app).id] * 4


def test_the_number_is_told_though_an_officer_writes_along(app: App, villager: Person) -> None:
    officer = seat(app, "Meja")
    for text in ("lapor", "petugas daerah saya", STORY):
        villager.say(text)
    officer.tap(next(c for m in officer.read() for c in m.choices if c.title == "Terima").id)
    assert "Nomor catatan" in skip(villager, 4)


def test_yes_to_going_on_is_no_question(villager: Person) -> None:
    villager.say("lapor")
    assert "Lanjut lapor?" in text_of(villager.say(FEE))
    told = villager.say("ya")
    assert len(told) == 1
    assert "petugas mana" in told[0].text


def test_a_photo_sent_later_is_kept_with_the_case(app: App, villager: Person) -> None:
    seat(app, "Meja")
    reported(villager)
    villager.send(kind=InboundKind.PICTURE, media_id="m-2")
    settle(app)
    assert "sudah saya simpan" in text_of(villager.read())


def test_nobody_is_promised_where_nobody_is(villager: Person) -> None:
    told = text_of(villager.say("lapor"))
    assert "belum ada petugas" in told
    code = reported(villager)
    assert code


def test_a_row_survives_a_restart(app: App, villager: Person) -> None:
    villager.say("cek tawaran")
    villager.say("kamboja")
    kept = state(villager)
    assert ConversationState.from_json(kept.to_json()) == kept
    assert kept.flow is not None


def test_an_officer_is_told_that_it_is_for_villagers(app: App) -> None:
    officer = seat(app, "Meja")
    assert "terdaftar sebagai petugas" in text_of(officer.say("lapor"))
    assert officer.say("4297 8200")


def test_a_place_may_be_shared(app: App, villager: Person) -> None:
    seat(app, "Meja")
    for text in ("lapor", "lewati", STORY):
        villager.say(text)
    villager.send(kind=InboundKind.LOCATION, latitude=-8.11, longitude=111.92)
    settle(app)
    assert "Kapan kejadiannya" in text_of(villager.read())
    skip(villager, 3)
    assert (only_case(app).area_code or "").startswith("35.04")


def test_a_wish_to_talk_in_the_middle_is_heard(app: App, villager: Person) -> None:
    seat(app, "Meja")
    villager.say("lapor")
    told = villager.say("petugas")
    assert "saya sampaikan ke petugas" in text_of(told)
    assert choices_of(told)[0].title == "Lanjut lapor"
    assert only_case(app)


def test_an_advert_and_the_wish_to_check_it_may_come_together(villager: Person) -> None:
    told = text_of(villager.say(f"tolong cek loker ini pak. {ADVERT}"))
    assert "iklannya sudah saya baca" in told
    assert "negara mana" not in told


def test_what_was_paid_is_heard_at_another_question(app: App, villager: Person) -> None:
    seat(app, "Meja")
    villager.say("cek tawaran")
    villager.say("malaysia")
    villager.say("tetangga, ijazah ditahan dia")
    assert "petugas imigrasi" in skip(villager, 5)
    assert only_case(app).level == "tinggi"


def test_an_official_named_in_other_words_goes_past_the_office(app: App, villager: Person) -> None:
    seat(app, "Meja")
    for text in ("lapor", "lewati", STORY, "lewati", "lewati", "kayaknya pak lurah ikut"):
        villager.say(text)
    assert only_case(app).is_outside


@pytest.mark.parametrize("nonsense", ["asdfgh", "??", "😂", "12"])
def test_what_says_nothing_is_asked_again_once(villager: Person, nonsense: str) -> None:
    villager.say("cek tawaran")
    told = text_of(villager.say(nonsense))
    assert "belum paham" in told
    assert "negara mana" in told
    assert "Siapa yang menawari" in text_of(villager.say(nonsense))


@pytest.mark.parametrize("nonsense", ["asdfgh", "😂", "qwerty zxc"])
def test_what_says_nothing_is_no_report(app: App, villager: Person, nonsense: str) -> None:
    seat(app, "Meja")
    villager.say("lapor")
    assert "belum paham" in text_of(villager.say(nonsense))
    assert "Apa yang terjadi" in text_of(villager.say(nonsense))
    villager.say("asdfgh")
    assert cases(app) == []
    villager.say(STORY)
    assert only_case(app)


def test_what_was_missed_before_may_still_be_told(app: App, villager: Person) -> None:
    seat(app, "Meja")
    villager.say("cek tawaran")
    skip(villager, 5)
    villager.say("udh tf 3 juta ke orangnya")
    assert "Jangan serahkan uang atau dokumen lagi" in skip(villager, 3)
    assert only_case(app)


def test_where_they_met_is_no_name_of_a_company(app: App, villager: Person) -> None:
    villager.say("cek tawaran")
    skip(villager, 2)
    assert "nama PT" in text_of(villager.say("kenalan di fb"))
    villager.say("jaya abadi")
    flow = state(villager).flow
    assert flow is not None
    assert ("companies", "jaya abadi") in flow.named
    assert flow.answer("pt") == "ada"


def test_not_knowing_one_thing_is_not_knowing_that_alone(villager: Person) -> None:
    villager.say("cek tawaran")
    villager.say("belum tahu kak")
    flow = state(villager).flow
    assert flow is not None
    assert dict(flow.answers) == {"negara": "belum-tahu"}
