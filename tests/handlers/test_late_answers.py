"""Who asked in vain and agreed hears of the answer once, within 30 days, and nobody else does."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.app import App, seed
from handlers import gaps, late_answers
from handlers.gaps import GapOutcome
from handlers.late_models import LateWish
from handlers.models import Account, QuestionRecord
from knowledge.lint import Content
from knowledge.variants import Variant
from tests.api.rooms import Browser, add_account
from tests.conftest import FixedClock
from tests.people import Person, choices_of, seat, settle, text_of

ASKED = "cara ikut arisan sesama TKI di hongkong"
SLUG = "luar-kirim-uang"
LATE = "ini jawaban yang menyusul"


@pytest.fixture
def busy(app: App, packaged_faq: tuple[Content, tuple[Variant, ...]]) -> App:
    content, variants = packaged_faq
    seed(app.database, clock=app.clock, content=content, variants=variants)
    seat(app, "Sari")
    add_account(app, "admin")
    return app


def agree(app: App, name: str, *, text: str = ASKED) -> Person:
    person = Person(app, name)
    (button,) = [one.id for one in choices_of(person.say(text)) if one.id.startswith("kabari")]
    assert "30 hari" in text_of(person.tap(button))
    return person


def close(app: App, *, slug: str = SLUG, outcome: GapOutcome = GapOutcome.MENDED) -> None:
    with app.database.read() as db:
        ids = [id for id in db.exec(select(QuestionRecord.id)).all() if id is not None]
        admin = db.exec(select(Account).where(Account.login == "admin")).one()
    gaps.close(app.database, ids, outcome=outcome, by=admin, now=app.clock(), slug=slug)


def sweep(app: App) -> None:
    asyncio.run(app.workers.sweep())
    settle(app)


def test_who_agreed_is_told_once_without_their_own_words(busy: App) -> None:
    agreed, other = agree(busy, "a"), Person(busy, "b")
    other.say(ASKED)
    close(busy)
    for _ in range(2):
        sweep(busy)
    told = text_of(agreed.read())
    assert told.count(LATE) == 1
    assert "24 November 2026" in told
    assert "arisan" not in told
    assert LATE not in text_of(other.read())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("halo", "small talk", id="small talk"),
        pytest.param("harga cabai di pasar hari ini", "out of scope", id="out of scope"),
        pytest.param("adik saya ditahan agen, paspornya diambil, tolong", "danger", id="danger"),
        pytest.param("brp biaya bikin paspor", "answered", id="answered"),
    ],
)
def test_nobody_else_is_asked(busy: App, text: str, why: str) -> None:
    found = choices_of(Person(busy, "a").say(text))
    assert not [one for one in found if one.id.startswith("kabari")], why


def test_nobody_is_asked_after_a_danger_was_told(busy: App) -> None:
    person = Person(busy, "a")
    person.say("adik saya ditahan agen, paspornya diambil, tidak boleh keluar, tolong")
    assert not [c for c in choices_of(person.say(ASKED)) if c.id.startswith("kabari")]


@pytest.mark.parametrize(
    "number",
    [pytest.param("999", id="a message that is not there"), pytest.param("x", id="no number")],
)
def test_a_button_of_somebody_elses_question_does_nothing(busy: App, number: str) -> None:
    agree(busy, "a")
    Person(busy, "b").tap(f"kabari:{number}")
    Person(busy, "b").tap("kabari:1")
    with busy.database.read() as db:
        assert len(db.exec(select(LateWish)).all()) == 1


@pytest.mark.parametrize(
    ("slug", "outcome"),
    [
        pytest.param("", GapOutcome.OUT_OF_SCOPE, id="out of scope"),
        pytest.param(SLUG, GapOutcome.OUT_OF_SCOPE, id="out of scope, with an entry"),
        pytest.param("", GapOutcome.MENDED, id="no entry named"),
    ],
)
def test_a_gap_closed_without_an_answer_sends_nothing(
    busy: App, slug: str, outcome: GapOutcome
) -> None:
    person = agree(busy, "a")
    close(busy, slug=slug, outcome=outcome)
    sweep(busy)
    assert LATE not in text_of(person.read())


def test_the_night_is_left_in_peace_and_thirty_days_are_the_end(
    busy: App, clock: FixedClock
) -> None:
    person = agree(busy, "a")
    clock.move(timedelta(hours=11))  # 21.00 in Jakarta
    close(busy)
    sweep(busy)
    assert LATE not in text_of(person.read())
    clock.move(timedelta(hours=11))
    sweep(busy)
    assert LATE in text_of(person.read())
    late = agree(busy, "b")
    clock.move(timedelta(days=31))
    close(busy)
    sweep(busy)
    assert LATE not in text_of(late.read())


def test_erasing_forgets_the_wish(busy: App) -> None:
    person = agree(busy, "a")
    person.say("hapus")
    person.say("ya")
    close(busy)
    sweep(busy)
    assert LATE not in text_of(person.read())
    with busy.database.read() as db:
        assert db.exec(select(LateWish)).all() == []


def test_a_process_that_dies_and_others_after_it_queue_it_once(busy: App) -> None:
    person = agree(busy, "a")
    close(busy)
    for lives in (False, True, True):
        with busy.database.write() as work:
            late_answers.queue_due(work.db, resources=busy.resources, now=busy.clock())
            if lives:
                work.commit()
    sweep(busy)
    assert text_of(person.read()).count(LATE) == 1


def test_the_gap_page_counts_them_and_takes_the_entry(busy: App) -> None:
    person = agree(busy, "a")
    admin = Browser(busy)
    admin.sign_in("admin")
    page = admin.open("/admin/celah").text
    assert "minta dikabari: 1" in page
    ids = page.split('name="ids" value="')[1].split('"')[0]
    wrong = admin.send("/admin/celah", {"ids": ids, "outcome": "beres", "slug": "entah"})
    assert "Nama jawaban itu tidak ada" in wrong.text
    admin.send("/admin/celah", {"ids": ids, "outcome": "beres", "slug": SLUG})
    sweep(busy)
    assert LATE in text_of(person.read())
    assert "<b>1</b> sudah dikirimi" in admin.open("/admin/celah").text
