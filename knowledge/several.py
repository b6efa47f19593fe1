"""Two questions in one message: where a text falls apart into parts that may each be asked alone."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

MOST_WORDS = 30
"""A longer text is a story; its parts mean nothing alone."""

FEWEST_WORDS = 2
MOST_PARTS = 4
PART = re.compile(r"[^?\n]+\??")
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class _Lists:
    joins: tuple[str, ...]
    fillers: frozenset[str]
    asking: frozenset[str]


def splits(text: str) -> Iterator[tuple[str, ...]]:
    """Give the ways in which a text may hold several questions, the most likely first.

    Each way has at least two parts, in the order of the text; whoever asks for these tries each
    part alone. Stories, and texts whose parts say nothing of their own, give none.
    """
    if len(text.split()) > MOST_WORDS:
        return
    marked = _asking(PART.findall(text))
    if 1 < len(marked) <= MOST_PARTS:
        yield marked
    for at, end in _joins(text):
        parts = _asking((text[:at], text[end:]))
        if len(parts) == 2 and "?" not in text[:at]:
            yield parts


def _asking(parts: Iterable[str]) -> tuple[str, ...]:
    """Give the parts that ask something, beside greetings and words that only fill."""
    return tuple(part.strip() for part in parts if _asks(part))


def _asks(part: str) -> bool:
    words = WORD.findall(part.lower())
    own = [word for word in words if word not in _lists().fillers]
    is_question = part.endswith("?") or not _lists().asking.isdisjoint(words)
    return is_question and len(own) >= FEWEST_WORDS


def _joins(text: str) -> Iterator[tuple[int, int]]:
    """Give where a word joins two parts, with a comma before or after it taken along."""
    for join in _lists().joins:
        pattern = rf"(?:^|[\s,.;]+){re.escape(join)}(?=[\s,])[\s,]*"
        for found in re.finditer(pattern, text, re.IGNORECASE):
            if found.start() > 0:
                yield found.start(), found.end()


@cache
def _lists() -> _Lists:
    raw = yaml.safe_load((files("knowledge") / "several-words.yaml").read_text("utf-8"))
    return _Lists(tuple(raw["penyambung"]), frozenset(raw["pengiring"]), frozenset(raw["penanya"]))
