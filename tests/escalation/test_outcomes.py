"""Precision from what officers found out: unknown outcomes count for neither side."""

import pytest

from escalation.outcomes import Closed, by_indicator, by_level, wilson


def closed(level: str, outcome: str, *indicators: str) -> Closed:
    return Closed(level, "TPPO", indicators, outcome, "lainnya", "2026-11")


CASES = [
    closed("darurat", "terverifikasi", "paspor-ditahan", "disekap"),
    closed("darurat", "tidak terbukti", "disekap"),
    closed("tinggi", "tidak diketahui", "paspor-ditahan", "paspor-ditahan"),
    closed("darurat", "terverifikasi", "disekap"),
]


def test_by_level() -> None:
    darurat, tinggi = by_level(CASES)
    assert (darurat.name, darurat.verified, darurat.unfounded, darurat.unknown) == (
        "darurat",
        2,
        1,
        0,
    )
    assert darurat.share == pytest.approx(2 / 3)
    assert (tinggi.unknown, tinggi.share, tinggi.low) == (1, None, None)


def test_by_indicator_counts_each_case_once() -> None:
    rows = {row.name: row for row in by_indicator(CASES)}
    assert (rows["disekap"].verified, rows["disekap"].unfounded) == (2, 1)
    assert (rows["paspor-ditahan"].verified, rows["paspor-ditahan"].unknown) == (1, 1)


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.278, id="none of ten"),
        pytest.param(5, 10, 0.237, 0.763, id="half of ten"),
        pytest.param(10, 10, 0.722, 1.0, id="all of ten"),
    ],
)
def test_wilsons_interval(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=0.001)
