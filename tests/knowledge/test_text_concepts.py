"""Groups of words that mean alike."""

from __future__ import annotations

import pytest

from knowledge.text import Words


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("gembok", "sekap", id="locked in"),
        pytest.param("taiwan", "malaysia", id="countries"),
        pytest.param("17", "2500", id="numbers"),
    ],
)
def test_same_group(words: Words, one: str, other: str) -> None:
    assert words.concepts.of(one)[0] == words.concepts.of(other)[0]
    assert words.concepts.of(one)[0].startswith("#")


def test_a_word_without_group_stands_for_itself(words: Words) -> None:
    assert words.concepts.of("kucing") == ("kucing",)
