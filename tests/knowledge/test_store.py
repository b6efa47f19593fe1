"""The FAQ in the database: what an import adds, replaces, keeps and leaves to the editor."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from handlers.database import Database
from knowledge import store
from knowledge.entries import Entry, Topic
from knowledge.helplines import Helpline
from knowledge.index import index_of
from knowledge.lint import Content
from knowledge.models import FaqVariant, FaqVersion, HelplineRow, Origin, VersionState
from knowledge.packaged import read_content
from knowledge.variants import Variant, load_variants
from tests.conftest import FixedClock
from tests.knowledge.test_entries import make_entry
from tests.knowledge.test_helplines import make_helpline

COST = make_entry("paspor-biaya", contacts=("kantor-contoh",))
LOST = make_entry("paspor-hilang", question="Paspor hilang, bagaimana?")
NEW_COST = replace(COST, answer="Biayanya berubah.")
PHRASINGS = (
    Variant("paspor-biaya", "brp biaya paspor", "id", "slang"),
    Variant("paspor-biaya", "pira ragade paspor", "jv", "daerah", reviewed=False),
    Variant("LUAR", "ktp saya patah", "id", "santai"),
)
NOTHING = store.ImportReport(added=(), updated=(), kept=(), variants=0)


def content_of(*entries: Entry, helplines: Sequence[Helpline] = (make_helpline(),)) -> Content:
    """Give content with one topic a topic id, in the order in which they come."""
    ids = list(dict.fromkeys(entry.topic for entry in entries))
    topics = [
        Topic(id, id.title(), tuple(entry for entry in entries if entry.topic == id)) for id in ids
    ]
    return Content(topics, {}, {helpline.id: helpline for helpline in helplines})


def bring(
    database: Database,
    clock: FixedClock,
    content: Content,
    variants: Sequence[Variant] = PHRASINGS,
) -> store.ImportReport:
    """Import in one unit of work."""
    with database.write() as work:
        report = store.import_content(work.db, content, variants, now=clock())
        work.commit()
    return report


def rows(db: Session) -> list[dict[str, Any]]:
    """Give every row of the FAQ as plain values."""
    found: list[dict[str, Any]] = []
    for table in (FaqVersion, FaqVariant, HelplineRow):
        found += [row.model_dump() for row in db.exec(select(table)).all()]
    return sorted(found, key=str)


def versions(db: Session, slug: str) -> list[FaqVersion]:
    query = select(FaqVersion).where(FaqVersion.slug == slug).order_by(col(FaqVersion.number))
    return list(db.exec(query).all())


def edit(database: Database, slug: str, **fields: Any) -> None:
    """Set fields of the published version, as the editor's pages do."""
    with database.write() as work:
        row = work.db.exec(
            select(FaqVersion).where(
                FaqVersion.slug == slug, FaqVersion.state == VersionState.PUBLISHED
            )
        ).one()
        row.sqlmodel_update(fields)
        work.db.add(row)
        work.commit()


def confirm(database: Database, clock: FixedClock) -> None:
    """Note that an admin called the number of the office now."""
    with database.write() as work:
        row = work.db.get_one(HelplineRow, "kantor-contoh")
        row.confirmed_by, row.confirmed_at = "admin", clock()
        work.db.add(row)
        work.commit()


def test_a_first_import_publishes_everything(database: Database, clock: FixedClock) -> None:
    with database.read() as db:
        assert store.is_empty(db)
    report = bring(database, clock, content_of(COST, LOST))
    assert report == replace(NOTHING, added=("paspor-biaya", "paspor-hilang"), variants=3)
    with database.read() as db:
        assert not store.is_empty(db)
        (row,) = versions(db, "paspor-biaya")
        index = store.load_index(db, now=clock())
        assert set(store.load_variants(db)) == set(PHRASINGS)
    assert (row.number, row.state, row.origin) == (1, VersionState.PUBLISHED, Origin.PACKAGE)
    assert (row.created_at, row.checked_by, row.checked_on) == (clock(), None, None)
    assert index == index_of(content_of(COST, LOST))


def test_the_same_import_again_changes_nothing(database: Database, clock: FixedClock) -> None:
    bring(database, clock, content_of(COST, LOST))
    edit(database, "paspor-biaya", checked_by="admin", checked_on=date(2026, 11, 24))
    confirm(database, clock)
    with database.read() as db:
        before, mark = rows(db), store.version_mark(db)
    clock.move(timedelta(days=1))
    assert bring(database, clock, content_of(COST, LOST)) == NOTHING
    with database.read() as db:
        assert rows(db) == before
        assert store.version_mark(db) == mark


def test_the_packaged_faq_goes_in_whole_and_once(database: Database, clock: FixedClock) -> None:
    content, _ = read_content()
    variants = load_variants()
    report = bring(database, clock, content, variants)
    assert len(report.added) == 117
    assert report.variants == len(variants)
    with database.read() as db:
        index = store.load_index(db, now=clock())
        assert sorted(map(str, store.load_variants(db))) == sorted(map(str, variants))
    assert index == index_of(content)
    assert bring(database, clock, content, variants) == NOTHING


def test_a_changed_entry_becomes_a_new_version(database: Database, clock: FixedClock) -> None:
    bring(database, clock, content_of(COST, LOST))
    edit(database, "paspor-biaya", checked_by="admin", checked_on=date(2026, 11, 24))
    clock.move(timedelta(days=1))
    report = bring(database, clock, content_of(NEW_COST, LOST))
    assert report == replace(NOTHING, updated=("paspor-biaya",))
    with database.read() as db:
        old, new = versions(db, "paspor-biaya")
        index = store.load_index(db, now=clock())
        assert [row.number for row in versions(db, "paspor-hilang")] == [1]
    assert (old.number, old.state) == (1, VersionState.ARCHIVED)
    assert store.entry_from_json(old.content) == COST
    assert old.checked_by == "admin"
    assert (new.number, new.state, new.created_at) == (2, VersionState.PUBLISHED, clock())
    assert index.entries["paspor-biaya"] == NEW_COST
    assert index.checked_on == {}


def test_what_an_editor_changed_is_kept_and_reported(database: Database, clock: FixedClock) -> None:
    bring(database, clock, content_of(COST, LOST))
    edited = replace(COST, answer="Tulisan editor.")
    edit(database, "paspor-biaya", content=store.entry_to_json(edited), origin=Origin.EDITOR)
    report = bring(database, clock, content_of(NEW_COST, replace(LOST, answer="Baru.")))
    assert report == replace(NOTHING, updated=("paspor-hilang",), kept=("paspor-biaya",))
    with database.read() as db:
        assert [row.state for row in versions(db, "paspor-biaya")] == [VersionState.PUBLISHED]
        index = store.load_index(db, now=clock())
    assert index.entries["paspor-biaya"] == edited


def test_an_editor_who_wrote_what_the_package_brings_is_not_reported(
    database: Database, clock: FixedClock
) -> None:
    bring(database, clock, content_of(COST))
    edit(database, "paspor-biaya", content=store.entry_to_json(NEW_COST), origin=Origin.EDITOR)
    assert bring(database, clock, content_of(NEW_COST)) == NOTHING


@pytest.mark.parametrize("state", [VersionState.DRAFT, VersionState.ARCHIVED])
def test_a_new_version_takes_a_number_no_other_has(
    database: Database, clock: FixedClock, state: VersionState
) -> None:
    bring(database, clock, content_of(COST))
    with database.write() as work:
        (row,) = versions(work.db, "paspor-biaya")
        other = row.model_dump(exclude={"id"}) | {"number": 2, "state": state}
        work.db.add(FaqVersion(**(other | {"origin": Origin.EDITOR})))
        work.commit()
    assert bring(database, clock, content_of(NEW_COST)).updated == ("paspor-biaya",)
    with database.read() as db:
        found = versions(db, "paspor-biaya")
    assert [(row.number, row.state) for row in found] == [
        (1, VersionState.ARCHIVED),
        (2, state),
        (3, VersionState.PUBLISHED),
    ]


def test_only_published_versions_are_read(database: Database, clock: FixedClock) -> None:
    bring(database, clock, content_of(COST, LOST))
    edit(database, "paspor-hilang", state=VersionState.DRAFT)
    with database.read() as db:
        assert set(store.load_index(db, now=clock()).entries) == {"paspor-biaya"}


def test_the_menu_follows_the_order_of_the_package(database: Database, clock: FixedClock) -> None:
    work = make_entry("pmi-biaya", topic="kerja-luar-negeri")
    between = make_entry("paspor-lokasi")
    bring(database, clock, content_of(COST, LOST, work))
    report = bring(database, clock, content_of(work, LOST, between, COST))
    assert report == replace(NOTHING, added=("paspor-lokasi",))
    with database.read() as db:
        topics = store.load_index(db, now=clock()).topics
    assert [(topic.id, [entry.slug for entry in topic.entries]) for topic in topics] == [
        ("kerja-luar-negeri", ["pmi-biaya"]),
        ("paspor", ["paspor-hilang", "paspor-lokasi", "paspor-biaya"]),
    ]


def test_phrasings_are_added_and_removed(database: Database, clock: FixedClock) -> None:
    bring(database, clock, content_of(COST))
    new = Variant("paspor-biaya", "paspor bayar piro", "jv", "daerah", reviewed=False)
    assert bring(database, clock, content_of(COST), [*PHRASINGS[:2], new]).variants == 1
    with database.read() as db:
        assert set(store.load_variants(db)) == {*PHRASINGS[:2], new}


def test_a_phrasing_of_an_editor_stays(database: Database, clock: FixedClock) -> None:
    bring(database, clock, content_of(COST))
    own = Variant("paspor-biaya", "ongkos paspor", "id", "santai")
    with database.write() as work:
        row = FaqVariant(
            slug=own.slug,
            text=own.text,
            lang=own.lang,
            register_name=own.register,
            is_reviewed=True,
            origin=Origin.EDITOR,
        )
        work.db.add(row)
        work.commit()
    bring(database, clock, content_of(COST), PHRASINGS[:1])
    with database.read() as db:
        assert set(store.load_variants(db)) == {PHRASINGS[0], own}


def test_a_phrasing_that_was_reviewed_since_is_noted(database: Database, clock: FixedClock) -> None:
    bring(database, clock, content_of(COST))
    reviewed = [replace(variant, reviewed=True) for variant in PHRASINGS]
    assert bring(database, clock, content_of(COST), reviewed).variants == 1
    with database.read() as db:
        assert set(store.load_variants(db)) == set(reviewed)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"phone": "998"}, id="phone"),
        pytest.param({"whatsapp": "998"}, id="WhatsApp"),
        pytest.param({"phone": None}, id="gone"),
    ],
)
def test_a_changed_number_loses_its_confirmation(
    database: Database, clock: FixedClock, fields: dict[str, Any]
) -> None:
    bring(database, clock, content_of(COST))
    confirm(database, clock)
    changed = make_helpline(**fields)
    bring(database, clock, content_of(COST, helplines=[changed]))
    with database.read() as db:
        row = db.get_one(HelplineRow, "kantor-contoh")
        index = store.load_index(db, now=clock())
    assert (row.confirmed_by, row.confirmed_at) == (None, None)
    assert index.confirmed == frozenset()
    assert index.helplines == {"kantor-contoh": changed}


def test_a_number_an_editor_changed_is_kept(database: Database, clock: FixedClock) -> None:
    bring(database, clock, content_of(COST))
    own = make_helpline(phone="997")
    with database.write() as work:
        row = work.db.get_one(HelplineRow, "kantor-contoh")
        row.content, row.origin = store.helpline_to_json(own), Origin.EDITOR
        work.db.add(row)
        work.commit()
    confirm(database, clock)
    bring(database, clock, content_of(COST, helplines=[make_helpline(phone="998")]))
    with database.read() as db:
        index = store.load_index(db, now=clock())
    assert index.helplines == {"kantor-contoh": own}
    assert index.confirmed == {"kantor-contoh"}


@pytest.mark.parametrize(
    ("age", "confirmed"),
    [
        pytest.param(timedelta(days=90), {"kantor-contoh"}, id="exactly 90 days"),
        pytest.param(timedelta(days=90, seconds=1), set(), id="a second more"),
    ],
)
def test_a_confirmation_lapses_after_90_days(
    database: Database, clock: FixedClock, age: timedelta, confirmed: set[str]
) -> None:
    bring(database, clock, content_of(COST))
    confirm(database, clock)
    clock.move(age)
    with database.read() as db:
        assert store.load_index(db, now=clock()).confirmed == confirmed


@pytest.mark.parametrize(
    ("fields", "checked"),
    [
        pytest.param(
            {"checked_by": "admin", "checked_on": date(2026, 11, 24)},
            {"paspor-biaya": date(2026, 11, 24)},
            id="by a named admin",
        ),
        pytest.param({"checked_on": date(2026, 11, 24)}, {}, id="by nobody"),
        pytest.param({"checked_by": "", "checked_on": date(2026, 11, 24)}, {}, id="by no name"),
        pytest.param({"checked_by": "admin"}, {}, id="on no day"),
    ],
)
def test_only_a_named_admin_makes_an_entry_checked(
    database: Database, clock: FixedClock, fields: dict[str, Any], checked: dict[str, date]
) -> None:
    bring(database, clock, content_of(COST, LOST))
    edit(database, "paspor-biaya", **fields)
    with database.read() as db:
        assert store.load_index(db, now=clock()).checked_on == checked


@pytest.mark.parametrize(
    ("content", "variants"),
    [
        pytest.param(content_of(NEW_COST), PHRASINGS, id="another answer"),
        pytest.param(content_of(COST, LOST), PHRASINGS, id="another entry"),
        pytest.param(content_of(COST), PHRASINGS[:2], id="last phrasing gone"),
        pytest.param(content_of(COST), PHRASINGS[1:], id="first phrasing gone"),
        pytest.param(
            content_of(COST),
            (*PHRASINGS[:2], replace(PHRASINGS[2], text="ktp patah")),
            id="last phrasing reworded",
        ),
    ],
)
def test_the_mark_moves_with_the_content(
    database: Database, clock: FixedClock, content: Content, variants: Sequence[Variant]
) -> None:
    bring(database, clock, content_of(COST))
    with database.read() as db:
        before = store.version_mark(db)
    bring(database, clock, content, variants)
    with database.read() as db:
        assert store.version_mark(db) != before


def test_entries_and_helplines_survive_json() -> None:
    content, _ = read_content()
    for entry in content.entries:
        assert store.entry_from_json(store.entry_to_json(entry)) == entry
    for helpline in content.contacts.values():
        assert store.helpline_from_json(store.helpline_to_json(helpline)) == helpline
