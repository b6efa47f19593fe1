"""The FAQ as files: what is read back is what was exported, and a broken folder changes nothing."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from handlers.database import Database
from knowledge.entries import ContentError
from knowledge.faq_files import Linted, export, lint_folder, read_checked
from knowledge.lint import Content
from knowledge.variants import Variant, VariantError
from tests.conftest import FixedClock
from tests.knowledge.test_entries import TOPIC, make_entry
from tests.knowledge.test_helplines import REGISTER, make_helpline
from tests.knowledge.test_store import NOTHING, bring, content_of, rows

PHRASINGS = """\
{"slug": "paspor-biaya", "text": "brp biaya paspor", "lang": "id", "register": "slang"}

{"slug": "LUAR", "text": "ktp saya patah", "lang": "id", "register": "santai"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "faq"
    folder.mkdir()
    (folder / "paspor.yaml").write_text(TOPIC, "utf-8")
    (folder / "contacts.yaml").write_text(REGISTER, "utf-8")
    (folder / "paspor.variants.jsonl").write_text(PHRASINGS, "utf-8")
    return folder


def exported(database: Database, clock: FixedClock, folder: Path) -> int:
    with database.read() as db:
        return export(db, folder, now=clock())


def in_order(variants: Iterable[Variant]) -> list[Variant]:
    return sorted(variants, key=lambda variant: (variant.slug, variant.text))


def same(content: Content, other: Content) -> None:
    """Compare everything but the lines, which an export numbers anew."""
    topics = {topic.id: topic for topic in content.topics}
    assert topics == {topic.id: topic for topic in other.topics}
    assert content.contacts == other.contacts


def test_a_good_folder_is_read(folder: Path) -> None:
    content, variants = read_checked(folder)
    assert lint_folder(folder) == Linted((), content, variants)
    assert [entry.slug for entry in content.entries] == ["paspor-biaya", "paspor-hilang"]
    assert [variant.text for variant in variants] == ["brp biaya paspor", "ktp saya patah"]


def test_the_packaged_faq_is_read_where_no_folder_is_named() -> None:
    content, variants = read_checked(None)
    linted = lint_folder(None)
    assert (linted.problems, linted.content, linted.variants) == ((), content, variants)
    assert len(content.entries) == 117
    assert len(variants) > 117 * 50


def test_the_packaged_faq_comes_back_as_it_went(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    content, variants = read_checked(None)
    bring(database, clock, content, variants)
    folder = tmp_path / "keluar" / "faq"
    count = exported(database, clock, folder)
    assert count == len(list(folder.iterdir())) == 2 * len(content.topics) + 3
    again, phrasings = read_checked(folder)
    same(again, content)
    assert in_order(phrasings) == in_order(variants)
    assert bring(database, clock, again, phrasings) == NOTHING


def test_an_export_has_the_published_words_of_the_editor(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    odd = make_entry(
        "paspor-biaya",
        question='Apa "biaya": # itu?',
        answer="- Baris satu.\n\nBaris dua: 'ya'; 100% & <b>, caf\u00e9 \U0001f600.",
        steps=("no", "1. Tanya.", "0123", "2025-01-01"),
        time=None,
        perlu_dicek=("Jam layanan: 8:30",),
    )
    helpline = make_helpline(phone="0217654321", whatsapp="+62812", country="NO")
    bring(database, clock, content_of(odd, helplines=[helpline]), [])
    exported(database, clock, tmp_path / "faq")
    assert not list((tmp_path / "faq").glob("*.jsonl"))
    assert [str(problem) for problem in lint_folder(tmp_path / "faq").problems] == [
        "*.variants.jsonl:1 berkas kalimat warga tidak ada"
    ]
    variants = tmp_path / "faq" / "luar.variants.jsonl"
    variants.write_text(PHRASINGS.split("\n")[2], "utf-8")
    again, _ = read_checked(tmp_path / "faq")
    assert again.entries == [odd]
    assert again.contacts == {"kantor-contoh": helpline}


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        pytest.param(
            "paspor.yaml", "    cost:", "   cost:", "paspor.yaml:8 YAML rusak", id="broken YAML"
        ),
        pytest.param(
            "paspor.yaml",
            "cost:",
            "biaya:",
            "paspor.yaml:8 [paspor-biaya] kunci tidak dikenal",
            id="unknown key",
        ),
        pytest.param(
            "paspor.yaml",
            "Lapor polisi dulu.",
            "Telepon 0812-0000-0000.",
            "paspor.yaml:19 [paspor-hilang] `answer` memuat nomor telepon",
            id="lint",
        ),
        pytest.param(
            "contacts.yaml",
            "phone: 110",
            "telp: 110",
            "contacts.yaml:5 [polisi-110] kunci tidak dikenal",
            id="register",
        ),
        pytest.param(
            "paspor.variants.jsonl",
            '"LUAR"',
            '"paspor-baru"',
            "paspor.variants.jsonl:3 [paspor-baru] kalimat untuk entri yang tidak ada",
            id="phrasing of no entry",
        ),
    ],
)
def test_a_broken_folder_is_refused_with_file_and_line_and_changes_nothing(
    database: Database, clock: FixedClock, folder: Path, file: str, old: str, new: str, problem: str
) -> None:
    content, variants = read_checked(folder)
    bring(database, clock, content, variants)
    with database.read() as db:
        before = rows(db)
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ContentError) as caught:
        bring(database, clock, *read_checked(folder))
    assert str(caught.value).startswith(problem)
    assert len(caught.value.problems) == 1
    with database.read() as db:
        assert rows(db) == before


def test_a_broken_phrasing_is_refused_with_file_and_line(folder: Path) -> None:
    file = folder / "paspor.variants.jsonl"
    file.write_text(PHRASINGS.replace('"slang"', '"gaul"'), "utf-8")
    with pytest.raises(VariantError, match=r"^paspor\.variants\.jsonl:1: register 'gaul'"):
        read_checked(folder)


def test_the_lint_never_raises_for_content(folder: Path) -> None:
    (folder / "paspor.yaml").write_bytes(b"topic: \xff")
    linted = lint_folder(folder)
    assert [str(problem) for problem in linted.problems] == [
        "paspor.yaml:1 simpan berkas sebagai UTF-8"
    ]
    assert linted.content is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            '"slang"', '"gaul"', ":1 kalimat warga rusak: register 'gaul'", id="unknown register"
        ),
        pytest.param("LUAR", "tidak-ada", ":3 [tidak-ada] kalimat untuk entri", id="stray"),
    ],
)
def test_the_lint_finds_what_an_import_would_refuse(
    folder: Path, old: str, new: str, problem: str
) -> None:
    (folder / "paspor.variants.jsonl").write_text(PHRASINGS.replace(old, new), "utf-8")
    found = [str(problem) for problem in lint_folder(folder).problems]
    assert len(found) == 1
    assert found[0].startswith(f"paspor.variants.jsonl{problem}")


def test_the_coverage_list_is_required_where_there_is_one(folder: Path) -> None:
    (folder / "coverage.txt").write_text("# Daftar\npaspor-biaya\npaspor-ganti\n", "utf-8")
    found = [str(problem) for problem in lint_folder(folder).problems]
    assert found == ["faq:1 [paspor-ganti] entri belum ada"]
