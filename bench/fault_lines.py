"""The providers of the fault run: who writes through each, what they got, what was asked."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

import httpx

from bot.telegram_text import render
from bot.whatsapp_payloads import payloads_of
from handlers.messages import OutboundMessage
from tests.fakes import telegram_faults, whatsapp_faults
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_people import FakePerson
from tests.fakes.whatsapp import FakeGraph
from tests.fakes.whatsapp_person import text_of

SHARE = 0.1
SEED = 20261124
IN_ONE_BODY = 25
SECRET = "rahasia-1"
ACCEPTED, LOST, NO_ANSWER = "accepted", "answer lost", "no answer"


class Line(Protocol):
    """One provider: who writes through it, what they got, and what it was asked."""

    name: str
    settings: dict[str, Any]

    def join(self, number: int) -> str:
        """Add somebody; give the address."""
        ...

    def say(self, number: int, text: str) -> None:
        """Let somebody write."""
        ...

    def bodies(self) -> Iterable[tuple[bytes, dict[str, str]]]:
        """Take what waits for the webhook: bodies with their headers."""
        ...

    def parts(self, message: OutboundMessage, *, address: str) -> list[str]:
        """Give what a person is to read of a message, in order."""
        ...

    def received(self, number: int) -> list[str]:
        """Give what somebody read, oldest first."""
        ...

    def sends(self) -> Counter[str]:
        """Count the sends by outcome: accepted, lost, and each way of not being accepted."""
        ...


class WhatsAppLine:
    """The fake Graph server."""

    name = "whatsapp"

    def __init__(self, graph: FakeGraph, *, clock: Callable[[], datetime]) -> None:
        self._graph = graph
        graph.start_over(clock=clock)
        self._people = graph.people
        account = graph.account
        self.settings = {
            "whatsapp_token": account.token,
            "whatsapp_phone_id": account.phone_id,
            "whatsapp_app_secret": account.app_secret,
            "whatsapp_verify_token": account.verify_token,
            "whatsapp_api_base": graph.url,
        }
        graph.faults.by_chance(
            SHARE,
            whatsapp_faults.refuse(130429, status=429, retry_after="2"),
            whatsapp_faults.refuse(131000),
            whatsapp_faults.outage(503),
            whatsapp_faults.cut(),
            whatsapp_faults.lost(),
            seed=SEED,
        )

    def join(self, number: int) -> str:
        phone, user_id = f"62812{number:08d}", f"ID.1{number:09d}"
        return self._graph.person(phone=phone, user_id=user_id).address

    def say(self, number: int, text: str) -> None:
        self._people[number].say(text)

    def bodies(self) -> Iterable[tuple[bytes, dict[str, str]]]:
        graph = self._graph
        events, graph.pending = graph.pending, []
        for start in range(0, len(events), IN_ONE_BODY):
            body = graph.body(events[start : start + IN_ONE_BODY])
            yield body, graph.headers(body)

    def parts(self, message: OutboundMessage, *, address: str) -> list[str]:
        return [text_of(payload) for payload in payloads_of(message, address=address)]

    def received(self, number: int) -> list[str]:
        return self._people[number].texts

    def sends(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for call in self._graph.calls:
            if not isinstance(call.payload, dict) or "status" in call.payload:
                continue
            if call.wamid:
                counts[ACCEPTED if call.status == 200 else LOST] += 1
            else:
                counts[f"refused {call.code}" if call.code else NO_ANSWER] += 1
        return counts


class TelegramLine:
    """The fake Bot API, which calls the webhook."""

    name = "telegram"

    def __init__(self, fake: FakeTelegram) -> None:
        fake.reset()
        self._fake = fake
        self._people: list[FakePerson] = []
        self.settings = {
            "telegram_bot_token": TOKEN,
            "telegram_api_base": fake.url,
            "telegram_mode": "webhook",
            "telegram_secret_token": SECRET,
            "public_url": "https://contoh.example",
        }
        chance = random.Random(SEED)
        ways = (
            telegram_faults.too_fast(2),
            telegram_faults.broken(500),
            telegram_faults.broken(502),
            telegram_faults.cut(),
            telegram_faults.lost(),
        )
        fake.chooser = lambda method, _: (
            chance.choice(ways) if method == "sendMessage" and chance.random() < SHARE else None
        )

    def join(self, number: int) -> str:
        self._people.append(self._fake.person(f"Warga {number}"))
        return str(self._people[-1].id)

    def say(self, number: int, text: str) -> None:
        self._people[number].says(text)

    def bodies(self) -> Iterable[tuple[bytes, dict[str, str]]]:
        updates, self._fake.updates = self._fake.updates, []
        for update in updates:
            request = httpx.Request("POST", "http://x", json=update)
            yield request.read(), {"X-Telegram-Bot-Api-Secret-Token": SECRET}

    def parts(self, message: OutboundMessage, *, address: str) -> list[str]:
        return render(message)[0]

    def received(self, number: int) -> list[str]:
        return [one.text for one in self._people[number].seen]

    def sends(self) -> Counter[str]:
        names = {"ok": ACCEPTED, "lost": LOST, "cut": NO_ANSWER}
        calls = self._fake.called("sendMessage")
        return Counter(names.get(call.outcome, f"refused {call.outcome}") for call in calls)
