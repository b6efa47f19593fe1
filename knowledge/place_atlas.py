"""The packaged list of areas in memory: names by key, parents by code, blocks for typo search."""

import csv
import gzip
import io
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from knowledge.place_area import DEPTH, LEVELS_BY_CODE_LENGTH, Area, AreaLevel
from knowledge.place_names import BOUNDARY, loose_key, name_key, tokenize

KOTA = "Kota "
_REGENCY_KIND = re.compile(r"^(?:Kabupaten|Kota)(?: Administrasi)? ")
# Words that open an official name but are often left out when it is said.
_OPTIONAL_FIRST = {"gampong", "gampoeng", "desa", "nagari", "kelurahan", "pekon", "kepulauan"}

Index = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Atlas:
    """All areas sorted by code, so that an area's descendants follow it without a gap."""

    codes: list[str]
    names: list[str]
    keys: list[str]
    exact: Index  # official names and reviewed aliases
    loose: Index  # the same with spelling habits removed, and shortened official names
    upper_keys: list[str]  # of provinces and regencies, aliases of five letters and more included
    district_keys: list[str]
    keys_by_length: dict[int, list[str]]  # of villages
    capitals: frozenset[int]  # districts that are known as their regency's town
    ordinary: frozenset[str]
    foreign: frozenset[str]

    @classmethod
    def load(cls) -> "Atlas":
        """Everything read from the packaged files; about half a second."""
        folder = files("knowledge") / "areas"
        entries = sorted(_entries(folder))
        codes = [code for code, _ in entries]
        names = [name for _, name in entries]
        keys, exact, loose = _index_names(codes, names)
        capitals = _add_aliases(folder, codes=codes, exact=exact)
        upper = {key for key, found in exact.items() if any(len(codes[a]) < 8 for a in found)}
        return cls(
            codes=codes,
            names=names,
            keys=keys,
            exact={key: tuple(found) for key, found in exact.items()},
            loose={key: tuple(found) for key, found in loose.items()},
            upper_keys=sorted(key for key in upper if len(key) >= 5),
            district_keys=sorted({keys[a] for a, code in enumerate(codes) if len(code) == 8}),
            keys_by_length=_by_length({keys[a] for a, c in enumerate(codes) if len(c) == 13}),
            capitals=frozenset(capitals),
            ordinary=_words(folder / "common-words.txt"),
            foreign=frozenset(line.replace(" ", "") for line in _words(folder / "foreign.txt")),
        )

    def find(self, code: str) -> int | None:
        """The index of a code."""
        place = bisect_left(self.codes, code)
        return place if place < len(self.codes) and self.codes[place] == code else None

    def level(self, area: int) -> AreaLevel:
        """The level of an area."""
        return LEVELS_BY_CODE_LENGTH[len(self.codes[area])]

    def depth(self, area: int) -> int:
        """0 for a province to 3 for a village."""
        return DEPTH[self.level(area)]

    def lineage(self, area: int) -> list[int]:
        """The area and those above it, deepest first."""
        code = self.codes[area]
        found = (self.find(code[:length]) for length in (8, 5, 2) if length < len(code))
        return [area, *(above for above in found if above is not None)]

    def block(self, area: int) -> range:
        """The area and everything below it."""
        # "/" is the character after ".", so it closes the block of codes that go on with ".".
        return range(area, bisect_left(self.codes, self.codes[area] + "/", lo=area))

    def is_within(self, area: int, above: int) -> bool:
        """Whether `area` is `above` or lies in it."""
        code, prefix = self.codes[area], self.codes[above]
        return code == prefix or code.startswith(prefix + ".")

    def is_kota(self, area: int) -> bool:
        """Whether the area is a town of regency rank."""
        return len(self.codes[area]) == 5 and self.names[area].startswith(KOTA)

    def area(self, index: int) -> Area:
        """The area with its official names."""
        names: dict[AreaLevel, str] = {
            self.level(above): self.names[above] for above in self.lineage(index)
        }
        return Area(
            code=self.codes[index],
            name=self.names[index],
            level=self.level(index),
            desa=names.get(AreaLevel.DESA),
            kecamatan=names.get(AreaLevel.KECAMATAN),
            kabupaten=names.get(AreaLevel.KABUPATEN),
            provinsi=names[AreaLevel.PROVINSI],
        )


def read_rows(file: Traversable) -> Iterator[list[str]]:
    """Rows of a packaged CSV, gzipped or not, without its header."""
    data = file.read_bytes()
    text = (gzip.decompress(data) if file.name.endswith(".gz") else data).decode("utf-8")
    rows = csv.reader(io.StringIO(text))
    next(rows)
    yield from rows


def _entries(folder: Traversable) -> Iterator[tuple[str, str]]:
    for file in ("provinces.csv", "regencies.csv", "districts.csv.gz", "villages.csv.gz"):
        for row in read_rows(folder / file):
            yield row[0], row[1]


def _words(file: Traversable) -> frozenset[str]:
    return frozenset(file.read_text(encoding="utf-8").split("\n")) - {""}


def _by_length(keys: set[str]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for key in sorted(keys):
        grouped[len(key)].append(key)
    return grouped


def _index_names(
    codes: list[str], names: list[str]
) -> tuple[list[str], dict[str, list[int]], dict[str, list[int]]]:
    exact: dict[str, list[int]] = defaultdict(list)
    loose: dict[str, list[int]] = defaultdict(list)
    keys: list[str] = []
    seen: dict[str, tuple[str, list[str]]] = {}
    for area, name in enumerate(names):
        bare = _REGENCY_KIND.sub("", name) if len(codes[area]) == 5 else name
        if bare not in seen:
            seen[bare] = _name_keys(bare)
        key, others = seen[bare]
        keys.append(key)
        exact[key].append(area)
        for other in others:
            loose[other].append(area)
    return keys, exact, loose


def _name_keys(name: str) -> tuple[str, list[str]]:
    words = tokenize(name)
    parts: list[list[str]] = []
    if BOUNDARY in words:
        parts = [part.split() for part in " ".join(words).split(BOUNDARY)]
        words = [word for word in words if word != BOUNDARY]
    key = name_key(words)
    others = {loose_key(words)}
    others.update(name_key(part) for part in parts if part)
    if len(words) > 1 and words[0] in _OPTIONAL_FIRST:
        others.add(name_key(words[1:]))
    return key, [other for other in others if other != key and len(other) > 2]


def _add_aliases(folder: Traversable, *, codes: list[str], exact: dict[str, list[int]]) -> set[int]:
    """Put aliases into `exact`; gives the districts that are their regency's town."""
    capitals: set[int] = set()
    for row in read_rows(folder / "provinces.csv"):
        for alias in filter(None, row[2].split(";")):
            exact[name_key(alias.split())].append(bisect_left(codes, row[0]))
    for joined, aliases in read_rows(folder / "aliases.csv"):
        targets = [bisect_left(codes, code) for code in joined.split(";")]
        for alias in aliases.split(";"):
            key = name_key(tokenize(alias))
            known = exact[key]
            own = [area for area in known if codes[area][:-3] in joined and len(codes[area]) == 8]
            if own:
                capitals.update(own)
            else:
                known.extend(area for area in targets if area not in known)
    return capitals
