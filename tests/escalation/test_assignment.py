"""The ladder: whoever is nearest first, the national desk itself always last."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.assignment import (
    Owner,
    Post,
    Roster,
    Rung,
    desk,
    ladder,
    next_owner,
    owner_for,
)
from escalation.offices import Offices, load_offices

OFFICES = load_offices()
VILLAGE = "35.04.01.2001"
OFFICE = OFFICES.of_regency["35.04"][0]
DESK_ITSELF = Owner(Rung.NASIONAL, None)
LOCAL = {Rung.DESA, Rung.KECAMATAN, Rung.KABUPATEN, Rung.KANTOR}

POSTS = (
    Post(6, Rung.NASIONAL, ""),
    Post(5, Rung.WILAYAH, "35"),
    Post(4, Rung.KANTOR, OFFICE),
    Post(3, Rung.KABUPATEN, "35.04"),
    Post(2, Rung.KECAMATAN, "35.04.01"),
    Post(1, Rung.DESA, VILLAGE),
    Post(9, Rung.DESA, "35.04.01.2002"),
)
ALL = frozenset({1, 2, 3, 4, 5, 6, 9})


def holders(area: str | None, roster: Roster, *, outside: bool = False) -> list[int | None]:
    steps = ladder(area, roster=roster, offices=OFFICES, outside=outside)
    return [step.officer_id for step in steps]


@pytest.mark.parametrize(
    ("area", "absent", "expected"),
    [
        pytest.param(VILLAGE, set(), [1, 2, 3, 4, 5, 6, None], id="every rung posted"),
        pytest.param(VILLAGE, {1}, [2, 3, 4, 5, 6, None], id="nobody in the village"),
        pytest.param(VILLAGE, {1, 2}, [3, 4, 5, 6, None], id="nobody in the district"),
        pytest.param(VILLAGE, {1, 2, 3}, [4, 5, 6, None], id="nobody in the regency"),
        pytest.param(VILLAGE, {1, 2, 3, 4}, [5, 6, None], id="nobody in the office"),
        pytest.param(VILLAGE, {1, 2, 3, 4, 5}, [6, None], id="nobody in the province"),
        pytest.param(VILLAGE, ALL, [None], id="nobody at all"),
        pytest.param(VILLAGE, {2, 4}, [1, 3, 5, 6, None], id="gaps between the rungs"),
        pytest.param("35.04.01", set(), [2, 3, 4, 5, 6, None], id="only the district is known"),
        pytest.param("35.04", set(), [3, 4, 5, 6, None], id="only the regency is known"),
        pytest.param("35", set(), [5, 6, None], id="only the province is known"),
        pytest.param("35.04.01.2002", set(), [9, 2, 3, 4, 5, 6, None], id="the next village"),
        pytest.param("51.01.01.2001", set(), [6, None], id="another province"),
        pytest.param("99.99.99.9999", set(), [6, None], id="no such area"),
        pytest.param("", set(), [6, None], id="empty area"),
        pytest.param(None, set(), [6, None], id="area unknown"),
        pytest.param(None, ALL, [None], id="area unknown, empty desk"),
    ],
)
def test_the_ladder_climbs_past_whoever_cannot_be_reached(
    area: str | None, absent: set[int], expected: list[int | None]
) -> None:
    assert holders(area, Roster(POSTS, reachable=ALL - absent)) == expected


def test_each_step_names_its_rung() -> None:
    steps = ladder(VILLAGE, roster=Roster(POSTS, ALL), offices=OFFICES)
    assert [step.rung for step in steps] == [*Rung, Rung.NASIONAL]


@pytest.mark.parametrize(
    ("reachable", "deputies", "expected"),
    [
        pytest.param({7}, {1: 7}, [7, None], id="the deputy stands in"),
        pytest.param({1, 7}, {1: 7}, [1, None], id="the holder is present"),
        pytest.param({2}, {1: 7}, [2, None], id="the deputy is absent too"),
        pytest.param({2}, {1: 2}, [2, None], id="the deputy is the next rung: once only"),
        pytest.param({8}, {1: 7, 7: 8}, [None], id="no deputy of a deputy"),
    ],
)
def test_a_deputy_stands_in_during_absence(
    reachable: set[int], deputies: dict[int, int], expected: list[int | None]
) -> None:
    posts = (Post(1, Rung.DESA, VILLAGE), Post(2, Rung.KABUPATEN, "35.04"))
    assert holders(VILLAGE, Roster(posts, frozenset(reachable), deputies)) == expected


def test_several_officers_at_one_place_in_the_order_of_their_posting() -> None:
    posts = (Post(8, Rung.DESA, VILLAGE), Post(3, Rung.DESA, VILLAGE))
    assert holders(VILLAGE, Roster(posts, frozenset({3, 8}))) == [8, 3, None]


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        pytest.param(VILLAGE, [5, 6, None], id="village"),
        pytest.param("35.04", [5, 6, None], id="regency"),
        pytest.param(None, [6, None], id="area unknown"),
    ],
)
def test_outside_leaves_out_the_whole_local_office(
    area: str | None, expected: list[int | None]
) -> None:
    assert holders(area, Roster(POSTS, ALL), outside=True) == expected


def test_outside_nobody_of_the_local_office_comes_back_as_a_deputy() -> None:
    roster = Roster(POSTS, reachable=frozenset({4, 6}), deputies={5: 4})
    assert holders(VILLAGE, roster) == [4, 6, None]
    assert holders(VILLAGE, roster, outside=True) == [6, None]


def test_outside_nobody_of_the_local_office_comes_back_at_the_desk() -> None:
    roster = Roster((*POSTS, Post(4, Rung.NASIONAL, "")), ALL)
    assert holders(VILLAGE, roster, outside=True) == [5, 6, None]
    assert holders("51.01", roster, outside=True) == [6, 4, None]


@pytest.mark.parametrize(
    ("tried", "expected"),
    [
        pytest.param(set(), Owner(Rung.DESA, 1), id="nobody tried"),
        pytest.param({1}, Owner(Rung.KECAMATAN, 2), id="the first was tried"),
        pytest.param({2}, Owner(Rung.DESA, 1), id="back to a lower rung that was skipped"),
        pytest.param({1, 2, 3, 4, 5}, Owner(Rung.NASIONAL, 6), id="the desk's officer"),
        pytest.param(ALL, DESK_ITSELF, id="everybody was tried"),
    ],
)
def test_the_next_owner_was_not_tried_yet(tried: set[int], expected: Owner) -> None:
    steps = ladder(VILLAGE, roster=Roster(POSTS, ALL), offices=OFFICES)
    assert next_owner(steps, tried=frozenset(tried)) == expected


def test_the_desk_is_who_can_be_reached_there_once_each() -> None:
    posts = tuple(Post(id, Rung.NASIONAL, "") for id in (7, 6, 7, 8))
    assert desk(Roster((*posts, *POSTS), reachable=frozenset({1, 6, 7}))) == (7, 6)
    assert desk(Roster(POSTS, reachable=frozenset({1}))) == ()


OFFICERS = st.integers(1, 8)
REGENCIES = sorted(OFFICES.of_regency)
DIGITS = st.integers(1, 3)


@st.composite
def area_codes(draw: st.DrawFn) -> str | None:
    regency = draw(st.sampled_from([*REGENCIES[:4], "35.04", "99.99"]))
    village = f"{regency}.{draw(DIGITS):02}.200{draw(DIGITS)}"
    length = draw(st.sampled_from([0, 2, 5, 8, 13]))
    return village[:length] or draw(st.sampled_from([None, "", "x", "35.04.0"]))


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    places = st.one_of(
        st.tuples(st.just(Rung.NASIONAL), st.just("")),
        st.tuples(st.just(Rung.KANTOR), st.sampled_from(sorted(OFFICES.by_code))),
        st.tuples(st.sampled_from([Rung.DESA, Rung.KABUPATEN]), area_codes().map(str)),
        st.tuples(st.just(Rung.WILAYAH), st.sampled_from(["11", "35", "51"])),
    )
    posts = draw(st.lists(st.tuples(OFFICERS, places), max_size=12))
    return Roster(
        posts=tuple(Post(officer, rung, code) for officer, (rung, code) in posts),
        reachable=draw(st.frozensets(OFFICERS)),
        deputies=draw(st.dictionaries(OFFICERS, OFFICERS)),
    )


@given(area=area_codes(), roster=rosters(), outside=st.booleans())
def test_there_is_always_an_owner(area: str | None, roster: Roster, outside: bool) -> None:
    steps = ladder(area, roster=roster, offices=OFFICES, outside=outside)
    found = [step.officer_id for step in steps]
    assert steps[-1] == DESK_ITSELF
    assert None not in found[:-1]
    assert len(set(found)) == len(found)
    assert set(found[:-1]) <= roster.reachable
    assert owner_for(area, roster=roster, offices=OFFICES, outside=outside) == steps[0]
    assert next_owner(steps, tried=roster.reachable) == DESK_ITSELF
    if outside:
        assert not LOCAL & {step.rung for step in steps}


@given(roster=rosters())
def test_an_empty_set_of_offices_breaks_nothing(roster: Roster) -> None:
    steps = ladder(VILLAGE, roster=roster, offices=Offices({}, {}))
    assert steps[-1] == DESK_ITSELF
    assert Rung.KANTOR not in {step.rung for step in steps}
