"""Names of companies as villagers write them, against the list as it is printed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.companies import (
    CANDIDATES_SHOWN,
    Company,
    CompanyStatus,
    Match,
    Register,
    asks_about_company,
    company_in,
    look_up,
    name_of,
)

DAY = date(2026, 11, 20)
NAMES = (
    "PT Bahtera Karya Nusantara",
    "PT. Surya Timur Internasional",
    "PT Surya Timur Abadi",
    "PT Melati Putri Bersaudara",
    "PT Aman Sentosa",
    "PT Delima Raya, Tbk",
)
REGISTER = Register(
    DAY, tuple(Company(name, CompanyStatus.ACTIVE, id=n) for n, name in enumerate(NAMES, start=1))
)


@pytest.mark.parametrize(
    ("asked", "match", "names"),
    [
        pytest.param("PT Bahtera Karya Nusantara", "sama", NAMES[:1], id="as printed"),
        pytest.param("pt. bahtera karya nusantara", "sama", NAMES[:1], id="small letters"),
        pytest.param("P.T. BAHTERA KARYA NUSANTARA", "sama", NAMES[:1], id="dots"),
        pytest.param("bahtera karya nusantara", "sama", NAMES[:1], id="without form"),
        pytest.param("PT Bahterakarya Nusantara", "sama", NAMES[:1], id="words joined"),
        pytest.param("PT Surya Timur Intl", "sama", NAMES[1:2], id="short form of a word"),
        pytest.param("PT Delima Raya", "sama", NAMES[5:], id="Tbk left out"),
        pytest.param("CV Bahtera Karya Nusantara", "mirip", NAMES[:1], id="another form"),
        pytest.param("PT Batera Karya Nusantara", "mirip", NAMES[:1], id="letter lost"),
        pytest.param("PT Bahtera Karya Nusatara", "mirip", NAMES[:1], id="typo"),
        pytest.param("PT Bahtera Krya Nsntr", "mirip", NAMES[:1], id="vowels left out"),
        pytest.param("PT Bahtera Karya", "mirip", NAMES[:1], id="end left out"),
        pytest.param("PT Bahtera Karya Nusantara Batam", "mirip", NAMES[:1], id="branch added"),
        pytest.param("PT BKN", "mirip", NAMES[:1], id="initials"),
        pytest.param("PT Melati Putri Bros", "sama", NAMES[3:4], id="bros"),
        pytest.param("PT Surya Timur", "beberapa", NAMES[1:3], id="several"),
        pytest.param("PT Gunung Kapur Sejati", "tidak_ada", (), id="none"),
        pytest.param("PT Karya", "tidak_ada", (), id="one common word"),
        pytest.param("PT", "tidak_ada", (), id="only the form"),
        pytest.param("", "tidak_ada", (), id="empty"),
    ],
)
def test_a_name_is_looked_up(asked: str, match: str, names: tuple[str, ...]) -> None:
    finding = look_up(asked, REGISTER)
    assert finding.match == Match(match)
    assert {company.name for company in finding.candidates} == set(names)


def test_an_empty_register_is_no_list_whatever_is_asked() -> None:
    assert look_up(NAMES[0], Register()).match == Match.NO_LIST


def test_a_list_without_companies_is_a_list() -> None:
    assert look_up(NAMES[0], Register(DAY)).match == Match.NONE


def test_no_more_candidates_are_shown_than_fit() -> None:
    many = tuple(Company(f"PT Sinar Laut {end}", CompanyStatus.ACTIVE) for end in "ABCDEFGH")
    finding = look_up("PT Sinar Laut", Register(DAY, many))
    assert finding.match == Match.SEVERAL
    assert len(finding.candidates) == CANDIDATES_SHOWN


@given(st.sampled_from(NAMES), st.integers(0, 30), st.sampled_from("abcdeiou"))
def test_a_name_that_differs_is_never_the_same(name: str, at: int, letter: str) -> None:
    at %= len(name)
    changed = name[:at] + letter + name[at:]
    if name_of(changed).joined != name_of(name).joined:
        assert look_up(changed, REGISTER).match != Match.EXACT


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    look_up(text, REGISTER)
    company_in(text)
    asks_about_company(text)


@pytest.mark.parametrize(
    ("text", "company"),
    [
        pytest.param("PT Bahtera Karya resmi gak", "PT Bahtera Karya", id="capitals"),
        pytest.param("cek pt bahtera karya dong", "PT Bahtera Karya", id="small"),
        pytest.param("pt. bahtera karya, itu legal?", "PT Bahtera Karya", id="dot and comma"),
        pytest.param("P.T. Bahtera Karya aman ga", "PT Bahtera Karya", id="P.T."),
        pytest.param("PT.Bahtera Karya terdaftar?", "PT Bahtera Karya", id="no blank"),
        pytest.param("pt yang namanya bahtera karya asli?", "PT Bahtera Karya", id="named"),
        pytest.param("pt bahtera karya iku asli tenan opo ora", "PT Bahtera Karya", id="jawa"),
        pytest.param("cv sumber rejeki bisa kirim tki?", "CV Sumber Rejeki", id="cv"),
        pytest.param("PT Aman Sentosa aman gak", "PT Aman Sentosa", id="stop word opens a name"),
        pytest.param("yayasan bina karya resmi?", "Yayasan Bina Karya", id="yayasan"),
        pytest.param("pt bahtera karya nahan ijazah saya", "PT Bahtera Karya", id="a verb ends it"),
        pytest.param("pt nya resmi gak", None, id="no name"),
        pytest.param("cara cek pt resmi atau tidak", None, id="a question in general"),
        pytest.param("apa itu p3mi?", None, id="only the kind"),
        pytest.param("bikin paspor dimana", None, id="no company"),
        pytest.param("apt bahtera", None, id="inside a word"),
        pytest.param("pt", None, id="the form alone"),
    ],
)
def test_the_company_of_a_text(text: str, company: str | None) -> None:
    assert company_in(text) == company


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        pytest.param("pt bahtera karya resmi gak", True, id="resmi"),
        pytest.param("cek pt bahtera karya", True, id="cek"),
        pytest.param("pt bahtera karya penipu bukan?", True, id="penipu"),
        pytest.param("pt aman sentosa buka lowongan apa", False, id="word of the name"),
        pytest.param("pt bahtera karya nahan paspor saya", False, id="a story"),
        pytest.param("cara cek pt resmi", False, id="no company"),
    ],
)
def test_asking_is_told_from_naming(text: str, asks: bool) -> None:
    assert asks_about_company(text) is asks


@pytest.mark.parametrize(
    ("text", "surely"),
    [
        pytest.param("pt bahtera karya terdaftar?", True, id="judges the company"),
        pytest.param("pt bahtera karya nahan ijazah, legal gak", False, id="judges what it does"),
    ],
)
def test_some_words_may_judge_something_else(text: str, surely: bool) -> None:
    assert asks_about_company(text)
    assert asks_about_company(text, surely=True) is surely


@pytest.mark.parametrize(
    ("days", "stale"),
    [
        pytest.param(0, False, id="today"),
        pytest.param(14, False, id="14 days"),
        pytest.param(15, True, id="15 days"),
    ],
)
def test_a_list_grows_stale(days: int, stale: bool) -> None:
    today = DAY + timedelta(days=days)
    assert REGISTER.is_stale(today) is stale
    assert REGISTER.days_old(today) == days
    assert not Register().is_stale(today)
