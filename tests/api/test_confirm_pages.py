"""What only named admins may vouch for, what villagers then read, and the log of it."""

import re
from datetime import timedelta

from bot.app import App
from handlers.confirming import items_of
from knowledge.todo import load_groups, todo
from tests.api.rooms import Browser
from tests.conftest import FixedClock
from tests.people import Person, text_of

ENTRY = "/admin/pastikan/entri/paspor-biaya"
NUMBER = "/admin/pastikan/nomor/kp2mi"
OPENED = re.compile(r'href="/admin/pastikan/entri/([a-z0-9-]+)')


def test_a_confirmed_entry_says_so_to_villagers_by_date(filled: App, admin: Browser) -> None:
    assert "belum dipastikan" in text_of(Person(filled, "a").say("brp biaya paspor"))
    page = admin.open(ENTRY)
    number = page.text.split('name="number" value="')[1].split('"')[0]
    admin.send(ENTRY, {"number": number})
    assert "sudah diperiksa" in admin.page.text
    told = text_of(Person(filled, "b").say("brp biaya paspor"))
    assert "diperiksa petugas 24 November 2026" in told
    log = admin.open("/admin/catatan?perihal=paspor-biaya").text
    assert "Nama admin" in log
    assert "isi dipastikan" in log


def test_confirming_an_older_version_is_refused(filled: App, admin: Browser) -> None:
    admin.open(ENTRY)
    admin.send(ENTRY, {"number": "7"})
    assert "baru saja berubah" in admin.page.text
    assert "paspor-biaya" not in filled.resources.knowledge.faq.checked_on


def test_an_edit_ends_what_vouched_for_the_old_text(filled: App, admin: Browser) -> None:
    page = admin.open(ENTRY)
    number = page.text.split('name="number" value="')[1].split('"')[0]
    admin.send(ENTRY, {"number": number})
    admin.open("/admin/faq/paspor-biaya")
    form = admin.form() | {"cost": ["Rp675.000 (2026)"]}
    admin.send("/admin/faq/paspor-biaya", form)
    admin.open("/admin/faq/paspor-biaya/terbit")
    admin.send("/admin/faq/paspor-biaya/terbit", {"mark": admin.mark()})
    assert "paspor-biaya" not in filled.resources.knowledge.faq.checked_on
    admin.open("/admin/faq/paspor-biaya")
    form = admin.form() | {"cost": ["Rp680.000 (2026)"]}
    admin.send("/admin/faq/paspor-biaya", form)
    admin.open("/admin/faq/paspor-biaya/terbit")
    admin.send("/admin/faq/paspor-biaya/terbit", {"mark": admin.mark(), "checked": "ya"})
    assert "paspor-biaya" in filled.resources.knowledge.faq.checked_on


def test_an_editor_cannot_vouch(filled: App, editor: Browser) -> None:
    assert editor.open(ENTRY).status_code == 403
    editor.open("/admin/faq/paspor-biaya")
    editor.send("/admin/faq/paspor-biaya", editor.form() | {"cost": ["Rp675.000 (2026)"]})
    editor.open("/admin/faq/paspor-biaya/terbit")
    editor.send("/admin/faq/paspor-biaya/terbit", {"mark": editor.mark(), "checked": "ya"})
    assert "paspor-biaya" not in filled.resources.knowledge.faq.checked_on


def test_a_called_number_holds_for_90_days_and_a_new_one_must_be_called(
    filled: App, admin: Browser, clock: FixedClock
) -> None:
    faq = filled.resources.knowledge.faq
    dialled = faq.helplines["kp2mi"].number
    admin.open(NUMBER)
    admin.send(f"{NUMBER}/pastikan", {"dialled": "000"})
    assert "baru saja berubah" in admin.page.text
    admin.open(NUMBER)
    admin.send(f"{NUMBER}/pastikan", {"dialled": dialled})
    assert "kp2mi" in filled.resources.knowledge.faq.confirmed
    clock.move(timedelta(days=91))
    admin.sign_in("admin")
    admin.open("/admin/pastikan")
    assert "kp2mi" not in filled.resources.knowledge.faq.confirmed

    source = {"title": "Laman pengaduan", "publisher": "KP2MI", "date": "2026-11-20", "url": ""}
    admin.open(NUMBER)
    for change, message in (
        ({"phone": "08xx"}, "tidak terbaca"),
        ({"phone": ""}, "tidak boleh kosong"),
        ({"date": "2026-02-30"}, "“Tanggal” bukan tanggal yang ada"),
        ({"url": "javascript:alert(1)"}, "“Alamat laman” harus diawali https://"),
    ):
        fields = source | {"phone": "0800", "whatsapp": "", "email": ""} | change
        wrong = admin.send(NUMBER, fields)
        assert message in wrong.text
        assert f'value="{source["title"]}"' in wrong.text
    admin.send(f"{NUMBER}/pastikan", {"dialled": dialled})
    admin.open(NUMBER)
    admin.send(NUMBER, source | {"phone": "0800-1000-999", "whatsapp": "", "email": ""})
    assert "Nomor disimpan" in admin.page.text
    faq = filled.resources.knowledge.faq
    assert faq.helplines["kp2mi"].phone == "0800-1000-999"
    assert "kp2mi" not in faq.confirmed


def test_what_waits_is_worked_off_entry_by_entry_in_one_group(filled: App, admin: Browser) -> None:
    groups = load_groups()
    faq = filled.resources.knowledge.faq
    legal = {slug for slug, entry in faq.entries.items() if items_of(entry, 1, groups=groups)}
    page = admin.open("/admin/pastikan?kelompok=1")
    first = OPENED.findall(page.text)[0]
    assert first in legal
    page = admin.open(f"/admin/pastikan/entri/{first}?kelompok=1")
    number = page.text.split('name="number" value="')[1].split('"')[0]
    admin.send(f"/admin/pastikan/entri/{first}", {"number": number, "kelompok": "1"})
    assert "sudah diperiksa" in admin.page.text
    following = admin.page.url.path.rpartition("/")[2]
    assert following in legal - {first}
    index = filled.resources.knowledge.faq
    assert set(index.checked_on) == {first}
    assert not any(f"  {first}:" in line for line in todo(index))


def test_the_editor_shows_how_an_entry_reads(admin: Browser) -> None:
    admin.open("/admin/faq/paspor-biaya")
    assert "kata (paling banyak 10)" in admin.page.text
    form = admin.form() | {"answer": ["Mohon dokumen persyaratan keimigrasian dilengkapi."]}
    shown = admin.send("/admin/faq/paspor-biaya/pratinjau", form).text
    assert "kata kantor" in shown or "kata panjang" in shown
