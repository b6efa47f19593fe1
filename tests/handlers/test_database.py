import threading

import pytest
from sqlmodel import select

from handlers.database import Database, DatabaseUnavailable, DatabaseUnusable, insert_once
from handlers.models import DatabaseMark
from tests.conftest import FixedClock


def count(database: Database) -> int:
    with database.read() as db:
        return len(db.exec(select(DatabaseMark)).all())


def test_without_commit_nothing_stays(database: Database) -> None:
    with database.write() as work:
        work.db.add(DatabaseMark(key="a", value="1"))
    assert count(database) == 0
    with database.write() as work:
        work.db.add(DatabaseMark(key="a", value="1"))
        work.commit()
    assert count(database) == 1


def test_an_error_rolls_everything_back(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as work:
        work.db.add(DatabaseMark(key="a", value="1"))
        work.db.flush()
        raise RuntimeError
    assert count(database) == 0


def test_no_update_is_lost_among_threads(database: Database) -> None:
    with database.write() as work:
        work.db.add(DatabaseMark(key="n", value="0"))
        work.commit()

    def add() -> None:
        for _ in range(20):
            with database.write() as work:
                mark = work.db.get_one(DatabaseMark, "n", with_for_update=True)
                mark.value = str(int(mark.value) + 1)
                work.db.add(mark)
                work.commit()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as db:
        assert db.get_one(DatabaseMark, "n").value == "80"


def test_naive_times_never_reach_the_database(database: Database, clock: FixedClock) -> None:
    from handlers.models import Contact

    naive = clock().replace(tzinfo=None)
    contact = Contact(
        channel="web", address_key="k", address_sealed=b"", created_at=naive, last_seen_at=naive
    )
    with pytest.raises(Exception, match=r"[Nn]aive|timezone|aware"), database.write() as work:
        work.db.add(contact)
        work.commit()


@pytest.mark.parametrize("url", ["nonsense", "mysql://a/b"])
def test_a_wrong_url_is_explained(url: str) -> None:
    with pytest.raises(DatabaseUnusable, match="DATABASE_URL"):
        Database(url)


def test_an_absent_server_is_unavailable() -> None:
    database = Database("postgresql://x:y@127.0.0.1:1/none?connect_timeout=2")
    with pytest.raises(DatabaseUnavailable):
        database.ping()
    database.close()


def test_insert_once_says_whether_it_was_new(database: Database, clock: FixedClock) -> None:
    from handlers.models import Contact

    def contact() -> Contact:
        return Contact(
            channel="web",
            address_key="k",
            address_sealed=b"",
            created_at=clock(),
            last_seen_at=clock(),
        )

    with database.write() as work:
        assert insert_once(work.db, contact()) is not None
        assert insert_once(work.db, contact()) is None
        work.commit()
