"""Which language a message is in, and its regional words in Indonesian.

People mix: a Javanese question carries Indonesian nouns and Indonesian particles. So the guess is
made from the words that are *not* everyday Indonesian, each shared among the languages that know
it, and "id" wins unless a regional language explains enough of the message.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

INDONESIAN = "id"
# Code in regional-id.csv -> code used for variants, for the languages of the areas people leave
# from. The small word lists of eastern Nusa Tenggara stay out: their short field-work words turn
# up by chance in ordinary messages and pull the guess away.
LANGUAGES = {
    "jv": "jv",
    "map-bms": "bms",
    "su": "su",
    "mad": "mad",
    "sas": "sas",
    "min": "min",
    "ban": "ban",
    "bjn": "bjn",
    "bew": "bew",
    "mkn": "mkn",
    "bhp": "bhp",
    "mak": "mak",
    "bug": "bug",
    "ace": "ace",
    "bbc": "bbc",
}
# How common each language is among migrants' villages; only breaks near-ties.
PRIOR = {"jv": 0.3, "su": 0.25, "mad": 0.1, "sas": 0.1, "min": 0.05, "mkn": 0.05}
# A word that is also standard Indonesian says little about the language.
FALSE_FRIEND_WEIGHT = 0.3
# Total evidence and evidence per word below which a message counts as Indonesian.
MIN_EVIDENCE = 1.0
MIN_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Gloss:
    """One regional word's best Indonesian meaning."""

    meaning: str
    is_false_friend: bool


class Lexicon:
    """Regional word lists of `LANGUAGES`."""

    def __init__(self, glosses: dict[str, dict[str, Gloss]]) -> None:
        self._glosses = glosses
        self._languages: dict[str, list[str]] = {}
        for language, words in glosses.items():
            for word in words:
                self._languages.setdefault(word, []).append(language)

    @classmethod
    def read(cls, file: Traversable) -> Lexicon:
        """The lists in a file (columns lang, word, id, false_friend); a word's first row wins."""
        glosses: dict[str, dict[str, Gloss]] = {code: {} for code in LANGUAGES.values()}
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
            code = LANGUAGES.get(row["lang"])
            if code is not None and row["word"] not in glosses[code]:
                glosses[code][row["word"]] = Gloss(row["id"], row["false_friend"] == "1")
        return cls(glosses)

    def guess(self, words: Sequence[str], *, is_indonesian: Callable[[str], bool]) -> str:
        """The language of a message given as lower-case words; "id" when unsure."""
        evidence: dict[str, float] = {}
        for word in words:
            languages = self._languages.get(word)
            if not languages:
                continue
            weight = len(languages) ** -0.5
            known = is_indonesian(word)
            for language in languages:
                if known or self._glosses[language][word].is_false_friend:
                    evidence[language] = evidence.get(language, 0.0) + weight * FALSE_FRIEND_WEIGHT
                else:
                    evidence[language] = evidence.get(language, 0.0) + weight
        if not evidence:
            return INDONESIAN
        best = max(
            sorted(evidence),
            key=lambda code: evidence[code] * (1 + PRIOR.get(code, 0.0)),
        )
        if evidence[best] < MIN_EVIDENCE or evidence[best] < MIN_SHARE * len(words):
            return INDONESIAN
        return best

    def translate(self, word: str, language: str) -> str | None:
        """The Indonesian for `word` in `language`, false friends included; None if not listed."""
        gloss = self._glosses.get(language, {}).get(word)
        return gloss.meaning if gloss else None
