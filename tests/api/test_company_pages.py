"""The list of placement companies on a page: age, preview, history, and two admins at once."""

import re
from datetime import timedelta

import pytest

from bot.app import App
from tests.api.rooms import Browser, add_account
from tests.conftest import FixedClock

PATH = "/admin/p3mi"
LIST = "nama,status\nPT Maju Karya,aktif\nPT Sinar Laut,dicabut\n"
HIDDEN = re.compile(r'name="(mark|isi|as_of)" value="([^"]*)"')


@pytest.fixture
def keeper(app: App) -> Browser:
    """An admin who is signed in."""
    add_account(app, "admin")
    browser = Browser(app)
    browser.sign_in("admin")
    return browser


def size(app: App) -> int:
    with app.database.read() as db:
        return len(app.resources.companies(db).companies)


def preview(browser: Browser, text: str, as_of: str = "2026-11-20") -> dict[str, str]:
    browser.open(PATH)
    browser.send(PATH, {"teks": text, "as_of": as_of})
    return dict(HIDDEN.findall(browser.page.text))


def test_a_list_comes_into_force_by_the_second_press(
    app: App, keeper: Browser, clock: FixedClock
) -> None:
    assert "Belum ada daftar" in keeper.open(PATH).text
    form = preview(keeper, LIST)
    assert size(app) == 0
    keeper.send(f"{PATH}/simpan", form)
    assert size(app) == 2
    assert "Daftar perusahaan disimpan" in keeper.page.text
    assert "20 November 2026" in keeper.page.text
    clock.move(timedelta(days=11))
    keeper.sign_in("admin")
    assert "Unggah yang baru" in keeper.open(PATH).text


def test_a_new_list_shows_what_it_changes(app: App, keeper: Browser) -> None:
    keeper.send(f"{PATH}/simpan", preview(keeper, LIST))
    text = "nama,status\nPT Maju Karya,dihentikan sementara\nPT Baru Sekali,aktif\n"
    form = preview(keeper, text, "2026-11-10")
    page = keeper.page.text
    for told in ("Baru masuk daftar: 1", "Tidak ada lagi di daftar: 1", "Berganti status: 1"):
        assert told in page
    assert "lebih tua daripada" in page
    keeper.send(f"{PATH}/simpan", form)
    assert keeper.open(PATH).text.count("oleh Nama admin") == 2


def test_two_presses_or_two_admins_save_one_list(app: App, keeper: Browser) -> None:
    form = preview(keeper, LIST)
    keeper.send(f"{PATH}/simpan", form)
    keeper.send(f"{PATH}/simpan", form)
    assert "baru saja diganti" in keeper.page.text
    assert keeper.open(PATH).text.count("oleh Nama admin") == 1


@pytest.mark.parametrize(
    ("text", "as_of", "told"),
    [
        pytest.param("", "2026-11-20", "Berkasnya kosong", id="empty"),
        pytest.param("a,b\n1,2\n", "2026-11-20", "kolom nama tidak ada", id="columns"),
        pytest.param(LIST, "2026-02-30", "Tanggal", id="no such day"),
        pytest.param(LIST, "2027-01-01", "belum terjadi", id="a day to come"),
        pytest.param(LIST, "", "Tanggal", id="no day"),
        pytest.param(LIST + "Maju Karya PT,aktif\n", "2026-11-20", "Baris 4", id="twice"),
    ],
)
def test_a_faulty_list_changes_nothing(
    app: App, keeper: Browser, text: str, as_of: str, told: str
) -> None:
    preview(keeper, text, as_of)
    assert keeper.page.status_code == 422
    assert told in keeper.page.text
    assert size(app) == 0


@pytest.mark.parametrize("role", ["editor", "kepala_kantor", "pengamat"])
def test_only_admins_keep_the_list(app: App, role: str) -> None:
    add_account(app, role, area_code="35.04")
    browser = Browser(app)
    browser.sign_in(role)
    assert browser.open(PATH).status_code == 403


def test_the_overview_leads_to_the_list(keeper: Browser) -> None:
    assert "Belum ada daftar perusahaan" in keeper.open("/admin").text
