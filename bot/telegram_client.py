"""Talking to the Bot API: connections, what its errors mean for a delivery, and raw updates."""

import asyncio
import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from bot.media_reader import read_file
from handlers.channel import (
    AddressMoved,
    MediaRefused,
    PermanentSendError,
    SendError,
    TemporarySendError,
)
from handlers.media_types import MOST_ANY

PUBLIC_API = "https://api.telegram.org"
CONNECTIONS = 64
"""Open at once; above the number of deliveries that a worker sends at once."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
WRONG_ANSWER = (KeyError, TypeError, ValueError, AttributeError)
"""What the library raises for an answer with status 200 that is not what it knows."""

NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
FORBIDDEN = {
    "user is deactivated": "deactivated",
    "can't initiate conversation": "not-started",
}
"""Words in a 403 → our code; any other means that the person blocked the bot."""

REFUSED = {
    "chat not found": "chat-not-found",
    "peer_id_invalid": "chat-not-found",
    "message is too long": "too-long",
    "text is empty": "empty",
}
"""Words in a 400 → our code; any other is a message that Telegram will never take."""


class TooFast(TelegramError):
    """Telegram asks to wait. Its library's own error of this kind warns of its own future."""

    def __init__(self, retry_after: timedelta) -> None:
        """Keep how long to wait."""
        self.retry_after = retry_after
        super().__init__("too many requests")


class QuietRequest(HTTPXRequest):
    """The library's HTTP client, without its habit of logging an answer that it cannot read."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer. Raises TelegramError without the answer's words: they may be a text."""
        try:
            found = json.loads(payload)
        except ValueError as error:
            raise TelegramError("answer is not JSON") from error
        if not isinstance(found, dict):
            raise TelegramError("answer is not an object")
        return found

    async def do_request(self, *given: Any, **named: Any) -> tuple[int, bytes]:
        """Give status and answer. Raises TooFast for 429, whatever else the answer says."""
        code, payload = await super().do_request(*given, **named)
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            raise TooFast(_retry_after(payload))
        return code, payload


def _retry_after(payload: bytes) -> timedelta:
    try:
        return timedelta(seconds=int(json.loads(payload)["parameters"]["retry_after"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return timedelta(seconds=1)


class TelegramClient:
    """One bot's connections. They belong to an event loop and are made anew in another one."""

    def __init__(self, token: str, *, api_base: str, timeout: timedelta) -> None:
        """Take whose bot this is and where its API is; nothing is opened yet."""
        self._token = token
        self._base = api_base.rstrip("/")
        self._seconds = timeout.total_seconds()
        # A proxy of the machine's is for the way outside, not for an API server beside us.
        self._is_beside_us = urlsplit(self._base).hostname in LOOPBACK
        self._loop: asyncio.AbstractEventLoop | None = None
        self._requests: tuple[QuietRequest, QuietRequest] | None = None
        self._bot: Bot | None = None

    @property
    def bot(self) -> Bot:
        """Give the library's client for the running event loop."""
        loop = asyncio.get_running_loop()
        if self._bot is None or self._loop is not loop:
            self._requests = (self._make_request(1), self._make_request(CONNECTIONS))
            self._bot = Bot(
                self._token,
                base_url=f"{self._base}/bot",
                base_file_url=f"{self._base}/file/bot",
                get_updates_request=self._requests[0],
                request=self._requests[1],
            )
            self._loop = loop
        return self._bot

    async def updates(self, *, offset: int | None, wait: timedelta, kinds: list[str]) -> list[Any]:
        """Give the updates from `offset` on as they came, waiting for the first one.

        Raises TelegramError. The library's own call logs updates that it cannot read.
        """
        seconds = int(wait.total_seconds())
        query: dict[str, object] = {"timeout": seconds, "allowed_updates": json.dumps(kinds)}
        if offset is not None:
            query["offset"] = offset
        bot = self.bot
        assert self._requests is not None
        answer = await self._requests[0].retrieve(
            f"{bot.base_url}/getUpdates?{urlencode(query)}",
            read_timeout=seconds + self._seconds,
        )
        found = QuietRequest.parse_json_payload(answer).get("result")
        if not isinstance(found, list):
            raise TelegramError("no list of updates")
        return found

    async def download(self, file_id: str) -> bytes:
        """Fetch one file that a person sent, whole and within the limits. Raises MediaRefused."""
        try:
            found = await self.bot.get_file(file_id)
        except (TelegramError, *WRONG_ANSWER) as error:
            is_too_big = isinstance(error, BadRequest) and "too big" in error.message.lower()
            # A wrong id and a file that is not at hand just now are told in the same words.
            raise MediaRefused("size" if is_too_big else "temporary-file") from error
        url = found.file_path or ""
        if (found.file_size or 0) > MOST_ANY:
            raise MediaRefused("size")
        if not url.startswith(f"{self._base}/file/bot{self._token}/"):
            raise MediaRefused("host")
        try:
            async with httpx.AsyncClient(
                timeout=self._seconds, trust_env=not self._is_beside_us, follow_redirects=False
            ) as client:
                return await read_file(client, url, refusal=lambda _: "temporary-file")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise MediaRefused("temporary-network") from error

    async def close(self) -> None:
        """Close the connections of the running event loop; they are opened again when needed."""
        requests, self._requests, self._bot = self._requests, None, None
        if requests is not None and self._loop is asyncio.get_running_loop():
            for request in requests:
                await request.shutdown()

    def _make_request(self, connections: int) -> QuietRequest:
        return QuietRequest(
            connection_pool_size=connections,
            read_timeout=self._seconds,
            write_timeout=self._seconds,
            connect_timeout=self._seconds,
            pool_timeout=self._seconds,
            httpx_kwargs={"trust_env": not self._is_beside_us},
        )


def send_error(error: Exception) -> SendError:
    """Give what an error of the Bot API means for the delivery that met it.

    A refused token or a second reader is the operator's to mend: nothing is dropped for it.
    """
    match error:
        case TooFast():
            return TemporarySendError("too-many-requests", retry_after=error.retry_after)
        case ChatMigrated():
            return AddressMoved("chat-migrated", new_address=str(error.new_chat_id))
        case Forbidden():
            return PermanentSendError(_code(error, FORBIDDEN, "blocked"))
        case InvalidToken():
            return TemporarySendError("token")
        case Conflict():
            return TemporarySendError("conflict")
        case BadRequest():
            return PermanentSendError(_code(error, REFUSED, "refused"))
        case TimedOut() | TimeoutError():
            return TemporarySendError("timeout", answer_lost=not _never_left(error))
    return TemporarySendError("unavailable", answer_lost=not _never_left(error))


def _never_left(error: Exception) -> bool:
    """Tell whether no connection was there to send on."""
    return isinstance(error.__cause__, NOT_CONNECTED)


def _code(error: TelegramError, codes: dict[str, str], default: str) -> str:
    said = error.message.lower()
    return next((code for words, code in codes.items() if words in said), default)
