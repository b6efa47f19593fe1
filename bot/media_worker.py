"""The clock that fetches files: a few at a time, beside all that is answered and sent."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from handlers import media
from handlers.channel import Channel
from handlers.database import Database
from handlers.delivery import Runner
from handlers.fault_log import log_error
from handlers.media_fetching import fetch
from handlers.resources import Resources

FETCH_EVERY = timedelta(seconds=1)
AT_ONCE = 3
"""Each may hold twenty megabytes several times over while it is sealed."""


class MediaWorker:
    """Fetches the files that people sent with their cases."""

    def __init__(
        self,
        *,
        database: Database,
        channels: Mapping[str, Channel],
        resources: Resources,
        clock: Callable[[], datetime],
        owner: str,
        run: Runner,
    ) -> None:
        """Take what the work needs; `run` takes what blocks off the event loop."""
        self.database = database
        self.channels = channels
        self.resources = resources
        self.clock = clock
        self.owner = owner
        self._run = run
        self._fetching: set[asyncio.Task[None]] = set()

    async def start_due(self) -> int:
        """Start fetching what is due, as far as there is room; give how much that was."""
        room = AT_ONCE - len(self._fetching)
        ids = await self._run(lambda: self._claim(room)) if room > 0 else []
        for id in ids:
            task = asyncio.create_task(self._fetch(id))
            self._fetching.add(task)
            task.add_done_callback(self._fetching.discard)
        return len(ids)

    async def finish(self) -> None:
        """Wait for what was started."""
        await asyncio.gather(*self._fetching)

    async def cancel(self) -> None:
        """Leave what was started to another time: its lease runs out."""
        tasks = list(self._fetching)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _claim(self, limit: int) -> list[int]:
        now = self.clock()
        with self.database.read() as db:
            if not media.any_due(db, now=now):
                return []
        with self.database.write() as work:
            ids = media.claim_due(work.db, owner=self.owner, now=now, limit=limit)
            work.commit()
            return ids

    async def _fetch(self, row_id: int) -> None:
        try:
            await fetch(
                self.database,
                row_id,
                owner=self.owner,
                channels=self.channels,
                resources=self.resources,
                clock=self.clock,
                run=self._run,
            )
        except Exception as error:
            # The row keeps its lease and is tried again when that runs out.
            log_error("file", row_id, error)
