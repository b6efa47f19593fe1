"""Telegram: verify and read updates, send messages, and long polling for development.

Sending is at least once. A text longer than one message goes out in parts; the parts that were
accepted are remembered in this process, so that a retry goes on with the first missing one. After
a restart, or in another process, such a delivery starts again from its first part. Where an answer
was lost on its way back the part is sent twice: the Bot API knows no idempotency key.
"""

import asyncio
import hmac
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram.constants import ChatAction, InlineKeyboardMarkupLimit, MessageLimit
from telegram.error import Conflict, InvalidToken, TelegramError

from bot import telegram_updates
from bot.telegram_client import PUBLIC_API, WRONG_ANSWER, TelegramClient, TooFast, send_error
from bot.telegram_text import can_be_tapped, render
from bot.telegram_updates import GROUP, NAME, WANTED
from handlers.channel import Delivery, Limits, Malformed, NotAuthentic, Parsed, PermanentSendError
from handlers.messages import InboundKind, InboundMessage, OutboundMessage
from handlers.outbox import LEASE

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Store = Callable[[Sequence[InboundMessage]], Awaitable[object]]
"""Commits messages; what it raises leaves the updates with Telegram."""

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105
MAX_TITLE = 64
"""Characters of a button: Telegram names no limit, a phone shows about this much on a line."""

LIMITS = Limits(
    text=int(MessageLimit.MAX_TEXT_LENGTH),
    buttons=int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER),
    button_title=MAX_TITLE,
    list_rows=int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER),
    list_title=MAX_TITLE,
)
TIMEOUT = timedelta(seconds=10)
SEND_WITHIN = LEASE - timedelta(seconds=5)
"""For all parts of a delivery: later another worker may take it over."""

PARTLY_SENT_KEPT = 1_000
LONG_POLL = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(seconds=30)
CONFLICT_PAUSE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class TelegramStatus:
    """What Telegram says of the bot. `webhook_url` is empty while updates are polled."""

    username: str
    webhook_url: str
    pending: int
    last_error: str
    last_error_at: datetime | None


class TelegramChannel:
    """Reaches people through a bot on Telegram."""

    name = NAME
    limits = LIMITS

    def __init__(
        self,
        token: str,
        *,
        api_base: str = PUBLIC_API,
        secret_token: str | None = None,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        """Take the bot's token; without `secret_token` every webhook call is refused."""
        self._client = TelegramClient(token, api_base=api_base, timeout=timeout)
        self._key = token.encode()
        self._secret = (secret_token or "").encode()
        self._partly_sent: OrderedDict[tuple[int, str], list[int]] = OrderedDict()

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check the secret that Telegram was told to send along. Raises NotAuthentic."""
        given = next(
            (value for name, value in headers.items() if name.lower() == SECRET_HEADER), ""
        )
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret):
            raise NotAuthentic

    def parse(self, body: bytes, *, now: datetime) -> Parsed:
        """Read one update. Raises Malformed.

        What stands in a group is never kept: a group gives an empty message with `detail` "grup",
        under one external id per group and day, so that the inbox lets one through.
        """
        return telegram_updates.parse_body(body, key=self._key, now=now)

    def handshake(self, query: Mapping[str, str]) -> str:
        """Refuse: Telegram does not check an address by asking for it."""
        raise NotAuthentic

    def parts(self, message: OutboundMessage) -> int:
        """Give how many messages Telegram counts for one of ours, for pacing."""
        return max(1, len(render(message)[0]))

    async def send(self, delivery: Delivery) -> str:
        """Send a message in as many parts as it needs; give their ids, joined by commas.

        Raises TemporarySendError, PermanentSendError or AddressMoved.
        """
        parts, markup = render(delivery.message)
        if not parts:
            raise PermanentSendError("empty")
        if not all(map(can_be_tapped, delivery.message.choices)):
            log.error("delivery %s has a button id that does not fit", delivery.outbox_id)
        key = (delivery.outbox_id, delivery.address)
        sent = self._partly_sent.pop(key, [])
        try:
            async with asyncio.timeout(SEND_WITHIN.total_seconds()):
                for number in range(len(sent), len(parts)):
                    is_last = number == len(parts) - 1
                    message = await self._client.bot.send_message(
                        delivery.address, parts[number], reply_markup=markup if is_last else None
                    )
                    sent.append(message.message_id)
        except (TelegramError, TimeoutError, *WRONG_ANSWER) as error:
            failed = send_error(error)
            if sent and not isinstance(failed, PermanentSendError):
                self._remember(key, sent)
            raise failed from error
        return ",".join(map(str, sent))

    async def acknowledge(self, message: InboundMessage) -> None:
        """Release a tapped button and show that we are writing; never raises."""
        if message.detail == GROUP:
            return
        try:
            if message.kind == InboundKind.BUTTON and message.media_id:
                await self._client.bot.answer_callback_query(message.media_id)
            await self._client.bot.send_chat_action(message.sender, ChatAction.TYPING)
        except (TelegramError, *WRONG_ANSWER) as error:
            log.info("not acknowledged: %s", send_error(error).code)

    async def download(self, media_id: str) -> bytes:
        """Fetch a file that a person sent. Raises MediaRefused."""
        return await self._client.download(media_id)

    async def poll(
        self,
        store: Store,
        *,
        clock: Clock,
        wait: timedelta = LONG_POLL,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Fetch updates until cancelled; the webhook is taken away first.

        Telegram keeps an update until a later call names a higher offset, and that call is made
        only after `store` returned. `pause` waits some seconds after an error.
        """
        offset: int | None = None
        failures = 0
        is_ready = False
        while True:
            try:
                if not is_ready:
                    await self._client.bot.delete_webhook()
                    is_ready = True
                updates = await self._client.updates(offset=offset, wait=wait, kinds=list(WANTED))
                messages, following = self._read(updates, now=clock())
                if messages:
                    await store(messages)
                offset, failures = following or offset, 0
            except Exception as error:
                failures += 1
                log.warning("polling failed: %s", type(error).__name__)
                await pause(pause_after(error, failures).total_seconds())

    async def register(self, url: str) -> None:
        """Tell Telegram where to call us, with our secret. Raises SendError.

        Without a secret nothing is registered, because every call would be refused.
        """
        if not self._secret:
            raise PermanentSendError("no-secret")
        try:
            await self._client.bot.set_webhook(
                url, secret_token=self._secret.decode(), allowed_updates=list(WANTED)
            )
        except (TelegramError, *WRONG_ANSWER) as error:
            raise send_error(error) from error

    async def describe(self) -> TelegramStatus | str:
        """Give what Telegram says of the bot, or one sentence that says why it says nothing."""
        try:
            me = await self._client.bot.get_me()
            webhook = await self._client.bot.get_webhook_info()
        except InvalidToken:
            return "Telegram menolak TELEGRAM_BOT_TOKEN; ambil token yang benar dari @BotFather"
        except (TelegramError, *WRONG_ANSWER) as error:
            code = send_error(error).code
            return f"Telegram tidak menjawab ({code}); periksa jaringan dan TELEGRAM_API_BASE"
        return TelegramStatus(
            username=me.username or "",
            webhook_url=webhook.url,
            pending=webhook.pending_update_count,
            last_error=webhook.last_error_message or "",
            last_error_at=webhook.last_error_date,
        )

    async def close(self) -> None:
        """Close the connections of the running event loop."""
        await self._client.close()

    def _read(
        self, updates: Sequence[object], *, now: datetime
    ) -> tuple[list[InboundMessage], int | None]:
        """Give the messages of a batch and the offset that follows it.

        One update that is not as documented must not keep all others back: it is passed over.
        """
        messages: list[InboundMessage] = []
        following = None
        for raw in updates:
            id = raw.get("update_id") if isinstance(raw, dict) else None
            if not isinstance(id, int):
                raise Malformed("no update id")
            following = max(following or 0, id + 1)
            try:
                messages += telegram_updates.parse_update(raw, key=self._key, now=now).messages
            except Malformed:
                log.error("update %s is not as documented", id)
        return messages, following

    def _remember(self, key: tuple[int, str], sent: list[int]) -> None:
        self._partly_sent[key] = sent
        while len(self._partly_sent) > PARTLY_SENT_KEPT:
            self._partly_sent.popitem(last=False)


def pause_after(error: Exception, failures: int) -> timedelta:
    """Give how long polling waits: as asked, long for another reader, else doubling from 1 s."""
    if isinstance(error, TooFast):
        return error.retry_after
    if isinstance(error, Conflict):
        return CONFLICT_PAUSE
    return min(timedelta(seconds=2 ** min(failures - 1, 10)), LONGEST_PAUSE)
