"""WhatsApp through Meta's Cloud API: verify, parse, send."""

import asyncio
import hashlib
import hmac
import logging
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from bot.whatsapp_client import (
    API_BASE,
    API_VERSION,
    TIMEOUT,
    PhoneNumber,
    WhatsAppClient,
)
from bot.whatsapp_parser import NAME, parse_body
from bot.whatsapp_payloads import LIMITS, payloads_of, read_receipt
from handlers.channel import (
    Delivery,
    NotAuthentic,
    Parsed,
    PermanentSendError,
    SendError,
    TemporarySendError,
)
from handlers.messages import InboundMessage, OutboundMessage

log = logging.getLogger(__name__)

SIGNATURE = "x-hub-signature-256"
LONGEST_DELIVERY = 25.0
"""Seconds for all parts of one delivery: less than the lease of its row (30 s)."""

REMEMBERED = 1_000
"""Deliveries of several parts whose progress is kept, the newest."""

TROUBLES = {
    "token": "WHATSAPP_TOKEN tidak berlaku atau kurang izin; buat token baru di Meta Business",
    "account": "Akun WhatsApp Business dibatasi atau nomornya belum terdaftar; buka WhatsApp "
    "Manager",
    "permanent": "WHATSAPP_PHONE_ID tidak dikenal; salin ID nomor telepon dari WhatsApp Manager",
    "temporary": "WhatsApp tidak bisa dihubungi; periksa jaringan dan WHATSAPP_API_BASE",
}
"""What an operator reads, by the first word of an error's code."""


class WhatsAppChannel:
    """One business phone number on WhatsApp.

    `send` gives the id of the last part of a delivery. A part that was accepted is not sent again
    when a later one fails, as long as this process lives.
    """

    name = NAME
    limits = LIMITS

    def __init__(
        self,
        token: str,
        phone_id: str,
        app_secret: str,
        verify_token: str,
        *,
        api_base: str = API_BASE,
        api_version: str = API_VERSION,
        timeout: httpx.Timeout = TIMEOUT,
        keep_alive: int = 20,
    ) -> None:
        """Take the four values that Meta's pages show; nothing is opened yet.

        Raises ValueError for an empty one: an empty secret would let anybody in.
        """
        if not all((token, phone_id, app_secret, verify_token)):
            raise ValueError("token, phone id, app secret and verify token are all needed")
        self._phone_id = phone_id
        self._app_secret = app_secret.encode()
        self._verify_token = verify_token.encode()
        self._client = WhatsAppClient(
            token,
            phone_id,
            api_base=api_base,
            api_version=api_version,
            timeout=timeout,
            keep_alive=keep_alive,
        )
        self._accepted: OrderedDict[tuple[int, int], list[str]] = OrderedDict()

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check Meta's signature over the raw body. Raises NotAuthentic."""
        given = next((v for k, v in headers.items() if k.lower() == SIGNATURE), "")
        mac = hmac.new(self._app_secret, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given.encode("utf-8", "replace"), f"sha256={mac}".encode()):
            raise NotAuthentic

    def handshake(self, query: Mapping[str, str]) -> str:
        """Answer Meta's check of a new webhook address. Raises NotAuthentic."""
        token = query.get("hub.verify_token", "").encode("utf-8", "replace")
        is_ours = hmac.compare_digest(token, self._verify_token)
        challenge = query.get("hub.challenge", "")
        if not is_ours or query.get("hub.mode") != "subscribe" or not challenge:
            raise NotAuthentic
        return challenge

    def parse(self, body: bytes, *, now: datetime) -> Parsed:
        """Split one body into everything it holds. Raises Malformed."""
        return parse_body(body, phone_id=self._phone_id, now=now)

    def parts(self, message: OutboundMessage) -> int:
        """Give how many messages WhatsApp counts for one of ours, for pacing."""
        try:
            return len(payloads_of(message, address="0000000"))
        except PermanentSendError:
            # What cannot be sent is refused when it is tried.
            return 1

    async def send(self, delivery: Delivery) -> str:
        """Hand a message to WhatsApp, in parts where one does not hold it; give the last id.

        Raises TemporarySendError, PermanentSendError or WindowClosed.
        """
        payloads = payloads_of(delivery.message, address=delivery.address)
        # The whole delivery: a row whose message became a template starts from its first part.
        key = (delivery.outbox_id, hash(delivery))
        accepted = self._accepted.pop(key, [])
        try:
            async with asyncio.timeout(LONGEST_DELIVERY):
                for payload in payloads[len(accepted) :]:
                    accepted.append(_id_of(await self._client.post_message(payload)))
        except TimeoutError as error:
            self._remember(key, accepted)
            raise TemporarySendError("temporary-timeout", answer_lost=True) from error
        except SendError:
            self._remember(key, accepted)
            raise
        return accepted[-1]

    async def acknowledge(self, message: InboundMessage) -> None:
        """Show a message as read and that an answer is coming; never raises."""
        if not message.external_id.startswith("wamid."):
            return
        try:
            await self._client.post_message(read_receipt(message.external_id))
        except SendError as error:
            log.info("a read receipt was not accepted: %s", error.code)

    async def download(self, media_id: str) -> bytes:
        """Fetch a file that a person sent. Raises MediaRefused."""
        return await self._client.download(media_id)

    async def describe(self) -> PhoneNumber | str:
        """Give our own number as Meta sees it, or one sentence on what to mend."""
        try:
            return await self._client.phone_number()
        except SendError as error:
            return TROUBLES.get(error.code.partition("-")[0], TROUBLES["temporary"])

    async def template_states(self, business_id: str, name: str) -> dict[str, str]:
        """Give Meta's state of a template by language; empty where there is none. Raises SendError."""
        return await self._client.template_states(business_id, name)

    async def close(self) -> None:
        """Close what the running loop has open."""
        await self._client.close()

    def _remember(self, key: tuple[int, int], accepted: list[str]) -> None:
        if accepted:
            self._accepted[key] = accepted
        while len(self._accepted) > REMEMBERED:
            self._accepted.popitem(last=False)


def _id_of(answer: Any) -> str:
    """Read the message's id. Without one nobody knows whether it was accepted: try again."""
    messages = answer.get("messages") if isinstance(answer, dict) else None
    first = messages[0] if isinstance(messages, list) and messages else None
    id = first.get("id") if isinstance(first, dict) else None
    if not isinstance(id, str) or not id:
        raise TemporarySendError("temporary-garbage", answer_lost=True)
    return id
