"""Names with typing slips: compared with the areas inside those already found, then with all."""

from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.place_area import AreaLevel
from knowledge.place_atlas import Atlas
from knowledge.place_mentions import Kind, Mention, Words, make_mentions
from knowledge.place_names import is_contraction, name_key, slips, typo_distance
from knowledge.place_words import LEVEL_WORDS

LONGEST_SPAN = 5
SLIP_WEIGHTS = {1: 0.8, 2: 0.65}
PREFIX_WEIGHT = 0.6
MAX_SPANS = 16
MAX_BLOCKS = 8
SHORTEST_DISTRICT = 6  # letters of a district that is recognised with a slip
SHORTEST_ALONE = 7  # letters of a misspelt village name that is looked for in the whole country


def open_spans(words: Words, *, covered: set[int], only_marked: bool) -> list[tuple[int, int]]:
    """Spans with unexplained words that could be a misspelt name, longest first."""

    def is_open(place: int) -> bool:
        return words.kinds[place] is Kind.NAME and place not in covered

    spans = []
    for start in range(len(words.tokens)):
        if only_marked and words.levels[start] is None:
            continue
        for end in range(start + 1, min(start + LONGEST_SPAN, len(words.tokens)) + 1):
            if not words.has_room(start, end) or words.kinds[start] is Kind.FRAME:
                break
            long_enough = sum(map(len, words.tokens[start:end])) >= 4
            if long_enough and any(is_open(place) for place in range(start, end)):
                spans.append((start, end))
    return sorted(spans, key=lambda span: span[0] - span[1])[:MAX_SPANS]


def find_upper(words: Words, spans: Iterable[tuple[int, int]], atlas: Atlas) -> list[Mention]:
    """Misspelt or contracted provinces and regencies, and districts with one slip."""
    found: list[Mention] = []
    for start, end in spans:
        key = name_key(words.tokens[start:end])
        near = [(n, d, 1) for n, d in _nearest_keys(key, atlas.upper_keys, slips(len(key)))]
        if len(key) >= SHORTEST_DISTRICT:
            near += [(n, d, 2) for n, d in _nearest_keys(key, atlas.district_keys, 1)]
        if end - start == 1:
            contracted = [name for name in atlas.upper_keys if is_contraction(key, name)]
            near += [(name, 1, 1) for name in contracted if len(contracted) == 1]
        for name, distance, deepest in near:
            span = (start, end)
            found.extend(
                _mentions(words, span, name, distance=distance, deepest=deepest, atlas=atlas)
            )
    return found


def _mentions(
    words: Words, span: tuple[int, int], name: str, *, distance: int, deepest: int, atlas: Atlas
) -> Iterator[Mention]:
    areas = tuple(area for area in atlas.exact[name] if atlas.depth(area) <= deepest)
    quality = SLIP_WEIGHTS[distance] if distance else 1.0
    return make_mentions(words, span, areas=areas, quality=quality, atlas=atlas)


def find_in_blocks(
    words: Words, spans: Iterable[tuple[int, int]], *, blocks: list[int], atlas: Atlas
) -> list[Mention]:
    """Misspelt or shortened names of what lies in the given areas."""
    found: list[Mention] = []
    for start, end in spans:
        key = name_key(words.tokens[start:end])
        areas: dict[int, float] = {}
        for block in blocks[:MAX_BLOCKS]:
            areas.update(_in_block(key, block, words.levels[start], atlas))
        if areas:
            top = max(areas.values())
            best = tuple(area for area, quality in areas.items() if quality == top)
            span = (start, end)
            found.extend(make_mentions(words, span, areas=best, quality=top, atlas=atlas))
    return found


def _in_block(key: str, block: int, level: str | None, atlas: Atlas) -> Iterator[tuple[int, float]]:
    inside = atlas.block(block)[1:]
    keys = atlas.keys[inside.start : inside.stop]
    limit = slips(len(key))
    wanted: AreaLevel | None = LEVEL_WORDS.get(level) if level else None
    shallow = atlas.depth(block) == 0  # a whole province: only one slip
    for name, distance in _nearest_keys(key, keys, min(limit, 1) if shallow else limit):
        for place, other in enumerate(keys):
            if other == name and wanted in (None, atlas.level(inside[place])):
                yield inside[place], SLIP_WEIGHTS.get(distance, 1.0)
    if len(key) >= 5 and not shallow:
        for place, other in enumerate(keys):
            if other.startswith(key) and other != key and " " in atlas.names[inside[place]]:
                first = atlas.names[inside[place]].lower().replace(" ", "")
                if first.startswith(key) and wanted in (None, atlas.level(inside[place])):
                    yield inside[place], PREFIX_WEIGHT


def find_anywhere(words: Words, spans: Iterable[tuple[int, int]], atlas: Atlas) -> list[Mention]:
    """Village names with one slip, in the whole country."""
    found: list[Mention] = []
    for start, end in spans:
        key = name_key(words.tokens[start:end])
        if len(key) < SHORTEST_ALONE:
            continue
        areas: set[int] = set()
        for length in (len(key) - 1, len(key), len(key) + 1):
            for name, _ in _nearest_keys(key, atlas.keys_by_length.get(length, []), 1):
                areas.update(area for area in atlas.exact[name])
        found.extend(
            make_mentions(
                words,
                (start, end),
                areas=tuple(sorted(areas)),
                quality=SLIP_WEIGHTS[1],
                atlas=atlas,
            )
        )
    return found


def _nearest_keys(key: str, names: list[str], limit: int) -> list[tuple[str, int]]:
    """The names with the fewest slips, if within the limit."""
    if limit == 0:
        return []
    near = process.extract(key, names, scorer=OSA.distance, score_cutoff=limit, limit=20)
    rated = {name: typo_distance(key, name, limit=limit) for name, _, _ in near}
    best = min(rated.values(), default=limit + 1)
    return [(name, best) for name, distance in rated.items() if distance == best <= limit]
