"""What the risk model looks at in a message: letters, words, word groups and indicator hits.

Everything is a short string in one of six families; the model weighs each family alike whatever
the length of the message. Digits are masked, so a telephone number or sum is never remembered.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from escalation.risk_clauses import clause_features
from escalation.risk_reading import Reading
from escalation.risk_rules import Tags

FAMILIES = (
    "letters",
    "spelled",
    "standard",
    "groups",
    "rules",
    "standard-letters",
    "clauses",
)
LETTERS_MIN, LETTERS_MAX = 2, 5
GROUP_WINDOW = 8  # words between two groups that belong together
SCOPE_WINDOW = 8
SCOPES = (
    "tak",
    "selesai",
    "lampau",
    "hipotesis",
    "berita",
    "canda",
    "resmi",
    "urusan",
    "tanya",
    "binatang",
    "barang",
    "saya",
    "keluarga",
    "perekrut",
    "majikan",
    "segera",
    "sekarang",
    "tolong",
    "takut",
    "larang_keluar",
    "asing",
    "luar_negeri",
    "rawan",
)
# Weak indicators first: the sum of weights in steps of three.
MAX_WEIGHT_STEP = 4
_DIGIT = re.compile(r"\d")
_SPACE = re.compile(r"\s+")
_LAUGHS = re.compile("[😂🤣😅🤭😆]")


def extract(reading: Reading) -> tuple[list[str], ...]:
    """Return the features of each family, in the order of FAMILIES, without repeats."""
    spelled = [_mask(word.forms[0]) for word in reading.words]
    standard = [_mask(word.norm) for word in reading.words]
    return (
        _letters(reading.text),
        _runs(spelled),
        _runs(standard),
        _groups(reading.tags),
        _rules(reading),
        _letters(" ".join(standard)),
        clause_features(reading),
    )


def hashed(features: Sequence[str], *, family: int) -> list[int]:
    """Return one 32-bit number a feature; the family is part of it."""
    start = zlib.crc32(bytes([family]))
    return [zlib.crc32(item.encode(), start) for item in features]


def _mask(text: str) -> str:
    return _DIGIT.sub("0", text)


def _letters(text: str) -> list[str]:
    found: dict[str, None] = {}
    for word in _SPACE.split(_mask(text.lower())):
        found.update(_pieces(word))
    return list(found)


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> dict[str, None]:
    padded = f" {word} "
    return dict.fromkeys(
        padded[at : at + size]
        for size in range(LETTERS_MIN, LETTERS_MAX + 1)
        for at in range(max(1, len(padded) - size + 1))
    )


def _runs(words: Sequence[str]) -> list[str]:
    pairs = (f"{a} {b}" for a, b in pairwise(words))
    return list(dict.fromkeys([*words, *pairs]))


def _groups(tags: Tags) -> list[str]:
    places = sorted(
        (first, last, name)
        for name, spans in tags.items()
        if not name.startswith("=")
        for first, last in spans
    )
    found = dict.fromkeys(name for _, _, name in places)
    for at, (_, last, name) in enumerate(places):
        for first, _, other in places[at + 1 :]:
            if first - last > GROUP_WINDOW:
                break
            if first > last and other != name:
                found[f"{name}>{other}"] = None
    return list(found)


def _rules(reading: Reading) -> list[str]:
    found = {f"n{min(len(reading.hits), 3)}", f"w{min(reading.weight // 3, MAX_WEIGHT_STEP)}"}
    if "?" in reading.text:
        found.add("question")
    if _LAUGHS.search(reading.text):
        found.add("laughs")
    for hit in reading.hits:
        found.add(hit.id)
        for scope in SCOPES:
            if any(
                first <= hit.last + SCOPE_WINDOW and last >= hit.first - SCOPE_WINDOW
                for first, last in reading.tags.get(scope, ())
            ):
                found.update((f"near:{scope}", f"{hit.id}&{scope}"))
    return sorted(found)
