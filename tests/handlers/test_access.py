"""Roles, rooms and areas."""

import pytest

from handlers.access import Role, Room, may_open, rooms_of, sees_area


@pytest.mark.parametrize(
    ("own", "area", "sees"),
    [
        pytest.param("", None, True, id="the whole country, also what has no place"),
        pytest.param("35.04", "35.04.12.2001", True, id="a village of the regency"),
        pytest.param("35.04", "35.04", True, id="the regency itself"),
        pytest.param("35.04", "35.05.01", False, id="the neighbouring regency"),
        pytest.param("35.0", "35.04", False, id="no code, only the same letters"),
        pytest.param("35.04", None, False, id="what has no place"),
    ],
)
def test_an_account_sees_its_own_area(own: str, area: str | None, sees: bool) -> None:
    assert sees_area(own, area) is sees


def test_observers_see_counts_only() -> None:
    assert rooms_of(Role.OBSERVER) == (Room.OVERVIEW,)


def test_an_unknown_role_opens_nothing() -> None:
    assert not any(may_open("tamu", room) for room in Room)
