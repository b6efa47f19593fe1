"""Sheets on pages: a preview writes nothing, a fault names its line, one press saves all of it."""

import re
from typing import Any

import pytest
from sqlmodel import col, select

from bot.app import App
from escalation.assignment import Rung
from escalation.models import Officer
from handlers.sheets import MAX_BYTES, SheetRefused, pack, read_sheet, unpack
from tests.api.rooms import Browser, add_account
from tests.people import Person, seat, text_of

PATH = "/admin/petugas/impor"
HEAD = "nama,tugas,kantor,wilayah,wakil\n"
GOOD = HEAD + "Wati,pimpasa,kanim-blitar,35.04.01,Budi\nBudi,kepala kantor,kanim-blitar,,\n"
HIDDEN = re.compile(r'name="(mark|isi)" value="([^"]*)"')


@pytest.fixture
def keeper(app: App) -> Browser:
    """An admin of the whole country, at a roster of one."""
    seat(app, "Sari", (Rung.KABUPATEN, "35.04"))
    add_account(app, "admin")
    browser = Browser(app)
    browser.sign_in("admin")
    return browser


def names(app: App) -> set[str]:
    with app.database.read() as db:
        return set(db.exec(select(Officer.name).where(col(Officer.is_active))).all())


def upload(browser: Browser, data: bytes, **fields: str) -> Any:
    browser.open(PATH)
    return browser.send(PATH, fields, files={"file": ("petugas.csv", data, "text/csv")})


def hidden(browser: Browser) -> dict[str, str]:
    return dict(HIDDEN.findall(browser.page.text))


def test_a_preview_writes_nothing_and_a_press_writes_all_of_it(app: App, keeper: Browser) -> None:
    page = upload(keeper, GOOD.encode())
    assert "<b>2</b> baru" in page.text
    assert "Tidak ada di berkas: 1" in page.text
    assert names(app) == {"Sari"}
    form = hidden(keeper)
    page = keeper.send(f"{PATH}/simpan", form)
    assert names(app) == {"Sari", "Wati", "Budi"}
    codes = re.findall(r"<code>([A-Z0-9-]{14})</code>", page.text)
    assert len(codes) == 2
    assert "Wati" in text_of(Person(app, "hp-wati").say(codes[0]))
    keeper.open(PATH)
    page = keeper.send(f"{PATH}/simpan", form)
    assert page.status_code == 409
    assert "ditekan dua kali" in page.text
    assert "<b>2</b> tetap" in page.text


def test_what_changes_is_shown_officer_by_officer(app: App, keeper: Browser) -> None:
    upload(keeper, GOOD.encode())
    keeper.send(f"{PATH}/simpan", hidden(keeper))
    changed = GOOD.replace("35.04.01,Budi", "35.04.02,").replace(
        "Budi,kepala kantor", "Budi,pimpasa"
    )
    page = upload(keeper, changed.encode())
    assert "<b>2</b> berubah" in page.text
    for told in ("tambah Kec.", "lepas Kec.", "Budi menjadi tanpa wakil", "kepala kantor menjadi"):
        assert told in page.text


def test_a_roster_that_changed_since_the_preview_is_shown_anew(app: App, keeper: Browser) -> None:
    upload(keeper, GOOD.encode())
    form = hidden(keeper)
    seat(app, "Tini", (Rung.KABUPATEN, "35.05"))
    page = keeper.send(f"{PATH}/simpan", form)
    assert page.status_code == 409
    assert ">Tini</a>" in page.text
    assert names(app) == {"Sari", "Tini"}


def test_a_sheet_can_be_pasted_and_parted_by_semicolons(app: App, keeper: Browser) -> None:
    keeper.open(PATH)
    pasted = 'nama;tugas;kantor;wilayah\r\nWati;pimpasa;kanim-blitar;"35.04.01;35.04.02"\r\n'
    page = keeper.send(PATH, {"teks": pasted})
    assert "<b>1</b> baru" in page.text
    keeper.send(f"{PATH}/simpan", hidden(keeper))
    assert names(app) == {"Sari", "Wati"}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"", "Berkasnya kosong", id="empty"),
        pytest.param(b" \n\n", "Berkasnya kosong", id="blanks"),
        pytest.param(HEAD.encode(), "tidak berisi petugas", id="only a head"),
        pytest.param(b"a,b\n1,2\n", "kolom nama, tugas, kantor, wilayah tidak ada", id="columns"),
        pytest.param(GOOD.replace("Wati", "Wat\xe9").encode("latin-1"), "CSV UTF-8", id="latin-1"),
        pytest.param(b"PK\x03\x04rest", "berkas Excel", id="a workbook"),
        pytest.param(b"nama,tugas\0", "bukan berkas CSV", id="binary"),
        pytest.param(b"x" * (MAX_BYTES + 1), "terlalu besar", id="too large"),
        pytest.param((GOOD + "Budi,pimpasa,kanim-blitar,,\n").encode(), "Baris 4", id="twice"),
        pytest.param(
            (HEAD + "W\x07,pimpasa,,35.04,\n").encode(), "Baris 2", id="a sign that rings"
        ),
        pytest.param((HEAD + "W,pimpasa,,35.99,\n").encode(), "35.99", id="unknown area"),
        pytest.param((HEAD + '"W,pimpasa,,35.04,\n').encode(), "Baris", id="an open quote"),
    ],
)
def test_a_faulty_file_changes_nothing_and_says_why(
    app: App, keeper: Browser, data: bytes, told: str
) -> None:
    page = upload(keeper, data)
    assert page.status_code == 422
    assert told in page.text
    assert names(app) == {"Sari"}


def test_a_body_of_5_mb_is_not_read(keeper: Browser) -> None:
    assert upload(keeper, b"x" * 5_000_000).status_code == 413


def test_nothing_chosen_is_told(keeper: Browser) -> None:
    keeper.open(PATH)
    assert "Berkasnya kosong" in keeper.send(PATH, {"teks": ""}).text


@pytest.mark.parametrize("packed", ["", "%%%", "YWJj", "AAAA"])
def test_a_tampered_preview_is_refused(app: App, keeper: Browser, packed: str) -> None:
    keeper.open(PATH)
    page = keeper.send(f"{PATH}/simpan", {"mark": "x", "isi": packed})
    assert page.status_code == 422
    assert names(app) == {"Sari"}


def test_others_cannot_import(app: App, keeper: Browser) -> None:
    add_account(app, "kepala_kantor", area_code="35.04")
    head = Browser(app)
    head.sign_in("kepala_kantor")
    assert head.open(PATH).status_code == 403
    head.open("/akun")
    assert head.send(PATH, {"teks": GOOD}).status_code == 403
    assert names(app) == {"Sari"}


def test_what_is_packed_comes_back_and_stays_small() -> None:
    text = "nama\r\nSari\n\tü"
    assert unpack(pack(text)) == text
    with pytest.raises(SheetRefused):
        unpack(pack("x" * (MAX_BYTES + 1)))
    with pytest.raises(SheetRefused):
        read_sheet(b"")
