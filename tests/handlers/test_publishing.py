"""The gate: what was answered right stays right, also for what villagers called helpful."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from bot.app import App, seed
from handlers import accounts, editing
from handlers.editing import Blocked, Work
from handlers.models import Account, QuestionRecord
from handlers.phrasings import read_pasted
from handlers.publishing import Outcome
from handlers.room_models import AuditEvent
from knowledge.entries import Source
from knowledge.lint import Content
from knowledge.models import FaqGolden, FaqVariant
from knowledge.variants import Variant
from tests.people import Person

SLUG = "paspor-rusak"
ASKED = "brp biaya paspor, wa saya 081234567890"


@pytest.fixture
def office(app: App, packaged_faq: tuple[Content, tuple[Variant, ...]]) -> App:
    content, variants = packaged_faq
    seed(app.database, clock=app.clock, content=content, variants=variants)
    with app.database.write() as work:
        accounts.put(
            work.db,
            login="dewi",
            name="Dewi",
            role="editor",
            password="padi menguning 7",
            now=app.clock(),
        )
        work.commit()
    return app


def editor(app: App) -> Account:
    with app.database.read() as db:
        return db.exec(select(Account)).one()


def save(app: App, *phrasings: str, golden: tuple[str, ...] = (), **changed: Any) -> str:
    entry = replace(app.resources.knowledge.faq.entries[SLUG], **changed)
    added = read_pasted(phrasings, slug=SLUG, words=app.resources.words)
    work = Work(entry, added=added, golden=golden)
    return editing.save(app.database, work, mark=None, by=editor(app), now=app.clock()).mark


def publish(app: App, mark: str) -> None:
    editing.publish(
        app.database,
        SLUG,
        mark=mark,
        is_checked=False,
        by=editor(app),
        resources=app.resources,
        now=app.clock(),
    )


def test_what_a_villager_called_helpful_is_replayed_and_never_copied(office: App) -> None:
    warga = Person(office, "warga")
    warga.say(ASKED)
    warga.tap("h:paspor-biaya:ya")
    mark = save(office, ASKED)
    with pytest.raises(Blocked) as told:
        publish(office, mark)
    turned = [one for one in told.value.check.turned if not one.is_own]
    assert [(one.slug, one.before) for one in turned] == [("paspor-biaya", Outcome.ANSWERED)]
    assert "081234567890" not in turned[0].text
    assert told.value.check.replayed == 1
    with office.database.read() as db:
        assert db.exec(select(FaqGolden)).all() == []
        assert ASKED not in db.exec(select(FaqVariant.text)).all()


@pytest.mark.parametrize(
    ("own", "is_shown"),
    [
        pytest.param("", True, id="the whole country"),
        pytest.param("35.04", True, id="the area it came from"),
        pytest.param("52.01", False, id="another area"),
    ],
)
def test_villagers_words_at_the_gate_are_of_the_editors_area_and_noted(
    office: App, own: str, *, is_shown: bool
) -> None:
    warga = Person(office, "warga")
    warga.say(ASKED)
    warga.tap("h:paspor-biaya:ya")
    with office.database.write() as work:
        work.db.exec(select(QuestionRecord)).one().area_code = "35.04.12.2001"
        work.db.exec(select(Account)).one().area_code = own
        work.commit()
    save(office, ASKED)
    check = editing.check_draft(
        office.database, SLUG, by=editor(office), resources=office.resources, now=office.clock()
    )
    (turned,) = [one for one in check.turned if not one.is_own]
    assert ("paspor" in turned.text) is is_shown
    with office.database.read() as db:
        noted = [event.action for event in db.exec(select(AuditEvent)).all()]
    assert ("celah dibaca" in noted) is is_shown


def test_a_golden_question_of_another_entry_stops_a_draft(office: App) -> None:
    text = "paspor saya kecemplung air sumur terus sobek"
    publish(office, save(office, golden=(text,)))
    found = office.resources.knowledge.matcher.match(text).candidates[0]
    assert found.slug == SLUG
    entry = office.resources.knowledge.faq.entries["paspor-hilang"]
    stolen = read_pasted([text], slug=entry.slug, words=office.resources.words)
    editing.save(
        office.database,
        Work(entry, added=stolen),
        mark=None,
        by=editor(office),
        now=office.clock(),
    )
    check = editing.check_draft(
        office.database,
        entry.slug,
        by=editor(office),
        resources=office.resources,
        now=office.clock(),
    )
    assert [(one.text, one.slug) for one in check.turned] == [(text, SLUG)]
    assert check.turned[0].instead == "paspor-hilang"


def test_a_golden_question_that_finds_nothing_is_told_but_stops_nothing(office: App) -> None:
    mark = save(office, golden=("resep soto ayam",))
    check = editing.check_draft(
        office.database, SLUG, by=editor(office), resources=office.resources, now=office.clock()
    )
    assert check.missed == ("resep soto ayam",)
    assert check.is_free
    publish(office, mark)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        pytest.param("answer", "", "`answer` wajib diisi", id="no answer"),
        pytest.param("answer", "Telepon 0812 3456 7890 saja.", "nomor telepon", id="a number"),
        pytest.param("topic", "masak", "`topic` tidak ada", id="unknown topic"),
        pytest.param(
            "sources", (Source("A", "B", "2025-02-31", None),), "bukan tanggal", id="no such day"
        ),
        pytest.param(
            "sources",
            (Source("A", "B", "2025", "javascript:alert(1)"),),
            "harus diawali https://",
            id="no address of a page",
        ),
        pytest.param("cost", "Rp675.000.", "tanpa tahun", id="a fee without its year"),
    ],
)
def test_an_unready_entry_is_saved_but_not_published(
    office: App, field: str, value: object, told: str
) -> None:
    changed: dict[str, Any] = {field: value}
    mark = save(office, **changed)
    with pytest.raises(Blocked) as blocked:
        publish(office, mark)
    assert any(told in problem for problem in blocked.value.check.problems)
