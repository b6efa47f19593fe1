"""Which indicators a message shows, and where: word groups and patterns over the villager's words.

The data (`indicators.yaml`) names groups of words in every language villagers write, and for each
indicator a few patterns over these groups. A pattern reads from left to right:

    @gaji <4> ditahan|dipegang & @majikan !@selesai !!@berita

`@group` or plain words separated by `|`; `<n>` the most words that may stand between two parts
(3 unless said); `&` a group that must stand anywhere in the message; `!` one that must not stand
near the match, `!!` one that must not stand anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.text import Words

DEFAULT_GAP = 3
NEAR_WORDS = 6  # reach of a negation, from the rules of the indicator list (4-6 words)
MIN_ROOT = 3
PREFIXES = (
    "di",
    "ke",
    "ter",
    "te",
    "me",
    "mem",
    "men",
    "meng",
    "nge",
    "ng",
    "ny",
    "n",
    "m",
    "e",
    "a",
    "ka",
    "be",
    "ber",
    "ta",
    "pa",
    "pe",
    "peng",
    "pen",
    "ma",
    "man",
    "mang",
    "ba",
)
SUFFIXES = (
    "nya",
    "nyo",
    "nyi",
    "ne",
    "na",
    "ku",
    "mu",
    "in",
    "kan",
    "an",
    "i",
    "ake",
    "keun",
    "no",
    "lah",
    "kah",
    "e",
    "é",
    "ai",
    "ang",
    "ki",
)

Span = tuple[int, int]
Tags = Mapping[str, Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message: every form it may be looked up by, and its place in the text."""

    forms: tuple[str, ...]
    norm: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """An indicator that a pattern found; `first` and `last` are word numbers, inclusive."""

    id: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """Groups in order with the gap before each, and groups that must or must not stand around."""

    parts: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]
    together: tuple[frozenset[str], ...] = ()
    not_near: tuple[str, ...] = ()
    not_anywhere: tuple[str, ...] = ()

    def find(self, tags: Tags) -> Span | None:
        """Return the first match, or None."""
        for names in (*self.parts, *self.together):
            if names.isdisjoint(tags):
                return None
        if any(name in tags for name in self.not_anywhere):
            return None
        for span in self._chains(tags):
            if not any(_is_near(span, tags.get(name, ())) for name in self.not_near):
                return span
        return None

    def _chains(self, tags: Tags) -> Iterator[Span]:
        following = [_spans(tags, names) for names in self.parts[1:]]
        for start, end in _spans(tags, self.parts[0]):
            ends = {end}
            for nexts, gap in zip(following, self.gaps, strict=True):
                ends = {b for a, b in nexts for e in ends if 0 < a - e <= gap + 1}
                if not ends:
                    break
            if ends:
                yield start, min(ends)


def parse_pattern(text: str) -> Pattern:
    """Return the pattern that a line of the data states. Raises ValueError if it has no part."""
    parts: list[frozenset[str]] = []
    gaps: list[int] = []
    together: list[frozenset[str]] = []
    near: list[str] = []
    anywhere: list[str] = []
    gap, in_together = DEFAULT_GAP, False
    for item in text.split():
        if item == "&":
            in_together = True
        elif item.startswith("<"):
            gap = int(item.strip("<>"))
        elif item.startswith("!!"):
            anywhere.append(_name(item[2:]))
        elif item.startswith("!"):
            near.append(_name(item[1:]))
        elif in_together:
            together.append(_names(item))
            in_together = False
        else:
            if parts:
                gaps.append(gap)
            parts.append(_names(item))
            gap = DEFAULT_GAP
    if not parts:
        raise ValueError(f"a pattern without words: {text!r}")
    return Pattern(tuple(parts), tuple(gaps), tuple(together), tuple(near), tuple(anywhere))


def literals(patterns: Iterable[Pattern]) -> set[str]:
    """Return the plain words that these patterns name, as the names of one-word groups."""
    found: set[str] = set()
    for pattern in patterns:
        for names in (*pattern.parts, *pattern.together):
            found.update(name for name in names if name.startswith("="))
        found.update(n for n in (*pattern.not_near, *pattern.not_anywhere) if n.startswith("="))
    return found


class Lexicon:
    """Groups of words; `tag` says which groups stand where in a message."""

    def __init__(self, groups: Mapping[str, str], *, words: Words) -> None:
        """`groups` maps a name to its words: `~root` takes affixes, `a_b` is a phrase, `a*` any
        ending."""
        self._words = words
        self._single: dict[str, set[str]] = {}
        self._roots: dict[str, set[str]] = {}
        self._starts: list[tuple[str, str]] = []
        # By first and second word.
        self._phrases: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
        for name, entries in groups.items():
            for entry in entries.split():
                self._add(name, entry.lower())
        self._groups_of = lru_cache(maxsize=50_000)(self._look_up)
        denials = {w for w in groups.get("tak", "").split() if "_" not in w}
        self._denials = frozenset(denials)

    def _add(self, name: str, entry: str) -> None:
        if entry.startswith("~"):
            self._roots.setdefault(entry[1:], set()).add(name)
        elif entry.endswith("*"):
            self._starts.append((entry[:-1], name))
        elif "_" in entry.strip("_"):
            phrase = tuple(part for part in entry.split("_") if part)
            follows = self._phrases.setdefault(phrase[0], {})
            follows.setdefault(phrase[1], []).append((phrase, name))
        else:
            self._single.setdefault(entry.strip("_"), set()).add(name)

    def read(self, text: str) -> list[Word]:
        """Return the message's words with the forms they are looked up by."""
        result = []
        for token in self._words.tokenize(text):
            raw = token.raw.lower().replace("’", "'")
            forms = dict.fromkeys([raw, raw.strip("'"), *token.norm.lower().split()])
            if raw in self._denials:
                forms["tidak"] = None
                forms["ga"] = None
            norm = token.norm.lower()
            stem = self._words.stem(norm.split()[0])
            result.append(Word(tuple(forms), norm, stem, token.start, token.end))
        return result

    def tag(self, words: Sequence[Word]) -> dict[str, list[Span]]:
        """Return each group that stands in the message with its places, in order."""
        tags: dict[str, list[Span]] = {}
        for at, word in enumerate(words):
            found: set[tuple[str, int]] = set()
            following = _beginnings(words[at + 1]) if at + 1 < len(words) else ()
            for form in word.forms:
                found.update((name, at) for name in self._groups_of(form))
                if not (follows := self._phrases.get(form)):
                    continue
                for second in following:
                    for phrase, name in follows.get(second, ()):
                        if _continues(words, at, phrase):
                            found.add((name, at + len(phrase) - 1))
            for name, last in found:
                tags.setdefault(name, []).append((at, last))
        return tags

    def _look_up(self, form: str) -> frozenset[str]:
        found = set(self._single.get(form, ())) | self._roots.get(form, set())
        found.update(name for start, name in self._starts if form.startswith(start))
        short = [form[: -len(s)] for s in SUFFIXES if form.endswith(s)]
        short = [item for item in short if len(item) >= MIN_ROOT]
        for item in short:
            found |= self._single.get(item, set())
        for item in (form, *short):
            found |= self._roots.get(item, set())
            for prefix in PREFIXES:
                if item.startswith(prefix) and len(item) - len(prefix) >= MIN_ROOT:
                    found |= self._roots.get(item[len(prefix) :], set())
        return frozenset(found)


def _beginnings(word: Word) -> dict[str, None]:
    """Return the forms by which a word may be the second of a phrase, with longer endings."""
    spelled = word.forms[0]
    starts = (spelled[:size] for size in range(MIN_ROOT + 1, len(spelled)))
    return dict.fromkeys((*word.forms, *starts))


def _continues(words: Sequence[Word], at: int, phrase: tuple[str, ...]) -> bool:
    if at + len(phrase) > len(words):
        return False
    return all(
        part in words[at + step].forms
        or (
            step == len(phrase) - 1
            and len(part) > MIN_ROOT
            and words[at + step].forms[0].startswith(part)
        )
        for step, part in enumerate(phrase)
    )


def _spans(tags: Tags, names: frozenset[str]) -> list[Span]:
    return sorted(span for name in names for span in tags.get(name, ()))


def _is_near(span: Span, places: Sequence[Span]) -> bool:
    return any(
        first <= span[1] + NEAR_WORDS and last >= span[0] - NEAR_WORDS for first, last in places
    )


def _name(item: str) -> str:
    return item[1:] if item.startswith("@") else f"={item}"


def _names(item: str) -> frozenset[str]:
    return frozenset(_name(part) for part in item.split("|"))
