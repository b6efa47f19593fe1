"""Which indicators a judgement names, and the villager's own words for each.

A name comes from words that were found or from a model that is sure of it; where neither is there,
the story as a whole is named, which is more honest than a wrong name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from escalation.risk_model import RiskModel
from escalation.risk_reading import Reading

# Log-odds from which the model names an indicator that no pattern found, and below which it doubts
# one that a pattern found.
SIGN_LIMIT, DOUBT = 0.0, -4.0
FOUND_BONUS = 2.0  # log-odds that a pattern's finding adds to the order of naming
MOST_NAMED = 5
WHOLE_STORY = "keseluruhan-cerita"
QUOTE_WORDS = 8


def order_signs(real: Sequence[str], signs: Mapping[str, float]) -> list[str]:
    """Return the indicators to name, the surest first; `signs` are the model's log-odds."""
    sure = {name: odds for name, odds in signs.items() if odds > SIGN_LIMIT}
    found = {name: signs.get(name, 0.0) + FOUND_BONUS for name in real}
    agreed = {name: odds for name, odds in found.items() if odds > DOUBT + FOUND_BONUS}
    named = sure | (agreed if agreed or sure else found)
    return sorted(named, key=lambda name: -named[name])[:MOST_NAMED] or [WHOLE_STORY]


def quote_of(indicator: str, reading: Reading, model: RiskModel | None) -> str:
    """Return the words that show the indicator, as the villager wrote them."""
    words = reading.words
    for hit in reading.hits:
        if hit.id == indicator:
            return reading.text[words[hit.first].start : words[hit.last].end]
    if model is None or not words:
        return ""
    scores = model.word_scores(reading, None if indicator == WHOLE_STORY else indicator)
    width = min(QUOTE_WORDS, len(words))
    best = max(range(len(words) - width + 1), key=lambda at: sum(scores[at : at + width]))
    return reading.text[words[best].start : words[best + width - 1].end]
