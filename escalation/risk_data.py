"""The messages the risk model learns from: labelled ones and ordinary questions.

The indicators' own examples are left out: the patterns were written to find them, so a model that
learns from them trusts the patterns too much (measured: a fifth more false alarms).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK, Variant, load_variants

LEVELS = ("tidak", "rendah", "sedang", "tinggi", "darurat")
# Topics whose questions carry no danger; one about held papers may.
ORDINARY_PREFIXES = ("paspor-", "pimpasa-", "bot-", "wna-")
NOT_ORDINARY = frozenset({"paspor-ditahan-orang"})
# Further topics asked about work abroad that hardly ever come with danger. Left out are those whose
# phrasings often do, as far as a person would want to look: nobody has labelled them.
FURTHER = frozenset({
    "kontak-imigrasi", "kontak-kbri", "kontak-kp2mi", "luar-kirim-uang", "luar-lapor-diri",
    "luar-perpanjang-kontrak", "negara-brunei", "negara-hongkong", "negara-jepang", "negara-korea",
    "negara-malaysia", "negara-singapura", "negara-taiwan", "pmi-bpjs", "pmi-cara-resmi",
    "pmi-cek-p3mi", "pmi-desa", "pmi-dokumen", "pmi-e-pmi", "pmi-g-to-g", "pmi-izin-keluarga",
    "pmi-layanan-terdekat", "pmi-magang-jepang", "pmi-mandiri", "pmi-medical", "pmi-modal-kur",
    "pmi-pelatihan", "pmi-perjanjian-kerja", "pmi-syarat", "pmi-visa-kerja", "pulang-barang-imei",
    "pulang-klaim-bpjs", "pulang-pemberdayaan", "tppm-arti", "tppm-hukuman", "tppo-arti",
    "tppo-hak-korban", "tppo-hukuman",
})  # fmt: skip
# Phrasings of these that do not read as plainly harmless; neither red nor calm.
UNCLEAR = "unclear-questions.txt"
# Set of the labelled messages that are phrasings of an ordinary topic and yet tell of danger; their
# group is the topic's slug.
FROM_VARIANTS = "v"
# Thousands of ordinary questions must not drown four thousand labelled messages.
ORDINARY_WEIGHT, FURTHER_WEIGHT = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message to learn from. Messages of one `group` belong in one fold."""

    text: str
    level: int
    indicators: frozenset[str]
    kind: str | None
    group: str
    weight: float = 1.0
    source: str = ""
    lang: str = "id"

    @property
    def topic(self) -> str | None:
        """The FAQ topic of an ordinary question."""
        return self.group.removeprefix("v") if self.source == "ordinary" else None


def load_messages() -> list[Labelled]:
    """Return the packaged labelled messages in their order."""
    lines = (files("escalation") / "data" / "risk-messages.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in lines.split("\n") if line]
    return [
        Labelled(
            text=row["text"],
            level=LEVELS.index(row["level"]),
            indicators=frozenset(row["indicators"]),
            kind=row["kind"],
            group=f"v{row['group']}" if row["set"] == FROM_VARIANTS else f"m{row['group']}",
            source=row["set"],
            lang=row["lang"],
        )
        for row in rows
    ]


def ordinary_rows(variants: Iterable[Variant], *, but: Iterable[str] = ()) -> list[Labelled]:
    """Return the phrasings of topics without danger, as messages of level `tidak`.

    Texts of `but` are left out: they are labelled by themselves.
    """
    labelled = frozenset(but) | _unclear()
    return [
        Labelled(
            text=item.text,
            level=0,
            indicators=frozenset(),
            kind=None,
            group=f"v{item.slug}",
            weight=ORDINARY_WEIGHT if is_ordinary(item.slug) else FURTHER_WEIGHT,
            source="ordinary",
            lang=item.lang,
        )
        for item in variants
        if (is_ordinary(item.slug) or item.slug in FURTHER) and item.text not in labelled
    ]


def _unclear() -> frozenset[str]:
    text = (files("escalation") / "data" / UNCLEAR).read_text(encoding="utf-8")
    return frozenset(text.split("\n"))


def is_ordinary(slug: str) -> bool:
    """Say whether questions of this FAQ slug carry no danger."""
    if slug in (OUT_OF_SCOPE, SMALL_TALK):
        return True
    return slug.startswith(ORDINARY_PREFIXES) and slug not in NOT_ORDINARY


def fingerprint(rows: Sequence[Labelled]) -> str:
    """Return a hash of what is learnt, whatever the order."""
    lines = sorted(
        f"{row.level}\t{','.join(sorted(row.indicators))}\t{row.kind}\t{row.weight}\t{row.text}"
        for row in rows
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def folds(rows: Sequence[Labelled], *, count: int) -> list[int]:
    """Return a fold number for each message, the same on every run; groups stay together."""
    return [int(hashlib.sha256(row.group.encode()).hexdigest()[:8], 16) % count for row in rows]


def load_rows() -> list[Labelled]:
    """Return everything the model learns from."""
    messages = load_messages()
    return [*messages, *ordinary_rows(load_variants(), but=(row.text for row in messages))]
