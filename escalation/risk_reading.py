"""A message taken apart, as the rules, the features and the model see it."""

from __future__ import annotations

from dataclasses import dataclass

from escalation.risk_rules import Hit, Tags, Word


@dataclass(frozen=True, slots=True)
class Reading:
    """A message's words, the groups that stand in it and the indicator hits.

    `weight` is the sum of the hits' weights; `content` counts the words that say something by
    themselves (neither stop words nor numbers).
    """

    text: str
    words: tuple[Word, ...]
    tags: Tags
    hits: tuple[Hit, ...]
    weight: int
    content: int
