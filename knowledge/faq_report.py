"""What `faq lint` tells besides the problems: coverage, dates, how it reads, what is open."""

from collections import Counter
from collections.abc import Iterator, Sequence

from knowledge.lint import Content, texts_of
from knowledge.readability import MEAN_SENTENCE_WORDS, SENTENCE_WORDS, Reading, read
from knowledge.render import main_source, rest
from knowledge.variants import Variant


def report(content: Content, variants: Sequence[Variant]) -> Iterator[str]:
    """Give the lines of the report."""
    entries = content.entries
    slugs = {entry.slug for entry in entries}
    if content.required:
        found = len(content.required & slugs)
        yield f"Cakupan: {found} dari {len(content.required)} topik punya jawaban"
    sources = [source for entry in entries for source in entry.sources]
    shown = [main_source(entry) for entry in entries]
    yield (
        f"Sumber: {sum(source.is_dated for source in sources)} dari {len(sources)} berpenerbit dan "
        f"bertanggal; pada {sum(bool(s and s.is_dated) for s in shown)} dari {len(entries)} "
        f"jawaban yang tampil bertanggal"
    )
    yield from _reading_lines(content)
    parts = Counter(len(rest(entry, helplines=content.contacts)) for entry in entries)
    spread = ", ".join(
        f"{count} jawaban {number} bagian" for number, count in sorted(parts.items())
    )
    yield f'Panjang di balik "Selengkapnya": {spread}'
    certainty = Counter(entry.certainty for entry in entries)
    yield "Kepastian: " + ", ".join(f"{count} {name}" for name, count in certainty.most_common())
    items = sum(len(entry.perlu_dicek) for entry in entries)
    open_entries = sum(bool(entry.perlu_dicek) for entry in entries)
    yield f"Perlu dicek: {items} hal pada {open_entries} jawaban (faq todo)"
    if variants:
        yield from _phrasing_lines(variants, slugs)


def _reading_lines(content: Content) -> Iterator[str]:
    readings: dict[str, Reading] = {
        entry.slug: read([text for _, text in texts_of(entry)]) for entry in content.entries
    }
    if not readings:
        return
    words = sum(reading.words for reading in readings.values())
    sentences = sum(reading.sentences for reading in readings.values())
    wordy = max(readings, key=lambda slug: readings[slug].mean)
    longest = max(readings, key=lambda slug: readings[slug].longest)
    heavy = max(readings, key=lambda slug: readings[slug].syllables)
    yield (
        f"Kalimat: rata-rata {words / sentences:.1f} kata, paling tinggi {readings[wordy].mean:.1f} "
        f"({wordy}; batas {MEAN_SENTENCE_WORDS}); terpanjang {readings[longest].longest} kata "
        f"({longest}; batas {SENTENCE_WORDS})"
    )
    mean = sum(reading.syllables for reading in readings.values()) / len(readings)
    yield f"Suku kata: rata-rata {mean:.2f}, paling tinggi {readings[heavy].syllables:.2f} ({heavy})"


def _phrasing_lines(variants: Sequence[Variant], slugs: set[str]) -> Iterator[str]:
    counts = Counter(dict.fromkeys(slugs, 0))
    counts.update(variant.slug for variant in variants if variant.slug in slugs)
    fewest = min(counts, key=lambda slug: (counts[slug], slug))
    unread = sum(not variant.reviewed for variant in variants)
    yield (
        f"Kalimat warga: {len(variants)}; paling sedikit {counts[fewest]} ({fewest}); "
        f"{unread} belum dibaca penutur asli"
    )
