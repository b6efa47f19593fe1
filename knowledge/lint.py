"""What an entry must fulfil before anybody may read it: the checks behind `faq lint`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.entries import Entry, Problem, Topic
from knowledge.helplines import Helpline
from knowledge.readability import (
    LONG_WORDS,
    MEAN_SENTENCE_WORDS,
    MEAN_SYLLABLES,
    SENTENCE_WORDS,
    long_words,
    official_words,
    read,
    sentences,
)
from knowledge.render import FIRST_SCREEN_CHARS, PART_CHARS, first_screen, rest

ANSWER_CHARS = 560
"""Room for the short answer on the first screen; the rest of it holds the source line."""

TITLE_CHARS = 24
"""What a row of a WhatsApp list shows."""

LIST_ITEMS = 9

STEPS = 2
"""Fewest numbered steps of an entry that says how to do something."""

NUMBER = re.compile(
    r"(?<![\w.,/-])(?:\+\d|0\d)[\d\s().-]{5,}\d(?![\w/])|\b1500[ -]?\d{3}\b|\b62[\s-]?8\d[\d\s-]{5,}\d"
)
"""What looks like a phone number. Three-digit helplines (110, 129) are not matched."""

MONEY = re.compile(r"\bRp\s?\d|\bUSD\s?\d|\b(juta|ribu|miliar) rupiah\b", re.IGNORECASE)
YEAR = re.compile(r"\b(19|20)\d\d\b")
AGE = re.compile(
    r"\b((ber)?umur(nya)?|usia|anak sampai|lansia mulai|di bawah)(\s+[a-z]+){0,2}\s+\d+(\s+\w+\s+\d+)? tahun",
    re.IGNORECASE,
)
"""How old somebody is: said of people, changes with no rule of an office."""

AMOUNT = re.compile(
    r"(?<![\w.,/-])\d[\d.,]*( (sampai|atau) \d[\d.,]*)?"
    r" (menit|jam|hari|minggu|bulan|tahun|kali|persen|orang|ribu|juta|miliar)\b"
    r"|\b(penjara|denda|kurungan)\b[^.!?]*\d",
    re.IGNORECASE,
)
"""How long, how much, how heavy a penalty: what rules set and change."""

HOW_TO = re.compile(r"\b(bagaimana|cara(nya)?|langkah(nya)?)\b", re.IGNORECASE)
VICTIM = re.compile(r"(?<!saksi dan )\bkorban(nya)?\b", re.IGNORECASE)
"""A word for people that stays out of what they read; LPSK has it in its name."""
ENGLISH = re.compile(
    r"\b(the|and|with|please|update|download|upload|deadline|form|feedback|click)\b", re.IGNORECASE
)
PROMISES = re.compile(
    r"\b(pasti (aman|berhasil|lolos|dibantu)|kami jamin|dijamin)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the lint looks at: topics, where each slug stands, and the contacts."""

    topics: Sequence[Topic]
    places: Mapping[str, tuple[str, int]]
    contacts: Mapping[str, Helpline]
    required: frozenset[str] = frozenset()

    @property
    def entries(self) -> list[Entry]:
        """Give every entry, topic by topic."""
        return [entry for topic in self.topics for entry in topic.entries]


def lint(content: Content) -> list[Problem]:
    """Give every problem of the content, in the order of files and lines."""
    slugs = {entry.slug for entry in content.entries}
    problems: list[Problem] = []
    for entry in content.entries:
        file, line = content.places[entry.slug]
        messages = list(entry_faults(entry, slugs=slugs, contacts=content.contacts))
        problems += [Problem(file, line, entry.slug, message) for message in messages]
    for slug in sorted(content.required - slugs):
        problems.append(Problem("faq", 1, slug, "entri belum ada"))
    return problems


def entry_faults(
    entry: Entry, *, slugs: set[str], contacts: Mapping[str, Helpline]
) -> Iterable[str]:
    """Give what keeps one entry from being read by anybody, in the order of its fields."""
    yield from _source_faults(entry)
    yield from _text_faults(entry)
    yield from _reading_faults(entry)
    yield from _room_faults(entry, contacts)
    for slug in entry.related:
        if slug not in slugs:
            yield f"`related` menunjuk entri yang tidak ada: {slug}"
        if slug == entry.slug:
            yield "`related` menunjuk entri ini sendiri"
    for contact in entry.contacts:
        if contact not in contacts:
            yield f"`contacts` menunjuk kontak yang tidak ada: {contact}"
    if HOW_TO.search(entry.question) and len(entry.steps) < STEPS:
        yield f"pertanyaan tentang cara, tetapi `steps` kurang dari {STEPS} langkah"


def _source_faults(entry: Entry) -> Iterable[str]:
    if not entry.sources:
        yield "paling sedikit satu sumber"
    if not any(source.is_dated for source in entry.sources) and not entry.perlu_dicek:
        yield "tanpa sumber berpenerbit dan bertanggal, `perlu_dicek` wajib diisi"
    if entry.certainty == "rendah" and not entry.perlu_dicek:
        yield "kepastian rendah wajib punya `perlu_dicek`"


def _text_faults(entry: Entry) -> Iterable[str]:
    for key, text in texts_of(entry):
        if number := NUMBER.search(text):
            yield f"`{key}` memuat nomor telepon {number.group()!r}; nomor hanya lewat `contacts`"
        if word := ENGLISH.search(text):
            yield f"`{key}` memuat kata asing {word.group()!r}"
        if promise := PROMISES.search(text):
            yield f"`{key}` memuat janji {promise.group()!r}"
        if word := VICTIM.search(text):
            yield f"`{key}` memuat kata {word.group()!r}; sebut orangnya saja"
        if YEAR.search(text) or key in ("title", "question"):
            continue
        if MONEY.search(text):
            yield f"`{key}` menyebut uang tanpa tahun berlakunya: {text[:60]}…"
        elif amount := AMOUNT.search(AGE.sub("", text)):
            yield f"`{key}` menyebut {amount.group()!r} tanpa tahun berlakunya"


def _reading_faults(entry: Entry) -> Iterable[str]:
    for key, text in texts_of(entry):
        for sentence in sentences(text):
            count = len(sentence.split())
            if count > SENTENCE_WORDS:
                yield f"`{key}` punya kalimat {count} kata (paling banyak {SENTENCE_WORDS}): {sentence[:60]}…"
            if len(words := long_words(sentence)) > LONG_WORDS:
                yield f"`{key}` punya kalimat dengan terlalu banyak kata panjang: {', '.join(words)}"
        for word in official_words(text):
            yield f"`{key}` memuat kata kantor {word.official!r}; tulis {word.plain!r}"
    reading = read([text for _, text in texts_of(entry)])
    if reading.mean > MEAN_SENTENCE_WORDS:
        yield f"rata-rata {reading.mean:.1f} kata sekalimat; paling banyak {MEAN_SENTENCE_WORDS}"
    if reading.syllables > MEAN_SYLLABLES:
        yield f"rata-rata {reading.syllables:.2f} suku kata; paling banyak {MEAN_SYLLABLES}"


def _room_faults(entry: Entry, contacts: Mapping[str, Helpline]) -> Iterable[str]:
    if len(entry.title) > TITLE_CHARS:
        yield f"`title` {len(entry.title)} huruf; paling banyak {TITLE_CHARS}"
    if len(entry.answer) > ANSWER_CHARS:
        yield f"`answer` {len(entry.answer)} huruf; paling banyak {ANSWER_CHARS}"
    screen = first_screen(entry)
    if len(screen) > FIRST_SCREEN_CHARS:
        yield f"layar pertama {len(screen)} huruf; paling banyak {FIRST_SCREEN_CHARS}"
    for key in ("steps", "bring", "warnings"):
        if len(getattr(entry, key)) > LIST_ITEMS:
            yield f"`{key}` lebih dari {LIST_ITEMS} butir"
    known = replace(entry, contacts=tuple(id for id in entry.contacts if id in contacts))
    for part in rest(known, helplines=contacts):
        if len(part) > PART_CHARS:
            yield f"bagian {part.split(chr(10), 1)[0]!r} {len(part)} huruf; paling banyak {PART_CHARS}"


def texts_of(entry: Entry) -> Iterable[tuple[str, str]]:
    """Give every text a villager may read, with the field it stands in."""
    yield "title", entry.title
    yield "question", entry.question
    yield "answer", entry.answer
    for key in ("cost", "time"):
        if text := getattr(entry, key):
            yield key, text
    for key in ("steps", "bring", "warnings"):
        for text in getattr(entry, key):
            yield key, text
