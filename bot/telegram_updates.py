"""Reading one update of the Bot API: whoever it is from, it becomes at most one neutral message.

External ids hold no chat number (they are stored unsealed): update id and message id are stable
under redelivery, and the message id keeps them apart when Telegram starts its update ids anew
(it draws a random one after a quiet week).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from telegram import CallbackQuery, InlineKeyboardMarkup, Message
from telegram.constants import ChatType, MessageType, UpdateType

from handlers.channel import Malformed, Parsed
from handlers.messages import MAX_SHARED_CHARS, MAX_TEXT_CHARS, InboundKind, InboundMessage

NAME = "telegram"
GROUP = "grup"
"""`detail` of a message from a group: to be declined with one sentence."""

UNKNOWN = "pesan jenis itu"
"""`detail` of what Telegram may invent after this was written."""

WANTED = (UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY)
"""Kinds of update that Telegram is asked for. Others are counted should they come anyway."""

UNSUPPORTED = {
    MessageType.STICKER: "stiker",
    MessageType.ANIMATION: "gambar bergerak",
    MessageType.VIDEO: "video",
    MessageType.VIDEO_NOTE: "video",
    MessageType.POLL: "jajak pendapat",
    MessageType.DICE: "dadu",
    MessageType.GAME: "permainan",
    MessageType.STORY: "cerita",
    MessageType.CHECKLIST: "daftar tugas",
    MessageType.PAID_MEDIA: "media berbayar",
    MessageType.INVOICE: "tagihan",
    MessageType.SUCCESSFUL_PAYMENT: "pembayaran",
    MessageType.GIVEAWAY: "undian",
    MessageType.GIFT: "hadiah",
    MessageType.UNIQUE_GIFT: "hadiah",
}
"""Kinds that a person sends and we cannot read, in the words of the reply."""

NOT_ABOUT_CONTENT = {
    MessageType.BUSINESS_CONNECTION_ID,
    MessageType.EFFECT_ID,
    MessageType.REPLY_TO_STORY,
    MessageType.SENDER_BOOST_COUNT,
    MessageType.SENDER_BUSINESS_BOT,
}
"""Properties that may stand beside any content. What remains in MessageType is either read below
or a note about the chat itself (pinned, renamed, a member who left), which needs no reply."""

CORE = {"message_id", "from", "chat", "date", "edit_date", "text", "caption"}
CONTENT = {
    *("location", "venue", "contact", "voice", "audio", "photo", "live_photo"),
    *("animation", "document", "video", "video_note"),
}
LONGEST_ALBUM = 64
"""Characters kept of an album's id; Telegram gives 17 digits."""

COMMAND_WITH_NAME = re.compile(r"^(/\w+)@\w+")
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError)
"""What the library raises for a payload that is not what it knows."""


def parse_body(body: bytes, *, key: bytes, now: datetime) -> Parsed:
    """Read one webhook body, which is one update. Raises Malformed."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    return parse_update(raw, key=key, now=now)


def parse_update(raw: object, *, key: bytes, now: datetime) -> Parsed:
    """Give the message of an update, or count it as ignored. Raises Malformed.

    `key` seals the chat number in a group's external id; `now` is when a tap is said to be from,
    because Telegram does not date taps.
    """
    if not isinstance(raw, dict) or not _is_number(raw.get("update_id")):
        raise Malformed("no update id")
    kind = next((name for name in WANTED if name in raw), None)
    if kind is None:
        return Parsed(ignored=1)
    if kind == UpdateType.CALLBACK_QUERY:
        message = _tap(raw, now=now)
    else:
        message = _message(raw, _object(raw[kind]), key=key, now=now)
    return Parsed((message,)) if message else Parsed(ignored=1)


def _message(
    raw: dict[str, Any], body: Mapping[str, Any], *, key: bytes, now: datetime
) -> InboundMessage | None:
    chat = _object(body.get("chat"))
    if not _is_number(chat.get("id")) or not _is_number(body.get("message_id")):
        raise Malformed("no chat or message id")
    is_edit = UpdateType.EDITED_MESSAGE in raw
    message = _read_message(body)
    if chat.get("type") in (ChatType.GROUP, ChatType.SUPERGROUP):
        return _declined(message, key=key) if message is not None and not is_edit else None
    if chat.get("type") != ChatType.PRIVATE:
        return None
    # Somebody who shares a moving location sends an edit every few seconds.
    if is_edit and "location" in body:
        return None
    unread: dict[str, Any] = {"kind": InboundKind.UNSUPPORTED}
    fields = content_of(message) if message else unread
    if fields is None:
        return None
    if fields["kind"] == InboundKind.UNSUPPORTED:
        fields["detail"] = next(
            (UNSUPPORTED[each] for each in UNSUPPORTED if each in body), UNKNOWN
        )
    sent_at = (message.edit_date or message.date) if message else now
    external_id = f"{raw['update_id']}:{body['message_id']}"
    if is_edit:
        external_id += f":e{body.get('edit_date')}"
    return InboundMessage(
        channel=NAME,
        external_id=external_id,
        sender=str(chat["id"]),
        sent_at=sent_at,
        album=clean(str(body.get("media_group_id", "")))[:LONGEST_ALBUM],
        **fields,
    )


def content_of(message: Message) -> dict[str, Any] | None:
    """Give what a message holds as fields of ours; None for a note about the chat itself.

    The words beside what we cannot read (a caption) are kept as text.
    """
    if message.text is not None:
        text = COMMAND_WITH_NAME.sub(r"\1", clean(message.text))
        return {"kind": InboundKind.TEXT, "text": text}
    if message.location is not None:
        place = message.location
        return {
            "kind": InboundKind.LOCATION,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "place": _line(message.venue.title, message.venue.address) if message.venue else "",
        }
    if message.contact is not None:
        card = message.contact
        name = " ".join(filter(None, (card.first_name, card.last_name)))
        return {
            "kind": InboundKind.CONTACT,
            "contact_phone": clean(card.phone_number),
            "card": _line(name, card.phone_number),
        }
    media = _media(message)
    if media is not None:
        kind, file_id = media
        return {"kind": kind, "media_id": file_id, "text": clean(message.caption or "")}
    present = {each for each in MessageType if message[each]} - NOT_ABOUT_CONTENT
    if present and not present & set(UNSUPPORTED):
        return None
    return {"kind": InboundKind.UNSUPPORTED, "text": clean(message.caption or "")}


def _media(message: Message) -> tuple[InboundKind, str] | None:
    voice = message.voice or message.audio
    if voice:
        return InboundKind.VOICE, voice.file_id
    if message.photo:
        return InboundKind.PICTURE, message.photo[-1].file_id
    if message.live_photo:
        return InboundKind.PICTURE, message.live_photo.file_id
    moving = message.animation or message.video or message.video_note
    if moving:
        # Nothing that moves can be taken, and whoever sent it must hear so.
        return InboundKind.UNSUPPORTED, moving.file_id
    return (InboundKind.DOCUMENT, message.document.file_id) if message.document else None


def _line(*parts: str) -> str:
    """Give names and numbers as one line that can be stored."""
    whole = (" ".join(clean(part).split()) for part in parts)
    return ", ".join(filter(None, whole))[:MAX_SHARED_CHARS]


def _declined(message: Message, *, key: bytes) -> InboundMessage | None:
    """Give a message without content for a group: the inbox takes it once per group and day."""
    if message.left_chat_member or message.migrate_to_chat_id or message.migrate_from_chat_id:
        return None
    chat = str(message.chat.id)
    digest = hmac.new(key, chat.encode(), hashlib.sha256).hexdigest()[:24]
    return InboundMessage(
        channel=NAME,
        external_id=f"{GROUP}:{digest}:{message.date.date().isoformat()}",
        sender=chat,
        sent_at=message.date,
        kind=InboundKind.UNSUPPORTED,
        detail=GROUP,
    )


def _tap(raw: dict[str, Any], *, now: datetime) -> InboundMessage | None:
    query = _read_query(_object(raw[UpdateType.CALLBACK_QUERY]))
    chat = query.message.chat if query.message else None
    if query.data is None or (chat is not None and chat.type != ChatType.PRIVATE):
        return None
    under = query.message.message_id if query.message else "-"
    return InboundMessage(
        channel=NAME,
        external_id=f"{raw['update_id']}:{under}:b",
        sender=str(chat.id if chat else query.from_user.id),
        sent_at=now.astimezone(UTC),
        kind=InboundKind.BUTTON,
        text=_title_of(query),
        button_id=clean(query.data),
        media_id=query.id,
    )


def _title_of(query: CallbackQuery) -> str:
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    if not isinstance(markup, InlineKeyboardMarkup):
        return ""
    titles = (
        button.text
        for row in markup.inline_keyboard
        for button in row
        if button.callback_data == query.data
    )
    return re.sub(r"^\d+\. ", "", clean(next(titles, "")))


def clean(text: str) -> str:
    """Give a text that can be stored: halves of surrogate pairs replaced, cut at the longest."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole[:MAX_TEXT_CHARS]


def _read_query(body: Mapping[str, Any]) -> CallbackQuery:
    """Read a tap, if need be without the trimmings of the message under it. Raises Malformed."""
    under = body.get("message")
    core = {name: under[name] for name in under if name in CORE} if isinstance(under, dict) else {}
    for given in (dict(body), {**body, "message": core or None}):
        try:
            return CallbackQuery.de_json(given, None)
        except UNREADABLE:
            continue
    raise Malformed("callback query")


def _read_message(body: Mapping[str, Any]) -> Message | None:
    """Read a message, if need be without its trimmings, so that one odd field costs no words.

    The library refuses a whole message when any part lacks a field that it has come to require.
    """
    for names in (body.keys(), CORE | CONTENT, CORE):
        try:
            return Message.de_json({name: body[name] for name in body if name in names}, None)
        except UNREADABLE:
            continue
    return None


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("not an object")
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
