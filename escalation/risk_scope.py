"""Whether an indicator's words tell of something real: denied, imagined, read, long past, over.

Rules from the top of the indicator list: a denial reaches four to six words; "tidak boleh keluar"
denies nothing, it is the danger; news, films and homework count only with someone the writer
knows; what is over weighs `rendah` at most, unless someone is still there or still threatened.
"""

from __future__ import annotations

from enum import StrEnum

from escalation.risk_reading import Reading
from escalation.risk_rules import Hit, Tags

DENIAL_WORDS = 3  # words to the left of the hit that a denial reaches
SCOPE_WORDS = 10


class Scope(StrEnum):
    """How the words of an indicator are meant."""

    REAL = "nyata"
    DENIED = "disangkal"
    IMAGINED = "pengandaian"
    REPORTED = "berita atau cerita"
    PAST = "sudah lewat"
    RESOLVED = "sudah selesai"
    JOKE = "bercanda"


# Groups that show each scope; the first that holds is taken.
_SHOWN_BY = (
    (Scope.REPORTED, "cerita_orang"),
    (Scope.RESOLVED, "sudah_beres"),
    (Scope.JOKE, "guyon"),
    (Scope.PAST, "dahulu_kala"),
    (Scope.IMAGINED, "andai"),
)
# What takes back an earlier message must say so plainly: laughter or "beres katanya" does not.
_TAKEN_BACK_BY = (
    (Scope.REPORTED, "cerita_orang"),
    (Scope.RESOLVED, "tuntas"),
    (Scope.JOKE, "mengaku_canda"),
)
# Signs that it is real all the same: someone known, a time, fear, a call for help.
_REAL_ALL_THE_SAME = {
    Scope.REPORTED: ("keluarga_saya",),
    Scope.RESOLVED: ("tolong", "takut", "masih"),
    Scope.JOKE: ("tolong", "takut", "sekarang", "segera", "larang_keluar"),
    Scope.PAST: ("tolong", "sekarang", "segera", "masih"),
    Scope.IMAGINED: ("sekarang", "segera", "tolong", "takut", "saya_ditahan"),
}


QUESTION_WORDS = frozenset({"apa", "apakah", "bagaimana", "berapa", "kapan", "kenapa", "siapa"})
# Groups that any message may hold; with nothing else in it, a few words tell of no danger.
EVERYDAY = frozenset({
    "tanya", "hipotesis", "tak", "neg", "lampau", "selesai", "berita", "canda", "sekarang",
    "segera", "andai", "resmi", "urusan", "saya", "keluarga", "keluarga_saya", "anak",
    "binatang", "barang", "benda_sehari", "rumah", "desa", "kiasan", "tenang", "orang_rumah",
    "kenalan", "masih", "lama", "permainan", "karya", "wisata_wajar", "lowongan_lokal",
    "instansi_baik", "serumah", "tugas", "cuma_tanya", "sebab_sepele", "usia_dewasa",
    "berobat_wajar", "klarifikasi", "asrama_wajar", "milik_sendiri", "boleh", "malam", "medsos",
    "hp", "guyon", "sudah_beres", "tuntas",
})  # fmt: skip

OFFER_GROUPS = frozenset({"gaji", "tawar", "besar", "medsos", "admin_kerja", "tanpa_syarat"})


def is_everyday(reading: Reading) -> bool:
    """Say whether a message holds no word of any group that danger is told with."""
    return all(name in EVERYDAY or name.startswith("=") for name in reading.tags)


def speaks_of_offer(reading: Reading) -> bool:
    """Say whether a message speaks of pay, an offer, or a post by which work is offered."""
    return not OFFER_GROUPS.isdisjoint(reading.tags)


def asks_in_general(reading: Reading) -> bool:
    """Say whether a message opens with a question word and ends in a question mark."""
    asked = bool(reading.words) and reading.words[0].norm in QUESTION_WORDS
    return asked and reading.text.rstrip().endswith("?")


def scope_of(hit: Hit, reading: Reading) -> Scope:
    """Return how the hit is meant."""
    tags = reading.tags
    if _is_denied(hit, tags):
        return Scope.DENIED
    for scope, group in _SHOWN_BY:
        near = _is_near(hit, tags, group)
        if near and not any(tags.get(name) for name in _REAL_ALL_THE_SAME[scope]):
            return scope
    return Scope.REAL


def explains_away(reading: Reading) -> Scope | None:
    """Return the scope by which a later message takes back what was said before, if it does."""
    for scope, group in _TAKEN_BACK_BY:
        spans = reading.tags.get(group)
        if spans and not any(reading.tags.get(n) for n in _REAL_ALL_THE_SAME[scope]):
            return scope
    return None


def _is_denied(hit: Hit, tags: Tags) -> bool:
    """A denial just before the words; one among them belongs to the danger ("tidak digaji").

    A plain "tidak" counts only right before them: "tidak disekap", not "tidak pulang, disekap".
    """
    if any(last == hit.first - 1 for _, last in tags.get("neg", ())):
        return True
    return any(hit.first - DENIAL_WORDS <= last < hit.first for _, last in tags.get("sangkal", ()))


def _is_near(hit: Hit, tags: Tags, group: str) -> bool:
    return any(
        first <= hit.last + SCOPE_WORDS and last >= hit.first - SCOPE_WORDS
        for first, last in tags.get(group, ())
    )
