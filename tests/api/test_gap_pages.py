"""What was asked in vain reaches editors grouped and masked, and leaves when it is done."""

from sqlalchemy import delete

from bot.app import App
from handlers.models import QuestionRecord
from tests.api.rooms import Browser, add_account
from tests.people import Person

ASKED = "resep soto ayam lamongan pakai koya gimana ya, wa saya 081234567890 a.n. Bu Siti"


def test_gaps_are_grouped_by_meaning_counted_by_people_and_masked(app: App) -> None:
    add_account(app, "editor")
    for name in ("a", "b"):
        Person(app, name).say(ASKED)
    Person(app, "a").say("cara memperbaiki mesin jahit yang macet")
    editor = Browser(app)
    editor.sign_in("editor")
    page = editor.open("/admin/celah").text
    assert "2 orang, 2 pertanyaan" in page
    assert "081234567890" not in page
    assert "Siti" not in page
    assert "soto" in page
    ids = page.split('name="ids" value="')[1].split('"')[0]
    editor.send("/admin/celah", {"ids": ids, "outcome": "di luar pokok"})
    assert "soto" not in editor.page.text
    assert "mesin jahit" in editor.page.text


def test_an_editor_of_one_area_sees_that_area_alone(app: App) -> None:
    add_account(app, "editor", area_code="35.04")
    Person(app, "a").say(ASKED)
    editor = Browser(app)
    editor.sign_in("editor")
    assert "soto" not in editor.open("/admin/celah").text


def test_wrong_forms_change_nothing(app: App) -> None:
    add_account(app, "editor")
    Person(app, "a").say(ASKED)
    editor = Browser(app)
    editor.sign_in("editor")
    editor.open("/admin/celah")
    assert editor.send("/admin/celah", {"ids": "1", "outcome": "hapus"}).status_code == 422
    assert "soto" in editor.open("/admin/celah").text


def test_a_very_long_question_is_cut_short(app: App) -> None:
    add_account(app, "editor")
    Person(app, "a").say("resep soto " + "x" * 4000)
    editor = Browser(app)
    editor.sign_in("editor")
    page = editor.open("/admin/celah").text
    assert "resep soto x" in page
    assert "x" * 301 not in page


def test_what_was_read_for_another_database_is_not_taken_for_this_one(app: App) -> None:
    add_account(app, "editor")
    Person(app, "a").say(ASKED)
    editor = Browser(app)
    editor.sign_in("editor")
    assert "1 orang, 1 pertanyaan" in editor.open("/admin/celah").text
    with app.database.write() as work:
        # As where a row was deleted and its number given again.
        work.db.execute(delete(QuestionRecord))
        work.commit()
    Person(app, "b").say("cara memperbaiki mesin jahit yang macet")
    Person(app, "c").say("mesin jahit macet cara memperbaiki")
    assert "2 orang, 2 pertanyaan" in editor.open("/admin/celah").text
