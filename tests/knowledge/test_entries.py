"""Reading topics from YAML: every fault names its file, its line and, where there is one, its slug."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from knowledge.entries import ContentError, Entry, Problem, Source, Topic
from knowledge.entry_files import read_topic
from knowledge.located_yaml import read_yaml

FILE = "paspor.yaml"
TOPIC = """\
topic: paspor
title: Paspor
entries:
  - slug: paspor-biaya
    question: Berapa biaya paspor?
    answer: Biayanya tertulis di loket.
    steps: [Tanya dulu di loket., Bayar di bank.]
    cost: Rp650.000 (2025)
    time: 8:30
    sources:
      - title: Biaya paspor
        publisher: Imigrasi
        url: https://imigrasi.go.id/biaya
        date: 2025-03-26
    review_by: 2027-05-24
    certainty: tinggi
    related: [paspor-hilang]
    title: Biaya paspor
  - slug: paspor-hilang
    question: Apa yang harus ada kalau paspor hilang?
    answer: Lapor polisi dulu.
    sources:
      - title: Paspor hilang
        publisher: Imigrasi
        date: 2025
    review_by: 2027-05-24
    certainty: sedang
    title: Paspor hilang
"""
GOOD = Entry(
    slug="paspor-biaya",
    topic="paspor",
    title="Biaya paspor",
    question="Berapa biaya paspor?",
    answer="Biayanya tertulis di loket.",
    steps=("Tanya dulu di loket.", "Bayar di bank."),
    bring=(),
    cost="Rp650.000 (2025)",
    time="8:30",
    warnings=(),
    contacts=(),
    sources=(Source("Biaya paspor", "Imigrasi", "2025-03-26", "https://imigrasi.go.id/biaya"),),
    review_by=date(2027, 5, 24),
    certainty="tinggi",
    perlu_dicek=(),
    related=("paspor-hilang",),
)


def make_entry(slug: str = "paspor-biaya", **fields: Any) -> Entry:
    """Give a good entry that points at no other; every field can be set."""
    return replace(GOOD, **({"slug": slug, "related": ()} | fields))


def problems_of(text: str) -> list[Problem]:
    """Give the problems whether the file can be read as a topic or not."""
    try:
        return read_topic(text, file=FILE)[2]
    except ContentError as error:
        return list(error.problems)


def test_a_good_topic_is_read_as_written() -> None:
    topic, lines, problems = read_topic(TOPIC, file=FILE)
    assert problems == []
    assert isinstance(topic, Topic)
    assert (topic.id, topic.title) == ("paspor", "Paspor")
    assert topic.entries[0] == GOOD
    assert topic.entries[1].sources == (Source("Paspor hilang", "Imigrasi", "2025"),)
    assert topic.entries[1].steps == topic.entries[1].related == ()
    assert topic.entries[1].cost is None
    assert lines == {"paspor-biaya": 4, "paspor-hilang": 19}


@pytest.mark.parametrize(
    ("old", "new", "line", "slug", "says"),
    [
        pytest.param("    cost:", "    answer:", 8, None, "kunci ganda: answer", id="key twice"),
        pytest.param("title: Paspor\n", "topic: x\n", 2, None, "kunci ganda", id="top key twice"),
        pytest.param("    cost:", "    biaya:", 8, "paspor-biaya", "`biaya`", id="unknown key"),
        pytest.param("        url:", "        link:", 13, "paspor-biaya", "`link`", id="in source"),
        pytest.param("title: Paspor\n", "judul: Paspor\n", 2, None, "`judul`", id="top unknown"),
        pytest.param("title: Paspor\n", "", 1, None, "`title` wajib", id="no title"),
        pytest.param("topic: paspor", "topic: ../paspor", 1, None, "topic", id="topic id"),
        pytest.param(
            "answer: Biayanya tertulis di loket.",
            "answer: [Biayanya, tertulis]",
            6,
            "paspor-biaya",
            "`answer` harus berupa teks",
            id="list for text",
        ),
        pytest.param(
            "answer: Biayanya tertulis di loket.",
            "answer: yes",
            6,
            "paspor-biaya",
            "`answer` harus berupa teks",
            id="yes is not a text",
        ),
        pytest.param(
            "[Tanya dulu di loket., Bayar di bank.]",
            "Tanya dulu",
            7,
            "paspor-biaya",
            "`steps` harus berupa daftar teks",
            id="text for list",
        ),
        pytest.param(
            "[Tanya dulu di loket., Bayar di bank.]",
            "[yes, Bayar]",
            7,
            "paspor-biaya",
            "`steps` harus berupa daftar teks",
            id="yes in a list",
        ),
        pytest.param(
            "[Tanya dulu di loket., Bayar di bank.]",
            "['', Bayar]",
            7,
            "paspor-biaya",
            "`steps` punya butir kosong",
            id="empty item",
        ),
        pytest.param(
            "    answer: Lapor polisi dulu.\n",
            "",
            19,
            "paspor-hilang",
            "`answer` wajib diisi",
            id="no answer",
        ),
        pytest.param(
            "    answer: Lapor polisi dulu.\n",
            "    answer: '  '\n",
            21,
            "paspor-hilang",
            "`answer` wajib diisi",
            id="blank answer",
        ),
        pytest.param("- slug: paspor-hilang\n   ", "-", 19, None, "`slug` wajib", id="no slug"),
        pytest.param(
            "slug: paspor-hilang", "slug: Paspor Hilang", 19, "Paspor Hilang", "slug", id="bad slug"
        ),
        pytest.param(
            "slug: paspor-hilang",
            "slug: paspor-biaya",
            19,
            "paspor-biaya",
            "slug ganda",
            id="slug twice",
        ),
        pytest.param(
            "2027-05-24\n    certainty: tinggi",
            "2027-02-30\n    certainty: tinggi",
            15,
            "paspor-biaya",
            "`review_by` harus tanggal",
            id="no such day",
        ),
        pytest.param(
            "2027-05-24\n    certainty: tinggi",
            "Mei 2027\n    certainty: tinggi",
            15,
            "paspor-biaya",
            "'Mei 2027'",
            id="date in words",
        ),
        pytest.param(
            "    review_by: 2027-05-24\n    certainty: sedang",
            "    certainty: sedang",
            19,
            "paspor-hilang",
            "`review_by` wajib",
            id="no date",
        ),
        pytest.param(
            "date: 2025-03-26", "date: 2025-13-26", 14, "paspor-biaya", "tanggal", id="month 13"
        ),
        pytest.param(
            "date: 2025-03-26", "date: 2025-00", 14, "paspor-biaya", "tanggal", id="month 0"
        ),
        pytest.param(
            "certainty: tinggi",
            "certainty: yakin",
            16,
            "paspor-biaya",
            "`certainty` harus salah satu",
            id="unknown certainty",
        ),
        pytest.param(
            "      - title: Biaya paspor\n        publisher: Imigrasi\n",
            "      - publisher: Imigrasi\n",
            11,
            "paspor-biaya",
            "`title` wajib",
            id="source without title",
        ),
        pytest.param(
            "    sources:\n      - title: Paspor hilang\n        publisher: Imigrasi\n"
            "        date: 2025\n",
            "    sources: Imigrasi\n",
            22,
            "paspor-hilang",
            "`sources` harus berupa daftar",
            id="source is a text",
        ),
        pytest.param("    cost: Rp", "   cost: Rp", 8, None, "YAML rusak", id="indentation"),
        pytest.param("[Tanya dulu", "[[Tanya dulu", 8, None, "YAML rusak", id="open bracket"),
        pytest.param("answer: Lapor", "answer: *Lapor", 21, None, "YAML rusak", id="alias"),
        pytest.param("answer: Lapor", "answer: \x07Lapor", 21, None, "YAML rusak", id="control"),
    ],
)
def test_a_fault_names_file_line_and_slug(
    old: str, new: str, line: int, slug: str | None, says: str
) -> None:
    assert old in TOPIC
    found = problems_of(TOPIC.replace(old, new))
    assert [problem for problem in found if (problem.line, problem.slug) == (line, slug)], [
        str(problem) for problem in found
    ]
    problem = next(item for item in found if (item.line, item.slug) == (line, slug))
    assert says in problem.message
    where = f" [{slug}]" if slug else ""
    assert str(problem) == f"{FILE}:{line}{where} {problem.message}"


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = TOPIC.replace("    cost:", "    biaya:").replace("answer: Lapor polisi dulu.", "answer:")
    assert [(problem.line, problem.slug) for problem in problems_of(text)] == [
        (8, "paspor-biaya"),
        (21, "paspor-hilang"),
    ]


@pytest.mark.parametrize("text", ["", "- paspor", "paspor", "12"])
def test_what_is_no_topic_is_refused(text: str) -> None:
    with pytest.raises(ContentError, match=r"^paspor\.yaml:1 berkas harus berisi topic"):
        read_topic(text, file=FILE)


def test_an_error_shows_every_problem_on_its_own_line() -> None:
    problems = [Problem("a.yaml", 3, "a-b", "satu"), Problem("a.yaml", 9, None, "dua")]
    error = ContentError(problems)
    assert error.problems == tuple(problems)
    assert str(error) == "a.yaml:3 [a-b] satu\na.yaml:9 dua"


@pytest.mark.parametrize(
    "written",
    ["+62812", "0217654321", "2027-05-24", "2025", "8:30", "1_000", "0x1F", "2025.10", "1e3"],
)
def test_numbers_and_dates_stay_as_written(written: str) -> None:
    assert read_yaml(f"phone: {written}", file=FILE) == {"phone": written}
