"""The clocks: work off the inbox, deliver the outbox, sweep up what a crash left behind."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.media_worker import FETCH_EVERY, MediaWorker
from bot.pacing import Pacer
from escalation import case_watch
from handlers import alerts, balance, in_force, inbox, late_answers, outbox, presence
from handlers.channel import Channel, CountedChannel, Delivery
from handlers.clockwork import make_round
from handlers.database import Database
from handlers.delivery import deliver
from handlers.fault_log import log_error
from handlers.process import process
from handlers.refresh import refresh
from handlers.resources import Resources

Result = TypeVar("Result")

POLL = 0.25
"""Seconds between looks at the tables; a message stored in this process is seen at once."""

SWEEP_EVERY = timedelta(seconds=10)
WATCH_EVERY = timedelta(seconds=5)
"""How late a deadline is kept at the most, beside the work itself."""

BATCH = 20
SENDING_AT_ONCE = 50
THREADS = 4
PAUSE_AFTER_ERROR = 1.0


class Workers:
    """One worker loop on one database. `wake()` may be called from any thread."""

    def __init__(
        self,
        *,
        database: Database,
        channels: Mapping[str, Channel],
        resources: Resources,
        clock: Callable[[], datetime],
        pacer: Pacer | None = None,
    ) -> None:
        """Take what the loop works with; nothing starts yet."""
        self.database = database
        self.channels = channels
        self.resources = resources
        self.clock = clock
        self.pacer = pacer or Pacer({})
        self.owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="database")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox_ready = asyncio.Event()
        self._outbox_ready = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.media = MediaWorker(
            database=database,
            channels=channels,
            resources=resources,
            clock=clock,
            owner=self.owner,
            run=self._off_loop,
        )

    async def run(self) -> None:
        """Work until cancelled or `stop()`; a failing step is logged and tried again."""
        self._loop = asyncio.get_running_loop()
        await self._off_loop(self._look_at_all)
        if self.database.is_sqlite:
            # The only worker on this file: whatever is leased was left by a crash.
            await self._off_loop(self._release_all)
        steps = [
            self._repeat(self.work_off_inbox, self._inbox_ready),
            self._repeat(self.send_due, self._outbox_ready),
            self._repeat_every(self.sweep, SWEEP_EVERY),
            self._repeat_every(self.watch, WATCH_EVERY),
            self._repeat_every(self.media.start_due, FETCH_EVERY),
        ]
        try:
            async with asyncio.TaskGroup() as group:
                for step in steps:
                    group.create_task(step)
        finally:
            for task in list(self._sending):
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)
            await self.media.cancel()
            self._pool.shutdown(wait=True)

    def stop(self) -> None:
        """Let the loop end after its current step."""
        self._stopping = True
        self._inbox_ready.set()
        self._outbox_ready.set()

    def wake(self) -> None:
        """Say that something was stored, so that nobody waits for the next look."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._inbox_ready.set)

    async def work_off_inbox(self) -> int:
        """Claim due messages and work them off; give how many there were."""
        ids = await self._off_loop(self._claim_inbox)
        results = await asyncio.gather(*(self._off_loop(partial(self._process, id)) for id in ids))
        if any(results):
            self._outbox_ready.set()
        return len(ids)

    async def send_due(self) -> int:
        """Claim due deliveries and start sending them; give how many there were."""
        room = SENDING_AT_ONCE - len(self._sending)
        if room <= 0:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            return 1
        ids = await self._off_loop(lambda: self._claim_outbox(min(room, BATCH)))
        for id in ids:
            task = asyncio.create_task(self._deliver(id))
            self._sending.add(task)
            task.add_done_callback(self._sent)
        return len(ids)

    async def sweep(self) -> None:
        """Finish what a crash left half done, and tell of cases nobody was told of."""
        await self._off_loop(self._sweep)

    async def watch(self) -> int:
        """Do what deadlines ask for: climb, tell, remind, send digests; give how much it was."""
        done = await self._off_loop(self._watch)
        if done:
            self._outbox_ready.set()
        return done

    async def settle(self, *, rounds: int = 1000) -> None:
        """Work until nothing is due: for scripts and commands, not for a running server."""
        for _ in range(rounds):
            busy = await self.work_off_inbox() + await self.send_due()
            busy += await self.media.start_due()
            if self._sending:
                await asyncio.gather(*self._sending)
            await self.media.finish()
            if not busy:
                return

    def _process(self, inbox_id: int) -> bool:
        try:
            turn = process(
                self.database,
                inbox_id,
                owner=self.owner,
                resources=self.resources,
                now=self.clock(),
            )
        except Exception as error:
            log_error("message", inbox_id, error)
            return True
        return turn is not None

    async def _deliver(self, outbox_id: int) -> None:
        try:
            await deliver(
                self.database,
                outbox_id,
                owner=self.owner,
                channels=self.channels,
                resources=self.resources,
                clock=self.clock,
                run=self._off_loop,
                pace=self._pace,
            )
        except Exception as error:
            # The row keeps its lease and is tried again when that runs out.
            log_error("delivery", outbox_id, error)

    def _pace(self, channel: str, delivery: Delivery) -> timedelta:
        found = self.channels.get(channel)
        return self.pacer.reserve(
            channel,
            delivery.contact_id,
            urgent=delivery.urgent,
            now=self.clock(),
            parts=found.parts(delivery.message) if isinstance(found, CountedChannel) else 1,
        )

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._outbox_ready.set()

    def _claim_inbox(self) -> list[int]:
        with self.database.write() as work:
            ids = inbox.claim_due(work.db, owner=self.owner, now=self.clock(), limit=BATCH)
            work.commit()
            return ids

    def _claim_outbox(self, limit: int) -> list[int]:
        with self.database.write() as work:
            ids = outbox.claim_due(work.db, owner=self.owner, now=self.clock(), limit=limit)
            work.commit()
            return ids

    def _release_all(self) -> None:
        with self.database.write() as work:
            inbox.release_all(work.db)
            outbox.release_all(work.db)
            work.commit()

    def _look_at_all(self) -> None:
        with self.database.write() as work:
            case_watch.look_at_all(work.db)
            work.commit()

    def _watch(self) -> int:
        return make_round(
            self.database, owner=self.owner, resources=self.resources, now=self.clock()
        )

    def _sweep(self) -> None:
        now = self.clock()
        with self.database.write() as work:
            for inbox_id in balance.revive(work.db):
                outbox.settle_inbox(work.db, inbox_id, now=now)
            alerts.revive_untold(work.db, resources=self.resources, now=now)
            presence.queue_due(work.db, resources=self.resources, now=now)
            late_answers.queue_due(work.db, resources=self.resources, now=now)
            work.commit()
        refresh(self.database, self.resources, now=now)
        in_force.refresh(self.database, self.resources)

    async def _repeat(self, step: Callable[[], Awaitable[int]], ready: asyncio.Event) -> None:
        while not self._stopping:
            ready.clear()
            try:
                found = await step()
            except Exception as error:
                log_error("step", getattr(step, "__name__", ""), error)
                await asyncio.sleep(PAUSE_AFTER_ERROR)
                continue
            if not found:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ready.wait(), POLL)

    async def _repeat_every(self, step: Callable[[], Awaitable[object]], every: timedelta) -> None:
        while not self._stopping:
            try:
                await step()
            except Exception as error:
                log_error("step", getattr(step, "__name__", ""), error)
            for _ in range(int(every.total_seconds() / POLL)):
                if self._stopping:
                    return
                await asyncio.sleep(POLL)

    async def _off_loop(self, call: Callable[[], Result], /) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)
