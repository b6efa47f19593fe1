"""How easily a text reads for somebody who reads slowly: sentences, syllables, official words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge.plain_yaml import read_values

SENTENCE_WORDS = 16
"""Longest sentence: four lines of a bubble on a 360-pixel phone."""

MEAN_SENTENCE_WORDS = 10
"""Highest mean of an entry: villagers' own messages in the phrasings have 10.3 words a sentence."""

MEAN_SYLLABLES = 2.5
"""Highest mean of an entry: the phrasings have 2.2 syllables a word, the rules we cite 2.5."""

LONG_WORD = 5
"""Syllables from which a word is spelled out rather than seen."""

LONG_WORDS = 2
"""Most long words that one sentence may hold; names do not count."""

SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+|\n+")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
ADDRESS = re.compile(r"\S*[./@]\S+\.\S+|\S+\.(?:id|com|au|html)\S*")
"""Internet addresses: copied letter by letter, not read."""

SUFFIX = re.compile(r"(?:nya|kan|lah|kah|ku|mu)$")
DIPHTHONG_AT_END = re.compile(r"(?:ai|au|oi)$")
DIPHTHONG_WITHIN = re.compile(r"(?<=bag)ai(?=man)|(?<=s)au(?=dar)|(?<=and)ai")
VOWEL = re.compile(r"[aeiou]")


@dataclass(frozen=True, slots=True)
class OfficialWord:
    """A word of offices and what to write instead."""

    official: str
    plain: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured on the texts of one entry."""

    sentences: int
    words: int
    longest: int
    """Words of the longest sentence."""
    syllables: float
    """Mean syllables a word."""

    @property
    def mean(self) -> float:
        """Give the mean number of words a sentence."""
        return self.words / self.sentences if self.sentences else 0.0


def sentences(text: str) -> list[str]:
    """Give the sentences of a text; a colon, a semicolon and a new line end one too."""
    return [part for part in SENTENCE_END.split(text) if part.strip()]


def syllables(word: str) -> int:
    """Count the syllables of an Indonesian word: its vowels, ai, au and oi at a stem's end as one.

    A doubled word ("surat-surat") counts both halves. Letters without a vowel count one.
    """
    return sum(max(1, _vowels(part)) for part in word.lower().split("-"))


def _vowels(word: str) -> int:
    stem = SUFFIX.sub("", word)
    tail = len(VOWEL.findall(word)) - len(VOWEL.findall(stem))
    stem = DIPHTHONG_WITHIN.sub("a", DIPHTHONG_AT_END.sub("a", stem))
    return len(VOWEL.findall(stem)) + tail


def read(texts: Sequence[str]) -> Reading:
    """Measure texts: abbreviations, names in capitals and addresses count as words only."""
    lengths = [len(sentence.split()) for text in texts for sentence in sentences(text)]
    counts = [syllables(word) for text in texts for word in _read_words(text)]
    return Reading(
        sentences=len(lengths),
        words=sum(lengths),
        longest=max(lengths, default=0),
        syllables=sum(counts) / len(counts) if counts else 0.0,
    )


def long_words(sentence: str) -> list[str]:
    """Give the long words of a sentence, without names (capitals past the first word)."""
    found = list(_read_words(sentence))
    return [
        word
        for place, word in enumerate(found)
        if syllables(word) >= LONG_WORD and not (place and word[0].isupper())
    ]


def official_words(text: str) -> list[OfficialWord]:
    """Give the official words of a text, in its order, each with its plain one."""
    plain = _plain_words()
    found = [plain[match.group(1).lower()] for match in _pattern().finditer(text)]
    return list(dict.fromkeys(found))


def _read_words(text: str) -> Iterator[str]:
    for word in WORD.findall(ADDRESS.sub(" ", text)):
        if not word.isupper():
            yield word


@cache
def _plain_words() -> dict[str, OfficialWord]:
    raw = read_values((files("knowledge") / "plain-words.yaml").read_text("utf-8"))
    return {official: OfficialWord(official, plain) for official, plain in raw.items()}


@cache
def _pattern() -> re.Pattern[str]:
    """Match any official word, longest first, also with -nya."""
    longest = sorted(_plain_words(), key=len, reverse=True)
    return re.compile(
        rf"(?<![\w-])({'|'.join(map(re.escape, longest))})(?:nya)?(?![\w-])", re.IGNORECASE
    )
