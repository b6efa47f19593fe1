"""Finding an area as an admin types it: its code, or its name as in a sentence."""

import re
from dataclasses import dataclass

from knowledge.places import Area, Gazetteer

CODE = re.compile(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?")


@dataclass(frozen=True, slots=True)
class NamedArea:
    """The one area that is meant, or those that may be."""

    area: Area | None
    candidates: tuple[Area, ...] = ()


def name_area(typed: str, *, places: Gazetteer) -> NamedArea:
    """Find what somebody means; neither several nor a slip of the pen are guessed at."""
    if CODE.fullmatch(typed):
        return NamedArea(places.area(typed))
    found = places.locate(typed)
    if found.ambiguous or found.code is None:
        return NamedArea(None, found.candidates)
    area = places.area(found.code)
    if area is not None and _plain(area.name) not in _plain(typed):
        return NamedArea(None, (area,))
    return NamedArea(area)


def _plain(name: str) -> str:
    bare = name.removeprefix("Kabupaten ").removeprefix("Kota ").removeprefix("Administrasi ")
    return "".join(filter(str.isalnum, bare.lower()))
