"""What one WhatsApp message says, of every documented kind, as fields of a neutral message."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.whatsapp_people import clean
from handlers.messages import MAX_SHARED_CHARS, MAX_TEXT_CHARS, InboundKind

LONGEST_BUTTON_ID = 256
"""Meta, "Interactive reply buttons messages": at most 256 characters."""

ANYTHING = "pesan jenis ini"
DETAILS = {
    "sticker": "stiker",
    "video": "video",
    "order": "pesanan belanja",
    "image": "gambar",
    "audio": "pesan suara",
    "document": "dokumen",
    "location": "lokasi",
    "contacts": "kontak",
    "button": "tombol",
    "interactive": "tombol",
    "text": "pesan kosong",
    # Kinds that the API names but does not hand over, in `unsupported.type`.
    "edit": "pesan yang disunting",
    "poll_creation": "jajak pendapat",
    "poll_update": "jajak pendapat",
    "poll_vote": "jajak pendapat",
    "event": "undangan acara",
    "event_creation": "undangan acara",
    "group_invite": "undangan grup",
    "live_location": "lokasi langsung",
    "video_note": "video",
    "ptv": "video",
    "view_once": "pesan sekali lihat",
    "gif": "gambar bergerak",
    "list": "daftar",
}
"""What a person sent, in Indonesian, for "saya belum bisa membaca ..."."""

FLOW = "formulir"


@dataclass(frozen=True, slots=True)
class Content:
    """The fields of a message that depend on its kind."""

    kind: InboundKind
    text: str = ""
    button_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    media_id: str | None = None
    contact_phone: str | None = None
    detail: str = ""
    place: str = ""
    card: str = ""


def content_of(raw: Mapping[str, Any]) -> Content:
    """Read a message; one that lacks what its kind needs is unsupported, and never raises."""
    kind = str(raw.get("type"))
    part = raw.get(kind)
    reader = READERS.get(kind)
    if reader is not None and isinstance(part, dict):
        return reader(part)
    if kind == "contacts" and isinstance(part, list):
        return _contacts(part)
    if kind == "unsupported" and isinstance(part, dict):
        return _unsupported(str(part.get("type")))
    return _unsupported(kind)


def _text(part: Mapping[str, Any]) -> Content:
    text = _string(part, "body")
    return Content(InboundKind.TEXT, text) if text.strip() else _unsupported("text")


def _interactive(part: Mapping[str, Any]) -> Content:
    kind = str(part.get("type"))
    reply = part.get(kind)
    if kind in ("button_reply", "list_reply") and isinstance(reply, dict):
        return _tapped(reply, id_key="id", title_key="title")
    if kind == "nfm_reply" and isinstance(reply, dict):
        return Content(InboundKind.UNSUPPORTED, _flow_text(reply), detail=FLOW)
    return _unsupported("interactive")


def _button(part: Mapping[str, Any]) -> Content:
    return _tapped(part, id_key="payload", title_key="text")


def _tapped(part: Mapping[str, Any], *, id_key: str, title_key: str) -> Content:
    id, title = _string(part, id_key)[:LONGEST_BUTTON_ID], _string(part, title_key)
    if id:
        return Content(InboundKind.BUTTON, title, button_id=id)
    return Content(InboundKind.TEXT, title) if title else _unsupported("button")


def _location(part: Mapping[str, Any]) -> Content:
    latitude, longitude = _degrees(part.get("latitude")), _degrees(part.get("longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return _unsupported("location")
    named = ", ".join(filter(None, (_line(part, "name"), _line(part, "address"))))
    return Content(
        InboundKind.LOCATION,
        latitude=latitude,
        longitude=longitude,
        place=named[:MAX_SHARED_CHARS],
    )


def _media(kind: InboundKind, name: str) -> Callable[[Mapping[str, Any]], Content]:
    def read(part: Mapping[str, Any]) -> Content:
        media_id, caption = _string(part, "id"), _string(part, "caption")
        if not media_id:
            return Content(InboundKind.UNSUPPORTED, caption, detail=DETAILS[name])
        detail = DETAILS[name] if kind == InboundKind.UNSUPPORTED else ""
        return Content(kind, caption, media_id=media_id, detail=detail)

    return read


def _order(part: Mapping[str, Any]) -> Content:
    return Content(InboundKind.UNSUPPORTED, _string(part, "text"), detail=DETAILS["order"])


def _contacts(cards: list[Any]) -> Content:
    """Give the cards as written, and their first number.

    A number that is on WhatsApp stands there once more without spaces.
    """
    lines: list[str] = []
    first: str | None = None
    for card in (card for card in cards if isinstance(card, dict)):
        phones = card.get("phones")
        phones = [p for p in phones if isinstance(p, dict)] if isinstance(phones, list) else []
        for phone in phones:
            number = _line(phone, "wa_id") or _line(phone, "phone")
            if first is None and any(character.isdigit() for character in number):
                first = number[:40]
        name = card.get("name")
        named = _line(name, "formatted_name") if isinstance(name, dict) else ""
        written = [_line(phone, "phone") or _line(phone, "wa_id") for phone in phones]
        lines.append(", ".join(filter(None, (named, *written))))
    shown = "\n".join(filter(None, lines))[:MAX_SHARED_CHARS]
    return Content(InboundKind.CONTACT, contact_phone=first, card=shown)


def _flow_text(reply: Mapping[str, Any]) -> str:
    """Give what a person typed into a form: its text answers, one a line."""
    try:
        answers = json.loads(_string(reply, "response_json") or "{}")
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answers, dict):
        return ""
    texts = [v for k, v in answers.items() if isinstance(v, str) and k != "flow_token"]
    return clean("\n".join(texts))[:MAX_TEXT_CHARS]


def _unsupported(kind: str) -> Content:
    return Content(InboundKind.UNSUPPORTED, detail=DETAILS.get(kind, ANYTHING))


def _string(part: Mapping[str, Any], key: str) -> str:
    value = part.get(key)
    return clean(value)[:MAX_TEXT_CHARS] if isinstance(value, str) else ""


def _line(part: Mapping[str, Any], key: str) -> str:
    return " ".join(_string(part, key).split())


def _degrees(value: Any) -> float | None:
    try:
        degrees = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) else None


READERS: Mapping[str, Callable[[Mapping[str, Any]], Content]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _button,
    "location": _location,
    "audio": _media(InboundKind.VOICE, "audio"),
    "voice": _media(InboundKind.VOICE, "audio"),
    "image": _media(InboundKind.PICTURE, "image"),
    "document": _media(InboundKind.DOCUMENT, "document"),
    "video": _media(InboundKind.UNSUPPORTED, "video"),
    "sticker": _media(InboundKind.UNSUPPORTED, "sticker"),
    "order": _order,
}
