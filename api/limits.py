"""The largest body that is read at all; anything longer is refused before it is held."""

import contextlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 4 * 1024 * 1024
TOO_LARGE = b"Kiriman terlalu besar, paling banyak 4 MB."


class BodyTooLarge(Exception):
    """A body that turned out longer than its sender said."""


class BodyLimit:
    """ASGI middleware that answers 413 to bodies over 4 MB, also without a Content-Length."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on while its body stays within the limit."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > MAX_BODY_BYTES:
            await _refuse(send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MAX_BODY_BYTES:
                raise BodyTooLarge
            return message

        async def checked(message: Message) -> None:
            # Whoever read the body may have turned BodyTooLarge into an answer of its own.
            if read <= MAX_BODY_BYTES:
                await send(message)

        with contextlib.suppress(BodyTooLarge):
            await self.app(scope, counted, checked)
        if read > MAX_BODY_BYTES:
            await _refuse(send)


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})
