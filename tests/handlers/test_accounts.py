"""Signing in: hashes only, and wrong passwords make an account rest ever longer."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from handlers import accounts
from handlers.access import Role
from handlers.accounts import FREE_TRIES, LONGEST_DELAY, SignInRefused
from handlers.database import Database
from handlers.models import Account
from tests.conftest import FixedClock

RIGHT, WRONG = "sawah hijau 12", "sawah kuning 12"


class Door:
    """The sign-in page as one person meets it."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database, self.clock = database, clock

    def put(self, password: str = RIGHT, *, login: str = "sari", **fields: object) -> None:
        given: dict[str, object] = {"name": "Sari", "role": Role.OFFICER} | fields
        with self.database.write() as work:
            accounts.put(
                work.db,
                login=login,
                password=password,
                now=self.clock(),
                **given,  # type: ignore[arg-type]
            )
            work.commit()

    def sign_in(self, password: str, *, login: str = "sari") -> str:
        with self.database.write() as work:
            try:
                return accounts.sign_in(
                    work.db, login=login, password=password, now=self.clock()
                ).login
            finally:
                work.commit()

    def refused(self, password: str = WRONG, *, login: str = "sari") -> datetime | None:
        with pytest.raises(SignInRefused) as told:
            self.sign_in(password, login=login)
        return told.value.until

    def account(self) -> Account:
        with self.database.read() as db:
            return db.exec(select(Account)).one()


@pytest.fixture
def door(database: Database, clock: FixedClock) -> Door:
    door = Door(database, clock)
    door.put()
    return door


@pytest.mark.parametrize("login", ["sari", "Sari", "  SARI "])
def test_the_right_password_lets_in(door: Door, login: str) -> None:
    assert door.sign_in(RIGHT, login=login) == "sari"


def test_a_login_made_with_capitals_can_be_used(door: Door) -> None:
    door.put(login=" Budi ")
    assert door.sign_in(RIGHT, login="Budi") == "budi"


@pytest.mark.parametrize("password", [WRONG, "", RIGHT.upper(), RIGHT + " ", "x" * 10_000, "é\x00"])
def test_a_wrong_password_does_not(door: Door, password: str) -> None:
    assert door.refused(password) is None


@pytest.mark.parametrize("login", ["joko", "", "sari' or '1'='1"])
def test_an_unknown_login_is_refused_like_a_wrong_password(door: Door, login: str) -> None:
    for _ in range(FREE_TRIES + 1):
        assert door.refused(RIGHT, login=login) is None
    assert door.sign_in(RIGHT) == "sari"


def test_the_password_is_stored_as_an_argon2_hash(door: Door) -> None:
    account = door.account()
    assert account.password_hash.startswith("$argon2id$")
    assert not any(RIGHT in str(value) for value in account.model_dump().values())


def test_the_delay_grows_up_to_an_hour(door: Door) -> None:
    delays = []
    for _ in range(FREE_TRIES + 12):
        until = door.refused()
        delays.append(until - door.clock() if until else timedelta())
        door.clock.move(delays[-1])
    seconds = [delay.total_seconds() for delay in delays]
    assert seconds[: FREE_TRIES + 3] == [0, 0, 5, 10, 20, 40]
    assert seconds == sorted(seconds)
    assert delays[-1] == LONGEST_DELAY


def test_while_the_account_rests_the_right_password_waits_too(door: Door) -> None:
    until = None
    for _ in range(FREE_TRIES):
        until = door.refused()
    assert until is not None
    door.clock.move(until - door.clock() - timedelta(seconds=1))
    assert door.refused(RIGHT) == until
    door.clock.move(timedelta(seconds=1))
    assert door.sign_in(RIGHT) == "sari"


def test_tries_while_resting_do_not_make_it_longer(door: Door) -> None:
    until = [door.refused() for _ in range(FREE_TRIES)][-1]
    assert [door.refused() for _ in range(5)] == [until] * 5
    assert door.account().failures == FREE_TRIES


def test_signing_in_forgets_the_wrong_tries(door: Door) -> None:
    for _ in range(FREE_TRIES - 1):
        door.refused()
    door.sign_in(RIGHT)
    assert door.account().failures == 0
    assert door.refused() is None


def test_years_of_wrong_tries_are_still_refused_and_counted(door: Door) -> None:
    with door.database.write() as work:
        account = work.db.exec(select(Account)).one()
        account.failures = 100_000
        work.db.add(account)
        work.commit()
    assert door.refused() == door.clock() + LONGEST_DELAY
    assert door.account().failures == 100_001


def test_a_new_password_replaces_the_old_and_ends_the_rest(door: Door) -> None:
    for _ in range(FREE_TRIES + 1):
        until = door.refused()
        if until:
            door.clock.move(until - door.clock())
    door.refused()
    before = door.account()
    door.put("padi menguning 7", name="Sari Dewi", role=Role.ADMIN, officer_id=4)
    account = door.account()
    assert (account.id, account.created_at) == (before.id, before.created_at)
    assert (account.name, account.role, account.officer_id) == ("Sari Dewi", "admin", 4)
    assert (account.failures, account.locked_until) == (0, None)
    assert door.refused(RIGHT) is None
    assert door.sign_in("padi menguning 7") == "sari"


def test_an_account_is_found_by_its_id(door: Door) -> None:
    id = door.account().id
    assert id is not None
    with door.database.read() as db:
        found = accounts.get(db, id)
        assert found is not None
        assert found.login == "sari"
        assert accounts.get(db, id + 1) is None
