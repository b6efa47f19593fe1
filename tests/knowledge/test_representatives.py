"""Which office abroad belongs to the place that somebody names."""

import pytest

from knowledge.helplines import Helpline
from knowledge.packaged import packaged_folder, read_register
from knowledge.representatives import OFFICES, SHOWN, city_of, names_office, representatives

HELPLINES = read_register(packaged_folder())


@pytest.mark.parametrize(
    ("text", "countries", "first", "only"),
    [
        pytest.param("nomor kbri di kamboja", ["KH"], "kbri-phnom-penh", False, id="country"),
        pytest.param("kjri penang", ["MY"], "kjri-penang", True, id="city without a number"),
        pytest.param("kjri johor bahru", ["MY"], "kjri-johor-bahru", True, id="two words"),
        pytest.param("kjri jeddah", [], "kjri-jeddah", False, id="city alone"),
        pytest.param("yg deket johor", ["MY"], "kjri-johor-bahru", False, id="half a city"),
        pytest.param("kdei taipei", ["TW"], "kdei-taipei", False, id="Taiwan"),
        pytest.param("kdei di taiwan", ["TW"], "kdei-taipei", False, id="main office first"),
        pytest.param("konsulat darwin", [], "konsulat-darwin", True, id="city nobody else names"),
    ],
)
def test_the_office_of_a_place(text: str, countries: list[str], first: str, only: bool) -> None:
    found = representatives(HELPLINES.values(), text, countries=countries)
    assert found[0].id == first
    assert len(found) == 1 or not only


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        pytest.param("nomor kbri", [], id="no place"),
        pytest.param("kbri di belanda", ["NL"], id="a country without an office here"),
    ],
)
def test_no_office_is_made_up(text: str, countries: list[str]) -> None:
    assert representatives(HELPLINES.values(), text, countries=countries) == ()


def test_those_with_a_number_come_first_and_few_are_shown() -> None:
    found = representatives(HELPLINES.values(), "kbri malaysia", countries=["MY"])
    assert len(found) == SHOWN
    numbers = [office.number is not None for office in found]
    assert numbers == sorted(numbers, reverse=True)
    assert {office.country for office in found} == {"MY"}


OFFICES_ABROAD = [office for office in HELPLINES.values() if office.id.startswith(OFFICES)]


@pytest.mark.parametrize("office", [pytest.param(o, id=o.id) for o in OFFICES_ABROAD])
def test_every_office_abroad_has_a_city_and_a_country(office: Helpline) -> None:
    assert city_of(office)
    assert office.country


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("nomor KBRI di Kamboja", True, id="kbri"),
        pytest.param("kedutaan kita di saudi", True, id="kedutaan"),
        pytest.param("kerja di kamboja", False, id="no office"),
    ],
)
def test_speaking_of_an_office(text: str, names: bool) -> None:
    assert names_office(text) is names
