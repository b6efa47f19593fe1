"""Who may open which room, and which areas an account may look at."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    ADMIN = "admin"
    EDITOR = "editor"
    OFFICER = "pimpasa"
    HEAD = "kepala_kantor"
    OBSERVER = "pengamat"


class Room(StrEnum):
    """A part of the pages that is opened or closed as a whole."""

    OVERVIEW = "ringkasan"
    FAQ = "jawaban"
    GAPS = "celah"
    CONFIRMING = "pastikan"
    CASES = "kasus"
    ROSTER = "petugas"
    COMPANIES = "p3mi"
    ACCOUNTS = "akun"
    SETTINGS = "setelan"
    AUDIT = "catatan"


ROOMS: dict[Role, frozenset[Room]] = {
    Role.ADMIN: frozenset(Room),
    Role.EDITOR: frozenset({Room.OVERVIEW, Room.FAQ, Room.GAPS}),
    Role.OFFICER: frozenset({Room.CASES}),
    Role.HEAD: frozenset({Room.OVERVIEW, Room.CASES, Room.ROSTER}),
    Role.OBSERVER: frozenset({Room.OVERVIEW}),
}
"""An observer sees counts only; the words of villagers, also masked, are for those who work."""

NEEDS_SECOND_FACTOR = frozenset({Role.ADMIN})


def may_open(role: str, room: Room) -> bool:
    """Tell whether a role opens a room; an unknown role opens none."""
    return role in ROOMS and room in ROOMS[Role(role)]


def may_change_roster(role: str, area_code: str) -> bool:
    """Tell whether an account changes officers; who is kept to an area only looks at them."""
    return role == Role.ADMIN and not area_code


def rooms_of(role: str) -> tuple[Room, ...]:
    """Give the rooms of a role in the order of the menu."""
    return tuple(room for room in Room if may_open(role, room))


def sees_area(own: str, area_code: str | None) -> bool:
    """Tell whether an account limited to `own` ("" is everywhere) may look at an area."""
    if not own:
        return True
    return area_code is not None and (area_code == own or area_code.startswith(f"{own}."))
