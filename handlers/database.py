"""The database: one engine, reading sessions, and the unit of work that alone commits."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlmodel import Session, SQLModel, create_engine

SQLITE_FIXED = (3, 51, 3)
"""First SQLite release without the WAL-reset bug (sqlite.org, "The WAL-reset bug")."""

BUSY_TIMEOUT_MS = 15_000


class DatabaseUnavailable(Exception):
    """The database cannot be reached or does not take a write now; try again later."""


class DatabaseUnusable(Exception):
    """The database cannot be used as set up. The message says how to mend it, in Indonesian."""


class UnitOfWork:
    """One transaction. Leaving its block without `commit()` rolls everything back."""

    def __init__(self, session: Session) -> None:
        """Hold the session that functions receive as `db`."""
        self.db = session
        self.committed = False

    def commit(self) -> None:
        """Make everything written so far durable."""
        self.db.commit()
        self.committed = True


class Database:
    """Sessions on one SQLite file or one PostgreSQL database."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened yet. Raises DatabaseUnusable for a bad URL."""
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writer = self.engine.execution_options(immediate=True)
        self._write_lock = threading.Lock() if self.is_sqlite else None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading; what it writes is never committed."""
        with _translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """Give a unit of work. On SQLite one writer at a time, from BEGIN IMMEDIATE on."""
        with (
            self._write_lock or nullcontext(),
            _translated(),
            Session(self._writer, expire_on_commit=False) as session,
        ):
            yield UnitOfWork(session)

    def ping(self) -> None:
        """Check that a write transaction can begin. Raises DatabaseUnavailable."""
        with self.write() as work:
            work.db.connection()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def insert_once(db: Session, row: SQLModel) -> int | None:
    """Insert a row with its id set by the database; None where a unique key is already there.

    The caller's object is left alone: read the row back where it is needed.
    """
    table = type(row).__table__  # type: ignore[attr-defined]
    values = row.model_dump(exclude={"id"})
    dialect = db.get_bind().dialect.name
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = build(table).values(**values).on_conflict_do_nothing().returning(table.c.id)
    found: int | None = db.execute(statement).scalar_one_or_none()
    return found


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnavailable(type(error.orig).__name__) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable(type(error.orig).__name__) from error
        raise


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnusable(
            "DATABASE_URL tidak terbaca. Contoh: sqlite:////data/pimpasa.sqlite3 "
            "atau postgresql://user:sandi@host/nama"
        ) from error
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=10,
            pool_pre_ping=True,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _use_utc)
        return engine
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, module=sqlite_module(), pool_size=10, hide_parameters=True)
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    raise DatabaseUnusable("DATABASE_URL harus sqlite:///... atau postgresql://...")


def sqlite_module() -> ModuleType:
    """Give a SQLite driver without the WAL-reset bug. Raises DatabaseUnusable where none is."""
    try:
        from pysqlite3 import dbapi2  # type: ignore[import-untyped]
    except ImportError:
        dbapi2 = sqlite3
    if dbapi2.sqlite_version_info < SQLITE_FIXED:
        raise DatabaseUnusable(
            f"SQLite {dbapi2.sqlite_version} punya kesalahan yang bisa merusak data. "
            "Pasang paket pysqlite3, atau pakai PostgreSQL lewat DATABASE_URL."
        )
    module: ModuleType = dbapi2
    return module


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: `_begin_sqlite` decides how.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _use_utc(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()
