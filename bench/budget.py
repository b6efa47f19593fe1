"""How many alerts an officer gets on a real day (printed by `bench.risk`).

A day of 100,000 messages with 1 red in 70. Red ones are the packaged red messages; ordinary ones
the packaged messages of level tidak and rendah, most of them written to mislead, and the phrasings
of FAQ topics without danger: both kept apart from the engine that judges them. One recruiter,
route or story joins one case, so these are the most alerts there can be.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.intervals import interval
from bench.judging import Judged
from escalation.risk import Level
from escalation.risk_areas import load_areas, with_area
from escalation.risk_data import is_ordinary
from knowledge.variants import SMALL_TALK

MESSAGES, RED_IN = 100_000, 70
OFFICERS = 146


def rate(judged: Sequence[Judged], *levels: Level) -> float:
    """Return the share of messages judged as one of these levels."""
    return sum(item.found.level in levels for item in judged) / len(judged)


def report_day(title: str, red: Sequence[Judged], ordinary: Sequence[Judged]) -> None:
    """Print a day's interruptions and digest items per officer, and how many of them are red."""
    reds = MESSAGES / RED_IN
    calm = MESSAGES - reds
    print(f"ordinary = {title} ({len(ordinary)} messages)")
    for name, levels in (
        ("interruptions", (Level.TINGGI, Level.DARURAT)),
        ("digest items", (Level.SEDANG,)),
    ):
        true, false = reds * rate(red, *levels), calm * rate(ordinary, *levels)
        print(
            f"  {name:<14} {(true + false) / OFFICERS:6.1f} per officer and day, "
            f"of which {true / OFFICERS:5.1f} red; precision {true / max(1e-9, true + false):.0%}"
        )


def _report_areas(red: Sequence[Judged], calm: Sequence[Judged], asked: Sequence[Judged]) -> None:
    """Print what would be raised to the digest if everybody wrote from a vulnerable area."""
    areas = load_areas()
    code = next(iter(areas))
    for name, items in (("red", red), ("labelled calm", calm), ("phrasings", asked)):
        raised = sum(with_area(item.found, code, areas) != item.found for item in items)
        print(f"raised by a vulnerable area, of {name:<14}", interval(raised, len(items)))


def report_budget(judged: Sequence[Judged]) -> None:
    """Print the day's alerts, and each ordinary phrasing that interrupts an officer."""
    own = [item for item in judged if item.row.source != "ordinary"]
    red = [item for item in own if item.row.level >= 3]
    calm = [item for item in own if item.row.level <= 1]
    questions = [
        item
        for item in judged
        if is_ordinary(item.row.topic or "") and item.row.topic != SMALL_TALK
    ]
    print(f"{MESSAGES} messages, 1 red in {RED_IN}, {OFFICERS} officers")
    report_day("both", red, [*calm, *questions])
    report_day("phrasings of FAQ topics", red, questions)
    report_day("labelled messages, written to mislead", red, calm)
    _report_areas(red, calm, questions)
    high = [item for item in questions if item.found.level.rank >= Level.TINGGI.rank]
    print("phrasings at tinggi or above  ", interval(len(high), len(questions)))
    for item in high:
        names = ", ".join(f"{sign.id}: {sign.quote!r}" for sign in item.found.indications)
        print(f"  {item.found.level:<8}{item.row.group[1:]:<24}{item.row.text!r}  [{names}]")
