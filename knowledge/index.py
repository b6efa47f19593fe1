"""The published FAQ in memory: what the conversation reads while it thinks."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date

from knowledge.entries import Entry, Topic
from knowledge.helplines import Helpline
from knowledge.lint import Content


@dataclass(frozen=True, slots=True)
class FaqIndex:
    """Published entries by slug, topics in menu order, helplines, and what was confirmed."""

    topics: tuple[Topic, ...]
    entries: Mapping[str, Entry]
    helplines: Mapping[str, Helpline]
    checked_on: Mapping[str, date] = field(default_factory=dict)
    confirmed: Set[str] = frozenset()

    def topic_of(self, slug: str) -> str | None:
        """Give the topic of an entry, None where there is no such entry."""
        entry = self.entries.get(slug)
        return entry.topic if entry else None


def index_of(content: Content) -> FaqIndex:
    """Give the index of content that no database holds: nothing in it counts as confirmed."""
    return FaqIndex(
        topics=tuple(content.topics),
        entries={entry.slug: entry for entry in content.entries},
        helplines=content.contacts,
    )
