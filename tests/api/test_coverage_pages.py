"""Gaps, map and offices that an admin vouches for."""

import re

import pytest

from bot.app import App
from escalation.assignment import Rung
from escalation.offices import load_offices
from handlers.refresh import refresh
from knowledge.outlines import WHOLE, frame_of, regency_outlines
from tests.api.rooms import Browser, add_account
from tests.people import seat

ESTIMATE = next(code for code in load_offices().of_regency if load_offices().is_estimate(code))
PROVINCE = f"/admin/petugas/celah/{ESTIMATE[:2]}"
SHOWN = re.compile(r'name="shown" value="([^"]+)"')


@pytest.fixture
def keeper(app: App) -> Browser:
    """An admin of the whole country, at a roster of two."""
    seat(app, "Sari", (Rung.KABUPATEN, "35.04"))
    seat(app, "Wati", (Rung.DESA, "35.05.01.2001"))
    add_account(app, "admin")
    browser = Browser(app)
    browser.sign_in("admin")
    return browser


def test_gaps_are_counted_by_province(keeper: Browser) -> None:
    page = keeper.open("/admin/petugas/celah").text
    assert "<b>512</b> dari 514 kabupaten/kota tanpa pimpasa" in page
    assert "36 dari 38" in page
    page = keeper.open("/admin/petugas/celah/35").text
    assert "Semua kecamatan ada pimpasanya" in page
    assert "Sebagian kecamatan" in page
    assert keeper.open("/admin/petugas/celah/99").status_code == 404


def test_a_head_sees_the_gaps_of_the_own_area(app: App, keeper: Browser) -> None:
    add_account(app, "kepala_kantor", area_code="35.05")
    head = Browser(app)
    head.sign_in("kepala_kantor")
    assert "<b>0</b> dari 1 kabupaten/kota" in head.open("/admin/petugas/celah").text
    page = head.open("/admin/petugas/celah/35")
    assert "Tulungagung" not in page.text
    assert "Pastikan" not in page.text
    assert head.open("/admin/petugas/celah/11").status_code == 404
    assert head.open("/admin/petugas/peta").text.count("<path") == 1
    head.open("/akun")
    fields = {"office": "kanim-blitar", "shown": "kanim-blitar"}
    assert head.send(f"/admin/petugas/celah/{ESTIMATE}", fields).status_code == 403


def test_an_office_is_vouched_for_in_every_process_and_taken_back(
    app: App, keeper: Browser
) -> None:
    path = f"/admin/petugas/celah/{ESTIMATE}"
    shown = load_offices().office_code(ESTIMATE)
    assert app.resources.offices.is_estimate(ESTIMATE)
    keeper.open(PROVINCE)
    keeper.send(path, {"office": "kanim-medan", "shown": shown})
    assert "sudah dipastikan" in keeper.page.text
    assert "dipastikan oleh Nama admin" in keeper.page.text
    # Another process still has what it read at its start.
    app.resources.offices = load_offices()
    refresh(app.database, app.resources, now=app.clock())
    assert app.resources.offices.office_code(f"{ESTIMATE}.01") == "kanim-medan"
    assert not app.resources.offices.is_estimate(ESTIMATE)
    keeper.send(path, {"office": "kanim-blitar", "shown": shown})
    assert "baru saja diubah admin lain" in keeper.page.text
    keeper.send(path, {"tarik": "ya", "shown": "kanim-medan"})
    assert app.resources.offices.office_code(ESTIMATE) == shown
    assert app.resources.offices.is_estimate(ESTIMATE)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"office": "kanim-x", "shown": "kanim-blitar"}, id="unknown office"),
    ],
)
def test_an_office_that_is_none_is_refused(keeper: Browser, fields: dict[str, str]) -> None:
    keeper.open(PROVINCE)
    page = keeper.send(f"/admin/petugas/celah/{ESTIMATE}", fields)
    assert page.status_code == 422
    assert "Pilih kantor" in page.text


def test_the_map_draws_every_regency_without_a_script(keeper: Browser) -> None:
    page = keeper.open("/admin/petugas/peta")
    assert page.text.count("<path") == 514
    assert len(page.content) < 200_000
    page = keeper.open("/admin/petugas/peta?provinsi=35")
    assert page.text.count("<path") == 38
    assert keeper.open("/admin/petugas/peta?provinsi=99").status_code == 404
    assert keeper.open("/admin/petugas/peta?provinsi=x").status_code == 422


def test_every_regency_has_an_outline_and_every_province_a_frame() -> None:
    codes = set(regency_outlines())
    assert codes == set(load_offices().of_regency)
    assert frame_of("") == WHOLE
    for province in {code[:2] for code in codes}:
        frame = frame_of(province)
        assert -10 <= frame.left < frame.left + frame.width <= WHOLE.width + 20
        assert -10 <= frame.top < frame.top + frame.height <= WHOLE.height + 20
