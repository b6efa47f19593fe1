"""A Bot API on loopback: offsets, redelivery, webhooks, files, and faults on order.

    with FakeTelegram() as fake:
        ani = fake.person("Ani")
        ani.says("halo")            # an update, fetched by getUpdates or sent to the webhook
        fake.order("sendMessage", too_fast(3), chat=ani.id)
        ani.wait()                  # what the bot sent her

It holds one bot. Source of behaviour and words: https://core.telegram.org/bots/api.
"""

import asyncio
import itertools
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.telegram_faults import Fault, Way, refused
from tests.fakes.telegram_methods import Refused, answer
from tests.fakes.telegram_people import FakeGroup, FakePerson
from tests.fakes.telegram_push import Push, Webhook
from tests.fakes.telegram_state import Call, Chat, CutOff, Order

TOKEN = "700000001:TES-bukan-token-sungguhan"
BOT = {"id": 700000001, "is_bot": True, "first_name": "Tanya Pimpasa", "username": "contoh_bot"}
RARELY_WANTED = ("chat_member", "message_reaction", "message_reaction_count")
"""Kinds of update that come only when asked for by name."""


class FakeTelegram:
    """A Bot API server in a thread of its own. Its methods may be called from any thread."""

    def __init__(self, *, token: str = TOKEN, port: int = 0) -> None:
        """Take the one valid token; the port is bound on entering."""
        self.token = token
        self.lock = threading.RLock()
        self.bot = BOT
        self.ids = itertools.count(1001)
        self.update_ids = itertools.count(500_000_001)
        self._port = port
        self._loop: asyncio.AbstractEventLoop | None = None
        self.reset()

    def reset(self) -> None:
        """Forget everything that happened; ids go on counting."""
        self.chats: dict[int, Chat] = {}
        self.updates: list[dict[str, Any]] = []
        self.calls: list[Call] = []
        self.files: dict[str, bytes] = {}
        self.open_taps: dict[str, bool] = {}
        """Callback query id → whether it was answered."""

        self.webhook = Webhook()
        self.allowed: list[str] | None = None
        self.chooser: Callable[[str, dict[str, Any]], Fault | None] | None = None
        """Decides for every call whether it fails; orders go first."""

        self.on_message: Callable[[Chat, dict[str, Any]], None] | None = None
        self.poll_turn = 0
        self._orders: list[Order] = []

    def __enter__(self) -> "FakeTelegram":
        self._socket = socket.create_server(("127.0.0.1", self._port))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._started.wait(10), "the fake Bot API did not start"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join(10)
        self._socket.close()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.stopping, self._news = asyncio.Event(), asyncio.Event()
        routes = [
            Route("/bot{token}/{method}", self._method, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes),
            log_level=100,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        push = asyncio.create_task(Push(self).run())
        self._loop.call_soon(self._started.set)
        await self._server.serve(sockets=[self._socket])
        push.cancel()
        await asyncio.gather(push, return_exceptions=True)

    def _stop(self) -> None:
        self.stopping.set()
        self._news.set()
        self._server.should_exit = True

    # People

    def person(self, name: str = "Ani", *, id: int | None = None) -> FakePerson:
        """Give somebody with a private chat that the bot may write to."""
        id = id or 810_000_000 + next(self.ids)
        self.chats[id] = Chat(id, "private", {"first_name": name})
        return FakePerson(self, id, name)

    def group(self, title: str = "Arisan", *, type: str = "group") -> FakeGroup:
        """Give a group that the bot is a member of."""
        id = -(100_000_000 + next(self.ids))
        self.chats[id] = Chat(id, type, {"title": title})
        return FakeGroup(self, id)

    def add_update(self, kind: str, body: dict[str, Any]) -> int:
        """Queue an update unless the bot does not want its kind; give its id."""
        with self.lock:
            id = next(self.update_ids)
            wanted = kind in self.allowed if self.allowed else kind not in RARELY_WANTED
            if wanted:
                self.updates.append({"update_id": id, kind: body})
        self.wake()
        return id

    # Faults and the call log

    def order(self, method: str, fault: Fault, *, chat: int | None = None, times: int = 1) -> None:
        """Let the next `times` calls of a method (to a chat) fail."""
        with self.lock:
            self._orders.append(Order(method, fault, chat, times))

    def called(self, method: str) -> list[Call]:
        """Give all calls of a method, oldest first."""
        with self.lock:
            return [call for call in self.calls if call.method == method]

    def summary(self) -> dict[tuple[str, str], int]:
        """Give how often each method had each outcome."""
        with self.lock:
            return dict(Counter((call.method, call.outcome) for call in self.calls))

    def wait_until(self, is_true: Callable[[], bool], *, timeout: float = 10.0) -> None:
        """Wait for something that the server's thread brings about. Raises TimeoutError."""
        end = time.monotonic() + timeout
        while not is_true():
            if time.monotonic() > end:
                raise TimeoutError("it did not come about")
            time.sleep(0.005)

    # The server

    def wake(self) -> None:
        """Tell waiting calls and the webhook that there is something new."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    async def news(self, seconds: float) -> None:
        """Wait in the server's loop until something is new, at most so long."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return
        self._news.clear()

    async def _method(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != self.token:
            return _problem(refused(401, "Unauthorized"))
        params = await _params(request)
        fault = self._fault_for(method, params)
        if fault is not None and fault.way in (Way.REFUSED, Way.SILENT, Way.CUT):
            self._log(method, params, fault.outcome)
            if fault.way == Way.CUT:
                return CutOff()
            if fault.way == Way.SILENT:
                await self._sleep(fault.seconds)
            return _problem(fault)
        try:
            result = await answer(self, method, params)
        except Refused as error:
            self._log(method, params, error.fault.outcome)
            return _problem(error.fault)
        self._log(method, params, fault.outcome if fault else "ok")
        if fault is not None:
            return CutOff() if fault.way == Way.LOST else Response(fault.body)
        return JSONResponse({"ok": True, "result": result})

    async def _file(self, request: Request) -> Response:
        found = self.files.get(request.path_params["path"])
        if request.path_params["token"] != self.token or found is None:
            return _problem(refused(404, "Not Found"))
        return Response(found, media_type="application/octet-stream")

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return

    def _fault_for(self, method: str, params: dict[str, Any]) -> Fault | None:
        with self.lock:
            for order in self._orders:
                if order.method == method and order.chat in (None, params.get("chat_id")):
                    order.times -= 1
                    if not order.times:
                        self._orders.remove(order)
                    return order.fault
        return self.chooser(method, params) if self.chooser else None

    def _log(self, method: str, params: dict[str, Any], outcome: str) -> None:
        with self.lock:
            self.calls.append(Call(method, params, outcome, time.monotonic()))


async def _params(request: Request) -> dict[str, Any]:
    """Give the parameters, from wherever the caller put them; numbers and objects read."""
    given: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        given |= await request.json()
    elif request.method == "POST":
        given |= dict(await request.form())
    return {name: _value(name, value) for name, value in given.items()}


def _value(name: str, value: Any) -> Any:
    if name in ("text", "callback_query_id", "secret_token", "url", "file_id"):
        return value
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _problem(fault: Fault) -> JSONResponse:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": fault.status,
        "description": fault.description,
    }
    if fault.parameters:
        body["parameters"] = fault.parameters
    return JSONResponse(body, status_code=fault.status)


def main(port: int) -> None:
    """Start it by hand, with a prompt at which a person plays the users."""
    from tests.fakes.telegram_prompt import play

    with FakeTelegram(port=port) as fake:
        play(fake)
