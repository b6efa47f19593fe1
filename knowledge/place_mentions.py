"""Where a text names areas: its words by kind, and every span that is an area's name."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from knowledge.place_area import AreaLevel
from knowledge.place_atlas import Atlas
from knowledge.place_names import BOUNDARY, loose_key, name_key
from knowledge.place_words import (
    CARRYING_WORDS,
    COMPANY_WORDS,
    FRAME_WORDS,
    HAMLET_WORDS,
    KOTA_WORDS,
    LEVEL_WORDS,
    NEGATIONS,
    NEIGHBOURHOOD_WORDS,
    OUTSIDE_WORDS,
    STREET_WORDS,
    UNSURE_LEVEL_WORDS,
)

LONGEST_NAME = 5  # words; longer official names are also found without their tail by typo search
LOOSE_WEIGHT = 0.95
SHORTEST_LOOSE = 5  # letters; shorter names differ too little
LONGEST_FOREIGN = 3
DOUBTFUL_WEIGHT = 0.5


class Kind(Enum):
    """What a word does in the text."""

    BOUNDARY = auto()
    LEVEL = auto()
    HIDDEN = auto()
    FRAME = auto()
    ORDINARY = auto()
    NAME = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of words that may name any one of `areas`."""

    start: int
    end: int
    key: str
    areas: tuple[int, ...]
    weight: float
    marked: bool  # a level word stands before it
    exact: bool  # without typing slips
    ordinary: bool  # made of everyday words
    weak: bool  # ordinary or foreign: counts only beside a surer name

    def overlaps(self, other: "Mention") -> bool:
        """Whether both use a word."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text with their kinds; `levels` holds the level word that governs each."""

    tokens: list[str]
    kinds: list[Kind]
    levels: list[str | None]
    doubtful: frozenset[int]  # starts of neighbourhood names

    def has_room(self, start: int, end: int) -> bool:
        """Whether a name may stand in the span."""
        blocked = (Kind.BOUNDARY, Kind.HIDDEN)
        return all(kind not in blocked for kind in self.kinds[start:end])

    def content(self, start: int, end: int) -> int:
        """How many words of the span are more than level words; at least 1."""
        return max(1, sum(kind is not Kind.LEVEL for kind in self.kinds[start:end]))


def read_words(tokens: list[str], *, ordinary: frozenset[str], foreign: frozenset[str]) -> Words:
    """The words of a text by kind."""
    kinds = [_kind(token, ordinary=ordinary, foreign=foreign) for token in tokens]
    for hidden in _not_names(tokens, kinds, foreign):
        kinds[hidden] = Kind.HIDDEN
    doubtful = set()
    for place, token in enumerate(tokens):
        if token in NEIGHBOURHOOD_WORDS:
            kinds[place] = Kind.LEVEL
            doubtful.add(place + 1)
        elif kinds[place] is not Kind.HIDDEN:
            for hidden in _hidden_after(place, tokens=tokens):
                kinds[hidden] = Kind.HIDDEN
    return Words(tokens, kinds, _governing_levels(tokens, kinds), frozenset(doubtful))


def _kind(token: str, *, ordinary: frozenset[str], foreign: frozenset[str]) -> Kind:
    if token == BOUNDARY:
        return Kind.BOUNDARY
    if token in LEVEL_WORDS:
        return Kind.LEVEL
    if token in FRAME_WORDS:
        return Kind.FRAME
    if token in ordinary or token in foreign or len(token) == 1 or token.isdigit():
        return Kind.ORDINARY
    return Kind.NAME


def _not_names(tokens: list[str], kinds: list[Kind], foreign: frozenset[str]) -> set[int]:
    """Places of repeated everyday words ("buru-buru") and of places abroad ("kuala lumpur")."""
    found: set[int] = set()
    any_name = Kind.NAME in kinds
    for place in range(len(tokens) - 1):
        if tokens[place] == tokens[place + 1] and not any_name:
            found.update((place, place + 1))
        for end in range(place + 2, place + LONGEST_FOREIGN + 1):
            if "".join(tokens[place:end]) in foreign:
                found.update(range(place, min(end, len(tokens))))
    return found


def _hidden_after(place: int, *, tokens: list[str]) -> range:
    """The words that the one at `place` takes out of play, itself included."""
    token = tokens[place]
    if token in HAMLET_WORDS or token in STREET_WORDS:
        longest, certain = 3, 1
    elif token in OUTSIDE_WORDS:
        longest, certain = 1, 1
    elif token in COMPANY_WORDS:
        longest, certain = 3, 3
    elif token in NEGATIONS:
        longest, certain = 4, 3
    else:
        return range(0)
    for step, word in enumerate(tokens[place + 1 : place + 2 + longest]):
        stops = word == BOUNDARY or word in HAMLET_WORDS or word in {"tapi", "tp"}
        if stops or (word in LEVEL_WORDS and token not in NEGATIONS):
            return range(place, place + 1 + step)
    return range(place, min(place + 1 + certain, len(tokens)))


def _governing_levels(tokens: list[str], kinds: list[Kind]) -> list[str | None]:
    levels: list[str | None] = []
    current: str | None = None
    carried = 0
    for token, kind in zip(tokens, kinds, strict=True):
        levels.append(current)
        if kind is Kind.LEVEL:
            current, carried = (token if token in LEVEL_WORDS else None), 0
        elif token in CARRYING_WORDS and carried < 2:
            carried += 1  # "desa saya di X"
        else:
            current = None
    return levels


def find_mentions(words: Words, *, atlas: Atlas) -> list[Mention]:
    """Every span that is a name by exact or habit-free spelling, in text order."""
    found: list[Mention] = []
    for start in range(len(words.tokens)):
        for end in range(start + 1, min(start + LONGEST_NAME, len(words.tokens)) + 1):
            if not words.has_room(start, end):
                break
            found.extend(_mentions_of_span(words, start, end, atlas))
    return found


def _mentions_of_span(words: Words, start: int, end: int, atlas: Atlas) -> Iterator[Mention]:
    key = name_key(words.tokens[start:end])
    if len(key) < 2 or all(kind is Kind.LEVEL for kind in words.kinds[start:end]):
        return
    readings = [(atlas.exact.get(key, ()), 1.0)]
    if Kind.NAME in words.kinds[start:end] and words.kinds[start] is not Kind.FRAME:
        modern = loose_key(words.tokens[start:end])
        readings.append((_loose_areas(key, modern, atlas), LOOSE_WEIGHT))
    for areas, quality in readings:
        span = (start, end)
        for mention in make_mentions(words, span, areas=areas, quality=quality, atlas=atlas):
            yield mention
            yield from _town_mention(words, mention, atlas)


def _loose_areas(key: str, modern: str, atlas: Atlas) -> tuple[int, ...]:
    if len(modern) < SHORTEST_LOOSE:
        return ()
    same = atlas.exact.get(modern, ()) if modern != key else ()
    return atlas.loose.get(modern, ()) + same


def _town_mention(words: Words, mention: Mention, atlas: Atlas) -> Iterator[Mention]:
    """ "malang kota" names the town alone."""
    end = mention.end
    if end < len(words.tokens) and words.tokens[end] in KOTA_WORDS and not mention.marked:
        towns = tuple(area for area in mention.areas if atlas.is_kota(area))
        follows_name = end + 1 < len(words.tokens) and words.kinds[end + 1] is Kind.NAME
        if towns and not follows_name:
            yield Mention(
                mention.start,
                end + 1,
                mention.key,
                towns,
                mention.weight + 0.5,
                marked=True,
                exact=True,
                ordinary=False,
                weak=False,
            )


def make_mentions(
    words: Words,
    span: tuple[int, int],
    *,
    areas: tuple[int, ...],
    quality: float,
    atlas: Atlas,
) -> Iterator[Mention]:
    """The mentions of a span, its areas cut to the level said before it; none if none is left."""
    start, end = span
    level = words.levels[start]
    kept = areas if level is None else _of_level(areas, level, atlas)
    marked = level is not None and bool(kept)
    if not kept and (level in UNSURE_LEVEL_WORDS or level in KOTA_WORDS):
        kept = areas
    key = name_key(words.tokens[start:end])
    ordinary = all(kind is not Kind.NAME for kind in words.kinds[start:end])
    foreign = key in atlas.foreign
    if start in words.doubtful:
        quality, ordinary = DOUBTFUL_WEIGHT, True
    weak = ordinary or (not marked and (foreign or len(key) < 3))
    upper = kept if not weak else tuple(area for area in kept if atlas.depth(area) <= 1)
    if foreign or start in words.doubtful:
        upper = ()
    # In an answer "batu" is the town, though the villages of that name stay unlikely.
    lower = tuple(area for area in kept if area not in upper)
    for group, is_weak in ((upper, False), (lower, weak)):
        if group:
            yield Mention(
                start,
                end,
                key,
                group,
                words.content(start, end) * quality,
                marked=marked,
                exact=quality >= LOOSE_WEIGHT or start in words.doubtful,
                ordinary=ordinary,
                weak=is_weak,
            )


def _of_level(areas: tuple[int, ...], word: str, atlas: Atlas) -> tuple[int, ...]:
    level = LEVEL_WORDS[word]
    kept = tuple(area for area in areas if atlas.level(area) is level)
    if level is not AreaLevel.KABUPATEN:
        return kept
    towns = tuple(area for area in kept if atlas.is_kota(area))
    if word in KOTA_WORDS:
        # A regency's own town has no rank of its own: "kota soe" means the regency.
        return towns or kept
    return tuple(area for area in kept if area not in towns) or kept
