"""A Graph server for WhatsApp on loopback, strict as Meta's, with people who write to the bot.

    with FakeGraph(webhook=post_to(url)) as graph:
        ani = graph.person(phone="6281200000001", user_id="ID.1")
        ani.say("brp biaya paspor")
        graph.flush()

By hand: `python -m tests.fakes whatsapp --port 8082`, then open the address that it prints.
"""

import json
import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.whatsapp_people import is_phone
from tests.fakes.faults import Faults
from tests.fakes.whatsapp_account import (
    SECRETS,
    Account,
    Call,
    PairRate,
    Webhook,
    account_of_environment,
    body_of,
    described,
    phone_number_of,
    post_to,
    signed,
    statuses_of,
    templates_of,
)
from tests.fakes.whatsapp_faults import Fault, Way
from tests.fakes.whatsapp_page import page_routes
from tests.fakes.whatsapp_person import Event, Item, Person, Stored, new_wamid
from tests.fakes.whatsapp_rules import Refusal, check, check_receipt, check_template_query, need
from tests.fakes.whatsapp_server import CutOff, Served

WINDOW = timedelta(hours=24)


class FakeGraph(Served):
    """One business number of the Cloud API."""

    def __init__(
        self,
        account: Account | None = None,
        *,
        webhook: Webhook | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        port: int = 0,
    ) -> None:
        self._lock = threading.RLock()
        self.start_over(account, webhook=webhook, clock=clock)
        routes = [
            Route("/berkas/{media_id}", self._file),
            Route("/{version}/{phone_id}/messages", self._messages, methods=["POST"]),
            Route("/{version}/{business_id}/message_templates", self._templates),
            Route("/{version}/{node_id}", self._node),
        ]
        super().__init__(Starlette(routes=routes), port=port)

    def start_over(
        self,
        account: Account | None = None,
        *,
        webhook: Webhook | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Forget everything and everybody; the server runs on."""
        self.account = account or Account()
        self.webhook = webhook
        self.clock = clock
        self.calls: list[Call] = []
        self.people: list[Person] = []
        self.pending: list[Event] = []
        self.media: dict[str, Stored] = {}
        self.faults = Faults[Fault]()
        self.known: set[str] = set()
        self._pairs = PairRate()

    def person(
        self, *, phone: str | None = None, user_id: str | None = None, name: str = "Warga"
    ) -> Person:
        """Add somebody who can write to the bot."""
        person = Person(
            phone=phone,
            user_id=user_id,
            name=name,
            emit=self._emit,
            store=self._store,
            clock=self.clock,
        )
        self.people.append(person)
        return person

    @property
    def accepted(self) -> list[Call]:
        """The messages that were accepted, in order."""
        return [call for call in self.calls if call.wamid]

    def summary(self) -> dict[str, int]:
        """Count the calls by what became of them."""
        counts: dict[str, int] = {}
        for call in self.calls:
            name = "accepted" if call.wamid else f"{call.status}:{call.code}"
            counts[name] = counts.get(name, 0) + 1
        return counts

    def body(self, events: Sequence[Event]) -> bytes:
        """Give one body that holds all of these events."""
        return body_of(events, phone_id=self.account.phone_id)

    def headers(self, body: bytes) -> dict[str, str]:
        """Give the headers with Meta's signature over a body."""
        return signed(body, app_secret=self.account.app_secret)

    def flush(
        self, *, batch: bool = True, repeat: int = 1, shuffle: random.Random | None = None
    ) -> list[int]:
        """Send what waits to the webhook; what is not answered 200 waits on. Give the statuses."""
        assert self.webhook is not None
        with self._lock:
            events, self.pending = self.pending, []
        if shuffle is not None:
            shuffle.shuffle(events)
        statuses = []
        for group in [events] if batch and events else [[event] for event in events]:
            body = self.body(group)
            answers = [self.webhook(body, self.headers(body)) for _ in range(repeat)]
            statuses += answers
            if 200 not in answers:
                with self._lock:
                    self.pending += group
        return statuses

    def _emit(self, event: Event) -> None:
        with self._lock:
            if event.field == "messages":
                self.known.add(event.item["id"])
            self.pending.append(event)

    def _store(self, stored: Stored) -> str:
        media_id = str(10**15 + len(self.media))
        self.media[media_id] = stored
        return media_id

    async def _messages(self, request: Request) -> Response:
        raw = await request.body()
        try:
            payload = json.loads(raw)
        except ValueError:
            payload = None
        is_receipt = isinstance(payload, dict) and "status" in payload
        fault = None if is_receipt else self.faults.take()
        if fault is not None and fault.way == Way.HANG:
            await self.pause(fault.seconds)
            return self._log(request, payload, Response(status_code=504))
        with self._lock:
            return self._answer(request, payload, fault)

    def _answer(self, request: Request, payload: Any, fault: Fault | None) -> Response:
        try:
            self._authorize(request)
            if isinstance(payload, dict) and "status" in payload:
                check_receipt(payload, self.known)
                return self._log(request, payload, JSONResponse({"success": True}))
            if fault is not None and fault.way == Way.OUTAGE:
                page = Response("<html>", fault.status or 502, dict(fault.headers))
                return self._log(request, payload, page)
            if fault is not None and fault.way == Way.CUT:
                return self._log(request, payload, CutOff(status_code=502))
            if fault is not None and fault.way == Way.GARBAGE:
                return self._log(request, payload, Response("<html>apa?</html>"))
            if fault is not None and fault.way == Way.REFUSE:
                raise Refusal(fault.code, "on order", fault.headers, fault.status)
            check(payload, self.account.templates)
            return self._accept(request, payload, fault)
        except Refusal as refusal:
            body, headers = refusal.body(), dict(refusal.headers)
            answer = JSONResponse(body, refusal.http_status, headers)
            return self._log(request, payload, answer, code=refusal.code)

    def _accept(self, request: Request, payload: Item, fault: Fault | None) -> Response:
        address = str(payload.get("to") or payload.get("recipient"))
        person = self._reached(payload)
        code = fault.code if fault is not None and fault.way == Way.FAIL_LATER else None
        if person is not None:
            is_allowed = self._pairs.allows(address, burst=self.account.pair_burst, at=self.clock())
            need(is_allowed, 131056, "pair rate limit hit")
            if payload["type"] != "template" and not self._is_open(person):
                need(self.account.window_closes == "later", 131047, "Re-engagement message")
                code = 131047
        wamid = new_wamid()
        if person is not None and code is None:
            person.receive(payload | {"id": wamid})
        # Meta takes a user id in `to` and a number without WhatsApp; nobody ever gets those.
        if person is not None or is_phone(address):
            reported = code if person is not None else 131026
            if self.account.with_statuses:
                self.pending += statuses_of(wamid, person, reported, at=self.clock())
        answer: Response = JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": address, "wa_id": address}],
                "messages": [{"id": wamid}],
            }
        )
        if fault is not None and fault.way == Way.LOST:
            answer = CutOff(status_code=502)
        return self._log(request, payload, answer, wamid=wamid, to=address)

    def _reached(self, payload: Item) -> Person | None:
        phone, user_id = payload.get("to"), payload.get("recipient")
        for person in self.people:
            if phone is not None and person.phone == phone:
                return person
            if phone is None and user_id is not None and person.user_id == user_id:
                return person
        need(phone is not None, 131009, "recipient")
        return None

    def _is_open(self, person: Person) -> bool:
        return person.last_wrote is not None and self.clock() - person.last_wrote < WINDOW

    def _authorize(self, request: Request) -> None:
        given = request.headers.get("authorization", "")
        need(given == f"Bearer {self.account.token}", 190, "Invalid OAuth access token")
        phone_id = request.path_params.get("phone_id", self.account.phone_id)
        need(phone_id == self.account.phone_id, 100, "Unsupported post request")

    def _node(self, request: Request) -> Response:
        node = request.path_params["node_id"]
        try:
            self._authorize(request)
            stored = self.media.get(node)
            need(stored is not None or node == self.account.phone_id, 100, "Unsupported get")
        except Refusal as refusal:
            answer = JSONResponse(refusal.body(), refusal.http_status)
            return self._log(request, None, answer, code=refusal.code)
        if stored is None:
            return self._log(request, None, JSONResponse(phone_number_of(self.account)))
        url = self.account.media_url or f"{self.url}/berkas/{node}"
        return self._log(request, None, JSONResponse(described(node, stored, url=url)))

    def _templates(self, request: Request) -> Response:
        try:
            self._authorize(request)
            is_ours = request.path_params["business_id"] == self.account.business_id
            need(is_ours, 100, "Unsupported get request")
            query = dict(request.query_params)
            fields = check_template_query(query)
        except Refusal as refusal:
            answer = JSONResponse(refusal.body(), refusal.http_status)
            return self._log(request, None, answer, code=refusal.code)
        found = templates_of(self.account, fields=fields, name=query.get("name", ""))
        return self._log(request, None, JSONResponse(found))

    def _file(self, request: Request) -> Response:
        stored = self.media.get(request.path_params["media_id"])
        if request.headers.get("authorization") != f"Bearer {self.account.token}":
            return self._log(request, None, Response(status_code=401))
        if stored is None:
            return self._log(request, None, Response(status_code=404))
        answer = Response(stored.content, media_type=stored.mime_type)
        return self._log(request, None, answer)

    def _log(
        self,
        request: Request,
        payload: Any,
        answer: Response,
        *,
        code: int | None = None,
        wamid: str | None = None,
        to: str | None = None,
    ) -> Response:
        path = request.url.path
        status = answer.status_code
        self.calls.append(Call(request.method, path, payload, status, code, wamid, to))
        return answer


def main(port: int) -> None:
    """Start by hand: a page on which a person plays two people who write to the bot.

    Takes the values of WHATSAPP_TOKEN, WHATSAPP_PHONE_ID, WHATSAPP_APP_SECRET and
    WHATSAPP_VERIFY_TOKEN where they are set, and calls WEBHOOK_URL.
    """
    account = account_of_environment()
    url = os.environ.get("WEBHOOK_URL", "http://127.0.0.1:8000/webhooks/whatsapp")
    with FakeGraph(account, webhook=post_to(url), port=port) as graph:
        graph.person(phone="6281200000001", user_id="ID.1000000001", name="Warga")
        graph.person(user_id="ID.1000000002", name="Petugas tanpa nomor")
        graph.app.router.routes[:0] = page_routes(graph.people)
        print(f"Buka {graph.url}; pesan dikirim ke {url}. Jalankan bot dengan:")
        for name in SECRETS:
            print(f"WHATSAPP_{name.upper()}={getattr(account, name)}")
        print(f"WHATSAPP_API_BASE={graph.url}", flush=True)
        try:
            while True:
                if graph.pending:
                    graph.flush()
                time.sleep(0.3)
        except KeyboardInterrupt:
            return
