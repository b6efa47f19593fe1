"""A thin client of Meta's Graph API: one request, one answer or one of our errors."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from bot.media_reader import read_file
from bot.whatsapp_errors import Verdict, make_error, verdict_of
from handlers.channel import MediaRefused, TemporarySendError
from handlers.media_types import MOST_ANY

API_BASE = "https://graph.facebook.com"
API_VERSION = "v25.0"
"""Graph API version. Meta keeps each for about two years."""

TIMEOUT = httpx.Timeout(10, connect=5)
"""Seconds. A delivery of a few parts has to end within the lease of its row (30 s)."""

MEDIA_HOSTS = ("fbsbx.com", "facebook.com", "whatsapp.net")
"""Where Meta keeps media. The token goes nowhere else but to the API itself."""

PHONE_FIELDS = (
    "display_phone_number,verified_name,quality_rating,code_verification_status,name_status,"
    "webhook_configuration"
)


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """Our own number, as Meta sees it. `webhook_url` is where it sends this number's events."""

    name: str
    number: str
    quality: str
    is_verified: bool
    is_name_approved: bool
    webhook_url: str | None


class WhatsAppClient:
    """Talks to the Graph API for one business phone number.

    The connections belong to the running event loop; on another loop new ones are made.
    """

    def __init__(
        self,
        token: str,
        phone_id: str,
        *,
        api_base: str = API_BASE,
        api_version: str = API_VERSION,
        timeout: httpx.Timeout = TIMEOUT,
        keep_alive: int = 20,
    ) -> None:
        """Take where and as whom to call; nothing is opened yet."""
        self._base = httpx.URL(api_base)
        self._root = f"{api_base.rstrip('/')}/{api_version.strip('/')}"
        self._phone_id = phone_id
        self._headers = {"authorization": f"Bearer {token}"}
        self._timeout = timeout
        self._limits = httpx.Limits(max_connections=100, max_keepalive_connections=keep_alive)
        self._open: tuple[asyncio.AbstractEventLoop, httpx.AsyncClient] | None = None

    async def post_message(self, payload: Mapping[str, Any]) -> Any:
        """Post to our number's messages edge and give the decoded answer. Raises SendError."""
        return await self._call("POST", f"{self._root}/{self._phone_id}/messages", json=payload)

    async def phone_number(self) -> PhoneNumber:
        """Ask for our own number. Raises SendError."""
        raw = await self._call(
            "GET", f"{self._root}/{self._phone_id}", params={"fields": PHONE_FIELDS}
        )
        if not isinstance(raw, dict) or "display_phone_number" not in raw:
            raise TemporarySendError("temporary-garbage")
        hooks = raw.get("webhook_configuration")
        hooks = hooks if isinstance(hooks, dict) else {}
        levels = ("phone_number", "whatsapp_business_account", "application")
        urls = [str(hooks[level]) for level in levels if hooks.get(level)]
        return PhoneNumber(
            name=str(raw.get("verified_name", "")),
            number=str(raw["display_phone_number"]),
            quality=str(raw.get("quality_rating", "UNKNOWN")),
            is_verified=raw.get("code_verification_status") == "VERIFIED",
            is_name_approved=raw.get("name_status") in ("APPROVED", "AVAILABLE_WITHOUT_REVIEW"),
            webhook_url=urls[0] if urls else None,
        )

    async def template_states(self, business_id: str, name: str) -> dict[str, str]:
        """Give the state of a template of a business account by language. Raises SendError."""
        # `name` finds every template whose name contains it.
        raw = await self._call(
            "GET",
            f"{self._root}/{quote(business_id, safe='')}/message_templates",
            params={"name": name, "fields": "name,status,language", "limit": 100},
        )
        found = raw.get("data") if isinstance(raw, dict) else None
        if not isinstance(found, list):
            raise TemporarySendError("temporary-garbage")
        return {
            str(each.get("language")): str(each.get("status"))
            for each in found
            if isinstance(each, dict) and each.get("name") == name
        }

    async def download(self, media_id: str) -> bytes:
        """Fetch one file that a person sent, whole and within the limits. Raises MediaRefused."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,200}", media_id):
            raise MediaRefused("gone")
        try:
            found = await self._client().get(
                f"{self._root}/{media_id}", params={"phone_number_id": self._phone_id}
            )
            described = _decoded(found)
            if found.status_code >= 400 or not isinstance(described, dict):
                raise MediaRefused(_media_code(found.status_code, described))
            size = described.get("file_size", 0)
            if not str(size).isdigit() or int(size) > MOST_ANY:
                raise MediaRefused("size")
            url = self._safe_url(str(described.get("url", "")))
            return await read_file(
                self._client(), url, refusal=lambda status: _media_code(status, None)
            )
        except httpx.HTTPError as error:
            raise MediaRefused("temporary-network") from error

    async def close(self) -> None:
        """Close the connections of the running loop."""
        if self._open is not None and self._open[0] is asyncio.get_running_loop():
            await self._open[1].aclose()
        self._open = None

    async def _call(self, method: str, url: str, **given: Any) -> Any:
        try:
            answer = await self._client().request(method, url, **given)
        except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise TemporarySendError("temporary-timeout") from error
        except httpx.TimeoutException as error:
            raise TemporarySendError("temporary-timeout", answer_lost=True) from error
        except (httpx.ConnectError, httpx.InvalidURL) as error:
            raise TemporarySendError("temporary-network") from error
        except httpx.HTTPError as error:
            raise TemporarySendError("temporary-network", answer_lost=True) from error
        body = _decoded(answer)
        has_error = isinstance(body, dict) and "error" in body
        if answer.status_code >= 300 or has_error:
            raise make_error(answer.status_code, body, answer.headers)
        return body

    def _safe_url(self, given: str) -> httpx.URL:
        try:
            url = httpx.URL(given)
        except httpx.InvalidURL as error:
            raise MediaRefused("host") from error
        base = self._base
        if (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port):
            return url
        is_metas = any(url.host == host or url.host.endswith(f".{host}") for host in MEDIA_HOSTS)
        if url.scheme != "https" or not is_metas:
            raise MediaRefused("host")
        return url

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if self._open is None or self._open[0] is not loop:
            client = httpx.AsyncClient(
                headers=self._headers,
                timeout=self._timeout,
                limits=self._limits,
                follow_redirects=False,
            )
            self._open = (loop, client)
        return self._open[1]


def _decoded(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return None


def _media_code(status: int, body: Any) -> str:
    error = body.get("error") if isinstance(body, dict) else None
    number = error.get("code") if isinstance(error, dict) else None
    if isinstance(number, int):
        verdict = verdict_of(number, default=Verdict.TEMPORARY)
        return "gone" if verdict == Verdict.PERMANENT else f"{verdict.value}-{number}"
    return "gone" if status in (404, 410) else f"temporary-http-{status}"
