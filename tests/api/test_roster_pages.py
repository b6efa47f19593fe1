"""The roster on pages: who sees whom, what an admin changes, and what two admins do at once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.app import App
from escalation.assignment import Rung
from escalation.models import Case, Officer, OfficerRoute, Posting
from escalation.risk import Level
from escalation.roster import load_roster
from handlers.audit import Action
from handlers.room_models import AuditEvent
from tests.api.rooms import Browser, add_account
from tests.conftest import FixedClock
from tests.handlers.test_clockwork import tell, villager
from tests.people import Person, only_case, seat, text_of

REGENCY = "35.04"
CODE = re.compile(r'id="kode-undangan">([A-Z0-9-]+)<')


@pytest.fixture
def keeper(app: App) -> Browser:
    """An admin of the whole country, at a roster of three."""
    seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Wati", (Rung.DESA, "35.04.01.1002"))
    seat(app, "Budi")
    add_account(app, "admin")
    browser = Browser(app)
    browser.sign_in("admin")
    return browser


def officer(app: App, name: str) -> Officer:
    with app.database.read() as db:
        return db.exec(select(Officer).where(col(Officer.name) == name)).one()


def places(app: App, name: str) -> set[tuple[str, str]]:
    with app.database.read() as db:
        found = db.exec(
            select(Posting).where(col(Posting.officer_id) == officer(app, name).id)
        ).all()
    return {(post.rung, post.code) for post in found}


def page_of(app: App, name: str) -> str:
    return f"/admin/petugas/{officer(app, name).id}"


def noted(app: App, action: Action) -> list[str]:
    with app.database.read() as db:
        query = select(AuditEvent.detail).where(col(AuditEvent.action) == action)
        return list(db.exec(query).all())


def details(app: App, who: str, **changed: Any) -> dict[str, Any]:
    """Give the fields of the form of one officer."""
    one = officer(app, who)
    shown = {
        "name": one.name,
        "duty": one.duty,
        "office": one.office_code,
        "deputy_id": one.deputy_id or "",
        **({"meja": "ya"} if ("nasional", "") in places(app, who) else {}),
    }
    return shown | changed


@pytest.mark.parametrize(
    ("role", "area", "names"),
    [
        pytest.param("admin", "", {"Sari", "Wati", "Budi"}, id="admin of the country"),
        pytest.param("admin", "35", {"Sari", "Wati"}, id="admin of a province"),
        pytest.param("kepala_kantor", "35.04", {"Sari", "Wati"}, id="head, own area"),
        pytest.param("kepala_kantor", "35.05", set(), id="head of another area"),
    ],
)
def test_who_sees_whom(app: App, keeper: Browser, role: str, area: str, names: set[str]) -> None:
    add_account(app, role, login="lain", area_code=area)
    browser = Browser(app)
    browser.sign_in("lain")
    page = browser.open("/admin/petugas")
    assert {name for name in ("Sari", "Wati", "Budi") if f">{name}</a>" in page.text} == names
    for name in ("Sari", "Budi"):
        shown = browser.open(page_of(app, name))
        assert shown.status_code == (200 if name in names else 404)
    may_change = role == "admin" and not area
    assert (browser.open("/admin/petugas/baru").status_code == 200) is may_change


@pytest.mark.parametrize("role", ["editor", "pengamat", "pimpasa"])
def test_the_roster_is_closed_to_others(app: App, keeper: Browser, role: str) -> None:
    add_account(app, role, area_code=REGENCY)
    browser = Browser(app)
    browser.sign_in(role)
    assert browser.open("/admin/petugas").status_code == 403
    assert browser.open(page_of(app, "Sari")).status_code == 403


def test_a_head_of_office_changes_nothing(app: App, keeper: Browser) -> None:
    add_account(app, "kepala_kantor", area_code=REGENCY)
    browser = Browser(app)
    browser.sign_in("kepala_kantor")
    path = page_of(app, "Sari")
    browser.open("/akun")
    for step in ("", "/tempat", "/lepas", "/cuti", "/kembali", "/berhenti", "/undangan"):
        assert browser.client.get(path).status_code == 200
        browser.open("/akun")
        assert browser.send(f"{path}{step}", details(app, "Sari", name="Lain")).status_code == 403
    assert "Simpan</button>" not in browser.open(path).text
    assert officer(app, "Sari").is_active


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param("cari=sari", {"Sari"}, id="name"),
        pytest.param("cari=tulungagung", {"Sari", "Wati"}, id="place"),
        pytest.param("wilayah=35.04.01", {"Wati"}, id="area"),
        pytest.param("keadaan=diam", {"Budi"}, id="silent"),
        pytest.param("keadaan=siap", {"Wati"}, id="answering"),
        pytest.param("keadaan=terputus", {"Sari"}, id="blocked"),
        pytest.param("keadaan=ngawur", set(), id="no such state"),
        pytest.param("kantor=kanim-blitar", set(), id="office"),
        pytest.param("hal=999", {"Sari", "Wati", "Budi"}, id="a page behind the last"),
    ],
)
def test_the_list_is_searched(app: App, keeper: Browser, query: str, names: set[str]) -> None:
    with app.database.write() as work:
        budi = work.db.exec(select(Officer).where(col(Officer.name) == "Budi")).one()
        budi.answered_at = app.clock() - timedelta(days=8)
        work.db.add(budi)
        route = work.db.exec(
            select(OfficerRoute).where(col(OfficerRoute.officer_id) == officer(app, "Sari").id)
        ).one()
        route.broken_code = "blocked"
        work.db.add(route)
        work.commit()
    page = keeper.open(f"/admin/petugas?{query}")
    assert {name for name in ("Sari", "Wati", "Budi") if f">{name}</a>" in page.text} == names


def test_no_address_of_an_officer_is_shown(app: App, keeper: Browser) -> None:
    for path in ("/admin/petugas", page_of(app, "Sari")):
        page = keeper.open(path)
        assert "halaman web" in page.text
        assert "petugas:Sari" not in page.text


def test_a_new_officer_is_registered_and_joins_by_the_code(app: App, keeper: Browser) -> None:
    keeper.open("/admin/petugas/baru")
    form = {"name": "Tini", "duty": "pimpasa", "office": "kanim-blitar", "tempat": "35.04.02"}
    keeper.send("/admin/petugas/baru", form)
    assert "sudah terdaftar" in keeper.page.text
    assert "Belum terhubung" in keeper.page.text
    assert places(app, "Tini") == {("kantor", "kanim-blitar"), ("kecamatan", "35.04.02")}
    shown = keeper.send(f"{page_of(app, 'Tini')}/undangan")
    found = CODE.search(shown.text)
    assert found is not None
    assert found[1] not in keeper.open(page_of(app, "Tini")).text
    assert "Tini" in text_of(Person(app, "hp-tini").say(found[1]))
    assert "Siap" in keeper.open(page_of(app, "Tini")).text
    assert noted(app, Action.OFFICER_INVITED) == [""]
    assert not any("Tini" in detail for detail in noted(app, Action.OFFICER_ADDED))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param({"name": " "}, "Isi nama", id="no name"),
        pytest.param({"name": "x" * 101}, "paling banyak 100", id="a long name"),
        pytest.param({"duty": "kades"}, "Pilih tugas", id="unknown duty"),
        pytest.param({"office": "kanim-x"}, "Pilih kantor", id="unknown office"),
        pytest.param({"name": "Sari"}, "bernama sama", id="somebody of that name there"),
        pytest.param({"deputy_id": "999"}, "Wakil itu", id="unknown deputy"),
        pytest.param({"tempat": "Antah Berantah"}, "ini yang dimaksud", id="a slip of the pen"),
        pytest.param({"tempat": "zzzz qqqq"}, "tidak ketemu", id="unknown place"),
        pytest.param({"tempat": "99.99"}, "tidak ketemu", id="unknown code"),
        pytest.param({"tempat": "Karangrejo"}, "Pilih salah satu", id="a name of many places"),
        pytest.param({"tempat": ""}, "Isi kantor atau tempat", id="posted nowhere"),
    ],
)
def test_a_faulty_new_officer_is_refused_and_keeps_what_was_typed(
    app: App, keeper: Browser, fields: dict[str, str], told: str
) -> None:
    keeper.open("/admin/petugas/baru")
    form = {"name": "Tini", "duty": "pimpasa", "tempat": "35.04.02"} | fields
    page = keeper.send("/admin/petugas/baru", form)
    assert page.status_code == 422
    assert told in page.text
    if form["tempat"]:
        assert f'value="{form["tempat"]}"' in page.text
    with app.database.read() as db:
        assert len(db.exec(select(Officer)).all()) == 3


def test_a_place_of_many_is_chosen_from_those_that_fit(app: App, keeper: Browser) -> None:
    path = page_of(app, "Sari")
    keeper.open(path)
    page = keeper.send(f"{path}/tempat", {"tempat": "karangrejo"})
    (first, *_) = re.findall(r'name="kode" value="([\d.]+)"', page.text)
    keeper.send(f"{path}/tempat", {"tempat": "karangrejo", "kode": first})
    assert "Tempat tugas ditambah" in keeper.page.text
    assert first in {code for _, code in places(app, "Sari")}
    keeper.send(f"{path}/tempat", {"kode": first})
    assert "sudah ada" in keeper.page.text
    keeper.send(f"{path}/lepas", {"rung": "kabupaten", "code": REGENCY})
    assert places(app, "Sari").isdisjoint({("kabupaten", REGENCY)})


def test_the_last_place_is_not_taken_away(app: App, keeper: Browser) -> None:
    path = page_of(app, "Sari")
    keeper.open(path)
    page = keeper.send(f"{path}/lepas", {"rung": "kabupaten", "code": REGENCY})
    assert "harus punya kantor" in page.text
    assert places(app, "Sari") == {("kabupaten", REGENCY)}


def test_a_change_is_written_and_noted_without_names(app: App, keeper: Browser) -> None:
    path, wati = page_of(app, "Sari"), officer(app, "Wati").id
    mark = keeper.open(path).text.split('name="mark" value="')[1].split('"')[0]
    form = details(app, "Sari", name="Sari  Dewi", office="kanim-blitar", deputy_id=wati, meja="ya")
    keeper.send(path, {"mark": mark, **form})
    assert "sudah diubah" in keeper.page.text
    assert places(app, "Sari Dewi") == {
        ("kabupaten", REGENCY),
        ("kantor", "kanim-blitar"),
        ("nasional", ""),
    }
    assert officer(app, "Sari Dewi").deputy_id == wati
    (detail,) = noted(app, Action.OFFICER_CHANGED)
    assert detail == f"nama, kantor kanim-blitar, wakil petugas-{wati}, masuk meja nasional"


def test_two_admins_at_once_do_not_write_over_each_other(app: App, keeper: Browser) -> None:
    path = page_of(app, "Sari")
    mark = keeper.open(path).text.split('name="mark" value="')[1].split('"')[0]
    mine = {"mark": mark, **details(app, "Sari", duty="kepala kantor")}
    theirs = {"mark": mark, **details(app, "Sari", name="Sari Ayu")}
    keeper.send(path, mine)
    page = keeper.send(path, theirs)
    assert page.status_code == 409
    assert "baru saja diubah orang lain" in page.text
    assert 'value="Sari Ayu"' in page.text
    assert officer(app, "Sari").duty == "kepala kantor"
    fresh = page.text.split('name="mark" value="')[1].split('"')[0]
    keeper.send(path, {**theirs, "mark": fresh})
    assert officer(app, "Sari Ayu").duty == "pimpasa"


def test_a_button_pressed_twice_does_its_work_once(app: App, keeper: Browser) -> None:
    path = page_of(app, "Sari")
    mark = keeper.open(path).text.split('name="mark" value="')[1].split('"')[0]
    form = {"mark": mark, **details(app, "Sari", duty="kepala kantor")}
    keeper.send(path, form)
    keeper.send(path, form)
    assert "Tidak ada yang berubah" in keeper.page.text
    for _ in range(2):
        keeper.send(f"{path}/berhenti")
    assert noted(app, Action.OFFICER_CHANGED) == ["tugas kepala kantor", "tidak bertugas"]


def test_leave_moves_open_cases_at_once_and_ends(
    app: App, keeper: Browser, clock: FixedClock
) -> None:
    tell(app, villager(app), Level.TINGGI)
    sari = officer(app, "Sari").id
    assert only_case(app).owner_id == sari
    path = page_of(app, "Sari")
    mark = keeper.open(path).text.split('name="mark" value="')[1].split('"')[0]
    keeper.send(f"{path}/cuti", {"mark": mark, "kembali": "2026-11-30"})
    assert "Cuti dicatat" in keeper.page.text
    assert "sampai 30-11-2026 07.00 WIB" in keeper.page.text
    assert only_case(app).owner_id != sari
    keeper.send(f"{path}/kembali")
    with app.database.read() as db:
        assert sari in load_roster(db, now=clock()).reachable


def test_a_leave_to_come_begins_by_itself(app: App, keeper: Browser, clock: FixedClock) -> None:
    path, sari = page_of(app, "Sari"), officer(app, "Sari").id
    mark = keeper.open(path).text.split('name="mark" value="')[1].split('"')[0]
    fields = {"mark": mark, "mulai": "2026-11-26", "kembali": "2026-11-28"}
    keeper.send(f"{path}/cuti", fields)
    assert "mulai 26-11-2026 00.00 WIB" in keeper.page.text
    seen = []
    for hours in (0, 24, 24, 24, 24):
        clock.move(timedelta(hours=hours))
        with app.database.read() as db:
            seen.append(sari in load_roster(db, now=clock()).reachable)
    assert seen == [True, True, False, False, True]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param({"kembali": "2026-02-30"}, "Tanggalnya tidak ada", id="no such day"),
        pytest.param({"kembali": ""}, "Tanggalnya tidak ada", id="no day"),
        pytest.param({"kembali": "besok"}, "Tanggalnya tidak ada", id="a word"),
        pytest.param({"kembali": "2026-11-24"}, "sesudah hari ini", id="today"),
        pytest.param({"kembali": "2020-01-01"}, "sesudah hari ini", id="long ago"),
        pytest.param({"kembali": "2029-01-01"}, "paling lama satu tahun", id="years"),
        pytest.param(
            {"mulai": "2026-12-09", "kembali": "2026-12-01"}, "sesudah hari pertama", id="backwards"
        ),
    ],
)
def test_a_leave_that_cannot_be_changes_nothing(
    app: App, keeper: Browser, fields: dict[str, str], told: str
) -> None:
    path = page_of(app, "Sari")
    mark = keeper.open(path).text.split('name="mark" value="')[1].split('"')[0]
    page = keeper.send(f"{path}/cuti", {"mark": mark, **fields})
    assert page.status_code == 422
    assert told in page.text
    assert officer(app, "Sari").away_until is None


def test_the_last_of_the_desk_cannot_go_on_leave(app: App, keeper: Browser) -> None:
    path = page_of(app, "Budi")
    mark = keeper.open(path).text.split('name="mark" value="')[1].split('"')[0]
    page = keeper.send(f"{path}/cuti", {"mark": mark, "kembali": "2026-12-01"})
    assert "meja nasional kosong" in page.text
    assert officer(app, "Budi").away_until is None


def test_who_is_taken_off_duty_hands_over_what_is_open(app: App, keeper: Browser) -> None:
    tell(app, villager(app), Level.TINGGI)
    path, sari = page_of(app, "Sari"), officer(app, "Sari").id
    assert "1 kasus terbuka yang dipegangnya langsung naik" in keeper.open(path).text
    keeper.send(f"{path}/berhenti")
    with app.database.read() as db:
        assert db.exec(select(Case).where(col(Case.owner_id) == sari)).all() == []
    assert ">Sari</a>" not in keeper.open("/admin/petugas").text
    assert ">Sari</a>" in keeper.open("/admin/petugas?keadaan=tidak+bertugas").text
    keeper.open(path)
    assert "tidak bertugas" in keeper.send(f"{path}/undangan").text
    keeper.send(f"{path}/aktif")
    assert officer(app, "Sari").is_active


def test_nobody_is_there_under_an_unknown_number(keeper: Browser) -> None:
    assert keeper.open("/admin/petugas/999").status_code == 404
    keeper.open("/admin/petugas")
    assert keeper.open("/admin/petugas/abc").status_code == 404
