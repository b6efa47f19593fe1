"""Chats that we show ourselves, on the web page and in the terminal: sending is committing."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from handlers import transcript
from handlers.channel import Delivery, Limits, TemporarySendError
from handlers.database import Database, DatabaseUnavailable
from handlers.messages import InboundMessage
from handlers.sealing import Sealer

WEB = "web"
TERMINAL = "terminal"
SHOWN_HERE = (WEB, TERMINAL)
LIMITS = Limits(text=4096, buttons=3, button_title=20, list_rows=10, list_title=24)
"""Those of the narrowest messenger, so that what works here works there."""


class TranscriptChannel:
    """Delivers by writing to the transcript that the page or the terminal reads."""

    limits = LIMITS

    def __init__(
        self, name: str, *, database: Database, sealer: Sealer, clock: Callable[[], datetime]
    ) -> None:
        """Take the database that the reader also sees."""
        self.name = name
        self._database = database
        self._sealer = sealer
        self._clock = clock

    async def send(self, delivery: Delivery) -> str:
        """Write the message once, however often this delivery is tried."""
        try:
            await asyncio.to_thread(self._write, delivery)
        except DatabaseUnavailable as error:
            raise TemporarySendError("database-unavailable") from error
        return f"{self.name}:{delivery.outbox_id}"

    async def acknowledge(self, message: InboundMessage) -> None:
        """Do nothing: the person already sees their own line."""

    async def close(self) -> None:
        """Do nothing: the database is not this channel's own."""

    def _write(self, delivery: Delivery) -> None:
        with self._database.write() as work:
            transcript.write(
                work.db,
                contact_id=delivery.contact_id,
                outbox_id=delivery.outbox_id,
                message=delivery.message,
                sealer=self._sealer,
                now=self._clock(),
            )
            work.commit()
