"""The village gazetteer: where in Indonesia a text places its writer."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from knowledge.place_area import NOWHERE, Area, AreaLevel, Located, as_json
from knowledge.place_atlas import Atlas, read_rows
from knowledge.place_chains import Chain
from knowledge.place_names import name_key, tokenize
from knowledge.place_search import search

__all__ = ["Area", "AreaLevel", "Gazetteer", "Located", "as_json"]

MAX_CANDIDATES = 10
FARTHEST_KM = 50.0  # from the nearest village centroid; beyond it a point is not in Indonesia
EARTH_RADIUS_KM = 6371.0

# Keppres 41/1987 (time zones), by the first two digits of the code; the rest is WIB.
_WITA = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
_WIT = {"81", "82", "91", "92", "93", "94", "95", "96"}
_LINK_LENGTHS = {2, 4, 6, 10}

Name = Callable[[Area], str | None]
_NAMES: tuple[Name, ...] = (
    lambda area: area.provinsi,
    lambda area: area.kabupaten,
    lambda area: area.kecamatan,
    lambda area: area.desa,
)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All areas of Indonesia with their village centroids."""

    atlas: Atlas
    centroid_codes: list[str]
    centroids: NDArray[np.float32]  # unit vectors, one row a village

    @classmethod
    def load(cls) -> "Gazetteer":
        """The gazetteer from the packaged files."""
        codes: list[str] = []
        degrees: list[tuple[float, float]] = []
        for code, latitude, longitude in read_rows(
            files("knowledge") / "areas" / "village-centroids.csv.gz"
        ):
            codes.append(code)
            degrees.append((float(latitude), float(longitude)))
        return cls(Atlas.load(), codes, _unit_vectors(np.array(degrees)))

    def locate(self, text: str, *, within: str | None = None) -> Located:
        """Where a text places its writer; `within`: code of the area already known."""
        narrowed = self.atlas.find(within) if within else None
        chains = search(text, atlas=self.atlas, within=narrowed)
        if not chains:
            return NOWHERE
        if len(chains) == 1:
            area = self.atlas.area(chains[0].area)
            return _located(area, ambiguous=False, candidates=(area,))
        return self._ambiguous(chains)

    def area(self, code: str) -> Area | None:
        """The area of a dotted code."""
        index = self.atlas.find(code)
        return None if index is None else self.atlas.area(index)

    def nearest(self, latitude: float, longitude: float) -> tuple[Area, float] | None:
        """The village with the nearest centroid and its distance in km; None outside Indonesia."""
        point = _unit_vectors(np.array([(latitude, longitude)]))[0]
        place = int(np.argmin(((self.centroids - point) ** 2).sum(axis=1)))
        chord = float(np.linalg.norm(self.centroids[place].astype(float) - point.astype(float)))
        distance = 2 * EARTH_RADIUS_KM * float(np.arcsin(min(1.0, chord / 2)))
        area = self.area(self.centroid_codes[place])
        return (area, distance) if area is not None and distance <= FARTHEST_KM else None

    def children(self, code: str | None) -> list[Area]:
        """The areas right below, by code; the provinces for None."""
        if code is None:
            return [self.atlas.area(i) for i, c in enumerate(self.atlas.codes) if len(c) == 2]
        index = self.atlas.find(code)
        if index is None:
            return []
        depth = self.atlas.depth(index) + 1
        block = self.atlas.block(index)
        return [self.atlas.area(i) for i in block if self.atlas.depth(i) == depth]

    def zone(self, code: str) -> str:
        """The IANA time zone of an area."""
        province = code[:2]
        if province in _WIT:
            return "Asia/Jayapura"
        return "Asia/Makassar" if province in _WITA else "Asia/Jakarta"

    def link_code(self, code: str) -> str:
        """The area as a Telegram start parameter, "desa-3504012001"; ValueError if unknown."""
        area = self.area(code)
        if area is None:
            raise ValueError(f"no such area: {code}")
        return f"{area.level}-{code.replace('.', '')}"

    def from_link_code(self, value: str) -> Area | None:
        """The area of a start parameter; None when it is not one of ours."""
        level, _, digits = value.partition("-")
        if len(digits) not in _LINK_LENGTHS or not (digits.isascii() and digits.isdigit()):
            return None
        parts = (digits[:2], digits[2:4], digits[4:6], digits[6:])
        area = self.area(".".join(part for part in parts if part))
        return area if area is not None and area.level == level else None

    def _ambiguous(self, chains: list[Chain]) -> Located:
        areas = [self.atlas.area(chain.area) for chain in chains]
        shared = areas
        districts = [area for area in areas if area.level is AreaLevel.KECAMATAN]
        if len(districts) > 1 and len(areas) - len(districts) <= len(districts):
            # A name of several districts and few villages is meant as a district.
            shared = districts
            areas = districts + [area for area in areas if area not in districts]
        located = _located(_common(shared), ambiguous=True, candidates=self._offers(areas))
        certain = self._certain([chain.area for chain in chains])
        return located if certain is None else _with_code(located, certain)

    def _offers(self, areas: list[Area]) -> tuple[Area, ...]:
        """What to offer: the areas, or where they lie when they are too many."""
        if len(areas) <= MAX_CANDIDATES:
            return tuple(areas)
        regencies = sorted({area.code[:5] for area in areas})
        provinces = sorted({area.code[:2] for area in areas})
        if len(regencies) == 1:
            return tuple(areas[:MAX_CANDIDATES])
        above = regencies if len(regencies) <= MAX_CANDIDATES or len(provinces) == 1 else provinces
        found = (self.area(code) for code in above[:MAX_CANDIDATES])
        return tuple(area for area in found if area is not None)

    def _certain(self, areas: list[int]) -> Area | None:
        """The deepest area that holds all."""
        for above in self.atlas.lineage(areas[0]):
            if all(self.atlas.is_within(area, above) for area in areas):
                return self.atlas.area(above)
        return None


@dataclass(frozen=True, slots=True)
class _Shared:
    desa: str | None
    kecamatan: str | None
    kabupaten: str | None
    provinsi: str | None


def _common(areas: list[Area]) -> _Shared:
    """The names on which all areas agree, level by level."""
    provinsi, kabupaten, kecamatan, desa = (
        _shared_name([name(area) for area in areas]) for name in _NAMES
    )
    return _Shared(desa, kecamatan, kabupaten, provinsi)


def _shared_name(names: list[str | None]) -> str | None:
    """The name if all are the same but for spacing ("Suka Maju"), in its commonest spelling."""
    given = [name for name in names if name is not None]
    if len(given) < len(names) or len({name_key(tokenize(name)) for name in given}) > 1:
        return None
    return Counter(given).most_common(1)[0][0]


def _located(names: Area | _Shared, *, ambiguous: bool, candidates: tuple[Area, ...]) -> Located:
    known = isinstance(names, Area)
    return Located(
        code=names.code if isinstance(names, Area) else None,
        level=names.level if isinstance(names, Area) else None,
        desa=names.desa,
        kecamatan=names.kecamatan,
        kabupaten=names.kabupaten,
        provinsi=names.provinsi,
        ambiguous=ambiguous and not known,
        candidates=candidates,
    )


def _with_code(located: Located, area: Area) -> Located:
    return Located(
        code=area.code,
        level=area.level,
        desa=located.desa,
        kecamatan=located.kecamatan,
        kabupaten=located.kabupaten,
        provinsi=located.provinsi,
        ambiguous=located.ambiguous,
        candidates=located.candidates,
    )


def _unit_vectors(degrees: NDArray[np.float64]) -> NDArray[np.float32]:
    latitude, longitude = np.radians(degrees).T
    vectors = (
        np.cos(latitude) * np.cos(longitude),
        np.cos(latitude) * np.sin(longitude),
        np.sin(latitude),
    )
    return np.stack(vectors, axis=1).astype(np.float32)
