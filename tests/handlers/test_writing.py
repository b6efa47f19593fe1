"""Taking turns at one SQLite file, and sharing a COMMIT."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from bot import schema
from handlers.database import Database, DatabaseUnavailable, UnitOfWork
from handlers.models import DatabaseMark
from handlers.writing import LARGEST_GROUP, CommitGroup, LeaderLost, NoTurn, Unit, WriteTurn

UNITS = 40


class Refused(Exception):
    """What a unit of work raises in these tests."""


def put(key: str) -> Callable[[UnitOfWork], str]:
    """Give a unit that writes one row; keys of the wrong kind raise, others are not committed."""

    def call(work: UnitOfWork) -> str:
        work.db.add(DatabaseMark(key=key, value="1"))
        work.db.flush()
        if key.startswith("raises"):
            raise Refused(key)
        if not key.startswith("leaves"):
            work.commit()
        return key

    return call


def keys(database: Database) -> set[str]:
    with database.read() as db:
        found = db.exec(select(DatabaseMark.key).where(col(DatabaseMark.key) != "demo")).all()
    return set(found)


def gather_behind_a_writer(database: Database, names: list[str]) -> list[object]:
    """Run units while somebody else writes, so that they wait together; give what came of each."""
    with ThreadPoolExecutor(len(names)) as pool:
        with database.write():
            waiting = [pool.submit(database.write_together, put(name)) for name in names]
        return [future.exception() or future.result() for future in waiting]


def test_each_unit_of_a_group_stands_for_itself(database: Database) -> None:
    names = [f"{kind}{number}" for number in range(4) for kind in ("stays", "raises", "leaves")]
    came = gather_behind_a_writer(database, names)
    for name, outcome in zip(names, came, strict=True):
        if name.startswith("raises"):
            assert isinstance(outcome, Refused)
        else:
            assert outcome == name
    assert keys(database) == {name for name in names if name.startswith("stays")}


def test_one_unit_that_the_database_refuses_leaves_the_others(database: Database) -> None:
    with database.write() as work:
        put("there")(work)
    came = gather_behind_a_writer(database, ["a", "there", "b"])
    assert (came[0], came[2]) == ("a", "b")
    assert isinstance(came[1], Exception)
    assert keys(database) == {"there", "a", "b"}


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        pytest.param(SystemExit(), LeaderLost, id="its thread ends"),
        pytest.param(TimeoutError(), TimeoutError, id="no connection"),
    ],
)
def test_nobody_waits_for_a_leader_that_failed(
    failure: BaseException, told: type[Exception]
) -> None:
    """Those it had gathered are told, and whoever comes next is written as ever."""
    all_wait = threading.Event()
    fails = [failure]

    def write(gather: Callable[[], Iterator[Unit[Any]]]) -> None:
        assert all_wait.wait(10)
        units = list(gather())
        if fails:
            raise fails.pop()
        for unit in units:
            unit.end(unit.call(None))

    group = CommitGroup(write)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(group.run, str) for _ in range(3)]
        while len(group._waiting) < 3:
            time.sleep(0.001)
        all_wait.set()
        came = [type(future.exception(10)) for future in waiting]
    assert sorted(map(repr, came)) == sorted(map(repr, [type(failure), told, told]))
    assert group.run(str) == "None"


def test_units_that_wait_share_a_commit(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'uji.sqlite3'}")
    schema.upgrade(database)
    commits: list[int] = []
    event.listen(database.engine, "commit", lambda _: commits.append(1))
    names = [f"stays{number}" for number in range(UNITS)]
    assert gather_behind_a_writer(database, names) == names
    assert keys(database) == set(names)
    assert UNITS / LARGEST_GROUP <= len(commits) < UNITS
    database.close()


def test_two_processes_worth_of_writers_take_turns(tmp_path: Path) -> None:
    """Two Database objects on one file wait for each other's turn, not for SQLite's poll."""
    url = f"sqlite:///{tmp_path / 'uji.sqlite3'}"
    first, second = Database(url), Database(url)
    schema.upgrade(first)
    order: list[str] = []
    asked = threading.Event()

    def write_second() -> None:
        asked.set()
        second.write_together(put("second"))
        order.append("second")

    with first.write() as work:
        thread = threading.Thread(target=write_second)
        thread.start()
        assert asked.wait(10)
        put("first")(work)
        order.append("first")
    thread.join(30)
    assert order == ["first", "second"]
    assert keys(first) == {"first", "second"}
    first.close()
    second.close()


@pytest.mark.parametrize(
    "way", [pytest.param("alone", id="alone"), pytest.param("group", id="group")]
)
def test_a_folder_that_is_gone_is_unavailable(tmp_path: Path, way: str) -> None:
    database = Database(f"sqlite:///{tmp_path / 'hilang' / 'uji.sqlite3'}")
    with pytest.raises(DatabaseUnavailable):
        if way == "group":
            database.write_together(put("x"))
        else:
            database.ping()
    database.close()


def test_who_gets_no_turn_in_time_is_told(tmp_path: Path) -> None:
    file = tmp_path / "busy.sqlite3"
    holder, waiting = (WriteTurn(file, patience=seconds) for seconds in (5, 0.05))
    with holder.held(), pytest.raises(NoTurn), waiting.held():
        pytest.fail("two had the turn at once")
    with waiting.held():
        pass
    holder.close()
    waiting.close()


def test_a_group_whose_turn_does_not_come_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.database.BUSY_TIMEOUT_MS", 50)
    file = tmp_path / "busy.sqlite3"
    database, other = Database(f"sqlite:///{file}"), WriteTurn(file, patience=5)
    with other.held(), pytest.raises(DatabaseUnavailable):
        database.write_together(put("waits"))
    database.close()
    other.close()
