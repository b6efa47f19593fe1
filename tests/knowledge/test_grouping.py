"""Texts that mean the same come together."""

from knowledge.grouping import group


def test_like_joins_like_in_order_and_nothing_stays_alone_in_nothing() -> None:
    soto, soto_too = {1: 1.0, 2: 1.0}, {1: 1.0, 2: 0.8, 3: 0.2}
    machine: dict[int, float] = {7: 1.0}
    empty: dict[int, float] = {}
    assert group([soto, machine, soto_too, empty, empty]) == [[0, 2], [1], [3], [4]]


def test_nothing_gives_nothing() -> None:
    assert group([]) == []
