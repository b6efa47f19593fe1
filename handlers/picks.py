"""Reading a choice from a numbered list: "2", "yg kedua", "1 sama 3", "yg bawah", "bukan itu"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from handlers.state import COMPANY_CHOICE, ENTRY_CHOICE, FLOW_CHOICE
from handlers.texts import Texts, tidy

MAX_PICK_WORDS = 7
"""A longer text says something of its own: "2 orang mau berangkat besok" picks nothing."""

MAX_PICK_DIGITS = 2
"""A longer number is a telephone number, a year or a price, and no pick."""

GLUED = re.compile(r"(?<=[a-z])(?=[0-9])")
"""Where "no2" and "ke2" fall into a word and a number."""

PART = re.compile(r"[,.;\n]+")
"""What parts a pick from what is said about it: "yg tengah tadi, kalo hilang gmn"."""

ROWS = (ENTRY_CHOICE, "t:", "desa:", COMPANY_CHOICE)
WAYS_OUT = frozenset({"desa:lewati"})


@dataclass(frozen=True, slots=True)
class Pick:
    """What was picked: positions from 0. `off_list` where a number fits no position.

    `is_back`: from the list before. `says_more`: the pick opens a text that goes on.
    """

    positions: tuple[int, ...]
    off_list: bool = False
    is_back: bool = False
    says_more: bool = False


@dataclass(frozen=True, slots=True)
class _Lists:
    """The word lists that a pick is made of, with the position that each word names."""

    numbers: dict[str, int]
    fillers: frozenset[str]
    done: frozenset[str]
    back: frozenset[str]


def read_pick(text: str, *, count: int, texts: Texts, rows: int | None = None) -> Pick | None:
    """Give what a text picks from `count` choices; None where it is no pick at all.

    A text is a pick only if every word is a number, an ordinal, a place in the list or a filler;
    or if its first part is one in words ("yg kedua, tapi ..."). Of `count` choices the first
    `rows` are the list itself, the others are buttons under it: "yg bawah" is the last row.
    """
    rows = count if rows is None else rows
    lists = _lists(texts, rows=rows)
    whole = _read(tidy(text), lists, count=count)
    if whole is not None:
        return whole
    head, *rest = [part for part in map(tidy, PART.split(text)) if part] or [""]
    opening = _read(head, lists, count=count) if rest else None
    if opening is None or opening.off_list or any(letter.isdecimal() for letter in head):
        return None
    return Pick(opening.positions, is_back=opening.is_back, says_more=True)


def is_none_of_them(text: str, *, texts: Texts) -> bool:
    """Tell whether a text says that none of the choices fits."""
    return tidy(text) in {tidy(word) for word in texts.words("tidak_ada")}


def points_into_list(text: str, *, texts: Texts) -> bool:
    """Tell whether a text names a place in a list or goes back to one: "yg bawah", "yg 2 tadi"."""
    places = [f"letak.{place}" for place in texts.mapping("letak")]
    pointing = {word for key in (*places, "kembali") for word in texts.words(key)}
    return not pointing.isdisjoint(tidy(text).split())


def rows_of(offered: Iterable[str]) -> int:
    """Give how many of the choices shown are a list; none where an answer's buttons were shown.

    A list holds one kind of thing: "Selengkapnya" under the entries of a topic is none of them.
    """
    shown = list(offered)
    # The menu begins with what one can do, before its topics.
    before = len(list(takewhile(lambda id: id.startswith(FLOW_CHOICE), shown)))
    rows = shown[before:]
    kind = next((kind for kind in ROWS if rows and rows[0].startswith(kind)), None)
    if kind is None:
        return 0
    listed = takewhile(lambda id: id.startswith(kind) and id not in WAYS_OUT, rows)
    return before + len(list(listed))


def _read(tidied: str, lists: _Lists, *, count: int) -> Pick | None:
    words = GLUED.sub(" ", tidied).split()
    if count == 0 or not words or len(words) > MAX_PICK_WORDS:
        return None
    found: list[int] = []
    is_back = False
    for word in words:
        if word.isdecimal() and word.isascii() and len(word) <= MAX_PICK_DIGITS:
            found.append(int(word))
        elif word in lists.numbers:
            found.append(lists.numbers[word])
        elif word in lists.back:
            is_back = True
        elif word in lists.done and found:
            found.clear()
        elif word not in lists.fillers:
            return None
    if not found:
        return None
    inside = tuple(dict.fromkeys(number - 1 for number in found if 1 <= number <= count))
    return Pick(inside, off_list=not inside, is_back=is_back)


def _lists(texts: Texts, *, rows: int) -> _Lists:
    ordinals = [
        (name.split(), int(number))
        for number, names in texts.mapping("urutan").items()
        for name in names
    ]
    numbers = {name[-1]: number for name, number in ordinals}
    for place, number in (("awal", 1), ("tengah", (rows + 1) // 2), ("akhir", rows)):
        if rows > 0:
            numbers |= dict.fromkeys(texts.words(f"letak.{place}"), number)
    # "kaping" of "kaping pindho" says nothing by itself.
    fillers = {word for filler in texts.words("pengisi") for word in filler.split()}
    fillers |= {word for name, _ in ordinals for word in name[:-1]}
    return _Lists(
        numbers,
        frozenset(fillers),
        done=frozenset(texts.words("sudah_dipilih")),
        back=frozenset(texts.words("kembali")),
    )
