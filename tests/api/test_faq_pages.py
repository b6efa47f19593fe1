"""An editor's and an admin's day with the FAQ, through the pages alone."""

import io
import zipfile
from typing import Any

from openpyxl import load_workbook

from bot.app import App
from tests.api.rooms import Browser
from tests.people import Person, text_of

ENTRY = "/admin/faq/paspor-biaya"
NEW_FEE = "Paspor 5 tahun Rp675.000 (tarif 2026)."


def save(editor: Browser, path: str, **changed: Any) -> Any:
    """Open an entry, change some fields as typed, and save the draft."""
    editor.open(path)
    form = editor.form() | {key: [value] for key, value in changed.items()}
    return editor.send(path, form)


def test_a_corrected_fee_reaches_villagers_once_it_is_published(
    filled: App, editor: Browser
) -> None:
    # Word processors break lines with a sign of their own; a sheet could not hold it.
    save(editor, ENTRY, cost=NEW_FEE, time="Empat hari kerja\v(2026).\x00")
    assert "Draf disimpan" in editor.page.text
    warga = Person(filled, "warga")
    warga.say("brp biaya paspor")
    assert NEW_FEE not in text_of(warga.tap("m:paspor-biaya"))

    editor.open(f"{ENTRY}/terbit")
    assert "Tidak ada jawaban benar yang menjadi salah" in editor.page.text
    assert "675.000" in editor.page.text
    editor.send(f"{ENTRY}/terbit", {"mark": editor.mark()})
    assert "Sudah terbit" in editor.page.text
    told = text_of(Person(filled, "warga2").tap("m:paspor-biaya"))
    assert NEW_FEE in told

    assert editor.client.get("/admin/faq/jawaban.xlsx").status_code == 200
    page = editor.open(f"{ENTRY}/riwayat")
    assert "<ins>" in page.text
    editor.send(f"{ENTRY}/riwayat/1/kembalikan")
    assert editor.page.url.path == f"{ENTRY}/terbit"
    editor.send(f"{ENTRY}/terbit", {"mark": editor.mark()})
    assert NEW_FEE not in text_of(Person(filled, "warga3").tap("m:paspor-biaya"))


def test_a_draft_that_breaks_a_right_answer_is_not_published(filled: App, editor: Browser) -> None:
    # The very question of another entry, claimed as a phrasing of this one.
    stolen = filled.resources.knowledge.faq.entries["paspor-hilang"].question
    editor.open("/admin/faq/paspor-rusak")
    form = editor.form() | {"phrasings_new": [stolen]}
    remarks = editor.send("/admin/faq/paspor-rusak/kalimat", form)
    assert "lebih mirip" in remarks.text
    save(editor, "/admin/faq/paspor-rusak", phrasings_new=stolen)
    page = editor.open("/admin/faq/paspor-rusak/terbit")
    assert "Belum bisa terbit" in page.text
    assert "Paspor hilang" in page.text
    editor.page = editor.client.get("/admin/faq/paspor-rusak")
    mark = editor.mark()
    answer = editor.send("/admin/faq/paspor-rusak/terbit", {"mark": mark})
    assert answer.status_code == 409
    assert "paspor-rusak" in filled.resources.knowledge.faq.entries
    match = filled.resources.knowledge.matcher.match(stolen)
    assert match.candidates[0].slug == "paspor-hilang"


def test_a_new_entry_is_found_by_its_phrasings(filled: App, editor: Browser) -> None:
    editor.open("/admin/faq/baru")
    bad = editor.send("/admin/faq/baru", {"slug": "Paspor", "topic": "paspor"})
    assert bad.status_code == 422
    editor.send("/admin/faq/baru", {"slug": "paspor-sampul-warna", "topic": "paspor"})
    path = "/admin/faq/paspor-sampul-warna"
    page = editor.open(f"{path}/terbit")
    assert "“Jawaban” wajib diisi" in page.text
    assert "Kalimat warga" in page.text
    save(
        editor,
        path,
        title="Warna sampul paspor",
        question="Mengapa warna sampul paspor berbeda?",
        answer="Warna sampul paspor diganti oleh pemerintah. Paspor lama tetap berlaku.",
        source_0_title="Desain baru paspor",
        source_0_publisher="Direktorat Jenderal Imigrasi",
        source_0_date="2024-08-17",
        review_by="2027-08-17",
        phrasings_new="kok sampul pasporku warnanya merah\nsampul paspor hijau sama merah bedanya apa",
        golden="kenapa sampul paspor warnanya lain lain",
    )
    editor.open(f"{path}/terbit")
    editor.send(f"{path}/terbit", {"mark": editor.mark()})
    assert "Sudah terbit" in editor.page.text
    told = text_of(Person(filled, "warga").say("kok sampul pasporku warnanya merah"))
    assert "Warna sampul paspor diganti" in told

    editor.open(f"{path}/tarik")
    editor.send(f"{path}/tarik")
    told = text_of(Person(filled, "warga2").say("kok sampul pasporku warnanya merah"))
    assert "Warna sampul paspor diganti" not in told


def test_two_editors_do_not_write_over_each_other(filled: App, editor: Browser) -> None:
    other = Browser(filled)
    other.sign_in("admin")
    other.open(ENTRY)
    theirs = other.form() | {"cost": ["Rp1 (2026)"]}
    save(editor, ENTRY, cost=NEW_FEE)
    theirs |= {"phrasings_new": ["paspor bayarnya piro"], "golden": ["ongkos paspor berapa"]}
    clash = other.send(ENTRY, theirs)
    assert clash.status_code == 409
    assert "Nama editor" in clash.text
    assert NEW_FEE in editor.open(ENTRY).text
    # What was typed is still in the form, and goes in when it is sent once more on purpose.
    typed = other.form()
    for field in ("cost", "phrasings_new", "golden"):
        assert [text.strip() for text in typed[field]] == theirs[field], field
    other.send(ENTRY, typed)
    assert "Draf disimpan" in other.page.text
    assert "Rp1 (2026)" in editor.open(ENTRY).text


def test_an_old_page_does_not_undo_what_was_published_meanwhile(
    filled: App, editor: Browser
) -> None:
    other = Browser(filled)
    other.sign_in("admin")
    other.open(ENTRY)
    theirs = other.form() | {"time": ["Empat hari kerja (2026)."]}
    save(editor, ENTRY, cost=NEW_FEE)
    editor.open(f"{ENTRY}/terbit")
    editor.send(f"{ENTRY}/terbit", {"mark": editor.mark()})
    assert other.send(ENTRY, theirs).status_code == 409


def test_buttons_pressed_twice_say_what_they_did(filled: App, editor: Browser) -> None:
    editor.open(ENTRY)
    form = editor.form() | {"cost": [NEW_FEE]}
    page = editor.page
    for _ in range(2):
        editor.page = page
        assert "Draf disimpan" in editor.send(ENTRY, form).text
    page, mark = editor.open(f"{ENTRY}/terbit"), editor.mark()
    for _ in range(2):
        editor.page = page
        assert "Sudah terbit" in editor.send(f"{ENTRY}/terbit", {"mark": mark}).text
    page = editor.open(f"{ENTRY}/tarik")
    for _ in range(2):
        editor.page = page
        assert "Jawaban ditarik" in editor.send(f"{ENTRY}/tarik").text


def test_nobody_elses_draft_is_lost_to_an_old_version_or_a_file(
    filled: App, editor: Browser, admin: Browser
) -> None:
    save(editor, ENTRY, cost=NEW_FEE)
    editor.open(f"{ENTRY}/terbit")
    editor.send(f"{ENTRY}/terbit", {"mark": editor.mark()})
    sheet = load_workbook(io.BytesIO(editor.client.get("/admin/faq/jawaban.xlsx").content))
    rows = sheet.worksheets[0]
    header = [cell.value for cell in rows[1]]
    row = next(row for row in rows.iter_rows(min_row=2) if row[0].value == "paspor-biaya")
    row[header.index("cost")].value = "Rp1 (2026)"
    save(editor, ENTRY, time="Empat hari kerja (2026).")
    admin.open(f"{ENTRY}/riwayat")
    assert "Masih ada draf lain" in admin.send(f"{ENTRY}/riwayat/1/kembalikan").text
    admin.open("/admin/faq/berkas")
    refused = admin.send("/admin/faq/berkas", files={"file": ("j.xlsx", _bytes(sheet))})
    assert refused.status_code == 422
    assert "ada draf dari Nama editor" in refused.text
    assert "Empat hari kerja (2026)." in editor.open(ENTRY).text


def test_search_finds_what_a_villager_would_be_shown(filled: App, editor: Browser) -> None:
    page = editor.open("/admin/faq?cari=brp+bayar+bikin+paspor")
    assert "Biaya paspor" in page.text
    assert "Ditanya" in page.text
    assert editor.open("/admin/faq?cari=zzzz+qqqq").text.count("<tr>") <= 2


def test_try_out_shows_both_sides(filled: App, editor: Browser) -> None:
    save(editor, ENTRY, answer="Paspor lima tahun Rp675.000 (tarif 2026).")
    page = editor.open("/admin/faq/coba?teks=brp+biaya+paspor&untuk=paspor-biaya")
    assert "Yang terbit sekarang" in page.text
    assert "Dengan draf ini" in page.text
    assert "Rp675.000" in page.text
    assert "mirip:" in page.text
    with filled.database.read() as db:
        from handlers.balance import take_balance

        assert take_balance(db).received == 0


def test_a_sheet_comes_back_as_drafts_or_not_at_all(filled: App, editor: Browser) -> None:
    data = editor.client.get("/admin/faq/jawaban.xlsx").content
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "paspor-biaya")
    cost = row[header.index("cost")]
    cost.value = "+62 812 0000 1111"
    editor.open("/admin/faq/berkas")
    refused = editor.send("/admin/faq/berkas", files={"file": ("j.xlsx", _bytes(book))})
    assert refused.status_code == 422
    assert f"Baris {cost.row} (paspor-biaya)" in refused.text
    cost.value = NEW_FEE
    editor.open("/admin/faq/berkas")
    taken = editor.send("/admin/faq/berkas", files={"file": ("j.xlsx", _bytes(book))})
    assert "ada draf" in taken.text
    assert taken.text.count("<tr>") == 2
    again = editor.open(ENTRY)
    assert NEW_FEE in again.text


def test_hostile_files_change_nothing(filled: App, editor: Browser) -> None:
    for name, content in (
        ("j.xlsx", b"PK\x03\x04 broken"),
        ("j.yaml", b"topic: [\n"),
        ("j.yaml", b"\xff\xfe"),
        ("j.exe", b"MZ"),
    ):
        editor.open("/admin/faq/berkas")
        answer = editor.send("/admin/faq/berkas", files={"file": (name, content)})
        assert answer.status_code == 422, name
        assert "Tidak ada yang masuk" in answer.text


def test_export_is_what_the_import_reads(filled: App, editor: Browser) -> None:
    data = editor.client.get("/admin/faq/jawaban.zip").content
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        yaml = archive.read("paspor.yaml")
    assert "contacts.yaml" in names
    editor.open("/admin/faq/berkas")
    same = editor.send("/admin/faq/berkas", files={"file": ("paspor.yaml", yaml)})
    assert "Tidak ada yang berubah" in same.text


def _bytes(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_form_sent_as_it_stands_changes_nothing(filled: App, editor: Browser) -> None:
    entries = filled.resources.knowledge.faq.entries
    broken = [slug for slug, entry in entries.items() if "\n" in (entry.cost or "")]
    assert "paspor-biaya" in broken
    for slug in broken:
        editor.open(f"/admin/faq/{slug}")
        editor.send(f"/admin/faq/{slug}", editor.form() | {"lanjut": ["ya"]})
        assert "Isinya sama" in editor.page.text, slug
