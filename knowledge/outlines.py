"""Outlines of the regencies for drawing: coarse, for a map of colours, not for borders."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

WIDTH, HEIGHT = 1536, 578
"""Of the whole map, in steps of 0.03 degrees (3.3 km) from 95.0 E, 6.1 N."""

MARGIN = 6
STEP = re.compile(r"[Ml]?-?\d+")


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the map that is shown."""

    left: int
    top: int
    width: int
    height: int


WHOLE = Frame(0, 0, WIDTH, HEIGHT)


@cache
def regency_outlines() -> Mapping[str, str]:
    """Give the SVG path of each regency by its code."""
    text = (files("knowledge") / "areas" / "regency-outlines.csv").read_text("utf-8")
    return {row["code"]: row["path"] for row in csv.DictReader(text.splitlines())}


@cache
def frame_of(province: str) -> Frame:
    """Give the part of the map that holds a province; the whole for none."""
    points = [
        point
        for code, path in regency_outlines().items()
        if province and code.startswith(f"{province}.")
        for point in _points(path)
    ]
    if not points:
        return WHOLE
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    return Frame(left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN)


def _points(path: str) -> list[tuple[int, int]]:
    """Read the points of a path whose rings begin at "M" and go on in relative steps."""
    found = []
    for ring in path.split("z"):
        x = y = 0
        numbers = [int(part.lstrip("Ml")) for part in STEP.findall(ring)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found
