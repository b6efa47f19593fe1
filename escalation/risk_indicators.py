"""The packaged indicators: their weights, word groups, patterns and combinations, ready to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from escalation.risk_reading import Reading
from escalation.risk_rules import Hit, Lexicon, Pattern, Word, literals, parse_pattern
from knowledge.plain_yaml import read_values
from knowledge.text import Words

MIN_CONTENT = 3  # letters of a word that says something


@dataclass(frozen=True, slots=True)
class Indicator:
    """One sign of TPPO or TPPM. `weight` 1-5; `urgent`: alone it says someone is in danger now."""

    id: str
    name: str
    group: str
    weight: int
    urgent: bool
    kind: str | None
    patterns: tuple[Pattern, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Indicators that mean more together: one of each set, in one message, gives `level`."""

    id: str
    sets: tuple[frozenset[str], ...]
    level: str
    reason: str
    at_least: int = 0


class IndicatorBook:
    """All indicators; `read` takes a message apart."""

    def __init__(self, data: Mapping[str, Any], *, words: Words) -> None:
        self.indicators = {item["id"]: _indicator(item) for item in data["indikator"]}
        self.combinations = tuple(
            found for item in data["kombinasi"] if (found := _combination(item, self.indicators))
        )
        self._composites = {
            name: tuple(map(parse_pattern, lines)) for name, lines in data["gabungan"].items()
        }
        patterns = [p for item in self.indicators.values() for p in item.patterns]
        patterns += [p for items in self._composites.values() for p in items]
        groups = dict(data["konsep"]) | {name: name[1:] for name in literals(patterns)}
        self._lexicon = Lexicon(groups, words=words)
        self._stopwords = words.stopwords

    @classmethod
    def load(cls, *, words: Words, source: Traversable | None = None) -> IndicatorBook:
        """Return the packaged indicators, or those of another file."""
        source = source or files("escalation") / "indicators.yaml"
        text = source.read_text(encoding="utf-8")
        return cls(read_values(text), words=words)

    def read(self, text: str) -> Reading:
        """Return the message's words, the groups in it and the indicators its words show."""
        words = self._lexicon.read(text)
        tags = self._lexicon.tag(words)
        for name, patterns in self._composites.items():
            spans = [span for pattern in patterns if (span := pattern.find(tags))]
            if spans:
                tags.setdefault(name, []).extend(spans)
        hits = []
        for item in self.indicators.values():
            found = next((s for p in item.patterns if (s := p.find(tags))), None)
            if found:
                hits.append(Hit(item.id, *found))
        weight = sum(self.indicators[hit.id].weight for hit in hits)
        content = sum(self._says_something(word) for word in words)
        return Reading(text, tuple(words), tags, tuple(hits), weight, content)

    def _says_something(self, word: Word) -> bool:
        return len(word.norm) >= MIN_CONTENT and not (
            word.norm.isdigit() or self._stopwords.issuperset(word.norm.split())
        )

    def combine(self, ids: Sequence[str]) -> tuple[Combination, ...]:
        """Return the combinations that these indicators make."""
        present = set(ids)
        return tuple(
            item
            for item in self.combinations
            if (
                len(present & item.sets[0]) >= item.at_least
                if item.at_least
                else all(present & names for names in item.sets)
            )
        )


def _indicator(item: Mapping[str, Any]) -> Indicator:
    return Indicator(
        id=item["id"],
        name=item["nama"],
        group=item["kelompok"],
        weight=item["bobot"],
        urgent=item["darurat"],
        kind=item.get("jenis"),
        patterns=tuple(map(parse_pattern, item["pola"])),
        examples=tuple(item["contoh"]),
        counter_examples=tuple(item["bukan"]),
    )


def _combination(item: Mapping[str, Any], known: Mapping[str, Indicator]) -> Combination | None:
    """Return the combination, or None where it needs more than indicators (times, ages)."""
    sets = item["jika"]
    if sets[0].startswith("minimal tiga dari: "):
        names = frozenset(sets[0].removeprefix("minimal tiga dari: ").split(", "))
        return Combination(item["id"], (names,), item["menjadi"], item["alasan"], at_least=3)
    parsed = tuple(frozenset(part.split("|")) for part in sets)
    if any(not names <= known.keys() for names in parsed):
        return None
    return Combination(item["id"], parsed, item["menjadi"], item["alasan"])
