"""A web application on a loopback port, in a thread of its own."""

import asyncio
import socket
import threading
import time
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

PROMISED = [(b"content-type", b"application/json"), (b"content-length", b"999")]


class CutOff(Response):
    """An answer that promises more than it sends; the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": PROMISED})
        await send({"type": "http.response.body", "body": b'{"mes', "more_body": True})


class Served:
    """Runs an application between `with` and the end of its block. `url` is where it answers."""

    def __init__(self, app: Starlette, *, port: int = 0) -> None:
        self.app = app
        self.url = ""
        self._port = port
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        sock = socket.socket()
        sock.bind(("127.0.0.1", self._port))
        self.url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        config = uvicorn.Config(
            self.app, log_level="critical", access_log=False, lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([sock],), daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.should_exit = True
        self._thread.join(10)

    async def pause(self, seconds: float) -> None:
        """Keep a caller waiting, but not the end of the block."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._closing.is_set():
            await asyncio.sleep(0.02)
