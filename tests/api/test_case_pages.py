"""Cases on pages: who sees what, masked words, acting as in chat, and the log of every read."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.app import App
from escalation.assignment import Rung
from escalation.case_states import EventKind
from escalation.cases import history
from escalation.models import Case, Officer
from escalation.risk import Level
from handlers.drills import start_drill
from handlers.room_models import AuditEvent
from tests.api.rooms import Browser, add_account
from tests.conftest import FixedClock
from tests.people import Person, only_case, seat, text_of

VILLAGE = "35.04.12.2001"
STORY = (
    "adik saya Siti ditahan di rumah penampungan, paspornya diambil agen, "
    "tidak boleh keluar, nomor agennya 081234567890, tolong"
)
MARK = re.compile(r'name="tanda" value="([^"]+)"')


def officer_named(app: App, name: str) -> int:
    with app.database.read() as db:
        return db.exec(select(Officer.id).where(Officer.name == name)).one() or 0


@pytest.fixture
def told(app: App) -> App:
    """A story that lies with Sari; Joko answers for the same regency."""
    seat(app, "Sari", (Rung.KABUPATEN, "35.04"), (Rung.NASIONAL, ""))
    seat(app, "Joko", (Rung.KABUPATEN, "52.01"))
    Person(app, "warga").say(STORY)
    with app.database.write() as work:
        case = work.db.exec(select(Case)).one()
        case.area_code, case.owner_id = VILLAGE, officer_named(app, "Sari")
        work.db.add(case)
        work.commit()
    add_account(app, "pimpasa", login="sari", officer_id=officer_named(app, "Sari"))
    return app


@pytest.fixture
def sari(told: App) -> Browser:
    visitor = Browser(told)
    visitor.sign_in("sari")
    return visitor


def press(visitor: Browser, button: str, **more: str) -> str:
    found = MARK.search(visitor.page.text)
    fields = {"tombol": button, "tanda": found[1] if found else "x"} | more
    text: str = visitor.send(f"/petugas/kasus/{button.split(':')[1]}", fields).text
    return text


def test_words_are_read_after_terima_masked_and_each_read_is_noted(
    told: App, sari: Browser
) -> None:
    number = only_case(told).id
    path = f"/petugas/kasus/{number}"
    assert f'href="{path}"' in sari.open("/petugas").text
    before = sari.open(path).text
    assert "penampungan" not in before.split("<h2>Percakapan")[1].split("<h2>Riwayat")[0]
    after = press(sari, f"k:{number}:terima")
    talk = after.split("<h2>Percakapan")[1].split("<h2>")[0]
    assert "penampungan" in talk
    assert "<mark" in talk
    assert "Siti" not in talk
    assert "081234567890" not in after
    assert "web:warga" not in after
    with told.database.read() as db:
        noted = [event.action for event in db.exec(select(AuditEvent)).all()]
    assert noted[-2:] == ["kasus dikerjakan", "percakapan dibaca"]
    printed = sari.open(f"{path}/cetak").text
    assert "Lembar rujukan" in printed
    assert "081234567890" not in printed
    with told.database.read() as db:
        assert [e.detail for e in db.exec(select(AuditEvent)).all()][-1] == "cetak"


def test_an_officer_answers_and_closes_from_the_page(told: App, sari: Browser) -> None:
    number = only_case(told).id
    path = f"/petugas/kasus/{number}"
    villager = Person(told, "warga")
    villager.read()
    sari.open(path)
    press(sari, f"k:{number}:terima")
    found = MARK.search(sari.page.text)
    assert found is not None
    for _ in range(2):
        sent = sari.send(path, {"kata": "Kami sudah baca. Tetap tenang.", "tanda": found[1]})
    assert sent.text.count("Kami sudah baca.") == 1
    assert "Kami sudah baca." not in text_of(villager.read())
    assert text_of(villager.say("ya")).count("Kami sudah baca. Tetap tenang.") == 1
    assert "Terverifikasi" in press(sari, f"k:{number}:selesai")
    press(sari, f"k:{number}:selesai:VERIFIED")
    press(sari, f"k:{number}:selesai:VERIFIED:SAFE")
    case = only_case(told)
    assert (case.state, case.outcome) == ("selesai", "terverifikasi")
    assert "Selesai" in sari.open("/petugas").text


def test_who_comes_second_is_not_told_that_the_case_is_theirs(told: App, sari: Browser) -> None:
    number = only_case(told).id
    seat(told, "Dewi", (Rung.NASIONAL, ""))
    add_account(told, "pimpasa", login="dewi", officer_id=officer_named(told, "Dewi"))
    dewi = Browser(told)
    dewi.sign_in("dewi")
    for visitor in (sari, dewi):
        assert visitor.open(f"/petugas/kasus/{number}").status_code == 200
    assert "sekarang di tangan Bapak/Ibu" in press(sari, f"k:{number}:terima")
    late = press(dewi, f"k:{number}:terima")
    assert "sudah diterima petugas lain" in late
    assert "sekarang di tangan Bapak/Ibu" not in late
    assert only_case(told).owner_id == officer_named(told, "Sari")


def test_other_words_from_a_page_gone_back_to_are_sent_too(told: App, sari: Browser) -> None:
    number = only_case(told).id
    path = f"/petugas/kasus/{number}"
    villager = Person(told, "warga")
    sari.open(path)
    press(sari, f"k:{number}:terima")
    found = MARK.search(sari.page.text)
    assert found is not None
    for words in ("Tetap tenang.", "Tetap tenang.", "Jangan serahkan KTP."):
        sari.send(path, {"kata": words, "tanda": found[1]})
    heard = text_of(villager.say("ya"))
    assert heard.count("Tetap tenang.") == 1
    assert heard.count("Jangan serahkan KTP.") == 1
    with told.database.read() as db:
        acted = [e.detail for e in db.exec(select(AuditEvent)).all()]
        kinds = [event.kind for event in history(db, number or 0)]
    assert acted.count("balas") == 2
    assert kinds.count(EventKind.ANSWERED) == 2


@pytest.mark.parametrize(
    ("role", "more", "expected"),
    [
        pytest.param("kepala_kantor", {"area_code": "35.04"}, 200, id="head of its office"),
        pytest.param("kepala_kantor", {"area_code": "52.01"}, 404, id="head elsewhere"),
        pytest.param("pengamat", {}, 403, id="observer"),
        pytest.param("editor", {}, 403, id="editor"),
        pytest.param("admin", {}, 200, id="admin"),
    ],
)
def test_a_case_is_closed_to_others(
    told: App, role: str, more: dict[str, Any], expected: int
) -> None:
    add_account(told, role, **more)
    visitor = Browser(told)
    visitor.sign_in(role)
    number = only_case(told).id
    for path in (f"/petugas/kasus/{number}", f"/petugas/kasus/{number}/cetak"):
        assert visitor.open(path).status_code == expected
    if expected == 200:
        assert (
            visitor.send(f"/petugas/kasus/{number}", {"tombol": f"k:{number}:terima"}).status_code
            == 403
        )
    assert only_case(told).state == "baru"


@pytest.mark.parametrize(
    "button",
    ["k:999:terima", "k:1:lihat", "jalan:lepas:1", "hapus:ya", "k:1:terima; drop", "x" * 70],
)
def test_only_a_cases_own_buttons_are_pressed(told: App, sari: Browser, button: str) -> None:
    number = only_case(told).id
    sari.open(f"/petugas/kasus/{number}")
    answer = sari.send(f"/petugas/kasus/{number}", {"tombol": button, "tanda": "x"})
    assert answer.status_code == 422
    assert only_case(told).state == "baru"


def test_the_list_says_until_when_and_the_case_who_comes_next(told: App, sari: Browser) -> None:
    number = only_case(told).id
    listed = sari.open("/petugas").text
    assert "Terima sebelum" in listed
    assert "meja nasional" in sari.open(f"/petugas/kasus/{number}").text
    press(sari, f"k:{number}:terima")
    assert "Jawab warga sebelum" in sari.open("/petugas").text


def test_a_time_that_passed_shows_by_how_much(told: App, sari: Browser, clock: FixedClock) -> None:
    clock.move(timedelta(minutes=95))
    assert re.search(r"Terima: lewat (\d+ menit|1 jam)", sari.open("/petugas").text)
    page = sari.open(f"/petugas/kasus/{only_case(told).id}").text
    assert "Sebentar lagi kasus ini naik" in page
    assert "Kalau lewat" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("", True, id="all"),
        pytest.param("?keadaan=baru&tangga=kabupaten", True, id="its state and rung"),
        pytest.param("?kantor=kanim-blitar", True, id="its office"),
        pytest.param("?keadaan=diterima", False, id="another state"),
        pytest.param("?tangga=wilayah", False, id="another rung"),
        pytest.param("?kantor=-", False, id="no office"),
        pytest.param("?kantor=entah&hal=9", False, id="an unknown office, a page too far"),
    ],
)
def test_the_open_cases_can_be_narrowed(told: App, sari: Browser, query: str, shown: bool) -> None:
    with told.database.write() as work:
        case = work.db.exec(select(Case)).one()
        case.rung = Rung.KABUPATEN
        work.db.add(case)
        work.commit()
    page = sari.open(f"/petugas{query}")
    assert page.status_code == 200
    assert (f'href="/petugas/kasus/{case.id}"' in page.text) is shown


def test_a_drill_is_marked_and_counted_apart(told: App, sari: Browser) -> None:
    with told.database.write() as work:
        drill = start_drill(
            work.db, VILLAGE, Level.TINGGI, resources=told.resources, now=told.clock()
        )
        work.commit()
    page = sari.open("/petugas").text
    assert "Terbuka: 1" in page
    assert "Latihan: 1" in page
    opened = sari.open(f"/petugas/kasus/{drill.id}").text
    assert "latihan" in opened
    assert "Kasus lain dari orang yang sama" not in opened
    assert "LATIHAN" in sari.open(f"/petugas/kasus/{drill.id}/cetak").text


def test_cases_and_offers_that_name_one_number_lead_to_each_other(told: App, sari: Browser) -> None:
    other = Person(told, "tetangga")
    other.say("kakak saya disekap agen, paspor diambil, nomornya 0812 3456 7890, tolong")
    third = Person(told, "orang jauh")
    third.say("adik saya dipukuli mandor, paspor ditahan, nomornya 0812-3456-7890, tolong")
    seeker = Person(told, "pencari")
    for text in ("cek tawaran", "malaysia", "medsos", "wa 0812.3456.7890", *["lewati"] * 6):
        seeker.say(text)
    with told.database.write() as work:
        first, second, hidden = work.db.exec(select(Case).order_by(col(Case.id))).all()
        second.area_code = VILLAGE
        # Goes past Sari's office, and is not even counted for it.
        hidden.area_code, hidden.is_outside, hidden.owner_id = VILLAGE, True, None
        work.db.add_all([second, hidden])
        work.commit()
    page = sari.open(f"/petugas/kasus/{first.id}").text
    section = page.partition("Nomor atau perusahaan yang sama")[2]
    assert f"Kasus {second.id}<" in section
    assert f"Kasus {hidden.id}<" not in section
    assert "1 kali disebut warga waktu mengecek tawaran" in section
    assert "81234567890" not in section
    back = sari.open(f"/petugas/kasus/{second.id}").text
    assert f"Kasus {first.id}<" in back.partition("Nomor atau perusahaan yang sama")[2]
