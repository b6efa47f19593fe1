"""Writing to one SQLite file: whose turn it is, and units of work that share a COMMIT."""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")

LARGEST_GROUP = 16
"""Units that share a COMMIT at most."""

LONGEST_GROUP = 0.02
"""Seconds after which no further unit joins a group: who waits to store a message waits for it."""

LOOK_EVERY = 0.002
"""Seconds between looks at a lock that another process holds."""


class NoTurn(Exception):
    """The turn did not come in time, or the files by which writers take turns cannot be used."""


class LeaderLost(Exception):
    """The thread that wrote a group ended before the group was durable."""


class WriteTurn:
    """Lets one thread of one process write at a time, and passes the turn on fairly.

    SQLite's own waiting is a poll, which a process that writes all the time always wins. Here
    whoever waits holds the gate, so that a process that has just written queues up behind. The
    kernel takes both locks from a process that dies.
    """

    def __init__(self, database_file: Path | None, *, patience: float) -> None:
        """Take the file whose writers take turns; None: those of this process only.

        `patience` is how many seconds somebody waits before being told that it cannot be.
        """
        self._file = database_file
        self._patience = patience
        self._thread = threading.Lock()
        self._descriptors: tuple[int, int] | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the turn and have it for the block. Raises NoTurn."""
        until = time.monotonic() + self._patience
        if not self._thread.acquire(timeout=self._patience):
            raise NoTurn
        try:
            turn = self._take(self._file, until) if self._file else None
            try:
                yield
            finally:
                if turn is not None:
                    fcntl.flock(turn, fcntl.LOCK_UN)
        finally:
            self._thread.release()

    def close(self) -> None:
        """Close both files."""
        with self._thread:
            for descriptor in self._descriptors or ():
                os.close(descriptor)
            self._descriptors = None

    def _take(self, file: Path, until: float) -> int:
        try:
            gate, turn = self._open(file)
            _lock(gate, until)
            try:
                _lock(turn, until)
            finally:
                fcntl.flock(gate, fcntl.LOCK_UN)
        except OSError as error:
            raise NoTurn from error
        return turn

    def _open(self, file: Path) -> tuple[int, int]:
        if self._descriptors is None:
            gate, turn = (
                os.open(file.with_name(f"{file.name}.{name}"), os.O_RDWR | os.O_CREAT, 0o600)
                for name in ("gate", "turn")
            )
            self._descriptors = gate, turn
        return self._descriptors


def _lock(descriptor: int, until: float) -> None:
    """Lock a file, by a moment of the monotonic clock. Raises NoTurn."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise NoTurn from None
            time.sleep(LOOK_EVERY)
        else:
            return


class Unit(Generic[Result]):
    """One unit of work that waits for its group, and what came of it."""

    def __init__(self, call: Callable[[Any], Result]) -> None:
        """Take what is to be done with an open unit of work."""
        self.call = call
        self.is_done = False
        self._result: Result | None = None
        self._error: BaseException | None = None

    def end(self, result: Result | None = None, error: BaseException | None = None) -> None:
        """Keep what came of it."""
        self._result, self._error, self.is_done = result, error, True

    def outcome(self) -> Result:
        """Give the result, or raise what went wrong."""
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]


class CommitGroup:
    """Gathers units while another group is being written; whoever comes first then writes all."""

    def __init__(self, write: Callable[[Callable[[], Iterator[Unit[Any]]]], None]) -> None:
        """Take what waits for the turn, calls for the units that wait by then, and ends each."""
        self._write = write
        self._waiting: deque[Unit[Any]] = deque()
        self._gathered: list[Unit[Any]] = []
        self._changed = threading.Condition()
        self._is_writing = False

    def run(self, call: Callable[[Any], Result]) -> Result:
        """Have one unit written, and give its result once it is durable."""
        mine = Unit(call)
        with self._changed:
            self._waiting.append(mine)
        while self._must_lead(mine):
            try:
                self._write(self._gather)
            except BaseException as error:
                self._end_left(error)
                raise
            finally:
                with self._changed:
                    self._is_writing = False
                    self._changed.notify_all()
        return mine.outcome()

    def _must_lead(self, mine: Unit[Any]) -> bool:
        """Wait until a unit is done, or until nobody else is there to do it."""
        with self._changed:
            while self._is_writing and not mine.is_done:
                self._changed.wait()
            if mine.is_done:
                return False
            self._is_writing = True
            return True

    def _gather(self) -> Iterator[Unit[Any]]:
        """Give one unit after another, while there are any and the group is neither large nor long.

        Only what was given out belongs to the group: whatever waits still is for the next one.
        """
        self._gathered = []
        until = time.monotonic() + LONGEST_GROUP
        while len(self._gathered) < LARGEST_GROUP:
            with self._changed:
                if not self._waiting:
                    return
                self._gathered.append(self._waiting.popleft())
            yield self._gathered[-1]
            if time.monotonic() > until:
                return

    def _end_left(self, error: BaseException) -> None:
        """End what a failed leader has gathered and not ended, for nobody else ever would.

        What ends the leader's thread (SystemExit) is not for the others: they may try again.
        """
        told = error if isinstance(error, Exception) else LeaderLost()
        for unit in self._gathered:
            if not unit.is_done:
                unit.end(error=told)
