"""One webhook body of the WhatsApp Cloud API, split into everything it holds.

A body carries many entries, an entry many changes, a change many messages and statuses. Nothing
in it raises but a body that is no webhook at all; what is not understood is counted.

Source: Meta, "Webhooks: messages reference", June to August 2026, developers.facebook.com/
documentation/business-messaging/whatsapp/webhooks/reference/messages.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.whatsapp_content import content_of
from bot.whatsapp_errors import code_of
from bot.whatsapp_people import ContactBook, addresses_of_move, clean
from handlers.channel import Malformed, Parsed, Receipt
from handlers.messages import InboundKind, InboundMessage

log = logging.getLogger(__name__)

NAME = "whatsapp"
OBJECT = "whatsapp_business_account"
FIELD = "messages"
STATES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
MOVES = ("user_changed_number", "user_changed_user_id", "customer_changed_number")
NOT_SAID = ("reaction", "revoke", "request_welcome")
"""Kinds that need no answer: a reaction, a message taken back, a chat merely opened."""

LONGEST_ID = 200


def parse_body(body: bytes, *, phone_id: str, now: datetime) -> Parsed:
    """Split a body. What is meant for another number of the account is ignored.

    Raises Malformed for what is not JSON or has no list of entries.
    """
    messages: list[InboundMessage] = []
    receipts: list[Receipt] = []
    ignored = 0
    for change in _changes(body):
        value = _mapping(change.get("value"))
        metadata = _mapping(value.get("metadata"))
        if change.get("field") != FIELD or metadata.get("phone_number_id") != phone_id:
            ignored += 1
            continue
        book = ContactBook([_mapping(contact) for contact in _list(value.get("contacts"))])
        for raw in _list(value.get("messages")):
            message = _message(_mapping(raw), book, now=now)
            if message is None:
                ignored += 1
            else:
                messages.append(message)
        for raw in _list(value.get("statuses")):
            receipt = _receipt(_mapping(raw), now=now)
            if receipt is None:
                ignored += 1
            else:
                receipts.append(receipt)
        ignored += _count_rest(value)
    return Parsed(tuple(messages), tuple(receipts), ignored)


def _changes(body: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(whole, dict) or not isinstance(whole.get("entry"), list):
        raise Malformed("no list of entries")
    if whole.get("object") != OBJECT:
        yield {}
        return
    for entry in whole["entry"]:
        changes = _mapping(entry).get("changes")
        if not isinstance(changes, list):
            yield {}
            continue
        yield from (_mapping(change) for change in changes)


def _count_rest(value: Mapping[str, Any]) -> int:
    """Count what stands beside messages and statuses, and log the numbers of errors."""
    errors = [_mapping(error).get("code") for error in _list(value.get("errors"))]
    for number in errors:
        log.warning("whatsapp reports error %s", number if isinstance(number, int) else "?")
    is_empty = not any(key in value for key in ("messages", "statuses", "errors"))
    odd = [key for key in ("messages", "statuses") if not isinstance(value.get(key, []), list)]
    return len(errors) + is_empty + len(odd)


def _message(raw: Mapping[str, Any], book: ContactBook, *, now: datetime) -> InboundMessage | None:
    kind = raw.get("type")
    if kind == "system":
        return _move(raw, now=now)
    if kind in NOT_SAID or raw.get("group_id") or not isinstance(kind, str):
        return None
    sender = book.sender_of(raw)
    if sender is None:
        return None
    # Somebody who corrected a message is answered on what it says now.
    inner = _mapping(_mapping(raw.get("edit")).get("message")) if kind == "edit" else raw
    content = content_of(inner)
    return InboundMessage(
        channel=NAME,
        external_id=_id_of(raw),
        sender=sender.address,
        aliases=sender.aliases,
        sent_at=_time_of(raw, now=now),
        kind=content.kind,
        text=content.text,
        button_id=content.button_id,
        latitude=content.latitude,
        longitude=content.longitude,
        media_id=content.media_id,
        contact_phone=content.contact_phone,
        detail=content.detail,
        place=content.place,
        card=content.card,
    )


def _move(raw: Mapping[str, Any], *, now: datetime) -> InboundMessage | None:
    system = _mapping(raw.get("system"))
    if system.get("type") not in MOVES:
        return None
    moved = addresses_of_move(raw, system)
    if moved is None:
        return None
    return InboundMessage(
        channel=NAME,
        external_id=_id_of(raw),
        sender=moved.address,
        aliases=moved.aliases,
        sent_at=_time_of(raw, now=now),
        kind=InboundKind.MOVED,
    )


def _receipt(raw: Mapping[str, Any], *, now: datetime) -> Receipt | None:
    state = STATES.get(str(raw.get("status")))
    provider_id = raw.get("id")
    if state is None or not isinstance(provider_id, str) or raw.get("recipient_type") == "group":
        return None
    code = None
    if state == "failed":
        numbers = [_mapping(error).get("code") for error in _list(raw.get("errors"))]
        known = [number for number in numbers if isinstance(number, int)]
        code = code_of(known[0]) if known else "temporary-unknown"
    return Receipt(clean(provider_id), state, _time_of(raw, now=now), code)


def _id_of(raw: Mapping[str, Any]) -> str:
    """Give the message's id; one without any is known by its content, so that it is stored once."""
    given = raw.get("id")
    if isinstance(given, str) and 0 < len(clean(given)) <= LONGEST_ID:
        return clean(given)
    return f"sha256:{hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()}"


def _time_of(raw: Mapping[str, Any], *, now: datetime) -> datetime:
    """Read a time in seconds since 1970; `now` where it is missing, wrong or in the future."""
    try:
        at = datetime.fromtimestamp(int(raw.get("timestamp", "")), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return now
    return min(at, now)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
