"""The methods of the fake Bot API: what each checks, does and answers."""

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.fakes.telegram_faults import Fault, blocked, migrated, refused
from tests.fakes.telegram_push import Webhook

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.telegram_state import Chat

MAX_TEXT_UNITS = 4096
MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
MAX_BATCH = 100


class Refused(Exception):
    """A call that the Bot API answers with an error."""

    def __init__(self, fault: Fault) -> None:
        """Keep the answer."""
        self.fault = fault
        super().__init__(fault.description)


async def answer(fake: "FakeTelegram", method: str, params: dict[str, Any]) -> Any:
    """Do what a method does and give its result. Raises Refused."""
    if method == "getUpdates":
        return await get_updates(fake, params)
    with fake.lock:
        match method:
            case "getMe":
                return fake.bot
            case "sendMessage":
                return send_message(fake, params)
            case "sendChatAction":
                writable(fake, params)
                return True
            case "answerCallbackQuery":
                return answer_callback_query(fake, params)
            case "setWebhook":
                return set_webhook(fake, params)
            case "deleteWebhook":
                fake.webhook = Webhook()
                return True
            case "getWebhookInfo":
                return webhook_info(fake)
            case "getFile":
                return get_file(fake, params)
    raise Refused(refused(404, "Not Found"))


async def get_updates(fake: "FakeTelegram", params: dict[str, Any]) -> list[dict[str, Any]]:
    """Forget what `offset` confirms, then give what waits, if need be after `timeout` seconds."""
    if fake.webhook.url:
        text = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"
        raise Refused(refused(409, text))
    offset, limit = int(params.get("offset", 0)), int(params.get("limit", MAX_BATCH))
    with fake.lock:
        fake.poll_turn += 1
        turn = fake.poll_turn
        if "allowed_updates" in params:
            fake.allowed = params["allowed_updates"] or None
        if offset > 0:
            fake.updates = [raw for raw in fake.updates if raw["update_id"] >= offset]
        elif offset < 0:
            fake.updates = fake.updates[offset:]
    fake.wake()
    end = time.monotonic() + float(params.get("timeout", 0))
    while not fake.updates and not fake.stopping.is_set() and (left := end - time.monotonic()) > 0:
        await fake.news(left)
        if fake.poll_turn != turn:
            fake.wake()
            text = "Conflict: terminated by other getUpdates request"
            raise Refused(refused(409, text))
    with fake.lock:
        return fake.updates[: max(1, min(limit, MAX_BATCH))]


def writable(fake: "FakeTelegram", params: dict[str, Any]) -> "Chat":
    """Give the chat that is written to. Raises Refused."""
    chat = fake.chats.get(params.get("chat_id", 0))
    if chat is None or (chat.type == "private" and not chat.is_open):
        raise Refused(refused(400, "Bad Request: chat not found"))
    if chat.moved_to is not None:
        raise Refused(migrated(chat.moved_to))
    if chat.is_blocked:
        if chat.type == "private":
            raise Refused(blocked())
        raise Refused(refused(403, "Forbidden: bot was kicked from the group chat"))
    return chat


def send_message(fake: "FakeTelegram", params: dict[str, Any]) -> dict[str, Any]:
    """Put a message into a chat, exactly as it came."""
    chat = writable(fake, params)
    text = str(params.get("text", ""))
    if not text.strip():
        raise Refused(refused(400, "Bad Request: message text is empty"))
    if len(text.encode("utf-16-le")) // 2 > MAX_TEXT_UNITS:
        raise Refused(refused(400, "Bad Request: message is too long"))
    markup = params.get("reply_markup")
    check_markup(markup)
    message: dict[str, Any] = {
        "message_id": next(fake.ids),
        "from": fake.bot,
        "chat": {"id": chat.id, "type": chat.type, **chat.fields},
        "date": int(time.time()),
        "text": text,
    }
    # Only inline keyboards come back with the message.
    shown = message | ({"reply_markup": markup} if markup else {})
    chat.received.append(shown)
    if fake.on_message is not None:
        fake.on_message(chat, shown)
    is_inline = isinstance(markup, dict) and "inline_keyboard" in markup
    return shown if is_inline else message


def check_markup(markup: Any) -> None:
    """Refuse keyboards that Telegram refuses."""
    if markup is None:
        return
    if not isinstance(markup, dict):
        raise Refused(refused(400, "Bad Request: can't parse reply keyboard markup JSON object"))
    buttons = [button for row in markup.get("inline_keyboard", ()) for button in row]
    for button in buttons:
        if not 1 <= len(button.get("callback_data", "").encode()) <= MAX_CALLBACK_BYTES:
            raise Refused(refused(400, "Bad Request: BUTTON_DATA_INVALID"))
    if len(buttons) > MAX_BUTTONS:
        raise Refused(refused(400, "Bad Request: reply markup is too long"))


def answer_callback_query(fake: "FakeTelegram", params: dict[str, Any]) -> bool:
    """Release a tapped button."""
    id = str(params.get("callback_query_id", ""))
    if id not in fake.open_taps:
        text = "Bad Request: query is too old and response timeout expired or query ID is invalid"
        raise Refused(refused(400, text))
    fake.open_taps[id] = True
    return True


def set_webhook(fake: "FakeTelegram", params: dict[str, Any]) -> bool:
    """Send updates to an address from now on; an empty one ends that."""
    url = str(params.get("url", ""))
    if url and urlsplit(url).hostname != "127.0.0.1":
        raise Refused(refused(400, "Bad Request: bad webhook: this server calls loopback only"))
    fake.webhook = Webhook(
        url,
        secret=params.get("secret_token"),
        at_once=int(params.get("max_connections", 40)),
    )
    if "allowed_updates" in params:
        fake.allowed = params["allowed_updates"] or None
    fake.wake()
    return True


def webhook_info(fake: "FakeTelegram") -> dict[str, Any]:
    """Give what is known of the webhook."""
    info: dict[str, Any] = {
        "url": fake.webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(fake.updates),
    }
    if fake.webhook.last_error:
        info |= {
            "last_error_message": fake.webhook.last_error,
            "last_error_date": fake.webhook.last_error_at,
        }
    return info


def get_file(fake: "FakeTelegram", params: dict[str, Any]) -> dict[str, Any]:
    """Give where a file can be fetched."""
    id = str(params.get("file_id", ""))
    if id not in fake.files:
        raise Refused(
            refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        )
    return {"file_id": id, "file_unique_id": id, "file_path": id, "file_size": len(fake.files[id])}
