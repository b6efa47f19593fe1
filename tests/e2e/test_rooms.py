"""Each role's main path in a real Chromium, on a phone and on a desk, with axe on every page."""

import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

PHONE, DESK = 360, 1280
WIDTHS = [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")]
MAX_CLICKS = 12
MAX_FIRST_PAGE_BYTES = 60 * 1024

PUBLIC = ("/", "/masuk", "/undangan/tidak-ada", "/tidak-ada-halaman")
FOR_ADMINS = (
    "/admin",
    "/admin/faq",
    "/admin/faq/baru",
    "/admin/faq/berkas",
    "/admin/faq/coba?teks=brp+biaya+paspor",
    "/admin/faq/paspor-biaya",
    "/admin/faq/paspor-biaya/riwayat",
    "/admin/faq/paspor-biaya/tarik",
    "/admin/celah",
    "/admin/pastikan",
    "/admin/pastikan/entri/paspor-biaya",
    "/admin/pastikan/nomor",
    "/admin/pastikan/nomor/polisi-110",
    "/petugas",
    "/admin/petugas",
    "/admin/petugas/1",
    "/admin/petugas/baru",
    "/admin/petugas/impor",
    "/admin/petugas/celah",
    "/admin/petugas/celah/35",
    "/admin/petugas/peta",
    "/admin/petugas/peta?provinsi=35",
    "/admin/p3mi",
    "/admin/akun",
    "/admin/setelan",
    "/admin/setelan/waktu",
    "/admin/setelan/waktu/riwayat",
    "/admin/setelan/waktu/versi/0",
    "/admin/setelan/nomor",
    "/admin/setelan/nomor/riwayat",
    "/admin/catatan",
    "/akun",
    "/masuk/kode",
)


STORY = (
    "tolong pak adik saya umur 15 sekarang di pelabuhan batam mau dinaikin kapal ke malaysia "
    "sama sponsor, hp nya diambil, nomor sponsornya 081234567890"
)


class Clicker:
    """A person at a page who counts clicks; typing and the Enter key count as none."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, role: Any, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.clicks += 1

    def fill(self, label: str, text: str) -> None:
        """Click into a field and type."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.clicks += 1


def password_of(demo_server: str, login: str) -> str:
    """Give the password that the start page of the demonstration shows."""
    with urllib.request.urlopen(demo_server) as answer:
        page = answer.read().decode()
    found = re.search(rf"<dt>{login}</dt><dd><code>(\w+)</code>", page)
    assert found is not None
    return found[1]


def size_of(width: int) -> Any:
    return {"width": width, "height": 800 if width > 400 else 640}


def open_page(browser: Browser, width: int, **more: Any) -> Page:
    return browser.new_context(viewport=size_of(width), **more).new_page()


def sign_in(page: Page, demo_server: str, login: str) -> Clicker:
    page.goto(f"{demo_server}/masuk")
    clicker = Clicker(page)
    clicker.fill("Nama masuk", login)
    clicker.fill("Sandi", password_of(demo_server, login))
    clicker.click("button", "Masuk")
    return clicker


@pytest.fixture(scope="module")
def admins_cookies(browser: Browser, demo_server: str) -> Any:
    """The cookies of an admin who signed in once, for tests that are not about signing in."""
    page = open_page(browser, DESK)
    sign_in(page, demo_server, "admin")
    return page.context.storage_state()


def check_at_both_widths(page: Page, path: str) -> None:
    """Check a page as it is, then again on a screen of the other width."""
    for width in (PHONE, DESK):
        page.set_viewport_size(size_of(width))
        check_page(page, f"{path} at {width}", width)


def check_page(page: Page, path: str, width: int) -> None:
    """No accessibility violation, and nothing wider than the screen."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, (path, found.generate_report())
    assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    # axe lets ids stand twice, and a label then names the wrong thing.
    ids = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids)), path


@pytest.fixture
def console_is_clean() -> Iterator[list[str]]:
    """What browsers complained about, such as a script that the policy forbids."""
    told: list[str] = []
    yield told
    assert told == []


def test_every_page_is_accessible_and_fits(
    browser: Browser, demo_server: str, admins_cookies: Any, console_is_clean: list[str]
) -> None:
    page = open_page(browser, PHONE)
    for path in PUBLIC:
        page.goto(f"{demo_server}{path}")
        check_at_both_widths(page, path)
    page = open_page(browser, PHONE, storage_state=admins_cookies)
    page.on(
        "console",
        lambda line: console_is_clean.append(line.text) if line.type == "error" else None,
    )
    for path in FOR_ADMINS:
        answer = page.goto(f"{demo_server}{path}")
        assert answer is not None
        assert answer.status == 200, path
        check_at_both_widths(page, path)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_corrected_fee_is_published_in_at_most_12_clicks(
    browser: Browser, demo_server: str, width: int
) -> None:
    page = open_page(browser, width)
    editor = sign_in(page, demo_server, "admin")
    fee = f"Paspor 5 tahun Rp675.{width} (tarif 2026)."
    editor.click("link", "Jawaban")
    editor.fill("Cari kata atau pertanyaan warga", "biaya paspor")
    page.keyboard.press("Enter")
    editor.click("link", re.compile("^Biaya paspor"))
    editor.fill("Biaya", fee)
    editor.click("button", "Simpan dan periksa")
    expect(page.get_by_text("Tidak ada jawaban benar yang menjadi salah")).to_be_visible()
    check_page(page, "gate", width)
    editor.click("button", "Terbitkan")
    expect(page.get_by_text("Sudah terbit")).to_be_visible()
    assert editor.clicks <= MAX_CLICKS
    page.goto(f"{demo_server}/admin/pastikan/entri/paspor-biaya")
    expect(page.get_by_text(fee)).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_preview_follows_what_is_typed(
    browser: Browser, demo_server: str, admins_cookies: Any, width: int
) -> None:
    page = open_page(browser, width, storage_state=admins_cookies)
    page.goto(f"{demo_server}/admin/faq/paspor-hilang")
    page.get_by_label("Jawaban", exact=True).fill("Lapor polisi dulu, lalu ke kantor imigrasi.")
    expect(page.locator("#pratinjau")).to_contain_text("Lapor polisi dulu, lalu")
    page.get_by_label("Kalimat baru").fill("brp biaya bikin paspor baru")
    expect(page.locator("#ulasan")).to_contain_text("lebih mirip")
    page.get_by_label("Tulis seperti warga menulis").fill("paspor saya hilang")
    page.get_by_role("button", name="Coba").click()
    expect(page.locator("#hasil")).to_contain_text("Langsung dijawab")
    check_page(page, "editor with parts", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_admin_confirms_a_number_and_finds_it_in_the_log(
    browser: Browser, demo_server: str, width: int
) -> None:
    page = open_page(browser, width)
    admin = sign_in(page, demo_server, "admin")
    admin.click("link", "Pastikan")
    name = "SAPA 129 (perempuan dan anak)" if width > 400 else "Polisi 110"
    admin.click("link", name)
    page.get_by_role("checkbox").check()
    admin.click("button", re.compile("Pastikan atas nama"))
    expect(page.get_by_text("tercatat sudah ditelepon")).to_be_visible()
    admin.click("link", "Catatan")
    expect(page.get_by_role("cell", name="nomor dipastikan").first).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_an_officer_sees_cases_and_no_admins_room(
    browser: Browser, demo_server: str, width: int
) -> None:
    page = open_page(browser, width)
    sign_in(page, demo_server, "sari")
    expect(page.get_by_role("heading", name="Kasus", exact=True)).to_be_visible()
    check_page(page, "/petugas", width)
    answer = page.goto(f"{demo_server}/admin/faq")
    assert answer is not None
    assert answer.status == 403


def test_an_officer_takes_a_case_reads_it_masked_and_answers_without_javascript(
    browser: Browser, demo_server: str
) -> None:
    villager = open_page(browser, PHONE)
    villager.goto(f"{demo_server}/chat")
    villager.get_by_label("Tulis pesan").fill(STORY)
    villager.get_by_role("button", name="Kirim", exact=True).click()
    expect(villager.get_by_text("Balas 1 aman, 2 tidak aman")).to_be_visible()

    page = open_page(browser, PHONE, java_script_enabled=False)
    sign_in(page, demo_server, "sari")
    page.locator("ul.cards").first.get_by_role("link").last.click()
    expect(page.get_by_text("baru bisa dibaca sesudah")).to_be_visible()
    page.get_by_role("button", name="Terima").click()
    expect(page.get_by_text("pelabuhan")).to_be_visible()
    assert "081234567890" not in page.content()
    page.get_by_label("Kata-kata untuk warga").fill("Tetap di tempat ramai.")
    page.get_by_role("button", name="Kirim").click()
    expect(page.locator(".talk li.mine")).to_contain_text("Tetap di tempat ramai.")
    address = page.url

    seen = open_page(browser, PHONE, storage_state=page.context.storage_state())
    for path in (address, f"{address}/cetak"):
        seen.goto(path)
        check_at_both_widths(seen, path)


@pytest.mark.parametrize(
    ("role", "rooms", "width"),
    [
        pytest.param(
            "Editor jawaban", ("Ringkasan", "Jawaban", "Belum terjawab"), 360, id="editor"
        ),
        pytest.param("Kepala kantor", ("Ringkasan", "Kasus", "Petugas"), 360, id="head of office"),
        pytest.param("Pengamat (angka saja)", ("Ringkasan",), 1280, id="observer"),
    ],
)
def test_an_invited_person_chooses_a_password_and_finds_their_rooms(
    browser: Browser,
    demo_server: str,
    admins_cookies: Any,
    role: str,
    rooms: tuple[str, ...],
    width: int,
) -> None:
    admin = open_page(browser, width, storage_state=admins_cookies)
    admin.goto(f"{demo_server}/admin/akun")
    login = f"{role.split(maxsplit=1)[0].lower()}-{width}"
    form = admin.locator("form[action='/admin/akun']")
    form.get_by_label("Nama lengkap").fill("Dewi")
    form.get_by_label("Nama masuk").fill(login)
    form.get_by_label("Peran").select_option(label=role)
    form.get_by_label("Kode wilayah").fill("35.04")
    form.get_by_role("button").click()
    link = admin.locator("#tautan").inner_text()
    check_page(admin, "/admin/akun with a link", width)

    page = open_page(browser, width)
    page.goto(link)
    check_page(page, "/undangan", width)
    page.get_by_label("Sandi baru").fill("padi menguning 7")
    page.get_by_label("Ketik sekali lagi").fill("padi menguning 7")
    page.get_by_role("button", name="Simpan sandi").click()
    page.get_by_label("Nama masuk").fill(login)
    page.get_by_label("Sandi").fill("padi menguning 7")
    page.get_by_role("button", name="Masuk").click()
    shown = page.get_by_role("navigation", name="Menu").get_by_role("link").all_inner_texts()
    assert tuple(shown[:-1]) == rooms
    check_page(page, role, width)


def test_an_admin_imports_changes_and_invites_an_officer_without_javascript(
    browser: Browser, demo_server: str, admins_cookies: Any
) -> None:
    page = open_page(browser, PHONE, java_script_enabled=False, storage_state=admins_cookies)
    page.goto(f"{demo_server}/admin/petugas/impor")
    page.get_by_label("Atau tempel isinya").fill(
        "nama,tugas,kantor,wilayah\nWati,pimpasa,kanim-blitar,35.04.01\n"
    )
    page.get_by_role("button", name="Lihat dulu").click()
    expect(page.get_by_text("Tidak ada di berkas", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Simpan 1 petugas").click()
    expect(page.get_by_text("Kode undangan tampil sekali")).to_be_visible()
    page.get_by_role("link", name="Ke daftar petugas").click()
    page.get_by_role("link", name="Wati", exact=True).click()
    page.get_by_label("Tempat tugas", exact=True).fill("Campurdarat, Tulungagung")
    page.get_by_role("button", name="Tambah tempat tugas").click()
    if page.get_by_role("radio").count():
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Tambah tempat tugas").click()
    expect(page.get_by_text("Tempat tugas ditambah")).to_be_visible()
    page.get_by_role("button", name="Buat kode undangan").click()
    expect(page.locator("#kode-undangan")).to_be_visible()
    address = page.url.removesuffix("/undangan")
    seen = open_page(browser, PHONE, storage_state=admins_cookies)
    seen.goto(address)
    check_at_both_widths(seen, address)


def test_a_list_of_companies_is_read_before_it_is_saved(
    browser: Browser, demo_server: str, admins_cookies: Any
) -> None:
    page = open_page(browser, PHONE, storage_state=admins_cookies)
    page.goto(f"{demo_server}/admin/p3mi")
    page.get_by_label("Tanggal daftar").fill("2026-01-02")
    page.get_by_label("Atau tempel isinya").fill("nama,status\nPT Contoh Saja,aktif\n")
    page.get_by_role("button", name="Lihat dulu").click()
    check_at_both_widths(page, "preview of a list")
    page.get_by_role("button", name="Simpan daftar ini").click()
    expect(page.get_by_text("Unggah yang baru")).to_be_visible()
    check_at_both_widths(page, "/admin/p3mi with a list")


def test_an_edit_is_published_without_javascript(
    browser: Browser, demo_server: str, admins_cookies: Any
) -> None:
    page = open_page(browser, PHONE, java_script_enabled=False, storage_state=admins_cookies)
    page.goto(f"{demo_server}/admin/faq/paspor-rusak")
    page.get_by_label("Waktu", exact=True).fill("Sekitar empat hari kerja (2026).")
    page.get_by_role("button", name="Simpan dan periksa").click()
    page.get_by_role("button", name="Terbitkan").click()
    expect(page.get_by_text("Sudah terbit")).to_be_visible()
    page.get_by_label("Tulis seperti warga menulis").fill("paspor saya rusak")
    page.get_by_role("button", name="Coba").click()
    expect(page.get_by_text("Yang terbit sekarang")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_an_admin_changes_a_time_and_takes_it_back_without_javascript(
    browser: Browser, demo_server: str, admins_cookies: Any, width: int
) -> None:
    page = open_page(browser, width, java_script_enabled=False, storage_state=admins_cookies)
    seen = open_page(browser, width, storage_state=admins_cookies)
    page.goto(f"{demo_server}/admin/setelan")
    page.get_by_role("link", name="Ubah batas waktu").click()
    emergency = page.get_by_role("group", name="Darurat")
    emergency.get_by_label("Semua atasan diberi tahu sesudah").fill("4")
    page.get_by_role("button", name="Lihat yang berubah").click()
    expect(page.locator("ins")).to_have_text(["4 menit"])
    password = password_of(demo_server, "admin")
    page.get_by_label(re.compile("^Sandi")).fill(password)
    page.get_by_role("button", name="Berlakukan").click()
    expect(page.get_by_text("Batas waktu berlaku mulai sekarang")).to_be_visible()
    seen.goto(page.url)
    check_page(seen, "/admin/setelan changed", width)
    page.get_by_role("link", name="Riwayat batas waktu").click()
    page.get_by_role("link", name="Kembali ke bawaan").click()
    seen.goto(page.url)
    check_page(seen, "preview", width)
    page.get_by_label(re.compile("^Sandi")).fill(password)
    page.get_by_role("button", name="Berlakukan").click()
    expect(page.get_by_text("sama dengan bawaan").first).to_be_visible()


def test_the_first_page_is_small(browser: Browser, demo_server: str) -> None:
    page = open_page(browser, PHONE)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    for path in ("/masuk", "/admin/faq/paspor-biaya"):
        if path != "/masuk":
            sign_in(page, demo_server, "admin")
            session.send("Network.clearBrowserCache")
            sizes.clear()
        page.goto(f"{demo_server}{path}", wait_until="networkidle")
        assert 0 < sum(sizes) <= MAX_FIRST_PAGE_BYTES, path
