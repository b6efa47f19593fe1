"""What a villager reads: always the source, its date and whether an officer vouches for it."""

from datetime import date
from typing import Any

import pytest

from knowledge.entries import Source
from knowledge.render import (
    PART_CHARS,
    first_screen,
    has_more,
    helpline_lines,
    main_source,
    rest,
    source_line,
    spaced,
    spoken_date,
)
from tests.knowledge.test_entries import make_entry
from tests.knowledge.test_helplines import make_helpline

UNCHECKED = "belum dipastikan petugas"
OLD = "Keterangan ini sudah lama, pastikan lagi ke kantor imigrasi."
REVIEW_BY = date(2027, 5, 24)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("2025-03-26", "26 Maret 2025"),
        ("2025-08-01", "1 Agustus 2025"),
        ("2025-12", "Desember 2025"),
        ("2025-01", "Januari 2025"),
        ("2025", "2025"),
        ("2024/2025", "2024/2025"),
        ("2026 (pertengahan)", "2026 (pertengahan)"),
        ("2025-13-01", "2025-13-01"),
        ("2025-00", "2025-00"),
    ],
)
def test_dates_as_people_say_them(written: str, spoken: str) -> None:
    assert spoken_date(written) == spoken


@pytest.mark.parametrize(
    ("source", "line"),
    [
        pytest.param(
            Source("Biaya", "Imigrasi", "2025-03-26"),
            "Menurut Imigrasi, 26 Maret 2025; belum dipastikan petugas.",
            id="day",
        ),
        pytest.param(
            Source("Biaya", "Imigrasi", "2025"),
            "Menurut Imigrasi, 2025; belum dipastikan petugas.",
            id="year",
        ),
        pytest.param(
            Source("Biaya", "Imigrasi", ""),
            "Menurut Imigrasi, tanpa tanggal; belum dipastikan petugas.",
            id="no date",
        ),
        pytest.param(
            Source("Biaya paspor", "", "t.t."),
            "Menurut Biaya paspor, tanpa tanggal; belum dipastikan petugas.",
            id="no publisher",
        ),
    ],
)
def test_an_unchecked_answer_says_who_when_and_that_nobody_checked(
    source: Source, line: str
) -> None:
    entry = make_entry(sources=(source,))
    assert source_line(entry) == line
    assert first_screen(entry) == f"{entry.answer}\n\n({line})"


def test_an_answer_that_an_admin_checked_says_so_with_the_day() -> None:
    screen = first_screen(make_entry(), checked_on=date(2026, 11, 3))
    assert "Menurut Imigrasi, 26 Maret 2025; diperiksa petugas 3 November 2026." in screen
    assert UNCHECKED not in screen


def test_an_answer_without_any_source_sends_people_to_the_officer() -> None:
    assert source_line(make_entry(sources=())) == "Sumber belum ada; tanyakan dulu ke petugas."


@pytest.mark.parametrize(
    ("today", "is_old"),
    [
        pytest.param(date(2027, 5, 23), False, id="day before"),
        pytest.param(REVIEW_BY, False, id="on the day"),
        pytest.param(date(2027, 5, 25), True, id="day after"),
    ],
)
@pytest.mark.parametrize("checked_on", [None, date(2026, 11, 3)], ids=["unchecked", "checked"])
def test_past_its_review_day_an_answer_carries_the_caution(
    today: date, is_old: bool, checked_on: date | None
) -> None:
    entry = make_entry(review_by=REVIEW_BY)
    assert (OLD in first_screen(entry, checked_on=checked_on, today=today)) is is_old
    assert (OLD in first_screen(make_entry(sources=()), today=today)) is is_old


@pytest.mark.parametrize(
    ("sources", "title"),
    [
        pytest.param([("a", "A", "2020"), ("b", "B", "2025")], "a", id="first of two"),
        pytest.param([("a", "A", ""), ("b", "B", "2025")], "b", id="first with a date"),
        pytest.param([("a", "A", "tanpa tanggal"), ("b", "B", "2025")], "b", id="tanpa tanggal"),
        pytest.param([("a", "", "2020"), ("b", "B", "2025")], "b", id="first with a publisher"),
        pytest.param([("a", "A", ""), ("b", "", "2025")], "a", id="none complete"),
        pytest.param([], None, id="none"),
    ],
)
def test_the_source_shown(sources: list[tuple[str, str, str]], title: str | None) -> None:
    found = main_source(make_entry(sources=tuple(Source(*source) for source in sources)))
    assert (found.title if found else None) == title


UNCONFIRMED = [
    pytest.param(
        {},
        "- Kantor Contoh: telepon 999 (menurut Imigrasi, Maret 2025; belum dipastikan petugas)",
        id="phone",
    ),
    pytest.param(
        {"phone": None, "whatsapp": "998"},
        "- Kantor Contoh: WA 998 (menurut Imigrasi, Maret 2025; belum dipastikan petugas)",
        id="WhatsApp",
    ),
    pytest.param(
        {"source": Source("Daftar kantor", "", "")},
        "- Kantor Contoh: telepon 999 "
        "(menurut Daftar kantor, tanpa tanggal; belum dipastikan petugas)",
        id="poor source",
    ),
]


@pytest.mark.parametrize(("fields", "line"), UNCONFIRMED)
def test_an_unconfirmed_number_carries_source_and_date(fields: dict[str, Any], line: str) -> None:
    helpline = make_helpline(**fields)
    assert helpline_lines([helpline]) == f"Yang bisa dihubungi:\n{line}"
    other = helpline_lines([helpline], confirmed={"kantor-lain"})
    assert UNCHECKED in other


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        pytest.param({}, "- Kantor Contoh: telepon 999", id="phone"),
        pytest.param(
            {"whatsapp": "998", "email": "a@example.org"},
            "- Kantor Contoh: telepon 999, WA 998, a@example.org",
            id="all ways",
        ),
    ],
)
def test_a_confirmed_number_carries_none(fields: dict[str, Any], line: str) -> None:
    text = helpline_lines([make_helpline(**fields)], confirmed={"kantor-contoh"})
    assert text == f"Yang bisa dihubungi:\n{line}"


def test_an_office_without_a_number_says_what_it_is_for() -> None:
    text = helpline_lines([make_helpline(phone=None)])
    assert text == "Yang bisa dihubungi:\n- Kantor Contoh: Keterangan"


def test_the_rest_gives_every_part_in_order_and_all_sources() -> None:
    entry = make_entry(
        bring=("KTP.",),
        warnings=("Awas calo.",),
        contacts=("kantor-contoh",),
        sources=(Source("Biaya", "Imigrasi", "2025-03"), Source("Catatan", "", "t.t.")),
    )
    parts = rest(entry, helplines={"kantor-contoh": make_helpline()})
    assert len(parts) == 1
    assert parts[0].split("\n\n") == [
        "Langkahnya:\n1. Tanya dulu di loket.\n2. Bayar di bank.",
        "Yang dibawa:\n- KTP.",
        "Biaya: Rp650.000 (2025)",
        "Waktu: 8:30",
        "Hati-hati:\n- Awas calo.",
        "Yang bisa dihubungi:\n- Kantor Contoh: telepon 999 "
        "(menurut Imigrasi, Maret 2025; belum dipastikan petugas)",
        "Sumber:\n- Biaya (Imigrasi, Maret 2025)\n"
        "- Catatan (penerbit belum tercatat, tanpa tanggal)",
    ]
    confirmed = rest(
        entry, helplines={"kantor-contoh": make_helpline()}, confirmed={"kantor-contoh"}
    )
    assert UNCHECKED not in confirmed[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Satu. Dua.", "Satu. Dua.", id="two"),
        pytest.param("Satu. Dua. Tiga. Empat.", "Satu. Dua.\n\nTiga. Empat.", id="four"),
        pytest.param("Satu. Apa? Ini.", "Satu.\n\nApa? Ini.", id="a question with its answer"),
        pytest.param("Satu.\nDua. Tiga. Empat.", "Satu.\nDua. Tiga. Empat.", id="own lines"),
        pytest.param("Rp1.950.000 pada 17.00. Ya.", "Rp1.950.000 pada 17.00. Ya.", id="numbers"),
        pytest.param("Satu. Dua. Tiga.", "Satu. Dua. Tiga.", id="none is left alone"),
        pytest.param("Kec. lama. Dua. Tiga. Empat.", "Kec. lama. Dua.\n\nTiga. Empat.", id="short"),
    ],
)
def test_sentences_stand_two_by_two(text: str, shown: str) -> None:
    assert spaced(text) == shown


def test_a_long_rest_breaks_between_lists_and_loses_nothing() -> None:
    line = "Kata. " * 30
    entry = make_entry(steps=(line,) * 4, bring=("KTP.",), warnings=(line,) * 5)
    parts = rest(entry, helplines={})
    assert [part.split("\n")[0] for part in parts] == ["Langkahnya:", "Hati-hati:"]
    assert "Yang dibawa:" in parts[0]
    assert "Sumber:" in parts[1]
    assert all(len(part) <= PART_CHARS for part in parts)


def test_an_entry_with_nothing_behind_has_only_its_sources() -> None:
    bare: dict[str, Any] = {"steps": (), "cost": None, "time": None}
    assert [part.split("\n")[0] for part in rest(make_entry(**bare), helplines={})] == ["Sumber:"]
    assert rest(make_entry(**bare, sources=()), helplines={}) == ()


def test_there_is_more_only_where_something_stands_behind() -> None:
    bare: dict[str, Any] = {"steps": (), "cost": None, "time": None}
    assert not has_more(make_entry(**bare))
    for key, value in {
        "steps": ("Tanya.",),
        "bring": ("KTP.",),
        "cost": "Gratis",
        "time": "Tiga hari",
        "warnings": ("Awas.",),
        "contacts": ("kantor-contoh",),
    }.items():
        assert has_more(make_entry(**(bare | {key: value}))), key
