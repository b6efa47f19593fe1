"""E-mail: the second route to officers. A mail says that something waits, never what.

Whatever card is handed in, the mail has the same words and a link, for a mail passes through many
hands and shows on a locked screen. Sending is at least once: where the server's answer was lost,
the mail goes again under the same Message-ID, by which most mailboxes show it once. That a server
accepted a mail does not prove that it was delivered: a later bounce goes to the sender's mailbox.
"""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from bot.clock import utc_now
from bot.email_server import MailServer, MailStatus, visit
from escalation.mail_address import is_mail_address
from handlers.channel import EMAIL, Delivery, Limits, PermanentSendError
from handlers.messages import MAX_TEXT_CHARS, InboundMessage

LIMITS = Limits(text=MAX_TEXT_CHARS, buttons=10, button_title=20, list_rows=10, list_title=24)
"""Whatever the others can show: a card is not shown here, so none is too large."""

AT_ONCE = 4
"""Threads of our own, so that a server that hangs never holds up anybody's chat."""

WIRE = policy.SMTP.clone(cte_type="7bit")
"""Every server takes seven bits, whatever the words are written in."""


@dataclass(frozen=True, slots=True)
class MailTexts:
    """The words of every mail. `body` has the blank `{link}`."""

    subject: str
    urgent_subject: str
    body: str


class EmailChannel:
    """Tells officers by mail that something waits for them."""

    name = EMAIL
    limits = LIMITS

    def __init__(
        self,
        server: MailServer,
        *,
        link: str,
        texts: MailTexts,
        fingerprint: Callable[[str], str],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Take what every mail has in common; nothing is opened yet.

        `fingerprint` is a keyed hash: with it a Message-ID gives nothing away.
        Raises ValueError for words or a link that make no mail.
        """
        self._server = server
        self._texts = texts
        if not link or any(char.isspace() for char in link):
            raise ValueError("the link is empty or has blanks")
        if "{link}" not in texts.body:
            raise ValueError("the body has no blank for the link")
        if any(line.splitlines() != [line] for line in (texts.subject, texts.urgent_subject)):
            raise ValueError("a subject is not one line")
        self._body = texts.body.format(link=link)
        self._fingerprint = fingerprint
        self._clock = clock
        self._pool: ThreadPoolExecutor | None = None

    async def send(self, delivery: Delivery) -> str:
        """Hand one mail to the server; give its Message-ID.

        Raises TemporarySendError or PermanentSendError.
        """
        if not is_mail_address(delivery.address):
            raise PermanentSendError("recipient-malformed")
        mail = self.mail_for(delivery)
        data = mail.as_bytes()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix=EMAIL)
        await visit(
            self._server,
            lambda smtp: smtp.sendmail(self._server.sender, [delivery.address], data),
            pool=self._pool,
        )
        return str(mail["Message-ID"])

    async def acknowledge(self, message: InboundMessage) -> None:
        """Do nothing: nobody writes to us by mail."""

    async def describe(self) -> MailStatus | str:
        """Give how the server answers, or one sentence on what to mend."""
        return await self._server.describe()

    async def close(self) -> None:
        """Let the threads go; every mail has a connection of its own."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def mail_for(self, delivery: Delivery) -> EmailMessage:
        """Give the mail for a delivery: of the card it holds nothing."""
        mail = EmailMessage(policy=WIRE)
        mail["From"] = self._server.sender
        mail["To"] = delivery.address
        mail["Subject"] = self._texts.urgent_subject if delivery.urgent else self._texts.subject
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = self._message_id(delivery)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self._body)
        return mail

    def _message_id(self, delivery: Delivery) -> str:
        # Mailboxes throw a known Message-ID away, and a database brought back from a copy gives
        # out its numbers again: the card tells the new delivery from the old one.
        told = [delivery.outbox_id, delivery.contact_id, delivery.message.to_json()]
        secret = self._fingerprint(json.dumps(told, sort_keys=True))
        return f"<{hashlib.sha256(secret.encode()).hexdigest()[:40]}@{self._server.domain}>"
