"""The whole story in two tabs: a villager, a neighbour's girl, and the officer who answers."""

from playwright.sync_api import Browser, Page, expect

PHONE = {"width": 360, "height": 640}


def open_tab(browser: Browser, url: str) -> Page:
    page = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    page.goto(url)
    return page


def say(page: Page, text: str) -> None:
    page.get_by_label("Tulis pesan").fill(text)
    page.get_by_role("button", name="Kirim", exact=True).click()


def last_told(page: Page) -> str:
    return page.locator(".theirs p").last.inner_text()


def test_from_a_villagers_question_to_an_officers_answer(
    browser: Browser, demo_server: str
) -> None:
    villager = open_tab(browser, f"{demo_server}/chat")
    officer = open_tab(browser, f"{demo_server}/chat?as=petugas")

    say(villager, "brp biaya paspor")
    expect(villager.get_by_text("belum dipastikan petugas").first).to_be_visible()
    expect(villager.get_by_text("tinggal di desa mana")).to_be_visible()
    villager.get_by_role("button", name="Lewati").click()
    expect(villager.get_by_text("Tidak apa-apa")).to_be_visible()

    say(
        villager,
        "anak tetangga saya umur 15 mau dibawa orang ke batam nanti malam, katanya kerja di "
        "kafe, ktp nya dipalsu",
    )
    expect(villager.get_by_text("Balas 1 aman, 2 tidak aman")).to_be_visible()

    card = officer.locator(".theirs").first
    expect(card).to_contain_text("Kasus 1")
    expect(card).not_to_contain_text("anak tetangga")
    card.get_by_role("button", name="Terima").click()
    expect(officer.get_by_text("anak tetangga saya umur 15")).to_be_visible()
    officer.get_by_role("button", name="Balas warga").last.click()
    expect(officer.get_by_text("Silakan tulis balasan")).to_be_visible()
    say(officer, "Terima kasih sudah memberi tahu. Di rumah siapa anak itu sekarang?")
    expect(officer.get_by_text("HP warga mungkin diawasi")).to_be_visible()

    expect(villager.get_by_text("Ada kabar untuk Bapak/Ibu")).to_be_visible()
    say(villager, "ya pak")
    expect(villager.get_by_text("Petugas: Terima kasih sudah memberi tahu.")).to_be_visible()
    say(villager, "di rumah neneknya pak, gang mawar")
    expect(officer.get_by_text("di rumah neneknya pak, gang mawar")).to_be_visible()


def test_a_reloaded_page_shows_the_same_conversation(browser: Browser, demo_server: str) -> None:
    page = open_tab(browser, f"{demo_server}/chat")
    say(page, "paspor saya hilang")
    expect(page.get_by_text("belum dipastikan petugas").first).to_be_visible()
    lines = page.locator("#lines article")
    before = lines.all_inner_texts()
    page.reload()
    expect(lines.nth(len(before) - 1)).to_be_visible()
    assert lines.all_inner_texts()[: len(before)] == before


def test_the_chat_works_without_javascript(browser: Browser, demo_server: str) -> None:
    page = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()  # type: ignore[arg-type]
    page.goto(f"{demo_server}/chat")
    say(page, "brp biaya paspor")
    for _ in range(20):
        page.goto(f"{demo_server}/chat")
        if page.get_by_text("belum dipastikan petugas").count():
            break
        page.wait_for_timeout(250)
    for heading in ("Langkahnya:", "Sumber:"):
        page.get_by_role("button", name="Selengkapnya").last.click()
        for _ in range(20):
            page.goto(f"{demo_server}/chat")
            if page.get_by_text(heading).count():
                break
            page.wait_for_timeout(250)
        expect(page.get_by_text(heading)).to_be_visible()


def test_nothing_is_asked_of_another_host(browser: Browser, demo_server: str) -> None:
    page = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/chat", "/petugas", "/admin"):
        page.goto(f"{demo_server}{path}")
    assert {url.split("/")[2] for url in asked} == {demo_server.split("/")[2]}


def test_pages_fit_a_narrow_phone(browser: Browser, demo_server: str) -> None:
    page = open_tab(browser, f"{demo_server}/")
    for path in ("/", "/chat", "/chat?as=petugas", "/petugas", "/admin"):
        page.goto(f"{demo_server}{path}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], path
