"""Settings on the pages: limits, preview, password, another admin, history, and who may."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.app import App
from escalation.policy import Policy
from escalation.risk import Level
from handlers.hotlines import Danger
from handlers.setting_models import SettingVersion
from tests.api.rooms import PASSWORD, Browser, add_account
from tests.conftest import FixedClock

TIMES = "/admin/setelan/waktu"
NUMBERS = "/admin/setelan/nomor"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
DEFAULTS = Policy.load()


def hidden(browser: Browser) -> dict[str, list[str]]:
    """Give what the preview's form carries, without the token."""
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(browser.page.text):
        if name != "csrf":
            found.setdefault(name, []).append(value)
    return found


def propose(browser: Browser, path: str, **changed: Any) -> Any:
    """Open the form, change fields (`__` stands for the dot) and ask for the preview."""
    browser.open(path)
    fields = browser.form() | {key.replace("__", "."): value for key, value in changed.items()}
    return browser.send(path, fields)


def confirm(browser: Browser, path: str, password: str = PASSWORD) -> Any:
    """Put what the preview shows in force."""
    return browser.send(f"{path}/berlakukan", {**hidden(browser), "password": password})


def spread(app: App) -> float:
    found = app.resources.deadlines.rule(Level.DARURAT, is_request=False).spread
    assert found is not None
    return found.total_seconds() / 60


def test_a_time_is_previewed_confirmed_kept_and_restored(filled: App, admin: Browser) -> None:
    page = propose(admin, TIMES, darurat__semua_setelah="4", sedang__diam="6")
    assert "<del>5 menit</del> → <ins>4 menit</ins>" in page.text
    assert "<del>8 jam kerja</del> → <ins>6 jam kerja</ins>" in page.text
    assert page.text.count("<del>") == 2
    assert spread(filled) == 5
    assert "berlaku mulai sekarang" in confirm(admin, TIMES).text
    assert spread(filled) == 4
    assert "2 berbeda dari bawaan" in admin.page.text
    propose(admin, TIMES, darurat__semua_setelah="3")
    confirm(admin, TIMES)
    page = admin.open(f"{TIMES}/riwayat")
    assert page.text.index("Versi 2") < page.text.index("Versi 1")
    assert "Nama admin" in page.text
    admin.open(f"{TIMES}/versi/1")
    assert "<del>3 menit</del> → <ins>4 menit</ins>" in admin.page.text
    confirm(admin, TIMES)
    assert spread(filled) == 4
    assert "dari versi 1" in admin.open(f"{TIMES}/riwayat").text
    admin.open(f"{TIMES}/versi/0")
    confirm(admin, TIMES)
    assert filled.resources.deadlines == DEFAULTS
    assert "kembali ke bawaan" in admin.open(f"{TIMES}/riwayat").text
    log = admin.open("/admin/catatan?perihal=waktu").text
    assert "setelan diubah" in log
    assert "5 menit → 4 menit" in log


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        pytest.param({"darurat__paling_lama": "16"}, "2 sampai 15 menit", id="too long"),
        pytest.param({"tinggi__diulang": ""}, "tidak boleh kosong", id="empty"),
        pytest.param({"digest": "pagi"}, "misalnya 08.00", id="no time"),
        pytest.param({"darurat__diam": "-5"}, "angka bulat", id="negative"),
        pytest.param({"darurat__diam": "9" * 400}, "5 sampai 30 menit", id="endless"),
        pytest.param({"jam_kerja__hari": []}, "4 hari", id="no day"),
    ],
)
def test_a_wrong_value_is_told_and_nothing_typed_is_lost(
    filled: App, admin: Browser, changed: dict[str, Any], says: str
) -> None:
    page = propose(admin, TIMES, **changed | {"tinggi__diam": "77"})
    assert page.status_code == 422
    assert says in page.text
    assert 'name="tinggi.diam" type="text" inputmode="decimal" value="77"' in page.text
    forced = {key: values for key, values in admin.form().items() if key != "csrf"}
    page = admin.send(f"{TIMES}/berlakukan", {**forced, "password": PASSWORD})
    assert page.status_code == 422
    assert "Belum bisa dipakai" in page.text
    with filled.database.read() as db:
        assert db.exec(select(SettingVersion)).all() == []


def test_without_the_right_password_nothing_changes(filled: App, admin: Browser) -> None:
    propose(admin, TIMES, darurat__semua_setelah="4")
    page = confirm(admin, TIMES, "salah-sekali")
    assert page.status_code == 422
    assert "tidak cocok" in page.text
    assert spread(filled) == 5
    confirm(admin, TIMES)
    assert spread(filled) == 4


def test_the_second_of_two_admins_sees_what_would_be_lost(filled: App, admin: Browser) -> None:
    add_account(filled, "admin", login="lain")
    other = Browser(filled)
    other.sign_in("lain")
    propose(other, TIMES, tinggi__diam="90")
    propose(admin, TIMES, darurat__semua_setelah="4")
    confirm(admin, TIMES)
    page = confirm(other, TIMES)
    assert page.status_code == 409
    assert "mengubah setelan ini" in page.text
    assert "<del>4 menit</del> → <ins>5 menit</ins>" in page.text
    assert spread(filled) == 4
    confirm(other, TIMES)
    assert spread(filled) == 5


def test_a_number_is_chosen_from_the_register_and_read_by_villagers(
    filled: App, admin: Browser
) -> None:
    page = admin.open(NUMBERS)
    assert re.search(r'name="di_luar_negeri" value="kp2mi-luar-negeri" disabled', page.text)
    assert "belum pernah dipastikan" in page.text
    page = propose(admin, NUMBERS, anak="sapa-129")
    assert "hubungi SAPA 129 sekarang" in page.text
    confirm(admin, NUMBERS)
    assert filled.resources.hotlines.chosen["anak"] == "sapa-129"


def test_a_chosen_number_gives_way_when_its_call_grows_old(
    filled: App, admin: Browser, clock: FixedClock
) -> None:
    path = "/admin/pastikan/nomor/kp2mi-luar-negeri"
    admin.open(path)
    admin.send(f"{path}/pastikan", {"dialled": "+62 21 2924 4800"})
    propose(admin, NUMBERS, di_luar_negeri="kp2mi-luar-negeri")
    confirm(admin, NUMBERS)
    resources = filled.resources
    named = resources.hotlines.of(Danger.ABROAD, resources.knowledge.faq)
    assert named.said == "KP2MI di +62 21 2924 4800"
    assert "dipastikan lagi" not in admin.open("/admin/setelan").text
    clock.move(timedelta(days=91))
    admin.sign_in("admin")
    assert "dipastikan lagi" in admin.open("/admin/setelan").text
    assert "lewat 90 hari" in admin.open(NUMBERS).text
    named = resources.hotlines.of(Danger.ABROAD, resources.knowledge.faq)
    assert named.helpline.id == "kemlu"


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        pytest.param("kp2mi-luar-negeri", "belum ditelepon dalam 90 hari", id="never called"),
        pytest.param("polisi-110", "pilih dari daftar", id="for elsewhere"),
        pytest.param("ojk-157", "pilih dari daftar", id="for something else"),
        pytest.param("081234567890", "pilih dari daftar", id="typed"),
        pytest.param("", "pilih dari daftar", id="none"),
    ],
)
def test_no_other_number_can_be_chosen(filled: App, admin: Browser, chosen: str, says: str) -> None:
    page = propose(admin, NUMBERS, di_luar_negeri=chosen)
    assert page.status_code == 422
    assert says in page.text
    assert filled.resources.hotlines.chosen == {}


def test_only_admins_of_the_whole_country_may(filled: App, editor: Browser) -> None:
    for path in ("/admin/setelan", TIMES, f"{NUMBERS}/riwayat", f"{TIMES}/versi/0"):
        assert editor.open(path).status_code == 403
    add_account(filled, "admin", login="daerah", area_code="35.04")
    local = Browser(filled)
    local.sign_in("daerah")
    page = local.open("/admin/setelan")
    assert page.status_code == 200
    assert "seluruh negeri" in page.text
    page = local.open(TIMES)
    assert "readonly" in page.text
    assert "Lihat yang berubah" not in page.text
    local.open("/akun")
    for path in (TIMES, f"{TIMES}/berlakukan"):
        assert local.send(path, {"mark": "0", "password": PASSWORD}).status_code == 403
    assert local.open(f"{TIMES}/versi/0").status_code == 403


def test_an_unreadable_version_is_told_and_mended(filled: App, admin: Browser) -> None:
    with filled.database.write() as work:
        work.db.add(
            SettingVersion(
                section="waktu", number=1, content="{", account_id=1, who="?", at=filled.clock()
            )
        )
        work.commit()
    assert "nilai bawaan" in admin.open("/admin/setelan").text
    ready = admin.open("/readyz")
    assert ready.status_code == 200
    assert ready.json()["settings_unreadable"] == ["waktu"]
    assert "tidak terbaca" in admin.open(f"{TIMES}/riwayat").text
    assert admin.open(f"{TIMES}/versi/1").status_code == 404
    admin.open(f"{TIMES}/versi/0")
    confirm(admin, TIMES)
    assert admin.open("/readyz").json()["settings_unreadable"] == []
    assert admin.open(f"{TIMES}/versi/99").status_code == 404
    assert admin.open("/admin/setelan/lain").status_code == 422
