"""Reading a choice from a numbered list: "2", "yg kedua", "1 sama 3", "nu kadua", "bukan itu"."""

import re
from dataclasses import dataclass

from handlers.texts import Texts, tidy

MAX_PICK_WORDS = 6
"""A longer text says something of its own: "2 orang mau berangkat besok" picks nothing."""

MAX_PICK_DIGITS = 2
"""A longer number is a telephone number, a year or a price, and no pick."""

GLUED = re.compile(r"(?<=[a-z])(?=[0-9])")
"""Where "no2" and "ke2" fall into a word and a number."""


@dataclass(frozen=True, slots=True)
class Pick:
    """What was picked: positions from 0. `off_list` where a number fits no position."""

    positions: tuple[int, ...]
    off_list: bool = False


def read_pick(text: str, *, count: int, texts: Texts) -> Pick | None:
    """Give what a text picks from `count` choices; None where it is no pick at all.

    A text is a pick only if every word is a number, an ordinal or a filler.
    """
    words = GLUED.sub(" ", tidy(text)).split()
    if count == 0 or not words or len(words) > MAX_PICK_WORDS:
        return None
    ordinals = [
        (name.split(), int(number))
        for number, names in texts.mapping("urutan").items()
        for name in names
    ]
    numbers = {name[-1]: number for name, number in ordinals}
    # "kaping" of "kaping pindho" says nothing by itself.
    fillers = {word for filler in texts.words("pengisi") for word in filler.split()}
    fillers |= {word for name, _ in ordinals for word in name[:-1]}
    found: list[int] = []
    for word in words:
        if word.isdecimal() and word.isascii() and len(word) <= MAX_PICK_DIGITS:
            found.append(int(word))
        elif word in numbers:
            found.append(numbers[word])
        elif word not in fillers:
            return None
    if not found:
        return None
    inside = tuple(dict.fromkeys(number - 1 for number in found if 1 <= number <= count))
    return Pick(inside, off_list=not inside)


def is_none_of_them(text: str, *, texts: Texts) -> bool:
    """Tell whether a text says that none of the choices fits."""
    return tidy(text) in {tidy(word) for word in texts.words("tidak_ada")}
