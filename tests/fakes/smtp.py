"""A mail server on loopback: sign-in, encryption, refusals on order, and every mail it took."""

import asyncio
import base64
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from typing import Self

from tests.fakes.faults import Faults

READY = 5.0
"""Seconds until the server must be up."""


class Step(StrEnum):
    """A moment of a connection at which something can go wrong."""

    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    """After the whole mail was taken in."""
    NOOP = "noop"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one connection. Without `reply` the connection is cut."""

    at: Step
    reply: str | None = None
    seconds: float = 0
    accepts: bool = False


def refuse(at: Step, reply: str) -> Fault:
    """Answer with this error instead."""
    return Fault(at, reply)


def drop(at: Step) -> Fault:
    """Cut the connection instead of answering."""
    return Fault(at)


def slow(at: Step, seconds: float = 60.0) -> Fault:
    """Keep silent for some seconds, then cut the connection."""
    return Fault(at, seconds=seconds)


def lost() -> Fault:
    """Take the mail, and cut the connection instead of saying so."""
    return Fault(Step.DATA, accepts=True)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that was taken, as it stood on the wire (dots at the start of a line undone)."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    user: str | None
    is_encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """Give the mail as a mail program reads it."""
        parsed = message_from_bytes(self.data, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        """Give its body, with plain line ends."""
        return str(self.message.get_content()).replace("\r\n", "\n")


class FakeSmtp:
    """Runs between `with` and the end of its block, in a thread of its own.

    `users` maps names to passwords and asks everybody to sign in. With `tls` the server offers
    STARTTLS, or speaks TLS from the start where `implicit`.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *,
        port: int = 0,
        users: dict[str, str] | None = None,
        methods: str = "PLAIN LOGIN",
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        on_mail: Callable[[Mail], object] = lambda mail: None,
    ) -> None:
        self.port = port
        self.users = users or {}
        self.methods = methods
        self.tls = tls
        self.implicit = implicit
        self.on_mail = on_mail
        self.faults = Faults[Fault]()
        self.mails: list[Mail] = []
        self.log: list[str] = []
        """Every command in order; what signs in is left out."""
        self._up = threading.Event()
        self._open: set[asyncio.Task[None]] = set()

    @property
    def is_busy(self) -> bool:
        """Tell whether a connection is open."""
        return bool(self._open)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._up.wait(READY)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(READY)

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        tls = self.tls if self.implicit else None
        server = await asyncio.start_server(self._serve, self.host, self.port, ssl=tls)
        async with server:
            self.port = server.sockets[0].getsockname()[1]
            self._up.set()
            await self._stop.wait()
            for task in list(self._open):
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await _Session(self, reader, writer, self.faults.take()).run()
        except (OSError, EOFError, _Cut, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            self._open.discard(task)


class _Cut(Exception):
    """The connection ends here."""


class _Session:
    """One connection."""

    def __init__(
        self,
        fake: FakeSmtp,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        fault: Fault | None,
    ) -> None:
        self.fake, self.reader, self.writer, self.fault = fake, reader, writer, fault
        self.user: str | None = None
        self.is_encrypted = fake.implicit
        self._forget()

    async def run(self) -> None:
        verbs: dict[str, Callable[[str], Awaitable[object]]] = {
            "EHLO": self._ehlo,
            "HELO": lambda _: self._answer(Step.EHLO, "250 surel.example"),
            "STARTTLS": self._starttls,
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": lambda _: self._answer(Step.NOOP, "250 OK"),
            "QUIT": self._quit,
        }
        await self._answer(Step.GREETING, "220 surel.example ESMTP")
        while line := await self._line():
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            self.fake.log.append("AUTH" if verb == "AUTH" else f"{verb} {rest}".strip())
            handle = verbs.get(verb)
            await (handle(rest) if handle else self._say("502 5.5.1 Unknown command"))

    async def _ehlo(self, _: str) -> None:
        offers = ["surel.example", "SIZE 1000000", "ENHANCEDSTATUSCODES"]
        if self.fake.tls is not None and not self.is_encrypted:
            offers.append("STARTTLS")
        if self.fake.users:
            offers.append(f"AUTH {self.fake.methods}")
        lines = [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]
        await self._answer(Step.EHLO, "\r\n".join(lines))

    async def _starttls(self, _: str) -> None:
        if self.fake.tls is None or not await self._answer(Step.STARTTLS, "220 Go on"):
            return
        await self.writer.start_tls(self.fake.tls)
        self.is_encrypted = True

    async def _auth(self, rest: str) -> None:
        method, _, first = rest.partition(" ")
        if method.upper() == "PLAIN":
            _, user, password = _decode(first or await self._ask("")).split("\0")
        else:
            user = _decode(first or await self._ask("Username:"))
            password = _decode(await self._ask("Password:"))
        if self.fake.users.get(user) != password:
            await self._say("535 5.7.8 Wrong name or password")
        elif await self._answer(Step.AUTH, "235 2.7.0 Welcome"):
            self.user = user

    async def _mail(self, rest: str) -> None:
        if self.fake.users and self.user is None:
            await self._say("530 5.7.0 Sign in first")
        elif await self._answer(Step.MAIL, "250 2.1.0 OK"):
            self.sender = _address(rest)

    async def _rcpt(self, rest: str) -> None:
        if await self._answer(Step.RCPT, "250 2.1.5 OK"):
            self.recipients.append(_address(rest))

    async def _data(self, _: str) -> None:
        if not self.recipients:
            await self._say("503 5.5.1 Nobody to send to")
            return
        await self._say("354 Go on, end with a dot")
        lines: list[bytes] = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                raise _Cut
            lines.append(line[1:] if line.startswith(b".") else line)
        mail = Mail(
            self.sender, tuple(self.recipients), b"".join(lines), self.user, self.is_encrypted
        )
        self._forget()
        if self.fault is None or self.fault.at != Step.DATA or self.fault.accepts:
            self.fake.mails.append(mail)
            self.fake.on_mail(mail)
        await self._answer(Step.DATA, "250 2.0.0 Queued")

    async def _rset(self, _: str) -> None:
        self._forget()
        await self._say("250 2.0.0 OK")

    async def _quit(self, _: str) -> None:
        await self._answer(Step.QUIT, "221 2.0.0 Bye")
        raise _Cut

    async def _answer(self, step: Step, reply: str) -> bool:
        """Give the good answer, or what was ordered for this step; tell whether it was good."""
        if self.fault is None or self.fault.at != step:
            await self._say(reply)
            return True
        await asyncio.sleep(self.fault.seconds)
        if self.fault.reply is None:
            raise _Cut
        await self._say(self.fault.reply)
        return False

    async def _ask(self, question: str) -> str:
        await self._say(f"334 {base64.b64encode(question.encode()).decode()}")
        return await self._line()

    async def _line(self) -> str:
        return (await self.reader.readline()).decode("latin-1").rstrip("\r\n")

    async def _say(self, reply: str) -> None:
        self.writer.write(f"{reply}\r\n".encode("latin-1"))
        await self.writer.drain()

    def _forget(self) -> None:
        self.sender, self.recipients = "", list[str]()


def main(port: int) -> None:
    """Start it by hand and show every mail that comes in, until Ctrl-C."""

    def show(mail: Mail) -> None:
        print(f"--- {mail.sender} -> {', '.join(mail.recipients)}: {mail.message['Subject']}")
        print(mail.text, flush=True)

    with FakeSmtp(port=port, on_mail=show) as fake, contextlib.suppress(KeyboardInterrupt):
        print(f"SMTP_HOST={fake.host} SMTP_PORT={fake.port} SMTP_SECURITY=none", flush=True)
        threading.Event().wait()


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]


def _decode(text: str) -> str:
    return base64.b64decode(text).decode("utf-8", "replace")
