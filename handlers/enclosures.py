"""What a message holds beside its words, as the officer who took the case reads it.

In chat a place and a contact stand as they were sent, and a file is only announced: the phone of
an officer would keep a copy of it. On the page a place has a link to a map, a file can be opened,
and a contact is hidden like every number there.
"""

from dataclasses import dataclass

from handlers.masking import mask
from handlers.media import Kept
from handlers.media_models import MediaStatus
from handlers.messages import InboundKind, InboundMessage
from handlers.resources import Resources

COMING = Kept(0, MediaStatus.WAITING, None, 0, "")
"""Stands for a file that came with a message just now."""

MAP = (
    "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"
)
DECIMALS = 5
"""Of degrees: about a metre."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What a page shows beside the words: a sentence, a map to open, a file that was kept."""

    text: str
    map_url: str = ""
    file: Kept | None = None


def in_chat(
    message: InboundMessage, *, case_id: int, file: Kept | None = COMING, resources: Resources
) -> str:
    """Give all that an officer reads of a message in chat. `file` is None where none is kept."""
    beside = line(message, case_id=case_id, file=file, resources=resources)
    return "\n".join(filter(None, (message.text, beside)))


def line(message: InboundMessage, *, case_id: int, file: Kept | None, resources: Resources) -> str:
    """Give what a message holds beside its words; "" where it is words alone."""
    say = resources.texts.say
    if message.kind == InboundKind.TEXT and message.text:
        return ""
    if message.kind == InboundKind.CONTACT and message.card:
        return say("petugas.kiriman.kontak", kartu=message.card)
    if (place := _place(message, resources=resources)) is not None:
        return say("petugas.kiriman.sekurung", isi="\n".join(place))
    if not message.media_id or file is None or message.kind == InboundKind.UNSUPPORTED:
        return _unshown(message, resources=resources)
    if file.status == MediaStatus.REFUSED:
        return say("petugas.kiriman.sekurung", isi=_lost(message, file, resources=resources))
    address = f" {resources.public_url}/petugas/kasus/{case_id}" if resources.public_url else ""
    name = name_of(message.kind, resources=resources)
    return say("petugas.kiriman.di_halaman", apa=name, nomor=case_id, alamat=address)


def on_page(
    message: InboundMessage, *, case_id: int, file: Kept | None, resources: Resources
) -> Enclosed | None:
    """Give what a page shows of a message beside its words; None where it is words alone."""
    say = resources.texts.say
    if message.kind == InboundKind.TEXT:
        return None
    if message.kind == InboundKind.CONTACT and message.card:
        return Enclosed(say("petugas.kiriman.kontak_halaman", nomor=case_id))
    if (place := _place(message, resources=resources, masked=True)) is not None:
        latitude, longitude = _degrees(message)
        return Enclosed("\n".join(place), MAP.format(latitude=latitude, longitude=longitude))
    if not message.media_id or file is None or message.kind == InboundKind.UNSUPPORTED:
        return Enclosed(_unshown(message, resources=resources))
    if file.status == MediaStatus.REFUSED:
        return Enclosed(_lost(message, file, resources=resources))
    name = name_of(message.kind, resources=resources)
    if file.status == MediaStatus.WAITING:
        return Enclosed(say("petugas.kiriman.menunggu", apa=name))
    return Enclosed(name, file=file)


def name_of(kind: str, *, resources: Resources) -> str:
    """Give the word for a kind of file, such as "gambar"."""
    return resources.texts.say(f"petugas.kiriman.apa.{kind}")


def why_lost(reason: str, *, resources: Resources) -> str:
    """Give the words for why a file cannot be had."""
    known = resources.texts.mapping("petugas.kiriman.sebab")
    return str(known.get(reason, known["unreachable"]))


def _place(
    message: InboundMessage, *, resources: Resources, masked: bool = False
) -> list[str] | None:
    """Give the lines on a shared place; None where none was shared.

    The nearest village is told only where its middle is near: the gazetteer knows Indonesia alone.
    """
    if message.latitude is None or message.longitude is None:
        return None
    say = resources.texts.say
    lines = [say("petugas.kiriman.lokasi", titik=", ".join(_degrees(message)))]
    if message.place:
        name = mask(message.place, entities=resources.entities) if masked else message.place
        lines.append(say("petugas.kiriman.lokasi_nama", nama=name))
    near = resources.places.nearest(message.latitude, message.longitude)
    if near is not None:
        distance = f"{near[1]:.1f}".replace(".", ",")
        lines.append(say("petugas.kiriman.lokasi_dekat", desa=near[0].label, jarak=distance))
    return lines


def _degrees(message: InboundMessage) -> tuple[str, str]:
    return f"{message.latitude:.{DECIMALS}f}", f"{message.longitude:.{DECIMALS}f}"


def _lost(message: InboundMessage, file: Kept, *, resources: Resources) -> str:
    return resources.texts.say(
        "petugas.kiriman.gagal",
        apa=name_of(message.kind, resources=resources),
        sebab=why_lost(file.reason, resources=resources),
    )


def _unshown(message: InboundMessage, *, resources: Resources) -> str:
    if message.detail:
        return resources.texts.say("petugas.kiriman.lain", apa=message.detail)
    return resources.texts.say(f"petugas.bukan_teks.{message.kind}")
