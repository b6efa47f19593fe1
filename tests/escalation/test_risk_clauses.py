"""Clauses of a message, and what stands in which of them."""

import pytest

from escalation.risk_clauses import clause_features, groups_by_word, split_clauses
from escalation.risk_indicators import IndicatorBook
from knowledge.text import Words


@pytest.fixture(scope="module")
def book() -> IndicatorBook:
    return IndicatorBook.load(words=Words.load())


def features_of(book: IndicatorBook, text: str) -> list[str]:
    reading = book.read(text)
    return clause_features(reading, split_clauses(reading), groups_by_word(reading))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("paspor saya ditahan", ["paspor saya ditahan"], id="one"),
        pytest.param("takut. tolong pak", ["takut", "tolong pak"], id="full stop"),
        pytest.param(
            "gaji lancar tapi paspor ditahan", ["gaji lancar", "tapi paspor ditahan"], id="opener"
        ),
        pytest.param("dikunci?\nya", ["dikunci", "ya"], id="question and line"),
    ],
)
def test_clauses(book: IndicatorBook, text: str, clauses: list[str]) -> None:
    reading = book.read(text)
    found = [
        text[reading.words[part[0]].start : reading.words[part[-1]].end]
        for part in split_clauses(reading)
    ]
    assert found == clauses


def test_a_question_about_opening_hours_does_not_touch_the_danger_before_it(
    book: IndicatorBook,
) -> None:
    told = features_of(book, "paspor ditahan, kantor buka kapan?")
    asked = features_of(book, "paspor ditahan?")
    assert "tahan|?" in asked
    assert "tahan|?" not in told
    assert "tahan|-" in told


def test_who_figures_in_a_clause_belongs_to_that_clause(book: IndicatorBook) -> None:
    features = features_of(book, "majikan baik, paspor ditahan")
    assert "tahan/majikan" not in features
    assert "tahan/majikan" in features_of(book, "paspor ditahan majikan")
