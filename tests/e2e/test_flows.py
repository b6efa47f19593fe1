"""A villager checks an offer and files a report on a small phone, by tapping."""

from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_story import open_tab, say


def tap(page: Page, title: str) -> None:
    page.locator(".theirs").last.get_by_role("button", name=title, exact=True).click()


def reads(page: Page, text: str) -> None:
    expect(page.locator(".theirs").last).to_contain_text(text)


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def test_an_offer_is_checked_by_tapping(browser: Browser, demo_server: str) -> None:
    page = open_tab(browser, f"{demo_server}/chat")
    say(page, "menu")
    reads(page, "Mau tahu soal apa")
    tap(page, "Cek tawaran kerja")
    for question, answer in (
        ("negara mana", "Kamboja/Myanmar"),
        ("Siapa yang menawari", "Kenal di medsos"),
        ("nama PT", "Tidak ada"),
        ("Diminta bayar", "Diminta"),
        ("visa apa", "Turis/umrah/ziarah"),
        ("perjanjian kerja", "Belum"),
        ("di tangan siapa", "Di saya"),
        ("Kapan diajak", "Lewati"),
    ):
        reads(page, question)
        tap(page, answer)
    expect(page.get_by_text("Yang perlu diperhatikan")).to_be_visible()
    fits(page)


def test_a_report_is_filed_by_tapping(browser: Browser, demo_server: str) -> None:
    page = open_tab(browser, f"{demo_server}/chat")
    say(page, "lapor")
    reads(page, "petugas mana")
    tap(page, "Petugas luar daerah")
    reads(page, "Apa yang terjadi")
    say(page, "ada ibu ngajak anak muda kerja ke kapal, ktp mereka dikumpulin semua")
    reads(page, "Di mana kejadiannya")
    tap(page, "Lewati")
    reads(page, "Kapan")
    tap(page, "Minggu ini")
    reads(page, "Siapa yang melakukannya")
    tap(page, "Perekrut/sponsor")
    reads(page, "tahu dari mana")
    tap(page, "Saya lihat sendiri")
    expect(page.get_by_text("Nomor catatan")).to_be_visible()
    fits(page)
