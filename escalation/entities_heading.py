"""Whether a country is only where somebody is about to go: "besok mau dibawa ke Malaysia".

Who is still to leave is in Indonesia and needs another number than who is already there. Only what
is said plainly counts: a word for "to" right before the name, and one for what is to come shortly
before. "Nang", "neng" and the like mean both "to" and "in", so they do not count.
"""

from __future__ import annotations

import re

WINDOW = 7
"""Words before the country's name in which what is to come must stand."""

_TO = frozenset({"ke", "ka", "menyang", "nyang", "marang", "dhateng", "pi", "menuju", "tujuan"})
_AHEAD = frozenset(
    [
        "mau",
        "mo",
        "akan",
        "hendak",
        "bakal",
        "besok",
        "bsk",
        "lusa",
        "nanti",
        "ntar",
        "sebentar",
        "bentar",
        "arep",
        "badhe",
        "bade",
        "rek",
        "hoyong",
        "sesuk",
        "isukan",
        "enjing",
        "handak",
        "tujuan",
        "menuju",
        "rencana",
        "rencananya",
        "jadwal",
        "jadwalnya",
    ]
)
_DONE = frozenset(
    [
        "sudah",
        "sdh",
        "udah",
        "udh",
        "dah",
        "telah",
        "wis",
        "uwis",
        "tos",
        "geus",
        "su",
        "ampun",
        "kemarin",
        "kmrn",
        "tadi",
    ]
)
# Who is moved on or sold may be abroad already.
_MOVED = frozenset(
    ["pindah", "dipindah", "dipindahin", "dipindahkan", "dioper", "dijual", "didol", "dilempar"]
)
_SENTENCE_END = re.compile(r"[.!?;\n]")
_WORD = re.compile(r"[^\W\d_]+")


def is_ahead(before: str) -> bool:
    """Say whether the text before a country's name tells that somebody is yet to go there."""
    words = _WORD.findall(_SENTENCE_END.split(before.lower())[-1])
    if not words or words[-1] not in _TO:
        return False
    near = words[-WINDOW:]
    ahead = [at for at, word in enumerate(near) if word in _AHEAD]
    if not ahead or not _MOVED.isdisjoint(near):
        return False
    # "Sudah mau berangkat" is still to come, "mau kerja, sudah dibawa ke" is over.
    return not any(word in _DONE and at > ahead[-1] for at, word in enumerate(near))
