"""Drafts beside what is published, on both engines; a newer package respects what editors did."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from handlers.database import Database
from knowledge import editions, store
from knowledge.editions import DraftChanged
from knowledge.lint import Content
from knowledge.packaged import read_content
from knowledge.variants import Variant
from tests.conftest import FixedClock

WHOLE = read_content()[0]
CONTENT = Content(
    [replace(topic, entries=topic.entries[:3]) for topic in WHOLE.topics[:2]],
    WHOLE.places,
    WHOLE.contacts,
)
FIRST = CONTENT.entries[0]
OLD = Variant(FIRST.slug, "kalimat lama dari paket", "id", "santai")
NEW = Variant(FIRST.slug, "kalimat baru dari editor", "id", "santai")
CHANGED = replace(FIRST, time="Empat hari kerja (2026).")


@pytest.fixture
def seeded(database: Database, clock: FixedClock) -> Database:
    with database.write() as work:
        store.import_content(work.db, CONTENT, [OLD], now=clock())
        work.commit()
    return database


def seen(db: Session) -> str:
    """Give the mark of what an editor has before their eyes who opens the entry now."""
    found = editions.draft_of(db, FIRST.slug) or editions.published_of(db, FIRST.slug)
    assert found is not None
    return found.mark


def publish(db: Session, clock: FixedClock, *, checked: bool = False) -> None:
    editions.save_draft(
        db, CHANGED, added=[NEW], removed=[OLD.text], by="Dewi", mark=seen(db), now=clock()
    )
    editions.publish(db, FIRST.slug, by="Rina", checked=checked, now=clock())


def test_a_draft_is_read_by_nobody_until_it_is_published(
    seeded: Database, clock: FixedClock
) -> None:
    with seeded.write() as work:
        editions.save_draft(
            work.db, CHANGED, added=[NEW], removed=[], by="Dewi", mark=seen(work.db), now=clock()
        )
        work.commit()
    with seeded.read() as db:
        assert store.load_index(db, now=clock()).entries[FIRST.slug] == FIRST
        assert store.load_variants(db) == (OLD,)


def test_publishing_keeps_what_was_and_changes_the_phrasings(
    seeded: Database, clock: FixedClock
) -> None:
    with seeded.write() as work:
        before = store.version_mark(work.db)
        publish(work.db, clock, checked=True)
        work.commit()
    with seeded.read() as db:
        index = store.load_index(db, now=clock())
        assert index.entries[FIRST.slug] == CHANGED
        assert index.checked_on[FIRST.slug] == clock().date()
        assert store.load_variants(db) == (NEW,)
        assert store.version_mark(db) != before
        found = editions.history(db, FIRST.slug)
        assert [(one.number, one.state) for one in found] == [(2, "terbit"), (1, "arsip")]
        assert (found[0].created_by, found[0].published_by) == ("Dewi", "Rina")


def test_the_same_package_again_undoes_nothing(seeded: Database, clock: FixedClock) -> None:
    with seeded.write() as work:
        publish(work.db, clock)
        work.commit()
    with seeded.write() as work:
        report = store.import_content(work.db, CONTENT, [OLD], now=clock())
        work.commit()
    assert report.kept == (FIRST.slug,)
    with seeded.read() as db:
        assert store.load_index(db, now=clock()).entries[FIRST.slug] == CHANGED
        assert store.load_variants(db) == (NEW,)


def test_what_was_withdrawn_stays_withdrawn(seeded: Database, clock: FixedClock) -> None:
    with seeded.write() as work:
        editions.withdraw(work.db, FIRST.slug)
        work.commit()
    with seeded.write() as work:
        report = store.import_content(work.db, CONTENT, [OLD], now=clock())
        work.commit()
    assert FIRST.slug in report.kept
    with seeded.read() as db:
        assert FIRST.slug not in store.load_index(db, now=clock()).entries
        assert store.load_variants(db) == ()


@pytest.mark.parametrize(
    ("is_published", "expected"),
    [pytest.param(False, "Dewi", id="a draft"), pytest.param(True, "Rina", id="published")],
)
def test_what_was_changed_meanwhile_is_not_written_over(
    seeded: Database, clock: FixedClock, *, is_published: bool, expected: str
) -> None:
    with seeded.write() as work:
        before = seen(work.db)
        if is_published:
            publish(work.db, clock)
        else:
            editions.save_draft(
                work.db, CHANGED, added=[], removed=[], by="Dewi", mark=before, now=clock()
            )
        clock.move(timedelta(minutes=1))
        with pytest.raises(DraftChanged) as told:
            editions.save_draft(
                work.db, FIRST, added=[], removed=[], by="Joko", mark=before, now=clock()
            )
    assert told.value.by == expected


def test_the_same_draft_saved_twice_is_saved_once(seeded: Database, clock: FixedClock) -> None:
    with seeded.write() as work:
        before = seen(work.db)
        for _ in range(2):
            editions.save_draft(
                work.db, CHANGED, added=[NEW], removed=[], by="Dewi", mark=before, now=clock()
            )
            clock.move(timedelta(minutes=1))
        draft = editions.draft_of(work.db, FIRST.slug)
    assert draft is not None
    assert draft.created_at == clock() - timedelta(minutes=2)


def test_golden_questions_are_those_that_were_set_last(seeded: Database, clock: FixedClock) -> None:
    with seeded.write() as work:
        editions.set_golden(work.db, FIRST.slug, ["satu", "dua"], by="Dewi", now=clock())
        work.db.flush()
        editions.set_golden(work.db, FIRST.slug, ["dua", "tiga"], by="Rina", now=clock())
        work.commit()
    with seeded.read() as db:
        found = [(row.text, row.created_by) for row in editions.golden(db)]
    assert found == [("dua", "Dewi"), ("tiga", "Rina")]
