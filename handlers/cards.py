"""What officers read: the card of a case by fields, never the villager's words or address."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from escalation.case_states import CaseState
from escalation.models import Case
from escalation.notices import NoticeKind
from escalation.risk import Assessment, Level
from handlers.messages import Choice, OutboundMessage
from handlers.texts import Texts
from knowledge.places import Area, Gazetteer

FACTS = "facts"
ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
TITLES = {
    NoticeKind.NEW: "judul_baru",
    NoticeKind.RAISED: "judul_naik",
    NoticeKind.HANDED_OVER: "judul_dialihkan",
    NoticeKind.CLIMBED: "judul_naik_ke",
    NoticeKind.SPREAD: "judul_semua",
    NoticeKind.REMINDED: "judul_ingat",
}
Facts = dict[str, str]


def local_time(at: datetime, *, zone: str) -> str:
    """Give a time as people of that zone read it: "24-11-2026 09.05 WIB"."""
    return f"{at.astimezone(ZoneInfo(zone)):%d-%m-%Y %H.%M} {ZONE_NAMES.get(zone, zone)}"


def facts_of(
    danger: Assessment, *, area: Area | None, names: Mapping[str, str], countries: Mapping[str, str]
) -> Facts:
    """Give the card's fields. `names` are the indicators' names by id."""
    entities = danger.entities
    found: Facts = {}
    if area is not None:
        found["desa"] = area.label
    if danger.kind is not None:
        found["dugaan"] = str(danger.kind)
    ids = dict.fromkeys(indication.id for indication in danger.indications)
    _put(found, "tanda_bahaya", [names.get(id, id) for id in ids])
    if danger.area_reason:
        found["daerah"] = danger.area_reason
    _put(found, "tujuan", [countries.get(code, code) for code in entities.destinations])
    _put(found, "umur", [str(age) for age in entities.ages])
    _put(found, "tanggal", entities.dates)
    _put(found, "dokumen", entities.documents)
    _put(found, "uang", [amount.text for amount in entities.amounts])
    return found


def _put(facts: Facts, key: str, values: Sequence[str]) -> None:
    if values:
        # Names of signs have commas of their own.
        facts[key] = "; ".join(dict.fromkeys(values))


def card(
    case: Case,
    facts: Facts,
    kind: NoticeKind,
    *,
    texts: Texts,
    zone: str,
    addressee: str,
    trail: str = "",
) -> OutboundMessage:
    """Word the card of a case with its buttons. `trail` says who was told before."""
    is_request = not case.indicators
    title = "judul_minta" if is_request and kind == NoticeKind.NEW else TITLES[kind]
    heading = texts.say(
        f"petugas.{title}",
        nomor=case.id,
        tingkat=texts.say(f"petugas.tingkat.{case.level}"),
        tanda=texts.say(f"petugas.tanda.{case.level}"),
    )
    shown = {"desa": facts.get("desa", texts.say("petugas.belum_diketahui"))}
    shown["waktu"] = local_time(case.opened_at, zone=zone)
    shown |= facts
    if "dugaan" in shown:
        shown["dugaan"] = texts.say(f"petugas.dugaan.{shown['dugaan']}")
    shown["untuk"] = addressee
    columns = [f"{texts.say(f'petugas.kolom.{key}')}: {value}" for key, value in shown.items()]
    if trail:
        columns.append(trail)
    text = texts.say("petugas.kartu", judul=heading, kolom="\n".join(columns))
    return OutboundMessage(marked(text, case, texts=texts), actions(case, texts=texts))


def marked(text: str, case: Case, *, texts: Texts) -> str:
    """Give a text about a case; one about a drill says so first."""
    return f"{texts.say('petugas.latihan')}\n{text}" if case.is_drill else text


def actions(case: Case, *, texts: Texts) -> tuple[Choice, ...]:
    """Give what an officer can do with a case in its state."""
    names = {
        CaseState.NEW: ("terima", "alihkan"),
        CaseState.ACCEPTED: ("balas", "rujuk", "alihkan", "selesai"),
        CaseState.CLOSED: (),
    }[CaseState(case.state)]
    return tuple(
        Choice(f"k:{case.id}:{name}", texts.say(f"petugas.tombol.{name}")) for name in names
    )


def case_line(case: Case, *, place: str, texts: Texts) -> str:
    """Give one line of an officer's list."""
    line = texts.say(
        "petugas.kasus_baris",
        tanda=texts.say(f"petugas.tanda.{case.level}"),
        nomor=case.id,
        tingkat=texts.say(f"petugas.tingkat.{case.level}"),
        desa=place,
        keadaan=case.state,
    )
    return f"{line} ({texts.say('petugas.latihan_pendek')})" if case.is_drill else line


def place_of(case: Case, places: Gazetteer, texts: Texts) -> str:
    """Give where a case comes from, as a list shows it."""
    area = places.area(case.area_code) if case.area_code else None
    return area.label if area else texts.say("petugas.belum_diketahui")


def is_interrupting(level: Level, *, is_request: bool) -> bool:
    """Tell whether a case interrupts an officer now; the others wait for the morning."""
    return is_request or level.rank >= Level.TINGGI.rank
