"""Two versions side by side."""

from dataclasses import replace

from knowledge.compare import GONE, NEW, SAME, changes
from knowledge.packaged import read_content

ENTRY = next(entry for entry in read_content()[0].entries if entry.slug == "paspor-biaya")


def test_the_same_differs_in_nothing() -> None:
    assert changes(ENTRY, ENTRY) == []


def test_changed_words_stand_between_those_that_stay() -> None:
    old = replace(ENTRY, time="Empat hari kerja.")
    (change,) = changes(old, replace(ENTRY, time="Tiga hari kerja."))
    assert change.field == "time"
    assert change.parts == ((GONE, "Empat"), (NEW, "Tiga"), (SAME, " hari kerja."))


def test_a_new_entry_is_new_in_every_filled_field() -> None:
    found = changes(None, ENTRY)
    assert {kind for change in found for kind, _ in change.parts} == {NEW}
    assert "title" in {change.field for change in found}
