"""The FAQ of the package: whole, linted, sourced, and with phone numbers only in the register."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge.entries import UNDATED, ContentError
from knowledge.helplines import EMERGENCY
from knowledge.index import FaqIndex, index_of
from knowledge.lint import NUMBER, Content, lint, texts_of
from knowledge.packaged import packaged_folder, read_content
from knowledge.render import first_screen, helpline_lines, main_source, rest, spoken_date
from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK, Variant, load_variants
from tests.knowledge.test_entries import TOPIC
from tests.knowledge.test_helplines import REGISTER

UNCHECKED = "belum dipastikan petugas"
CALLED = "diperiksa petugas"
OLD = "Keterangan ini sudah lama"


@pytest.fixture(scope="module")
def content() -> Content:
    found, problems = read_content()
    assert [str(problem) for problem in problems] == []
    return found


@pytest.fixture(scope="module")
def index(content: Content) -> FaqIndex:
    return index_of(content)


@pytest.fixture(scope="module")
def variants() -> tuple[Variant, ...]:
    return load_variants()


def test_there_is_no_problem_at_all(content: Content) -> None:
    assert [str(problem) for problem in lint(content)] == []


def test_every_slug_is_there_once(content: Content) -> None:
    counts = Counter(entry.slug for entry in content.entries)
    assert len(counts) == 117
    assert set(counts.values()) == {1}
    assert set(content.places) == set(counts)


def test_every_entry_stands_in_the_file_of_its_topic(content: Content) -> None:
    for topic in content.topics:
        assert topic.title
        assert topic.entries
        for entry in topic.entries:
            assert entry.topic == topic.id
            assert content.places[entry.slug][0] == f"{topic.id}.yaml"


def test_every_place_is_the_line_of_the_slug(content: Content) -> None:
    for slug, (file, line) in content.places.items():
        lines = (packaged_folder() / file).read_text("utf-8").split("\n")
        assert lines[line - 1].strip() == f"- slug: {slug}"


def test_every_entry_has_its_phrasings_and_every_phrasing_its_entry(
    content: Content, variants: tuple[Variant, ...]
) -> None:
    counts = Counter(variant.slug for variant in variants)
    slugs = {entry.slug for entry in content.entries}
    assert set(counts) == slugs | {OUT_OF_SCOPE, SMALL_TALK}
    assert {slug: count for slug, count in counts.items() if count < 50} == {}


def test_every_related_entry_and_every_contact_resolves(index: FaqIndex) -> None:
    for entry in index.entries.values():
        assert set(entry.related) <= index.entries.keys() - {entry.slug}, entry.slug
        assert set(entry.contacts) <= index.helplines.keys(), entry.slug


def test_every_entry_says_whom_to_ask_and_what_to_heed(index: FaqIndex) -> None:
    for entry in index.entries.values():
        if entry.topic != "bot":
            assert entry.contacts, entry.slug
            assert entry.warnings, entry.slug
        assert len(entry.related) >= 2, entry.slug


def test_nothing_of_the_package_counts_as_checked(index: FaqIndex) -> None:
    assert index.checked_on == {}
    assert index.confirmed == frozenset()


def test_an_index_knows_the_topic_of_its_entries(index: FaqIndex) -> None:
    assert index.topic_of("paspor-biaya") == "paspor"
    assert index.topic_of("tidak-ada") is None


def test_every_answer_shows_source_date_and_that_nobody_checked_it(index: FaqIndex) -> None:
    for entry in index.entries.values():
        source = main_source(entry)
        assert source is not None, entry.slug
        screen = first_screen(entry, today=entry.review_by)
        when = "tanpa tanggal" if source.date in UNDATED else spoken_date(source.date)
        assert f"Menurut {source.publisher or source.title}, {when};" in screen, entry.slug
        assert UNCHECKED in screen, entry.slug
        assert CALLED not in screen, entry.slug
        assert OLD not in screen, entry.slug


def test_every_answer_past_its_review_day_carries_the_caution(index: FaqIndex) -> None:
    for entry in index.entries.values():
        late = entry.review_by + timedelta(days=1)
        assert OLD in first_screen(entry, today=late), entry.slug


def test_every_entry_is_still_to_be_reviewed(index: FaqIndex) -> None:
    for entry in index.entries.values():
        assert date(2026, 11, 24) < entry.review_by < date(2028, 1, 1), entry.slug


def test_no_text_of_an_entry_holds_a_phone_number(index: FaqIndex) -> None:
    numbers = {
        "".join(filter(str.isdigit, number))
        for helpline in index.helplines.values()
        for number in (helpline.phone, helpline.whatsapp)
        if number
    }
    long_numbers = {number for number in numbers if len(number) > 4}
    assert len(long_numbers) > 20
    for entry in index.entries.values():
        for key, text in texts_of(entry):
            assert NUMBER.search(text) is None, (entry.slug, key)
            digits = "".join(char for char in text if char.isalnum())
            found = {number for number in long_numbers if number in digits}
            assert found == set(), (entry.slug, key)


def test_every_number_carries_source_and_date_until_a_call(index: FaqIndex) -> None:
    with_number = [item for item in index.helplines.values() if item.number]
    assert len(with_number) > 20
    for helpline in with_number:
        text = helpline_lines([helpline])
        assert helpline.number is not None
        assert helpline.number in text
        source = helpline.source
        when = "tanpa tanggal" if source.date in UNDATED else spoken_date(source.date)
        assert f"(menurut {source.publisher}, {when}; {UNCHECKED})" in text, helpline.id
        assert source.publisher, helpline.id
        assert "(menurut" not in helpline_lines([helpline], confirmed={helpline.id})


def test_the_emergency_numbers_are_dated_and_of_the_four(index: FaqIndex) -> None:
    found = {id: index.helplines[id] for id in EMERGENCY}
    assert found["polisi-110"].number == "110"
    assert found["sapa-129"].number == "129"
    assert found["kemlu"].source.is_dated
    assert "Kementerian Luar Negeri" in found["kemlu"].name
    assert "KP2MI" in found["kp2mi"].name
    assert len(found) == 4
    for helpline in found.values():
        assert helpline.number, helpline.id
        assert helpline.source.is_dated, helpline.id
        assert helpline.source.date[:4] in {"2024", "2025", "2026"}, helpline.id


def test_the_rest_of_every_entry_can_be_written(index: FaqIndex) -> None:
    for entry in index.entries.values():
        text = "\n\n".join(rest(entry, helplines=index.helplines))
        assert "Sumber:\n- " in text, entry.slug
        for contact in entry.contacts:
            assert index.helplines[contact].name in text, entry.slug


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "paspor.yaml").write_text(TOPIC, "utf-8")
    (tmp_path / "contacts.yaml").write_text(REGISTER, "utf-8")
    return tmp_path


def test_a_folder_of_ones_own_is_read(folder: Path) -> None:
    found, problems = read_content(folder)
    assert problems == lint(found) == []
    assert found.places == {
        "paspor-biaya": ("paspor.yaml", 4),
        "paspor-hilang": ("paspor.yaml", 19),
    }
    assert set(found.contacts) == {"polisi-110", "kbri-contoh"}


def test_a_slug_in_two_files_is_told_where_it_stands_again(folder: Path) -> None:
    text = "# Salinan\n" + TOPIC.replace("topic: paspor", "topic: salinan")
    (folder / "salinan.yaml").write_text(text, "utf-8")
    _, problems = read_content(folder)
    assert [str(problem) for problem in problems] == [
        "salinan.yaml:5 [paspor-biaya] slug sudah dipakai di paspor.yaml",
        "salinan.yaml:20 [paspor-hilang] slug sudah dipakai di paspor.yaml",
    ]


def test_a_folder_without_a_register_is_refused(folder: Path) -> None:
    (folder / "contacts.yaml").unlink()
    with pytest.raises(ContentError, match=r"^contacts\.yaml:1 berkas kontak tidak ada$"):
        read_content(folder)


@pytest.mark.parametrize("name", ["paspor.yaml", "contacts.yaml"])
def test_a_file_that_is_not_utf8_is_refused_with_its_line(folder: Path, name: str) -> None:
    file = folder / name
    file.write_bytes(file.read_bytes().replace(b"title: ", b"title: caf\xe9 ", 1))
    line = {"paspor.yaml": 2, "contacts.yaml": 7}[name]
    with pytest.raises(ContentError, match=rf"^{name}:{line} simpan berkas sebagai UTF-8$"):
        read_content(folder)
