"""The states of a case, what can happen to it, and which step leads where."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands."""

    NEW = "baru"
    ACCEPTED = "diterima"
    CLOSED = "selesai"


class EventKind(StrEnum):
    """What happened to a case."""

    OPENED = "dibuka"
    JOINED = "pesan baru"
    RAISED = "tingkat naik"
    ACCEPTED = "diterima"
    HANDED_OVER = "dialihkan"
    CLIMBED = "naik ke petugas berikutnya"
    SPREAD = "semua atasan diberi tahu"
    REMINDED = "diingatkan"
    UNDELIVERED = "kabar tidak sampai"
    ANSWERED = "petugas menjawab"
    REFERRED = "dirujuk"
    HANDLING = "masih diurus"
    SAFE = "warga menjawab aman"
    UNSAFE = "warga menjawab tidak aman"
    CLOSED = "selesai"


class Outcome(StrEnum):
    """What was found out by the time a case is closed."""

    VERIFIED = "terverifikasi"
    UNFOUNDED = "tidak terbukti"
    UNKNOWN = "tidak diketahui"


class Reason(StrEnum):
    """Why a case is closed."""

    SAFE = "orangnya sudah aman"
    CANCELLED = "batal berangkat"
    REFERRED = "sudah dirujuk"
    MISUNDERSTOOD = "salah paham"
    NO_CONTACT = "tidak bisa dihubungi"
    OTHER = "lainnya"
    DRILL = "latihan"
    """Only for a drill, which closes by itself; nobody is offered it."""


TRANSITIONS: dict[EventKind, dict[CaseState, CaseState]] = {
    EventKind.ACCEPTED: {CaseState.NEW: CaseState.ACCEPTED},
    EventKind.HANDED_OVER: {
        CaseState.NEW: CaseState.NEW,
        CaseState.ACCEPTED: CaseState.NEW,
    },
    EventKind.CLIMBED: {
        CaseState.NEW: CaseState.NEW,
        CaseState.ACCEPTED: CaseState.NEW,
    },
    EventKind.CLOSED: {CaseState.ACCEPTED: CaseState.CLOSED},
}


class IllegalTransition(Exception):
    """A step that a case in this state cannot take."""
