"""A neutral message as the requests that WhatsApp takes for it, in the order they are sent.

Lengths are counted in UTF-16 units: Meta does not say how it counts, and no other way of
counting gives more for the same text.

Sources: Meta, "Text messages", "Interactive reply buttons messages", "Interactive list messages",
"Location request messages" and "Template messages", 2026, developers.facebook.com/documentation/
business-messaging/whatsapp/messages.
"""

import re
from collections.abc import Sequence
from typing import Any

from bot.whatsapp_people import clean, is_phone, is_user_id
from handlers.channel import Limits, PermanentSendError
from handlers.messages import Choice, OutboundMessage

LIMITS = Limits(text=4096, buttons=3, button_title=20, list_rows=10, list_title=24)
INTERACTIVE_BODY = 1024
"""Buttons and location requests; lists take 4,096, but one rule is easier to foresee."""

ROW_DESCRIPTION = 72
TEMPLATE_PARAMETER = 1024
TEMPLATE_BUTTONS = 10

LANGUAGE = "id"
OPEN_LIST = "Pilih"
CHOOSE = "Pilih salah satu:"
SEND_LOCATION = "Atau kirim lokasi dengan tombol ini:"
ONLY_LOCATION = "Kirim lokasi dengan tombol ini:"

Payload = dict[str, Any]

BORDERS = ("\n\n", "\n", ". ", "! ", "? ", " ")
"""Where a text is cut, best first."""


def payloads_of(message: OutboundMessage, *, address: str) -> list[Payload]:
    """Give the requests for one message, at least one. Raises PermanentSendError.

    A template is sent as it is: name, parameters, and the choices as the payloads of its
    quick-reply buttons. Otherwise the text comes first, on its own where it does not fit beside
    the choices; the choices are buttons where there are at most three with short titles, else a
    list; a request for the location comes last, in a message of its own where there are choices.
    Choices past the tenth are not shown: menus must be kept to ten before they come here.
    """
    to = recipient(address)
    if message.template is not None:
        return [to | {"type": "template", "template": _template(message)}]
    choices = _unique(message.choices)
    text = clean(message.text).strip()
    parts: list[Payload] = []
    has_more = bool(choices) or message.ask_location
    if text and (not has_more or width(text) > INTERACTIVE_BODY):
        parts += [_text(piece) for piece in split(text, LIMITS.text)]
        text = ""
    if choices:
        parts.append(_choices(text or CHOOSE, choices))
    if message.ask_location:
        body = SEND_LOCATION if choices else text or ONLY_LOCATION
        parts.append(_location_request(body))
    if not parts:
        raise PermanentSendError("permanent-empty")
    return [to | part for part in parts]


def recipient(address: str) -> Payload:
    """Give whom a request is for. Raises PermanentSendError.

    A user id goes into `recipient`: in `to` Meta accepts it and delivers to nobody.
    """
    if is_user_id(address):
        key = "recipient"
    elif is_phone(address):
        key = "to"
    else:
        raise PermanentSendError("permanent-address")
    return {"messaging_product": "whatsapp", "recipient_type": "individual", key: address}


def read_receipt(message_id: str) -> Payload:
    """Give the request that shows a message as read, and that somebody is typing."""
    return {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": message_id,
        "typing_indicator": {"type": "text"},
    }


def width(text: str) -> int:
    """Give the length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, limit: int) -> list[str]:
    """Cut a text into pieces of at most `limit`, at paragraphs, lines, sentences or words."""
    pieces = []
    rest = text.strip()
    while width(rest) > limit:
        head = _head(rest, limit)
        at = _border(head)
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*pieces, rest] if rest else pieces


def cut(text: str, limit: int) -> str:
    """Give a text on one line of at most `limit`, with an ellipsis where something is missing."""
    line = " ".join(text.split())
    return line if width(line) <= limit else _head(line, limit - 1).rstrip() + "…"


def _head(text: str, limit: int) -> str:
    return text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore")


def _border(head: str) -> int:
    """Give where to cut: after the best border in the second half, else at the very end."""
    for border in BORDERS:
        at = head.rfind(border)
        if at >= len(head) // 2:
            return at + len(border)
    return len(head)


def _unique(choices: Sequence[Choice]) -> list[Choice]:
    """Drop what Meta refuses: a second choice of the same id, and one without a title."""
    found = {choice.id: choice for choice in reversed(choices) if choice.title.strip()}
    return list(reversed(found.values()))[: LIMITS.list_rows]


def _text(body: str) -> Payload:
    return {"type": "text", "text": {"body": body, "preview_url": False}}


def _choices(body: str, choices: Sequence[Choice]) -> Payload:
    titles = [" ".join(clean(choice.title).split()) for choice in choices]
    fits = all(width(title) <= LIMITS.button_title for title in titles)
    # Two buttons with one title are refused; two rows are not.
    if len(choices) <= LIMITS.buttons and fits and len(set(titles)) == len(titles):
        buttons = [
            {"type": "reply", "reply": {"id": choice.id, "title": title}}
            for choice, title in zip(choices, titles, strict=True)
        ]
        return _interactive("button", body, {"buttons": buttons})
    rows = [_row(choice, title) for choice, title in zip(choices, titles, strict=True)]
    return _interactive("list", body, {"button": OPEN_LIST, "sections": [{"rows": rows}]})


def _row(choice: Choice, title: str) -> Payload:
    """Give a row; a title that is cut stands in full in the description, as far as it goes."""
    about = clean(choice.description)
    if width(title) > LIMITS.list_title:
        about = f"{title}: {about}" if about.strip() else title
    row = {"id": choice.id, "title": cut(title, LIMITS.list_title)}
    return row | ({"description": cut(about, ROW_DESCRIPTION)} if about.strip() else {})


def _location_request(body: str) -> Payload:
    return _interactive("location_request_message", body, {"name": "send_location"})


def _interactive(kind: str, body: str, action: Payload) -> Payload:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": body}, "action": action},
    }


def _template(message: OutboundMessage) -> Payload:
    components: list[Payload] = []
    if message.parameters:
        texts = [_parameter(parameter) for parameter in message.parameters]
        body = [{"type": "text", "text": text} for text in texts]
        components.append({"type": "body", "parameters": body})
    for index, choice in enumerate(_unique(message.choices)[:TEMPLATE_BUTTONS]):
        components.append(
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": str(index),
                "parameters": [{"type": "payload", "payload": choice.id}],
            }
        )
    template: Payload = {"name": message.template, "language": {"code": LANGUAGE}}
    return template | ({"components": components} if components else {})


def _parameter(text: str) -> str:
    """Give a parameter as Meta takes it: one line, no run of spaces, not empty."""
    return cut(re.sub(r"\s+", " ", clean(text)), TEMPLATE_PARAMETER) or "-"
