"""The mail server: connecting, what its refusals mean, and never waiting longer than agreed."""

import asyncio
import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from escalation.mail_address import is_mail_address
from handlers.channel import PermanentSendError, SendError, TemporarySendError

Security = Literal["starttls", "tls", "none"]
Use = Callable[[smtplib.SMTP], object]

TIMEOUT = timedelta(seconds=20)
"""For one mail with everything around it; less than the lease of its row (30 s)."""

QUIT_WITHIN = 2.0
"""Seconds for a good-bye: the mail is accepted by then."""

ENHANCED = re.compile(rb"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?!\.?\d)")
UNSAID = "5.0.0"
NO_SUCH_MAILBOX = frozenset(
    {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.1", "5.4.4"}
)
"""Enhanced codes that speak of the recipient (RFC 3463, RFC 7505). The others speak of us, or of
a mailbox that is full: waiting, or mending our settings, helps."""

NO_SUCH_MAILBOX_PLAIN = frozenset({550, 551, 553, 556})
"""The same for a server without enhanced codes (RFC 5321, 4.2.3; RFC 7504)."""

SIGN_IN = frozenset({530, 534, 535, 538})
"""Sign-in is needed, too weak or wrong (RFC 4954, 6)."""

TROUBLES = {
    "smtp-auth": "Server surel menolak SMTP_USER atau SMTP_PASSWORD; periksa keduanya",
    "smtp-tls": "Sambungan aman ke server surel gagal; periksa SMTP_SECURITY, SMTP_PORT, dan "
    "sertifikat server",
    "smtp-connection": "Server surel tidak bisa dihubungi; periksa SMTP_HOST dan SMTP_PORT",
    "smtp-timeout": "Server surel tidak menjawab; periksa SMTP_HOST, SMTP_PORT, dan SMTP_SECURITY",
}
"""What an operator reads, by code."""

OTHER_TROUBLE = "Server surel menolak sambungan ({code}); tanyakan kepada pengelola server itu"


@dataclass(frozen=True, slots=True)
class MailStatus:
    """A mail server that answers, and how it is reached."""

    host: str
    port: int
    is_encrypted: bool
    is_signed_in: bool


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in, as whom and how. `trust`: other certificates than the system's."""

    host: str
    port: int
    sender: str
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: timedelta = TIMEOUT
    trust: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        if not is_mail_address(self.sender):
            raise ValueError("the sender is not a mail address")
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password are needed together")

    @property
    def domain(self) -> str:
        """Give the domain of the sender."""
        return self.sender.rpartition("@")[2]

    def open(self) -> smtplib.SMTP:
        """Connect, introduced as the sender's domain. Raises OSError."""
        seconds = self.timeout.total_seconds()
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                self.host, self.port, self.domain, timeout=seconds, context=self._context()
            )
        return smtplib.SMTP(self.host, self.port, self.domain, timeout=seconds)

    def enter(self, smtp: smtplib.SMTP) -> None:
        """Encrypt and sign in as agreed, never less. Raises OSError, TemporarySendError."""
        smtp.ehlo_or_helo_if_needed()
        if self.security == "starttls":
            try:
                smtp.starttls(context=self._context())
            except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException):
                raise TemporarySendError("smtp-tls") from None
            smtp.ehlo_or_helo_if_needed()
        if self.user is not None and self.password is not None:
            try:
                smtp.login(self.user, self.password)
            except smtplib.SMTPServerDisconnected:
                raise
            except (smtplib.SMTPException, UnicodeError):
                raise TemporarySendError("smtp-auth") from None

    async def describe(self) -> MailStatus | str:
        """Give how the server answers, or one sentence on what to mend."""
        try:
            await visit(self, _greet)
        except SendError as error:
            return TROUBLES.get(error.code, OTHER_TROUBLE.format(code=error.code))
        return MailStatus(self.host, self.port, self.security != "none", self.user is not None)

    def _context(self) -> ssl.SSLContext:
        return self.trust or ssl.create_default_context()


def send_error(error: Exception, *, in_use: bool = False) -> SendError:
    """Translate what `smtplib` raises. The code holds no address and none of the server's words.

    `in_use`: the mail was on its way, so that a silent server may have taken it.

    Permanent is only what the server says of the recipient: a fault of ours must not cut off
    every officer.
    """
    code: int | None = None
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        if _is_no_such_mailbox(code, said, plain=NO_SUCH_MAILBOX_PLAIN):
            return PermanentSendError("recipient-refused")
    elif isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
        if _is_no_such_mailbox(code, error.smtp_error, plain=frozenset()):
            return PermanentSendError("recipient-refused")
    elif isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
    elif isinstance(error, ssl.SSLError):
        return TemporarySendError("smtp-tls")
    elif isinstance(error, TimeoutError):
        return TemporarySendError("smtp-timeout", answer_lost=in_use)
    if code in SIGN_IN:
        return TemporarySendError("smtp-auth")
    if code is not None and 200 <= code <= 599:
        return TemporarySendError(f"smtp-{code}")
    return TemporarySendError("smtp-connection", answer_lost=in_use)


def _is_no_such_mailbox(code: int, said: bytes | str, *, plain: frozenset[int]) -> bool:
    if not 500 <= code <= 599 or code in SIGN_IN:
        return False
    words = said.encode("utf-8", "replace") if isinstance(said, str) else said
    found = ENHANCED.search(words)
    exact = found[0].decode() if found else UNSAID
    if exact != UNSAID:
        return exact in NO_SUCH_MAILBOX
    # "550 relay not permitted" is how a server without enhanced codes refuses us, not them.
    return code in plain and b"relay" not in words.lower()


async def visit(server: MailServer, use: Use, *, pool: Executor | None = None) -> None:
    """Connect, use the connection and leave, in a thread and in time. Raises SendError."""
    visit = _Visit(server)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(server.timeout.total_seconds()):
            await loop.run_in_executor(pool, visit.run, use)
    except TimeoutError:
        if not visit.is_done:
            raise TemporarySendError("smtp-timeout", answer_lost=visit.is_in_use) from None
    finally:
        visit.break_off()


class _Visit:
    """One connection, used in a thread, that can be broken off from outside."""

    def __init__(self, server: MailServer) -> None:
        self.is_in_use = False
        self.is_done = False
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self._is_over = False

    def run(self, use: Use) -> None:
        """Do everything; what goes wrong after `use` came back no longer matters."""
        try:
            self._smtp = smtp = self._server.open()
            try:
                self._server.enter(smtp)
                if self._is_over:
                    return
                self.is_in_use = True
                use(smtp)
                self.is_done = True
                _leave(smtp)
            finally:
                smtp.close()
        except (OSError, UnicodeError) as error:
            # Without its cause: that holds addresses.
            raise send_error(error, in_use=self.is_in_use) from None

    def break_off(self) -> None:
        """End the connection under the thread, so that nothing is sent behind our back."""
        self._is_over = True
        sock = self._smtp.sock if self._smtp is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def _greet(smtp: smtplib.SMTP) -> None:
    code, said = smtp.noop()
    if code != 250:
        raise smtplib.SMTPResponseException(code, said)


def _leave(smtp: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError):
        if smtp.sock is not None:
            smtp.sock.settimeout(QUIT_WITHIN)
            smtp.quit()
