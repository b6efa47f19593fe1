"""What the risk model looks at in a message: letters, words, word groups and indicator hits.

Everything is a short string in one of several families; the model weighs each family alike whatever
the length of the message. Digits are masked, so a telephone number or sum is never remembered.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from escalation.risk_clauses import clause_features, groups_by_word, split_clauses
from escalation.risk_reading import Reading
from escalation.risk_rules import Tags
from escalation.risk_scope import Scope, is_everyday, scope_of

FAMILIES = (
    "letters",
    "spelled",
    "standard",
    "groups",
    "rules",
    "standard-letters",
    "clauses",
    "stems",
    "pairs",
    "sequence",
)
PAIR_WINDOW = 6  # words between two stems of a clause that are looked at together
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
    stems = [_mask(word.stem) for word in reading.words]
    clauses = split_clauses(reading)
    groups = groups_by_word(reading)
    return (
        _letters(reading.text),
        _runs(spelled),
        _runs(standard),
        _groups(reading.tags),
        _rules(reading),
        _letters(" ".join(standard)),
        clause_features(reading, clauses, groups),
        _runs(stems),
        _pairs(stems, clauses),
        _sequence(clauses, groups),
    )


def circumstances(reading: Reading) -> list[float]:
    """Return what corrects the scores of a message, each 0 or 1, in a fixed order.

    One indicator that is really meant, several, one that is not meant, a question, everyday words.
    """
    scopes = [scope_of(hit, reading) for hit in reading.hits]
    real = scopes.count(Scope.REAL)
    return [
        float(real == 1),
        float(real > 1),
        float(real < len(scopes)),
        float("?" in reading.text),
        float(is_everyday(reading)),
    ]


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


def _pairs(stems: Sequence[str], clauses: Sequence[range]) -> list[str]:
    """Return stems of one clause that stand near each other, in order, whatever is between."""
    found = {
        f"{stems[at]}~{other}": None
        for clause in clauses
        for at in clause
        for other in stems[at + 1 : min(clause.stop, at + PAIR_WINDOW + 1)]
    }
    return list(found)


def _sequence(clauses: Sequence[range], groups: Sequence[set[str]]) -> list[str]:
    """Return each group of a clause with each of the next: what is said, and what of it."""
    present = [set().union(*(groups[at] for at in clause)) for clause in clauses]
    found = {f"{a}>>{b}" for one, following in pairwise(present) for a in one for b in following}
    return sorted(found)


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
