"""Every regency has an office, and a guess is told apart from what is known."""

from functools import cache
from importlib.resources import files

import pytest

from escalation.offices import Offices, load_offices, regency_of
from knowledge.place_atlas import read_rows


@pytest.fixture(scope="module")
def offices() -> Offices:
    return load_offices()


@cache
def regencies() -> frozenset[str]:
    return frozenset(row[0] for row in read_rows(files("knowledge") / "areas" / "regencies.csv"))


def test_all_514_regencies_have_an_office(offices: Offices) -> None:
    assert len(offices.of_regency) == 514
    assert set(offices.of_regency) == regencies()


def test_every_working_area_names_a_listed_office(offices: Offices) -> None:
    assert {code for code, _ in offices.of_regency.values()} <= set(offices.by_code)


def test_every_office_has_its_code_a_name_and_a_seat_where_one_is_known(offices: Offices) -> None:
    for code, office in offices.by_code.items():
        assert office.code == code
        assert office.name
        assert office.regency_code in regencies() | {""}


def test_every_office_with_a_working_area_has_a_seat(offices: Offices) -> None:
    serving = {code for code, _ in offices.of_regency.values()}
    assert {offices.by_code[code].regency_code for code in serving} <= regencies()


def test_the_office_of_its_own_seat_is_no_estimate(offices: Offices) -> None:
    seated = [code for code, (_, basis) in offices.of_regency.items() if basis == "kedudukan"]
    assert seated
    for regency in seated:
        office = offices.by_code[offices.of_regency[regency][0]]
        assert office.regency_code == regency
        assert not offices.is_estimate(regency)


@pytest.mark.parametrize(
    ("area", "office"),
    [
        pytest.param("11.71", "kanim-banda-aceh", id="regency"),
        pytest.param("11.71.01", "kanim-banda-aceh", id="district"),
        pytest.param("11.71.01.2001", "kanim-banda-aceh", id="village"),
        pytest.param("11", None, id="province"),
        pytest.param("99.99", None, id="no such regency"),
        pytest.param("", None, id="empty"),
    ],
)
def test_the_office_of_an_area(offices: Offices, area: str, office: str | None) -> None:
    assert offices.office_code(area) == office


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        pytest.param("11.01", True, id="nearest by distance"),
        pytest.param("11.01.01.2001", True, id="a village there"),
        pytest.param("11.71", False, id="the office's own seat"),
        pytest.param("11", False, id="a province has no office to doubt"),
        pytest.param("99.99", False, id="no such regency"),
    ],
)
def test_an_office_guessed_by_distance_is_an_estimate(
    offices: Offices, area: str, expected: bool
) -> None:
    assert offices.is_estimate(area) is expected


def test_bases_are_known_words(offices: Offices) -> None:
    bases = {basis for _, basis in offices.of_regency.values()}
    assert bases == {"daftar", "kedudukan", "terdekat"}


def test_the_regency_of_an_area() -> None:
    codes = ("35.04.01.2001", "35.04.01", "35.04", "35", "")
    assert [regency_of(code) for code in codes] == ["35.04", "35.04", "35.04", None, None]


def test_every_other_office_of_a_regency_is_listed_and_another(offices: Offices) -> None:
    assert offices.others_of
    for regency in offices.others_of:
        own, *others = offices.serving(regency)
        assert others
        assert own not in others


def test_a_province_has_no_serving_office(offices: Offices) -> None:
    assert offices.serving("35") == ()


def test_the_offices_that_opened_lately_say_so(offices: Offices) -> None:
    opened = [office.opened for office in offices.by_code.values() if office.opened]
    assert (opened.count("2026"), opened.count("2024")) == (18, 7)
