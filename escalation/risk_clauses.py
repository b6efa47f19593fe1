"""What is said in which clause of a message, and how: asked, supposed, denied, told of whom.

"kalau paspor ditahan, apa hukumannya?" and "paspor ditahan, kantor buka jam berapa?" share their
words; what differs is the clause in which the danger stands and how that clause is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from escalation.risk_reading import Reading
from escalation.risk_scope import scope_of

# How a clause may be meant, and who may figure in it: groups of the indicator file.
MANNERS = frozenset(
    {
        "tanya",
        "hipotesis",
        "tak",
        "lampau",
        "selesai",
        "berita",
        "canda",
        "sekarang",
        "segera",
        "andai",
        "resmi",
        "urusan",
        "tolong",
        "takut",
    }
)
PERSONS = frozenset(
    {
        "saya",
        "keluarga",
        "perekrut",
        "majikan",
        "mereka",
        "anak",
        "binatang",
        "barang",
        "aparat",
    }
)
# Words that open a clause without a comma before them.
_OPENERS = frozenset(
    [
        "tapi",
        "tp",
        "cuma",
        "cm",
        "terus",
        "trus",
        "trs",
        "padahal",
        "soalnya",
        "karena",
        "krn",
        "jadi",
        "nanging",
        "ning",
        "tapina",
        "laguq",
        "namun",
        "sambil",
        "lalu",
        "makanya",
        "ternyata",
        "taunya",
        "katanya",
    ]
)
_DIGIT = re.compile(r"\d")
_BREAK = re.compile(r"[.,!?;:\n()]")
FIRST_WORDS = 3  # a message's opening shows what it is for
QUESTION = "?"


def split_clauses(reading: Reading) -> list[range]:
    """Return the message's clauses as ranges of word numbers, in order."""
    words = reading.words
    starts = [
        at
        for at in range(1, len(words))
        if _BREAK.search(reading.text[words[at - 1].end : words[at].start])
        or words[at].forms[0] in _OPENERS
        or words[at].norm in _OPENERS
    ]
    ends = [*starts, len(words)]
    return [range(a, b) for a, b in zip([0, *starts], ends, strict=True)] if words else []


def clause_features(
    reading: Reading, clauses: Sequence[range], groups: Sequence[set[str]]
) -> list[str]:
    """Return what each clause holds together with how it is meant and who figures in it.

    `groups` has the groups of each word.
    """
    found: dict[str, None] = {}
    for number, clause in enumerate(clauses):
        present = set().union(*(groups[at] for at in clause))
        manners = present & MANNERS
        if QUESTION in _text_after(reading, clause):
            manners.add(QUESTION)
        for name in present - MANNERS:
            found.update((f"{name}|{manner}", None) for manner in manners or ("-",))
            found.update((f"{name}/{who}", None) for who in (present & PERSONS) - {name})
        if number == len(clauses) - 1:
            found.update(_edge(reading, clause, present, mark="L"))
        if number == 0:
            found.update(_edge(reading, clause[:FIRST_WORDS], present, mark="F"))
    found.update((f"{hit.id}~{scope_of(hit, reading)}", None) for hit in reading.hits)
    return sorted(found)


def groups_by_word(reading: Reading) -> list[set[str]]:
    """Return for each word the groups that it is part of."""
    groups: list[set[str]] = [set() for _ in reading.words]
    for name, spans in reading.tags.items():
        if name.startswith("="):
            continue
        for first, last in spans:
            for at in range(first, last + 1):
                groups[at].add(name)
    return groups


def _text_after(reading: Reading, clause: range) -> str:
    end = reading.words[clause[-1]].end
    following = clause[-1] + 1
    if following < len(reading.words):
        return reading.text[end : reading.words[following].start]
    return reading.text[end:]


def _edge(
    reading: Reading, words: Sequence[int], groups: set[str], *, mark: str
) -> dict[str, None]:
    """Return the groups and words of the first or last clause, marked as such."""
    names = (f"{mark}:{name}" for name in groups)
    spelled = (f"{mark}={_DIGIT.sub('0', reading.words[at].norm)}" for at in words)
    return dict.fromkeys([*names, *spelled])
