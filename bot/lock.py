"""One worker loop on a SQLite file: a lock beside it keeps a second one out."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handlers.database import DatabaseUnusable


@contextmanager
def only_worker(database_file: Path) -> Iterator[None]:
    """Hold the worker lock of a database file. Raises DatabaseUnusable where another holds it."""
    path = database_file.with_name(database_file.name + ".lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseUnusable(
                "Tanya Pimpasa sudah berjalan pada basis data ini. Hentikan yang lama dulu, "
                "atau pakai PostgreSQL untuk beberapa pekerja."
            ) from error
        yield
    finally:
        os.close(descriptor)
