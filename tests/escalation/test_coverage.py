"""How far a regency is covered, from who is posted where and who can be reached."""

import pytest

from escalation.assignment import Post, Roster, Rung
from escalation.coverage import Cover, take_cover
from escalation.offices import load_offices

OFFICES = load_offices()
REGENCY = "35.04"
OFFICE = OFFICES.office_code(REGENCY) or ""
DISTRICTS = {REGENCY: ("35.04.01", "35.04.02"), "35.05": ("35.05.01",)}


@pytest.mark.parametrize(
    ("posts", "cover", "bare"),
    [
        pytest.param([], Cover.DESK, 2, id="nobody"),
        pytest.param([(Rung.NASIONAL, "")], Cover.DESK, 2, id="the desk is nobody's pimpasa"),
        pytest.param([(Rung.WILAYAH, "35")], Cover.REGION, 2, id="head of the province"),
        pytest.param([(Rung.WILAYAH, "11")], Cover.DESK, 2, id="head of another province"),
        pytest.param([(Rung.KANTOR, OFFICE)], Cover.OFFICE, 2, id="the office"),
        pytest.param([(Rung.KABUPATEN, REGENCY)], Cover.WHOLE, 0, id="the regency"),
        pytest.param([(Rung.KECAMATAN, "35.04.01")], Cover.PART, 1, id="a district"),
        pytest.param([(Rung.DESA, "35.04.01.1001")], Cover.PART, 1, id="a village"),
        pytest.param(
            [(Rung.DESA, "35.04.01.1001"), (Rung.KECAMATAN, "35.04.02")],
            Cover.WHOLE,
            0,
            id="every district",
        ),
        pytest.param([(Rung.KABUPATEN, "35.05")], Cover.DESK, 2, id="the neighbour"),
    ],
)
def test_the_cover_of_a_regency(posts: list[tuple[Rung, str]], cover: Cover, bare: int) -> None:
    held = tuple(Post(at, rung, code) for at, (rung, code) in enumerate(posts, 1))
    roster = Roster(posts=held, reachable=frozenset())
    found = take_cover(DISTRICTS, roster=roster, offices=OFFICES)[REGENCY]
    assert (found.cover, len(found.bare)) == (cover, bare)
    assert not found.answers_now


@pytest.mark.parametrize(
    ("reachable", "deputies", "answers"),
    [
        pytest.param({1}, {}, True, id="the officer"),
        pytest.param({2}, {1: 2}, True, id="the deputy"),
        pytest.param({2}, {}, False, id="only somebody else"),
    ],
)
def test_whether_somebody_answers_now(
    reachable: set[int], deputies: dict[int, int], answers: bool
) -> None:
    roster = Roster(
        posts=(Post(1, Rung.KABUPATEN, REGENCY), Post(2, Rung.NASIONAL, "")),
        reachable=frozenset(reachable),
        deputies=deputies,
    )
    found = take_cover(DISTRICTS, roster=roster, offices=OFFICES)
    assert found[REGENCY].answers_now is answers
    assert not found["35.05"].answers_now
