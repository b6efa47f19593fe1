"""The database: one engine, reading sessions, and the unit of work that alone commits."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Engine, Executable, bindparam, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlmodel import Session, SQLModel, create_engine

from handlers.writing import CommitGroup, NoTurn, Unit, WriteTurn

Result = TypeVar("Result")

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
        self._turn = (
            WriteTurn(_file_of(self.engine), patience=BUSY_TIMEOUT_MS / 1000)
            if self.is_sqlite
            else None
        )
        self._group = CommitGroup(self._write_group) if self.is_sqlite else None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading; what it writes is never committed."""
        with _translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """Give a unit of work. On SQLite one writer at a time, from BEGIN IMMEDIATE on."""
        with (
            _translated(),
            self._turn.held() if self._turn else nullcontext(),
            Session(self._writer, expire_on_commit=False) as session,
        ):
            yield UnitOfWork(session)

    def write_together(self, call: Callable[[UnitOfWork], Result]) -> Result:
        """Run one unit of work and give its result once it is durable.

        On SQLite it may share its COMMIT with others, each in a SAVEPOINT of its own. `call` may
        be run a second time, alone, where the database refused the group.
        """
        if self._group is not None:
            return self._group.run(call)
        with self.write() as work:
            return call(work)

    def ping(self) -> None:
        """Check that a write transaction can begin. Raises DatabaseUnavailable."""
        with self.write() as work:
            work.db.connection()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if self._turn is not None:
            self._turn.close()

    def _write_group(self, gather: Callable[[], Iterator[Unit[Any]]]) -> None:
        """Wait for the turn, then write the units that wait by then, and end each of them."""
        units: list[Unit[Any]] = []
        outcomes: list[Outcome] = []
        try:
            with (
                _translated(),
                self._turn.held() if self._turn else nullcontext(),
                self._writer.connect() as connection,
                connection.begin() as transaction,
            ):
                for unit in gather():
                    units.append(unit)
                    done, outcome = _in_group(connection, unit.call, is_first=not outcomes)
                    outcomes.append(outcome)
                    if not done:
                        transaction.rollback()
                        break
        except (DatabaseUnavailable, DBAPIError) as refused:
            # Nothing of the group is there now. What one unit did must not stop the others.
            outcomes = [self._alone(unit.call) for unit in units]
            if not units:  # the turn did not come
                units = list(gather())
                outcomes = [(None, refused)] * len(units)
        for unit, (result, error) in zip(units, outcomes, strict=True):
            unit.end(result, error)

    def _alone(self, call: Callable[[UnitOfWork], Any]) -> "Outcome":
        try:
            with self.write() as work:
                return call(work), None
        except Exception as error:
            return None, error


Outcome = tuple[Any, Exception | None]
"""What a unit of work gave, or what it raised."""


def _in_group(
    connection: Connection, call: Callable[[UnitOfWork], Any], *, is_first: bool
) -> tuple[bool, Outcome]:
    """Run one unit of a group; False where the transaction holds what the unit did not commit.

    Every unit but the first has a SAVEPOINT: what it raises undoes its own part only. The first
    needs none, as nothing stands before it, and most groups are of one.
    """
    with Session(
        connection,
        expire_on_commit=False,
        join_transaction_mode="rollback_only" if is_first else "create_savepoint",
    ) as session:
        work = UnitOfWork(session)
        try:
            outcome: Outcome = call(work), None
        except DBAPIError:
            raise
        except Exception as error:
            outcome = None, error
    return not is_first or (work.committed and outcome[1] is None), outcome


def insert_once(db: Session, row: SQLModel) -> int | None:
    """Insert a row with its id set by the database; None where a unique key is already there.

    The caller's object is left alone: read the row back where it is needed.
    """
    values = {name: getattr(row, name) for name in type(row).model_fields if name != "id"}
    connection = db.connection()
    statement = _insert_statement(type(row), connection.dialect.name)
    found: int | None = connection.execute(statement, values).scalar_one_or_none()
    return found


@cache
def _insert_statement(model: type[SQLModel], dialect: str) -> Executable:
    table = model.__table__  # type: ignore[attr-defined]
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    columns = [column.name for column in table.columns if column.name != "id"]
    values = {name: bindparam(name, type_=table.c[name].type) for name in columns}
    return build(table).values(values).on_conflict_do_nothing().returning(table.c.id)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except NoTurn as error:
        raise DatabaseUnavailable("lock file") from error
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


def _file_of(engine: Engine) -> Path | None:
    name = engine.url.database
    return Path(name) if name and name != ":memory:" else None


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
