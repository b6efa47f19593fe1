"""Rows of questions as data: what is asked, what may be tapped, and what an answer says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from handlers.texts import tidy

ADVERT_WORDS = 12
"""From this length on a text may be an advertisement, which answers several questions."""

ADVERT_SIGNS = 2


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tap. `says` names the rule or field that the answer stands for."""

    id: str
    title: str
    words: frozenset[str]
    says: str | None = None
    ask: str | None = None
    codes: frozenset[str] = frozenset()
    """Country codes that mean this option."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `card` names the field on an officer's card that a tapped answer fills."""

    id: str
    text: str
    options: tuple[Option, ...]
    card: str | None = None
    asks_place: bool = False
    ask: str | None = None
    """What to ask the recruiter where this question stayed open."""

    def option(self, id: str) -> Option | None:
        """Give an option by its id."""
        return next((option for option in self.options if option.id == id), None)

    def option_of(self, text: str) -> Option | None:
        """Give the option that a text spells out."""
        said = tidy(text)
        for option in self.options:
            if said == tidy(option.title) or said in option.words:
                return option
        return None

    def option_in(self, text: str, *, negations: frozenset[str], least: int = 1) -> Option | None:
        """Give the option whose phrase of at least `least` words stands in a text, the longest.

        None where two options say as much, or where the phrase is denied.
        """
        found = self.phrase_in(text, negations=negations, least=least)
        return found[0] if found is not None else None

    def phrase_in(
        self, text: str, *, negations: frozenset[str], least: int
    ) -> tuple[Option, str] | None:
        """Give an option as `option_in` does, with the phrase that stands in the text."""
        said = tidy(text).split()
        found = [
            (len(phrase.split()), option, phrase)
            for option in self.options
            for phrase in option.words
            if len(phrase.split()) >= least
            and _stands_in(phrase.split(), said, negations=negations)
        ]
        most = max((size for size, _, _ in found), default=0)
        longest = {option.id: (option, phrase) for size, option, phrase in found if size == most}
        return next(iter(longest.values())) if len(longest) == 1 else None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a risky answer means: an indicator for officers, a general reason for the villager."""

    id: str
    indicator: str | None
    reason: str
    is_given: bool = False
    """Money or documents have left the person's hands."""

    is_leaving: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A row of questions with all that belongs to it."""

    name: str
    questions: tuple[Question, ...]
    texts: Mapping[str, str]
    words: Mapping[str, frozenset[str]]
    rules: Mapping[str, Rule]
    read_as: Mapping[str, tuple[str, str]]
    """Indicators read from a text, and the answer (question, option) that each one gives."""

    read_only: Mapping[str, str]
    """Indicators read from a text that answer no question, and the rule that each one meets."""

    offered_with: frozenset[str]
    """Entries whose answer also offers this row of questions."""

    def question(self, id: str | None) -> Question | None:
        """Give a question by its id."""
        return next((question for question in self.questions if question.id == id), None)

    def reads_like_advert(self, text: str) -> bool:
        """Tell whether a text reads like an advertisement that was passed on."""
        said = f" {tidy(text)} "
        signs = sum(f" {word} " in said for word in self.words["iklan"])
        return len(said.split()) >= ADVERT_WORDS and signs >= ADVERT_SIGNS

    def has_words(self, text: str, group: str) -> bool:
        """Tell whether a text contains one of the phrases of a group."""
        said = f" {tidy(text)} "
        return any(f" {phrase} " in said for phrase in self.words.get(group, ()))


@dataclass(frozen=True, slots=True)
class FlowBook:
    """All rows of questions by name, and how heavy each indicator weighs."""

    flows: Mapping[str, Flow]
    weights: Mapping[str, int]

    @classmethod
    def load(cls, *, weights: Mapping[str, int]) -> "FlowBook":
        """Read the packaged rows of questions. Raises ValueError for an unknown indicator."""
        flows = [_read_flow(name) for name in ("tawaran", "lapor")]
        named = {rule.indicator for flow in flows for rule in flow.rules.values()}
        named |= {id for flow in flows for id in (*flow.read_as, *flow.read_only)}
        unknown = named - set(weights) - {None}
        if unknown:
            raise ValueError(f"unknown indicators: {sorted(map(str, unknown))}")
        return cls({flow.name: flow for flow in flows}, weights)


def _stands_in(phrase: Sequence[str], said: Sequence[str], *, negations: frozenset[str]) -> bool:
    for at in range(len(said) - len(phrase) + 1):
        is_denied = at > 0 and said[at - 1] in negations
        if list(said[at : at + len(phrase)]) == list(phrase) and not is_denied:
            return True
    return False


def _read_flow(name: str) -> Flow:
    text = (files("handlers") / f"flow-{name}.yaml").read_text("utf-8")
    # As in texts.yaml every scalar is a word that people read or type.
    raw = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    return Flow(
        name=name,
        questions=tuple(_read_question(item) for item in raw["pertanyaan"]),
        texts=raw["kalimat"],
        words={group: _phrases(words) for group, words in raw["kata"].items()},
        rules={id: _read_rule(id, item) for id, item in raw.get("aturan", {}).items()},
        read_as={id: (pair[0], pair[1]) for id, pair in raw.get("terbaca", {}).items()},
        read_only=raw.get("terbaca_saja", {}),
        offered_with=frozenset(raw["tawarkan_di"]),
    )


def _read_question(raw: Mapping[str, Any]) -> Question:
    return Question(
        id=raw["id"],
        text=raw["tanya"],
        options=tuple(_read_option(item) for item in raw.get("pilihan", ())),
        card=raw.get("kartu"),
        asks_place=raw.get("tempat") == "ya",
        ask=raw.get("tanyakan"),
    )


def _read_option(raw: Mapping[str, Any]) -> Option:
    return Option(
        id=raw["id"],
        title=raw["judul"],
        words=_phrases(raw.get("kata", ())),
        says=raw.get("arti"),
        ask=raw.get("tanyakan"),
        codes=frozenset(raw.get("kode", ())),
    )


def _read_rule(id: str, raw: Mapping[str, Any]) -> Rule:
    return Rule(
        id=id,
        indicator=raw.get("indikator"),
        reason=raw["alasan"],
        is_given=raw.get("diserahkan") == "ya",
        is_leaving=raw.get("berangkat") == "ya",
    )


def _phrases(words: Sequence[str]) -> frozenset[str]:
    return frozenset(tidy(word) for word in words)
