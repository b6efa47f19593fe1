"""How the fake Bot API calls a webhook: with the secret, in order per chat, until it hears 2xx."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram

RETRY_AFTER_SECONDS = 0.2
"""Much shorter than Telegram's, so that tests need not wait."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of the webhook; status 0 where it did not answer."""

    update_id: int
    status: int
    seconds: float


@dataclass(slots=True)
class Webhook:
    """Where updates are sent, and how that went."""

    url: str = ""
    secret: str | None = None
    at_once: int = 40
    last_error: str = ""
    last_error_at: int = 0
    attempts: list[Attempt] = field(default_factory=list)


class Push:
    """Sends what waits as long as the server runs."""

    def __init__(self, fake: "FakeTelegram") -> None:
        """Take the server whose updates are sent."""
        self._fake = fake
        self._busy: dict[int, int] = {}
        """Chat → update on its way."""

        self._not_before: dict[int, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until cancelled."""
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            try:
                while True:
                    for raw in self._next():
                        self._busy[chat_of(raw)] = raw["update_id"]
                        task = asyncio.create_task(self._send(client, raw))
                        self._tasks.add(task)
                        task.add_done_callback(self._tasks.discard)
                    if self._fake.webhook.url:
                        await self._fake.news(0.02)
                    else:
                        # getUpdates waits for the same news.
                        await asyncio.sleep(0.02)
            finally:
                for task in list(self._tasks):
                    task.cancel()

    def _next(self) -> list[dict[str, Any]]:
        """Give what may be sent now: one update a chat, and only so many at once."""
        webhook, now = self._fake.webhook, time.monotonic()
        if not webhook.url:
            return []
        found: dict[int, dict[str, Any]] = {}
        passed: set[int] = set()
        with self._fake.lock:
            for raw in self._fake.updates:
                if len(found) + len(self._busy) >= webhook.at_once:
                    break
                chat = chat_of(raw)
                if chat in self._busy or chat in passed:
                    continue
                passed.add(chat)
                if self._not_before.get(raw["update_id"], 0) <= now:
                    found[chat] = raw
        return list(found.values())

    async def _send(self, client: httpx.AsyncClient, raw: dict[str, Any]) -> None:
        webhook, id = self._fake.webhook, raw["update_id"]
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        began, status, problem = time.monotonic(), 0, "Connection refused"
        try:
            status = (await client.post(webhook.url, json=raw, headers=headers)).status_code
            problem = f"Wrong response from the webhook: {status}"
        except httpx.HTTPError as error:
            problem = type(error).__name__
        finally:
            self._busy.pop(chat_of(raw), None)
        with self._fake.lock:
            webhook.attempts.append(Attempt(id, status, time.monotonic() - began))
            if 200 <= status < 300:
                self._fake.updates = [one for one in self._fake.updates if one["update_id"] != id]
            else:
                webhook.last_error, webhook.last_error_at = problem, int(time.time())
                self._not_before[id] = time.monotonic() + RETRY_AFTER_SECONDS
        self._fake.wake()


def chat_of(raw: dict[str, Any]) -> int:
    """Give the chat of an update; 0 where it has none."""
    body: dict[str, Any] = next((value for name, value in raw.items() if name != "update_id"), {})
    body = body.get("message", body)
    return int(body.get("chat", {}).get("id", 0))
