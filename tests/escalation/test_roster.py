"""Who can be reached now, and codes that link an officer's contact exactly once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from escalation import roster
from escalation.assignment import Post, Rung
from escalation.models import Invitation, Officer, OfficerRoute, Posting
from handlers.database import Database
from handlers.sealing import Sealer
from tests.conftest import FixedClock


class Desk:
    """A few officers in the database."""

    def __init__(self, database: Database, sealer: Sealer, clock: FixedClock) -> None:
        self.database, self.clock = database, clock
        self.hashed: Callable[[str], str] = lambda code: sealer.lookup(code, purpose="undangan")

    def add(self, name: str, **fields: Any) -> int:
        with self.database.write() as work:
            officer = Officer(name=name, duty="pimpasa", created_at=self.clock(), **fields)
            work.db.add(officer)
            work.db.flush()
            assert officer.id is not None
            work.db.add(Posting(officer_id=officer.id, rung=Rung.KABUPATEN, code="35.04"))
            work.commit()
        return officer.id

    def link(self, officer_id: int, contact_id: int) -> None:
        with self.database.write() as work:
            officer = work.db.get_one(Officer, officer_id)
            roster.link(work.db, officer, contact_id=contact_id, now=self.clock())
            roster.note_answer(work.db, officer_id, now=self.clock())
            work.commit()

    def invite(self, officer_id: int) -> str:
        with self.database.write() as work:
            code = roster.invite(work.db, officer_id, hashed=self.hashed, now=self.clock())
            work.commit()
        return code

    def redeem(self, code: str, contact_id: int) -> str:
        with self.database.write() as work:
            officer = roster.redeem(
                work.db, code, contact_id=contact_id, hashed=self.hashed, now=self.clock()
            )
            work.commit()
        return officer.name

    def reachable(self) -> set[int]:
        with self.database.read() as db:
            return set(roster.load_roster(db, now=self.clock()).reachable)

    def who(self, contact_id: int) -> str | None:
        with self.database.read() as db:
            officer = roster.officer_of(db, contact_id)
        return officer.name if officer else None

    def routes(self, officer_id: int) -> list[int]:
        with self.database.read() as db:
            return list(roster.routes_of(db, officer_id))


@pytest.fixture
def desk(database: Database, sealer: Sealer, clock: FixedClock) -> Desk:
    return Desk(database, sealer, clock)


def test_only_an_officer_with_a_contact_can_be_reached(desk: Desk) -> None:
    sari, _budi = desk.add("Sari"), desk.add("Budi")
    desk.link(sari, 11)
    assert desk.reachable() == {sari}


def test_an_inactive_officer_is_nowhere(desk: Desk) -> None:
    sari, budi = desk.add("Sari"), desk.add("Budi", is_active=False)
    desk.link(sari, 11)
    desk.link(budi, 12)
    with desk.database.read() as db:
        found = roster.load_roster(db, now=desk.clock())
    assert found.posts == (Post(sari, Rung.KABUPATEN, "35.04"),)
    assert found.reachable == {sari}
    assert desk.who(12) is None


def test_absence_ends_when_it_was_said_to_end(desk: Desk) -> None:
    sari = desk.add("Sari", away_until=desk.clock() + timedelta(days=3))
    desk.link(sari, 11)
    assert desk.reachable() == set()
    desk.clock.move(timedelta(days=3) - timedelta(seconds=1))
    assert desk.reachable() == set()
    desk.clock.move(timedelta(seconds=1))
    assert desk.reachable() == {sari}


def test_deputies_are_those_of_active_officers(desk: Desk) -> None:
    budi = desk.add("Budi")
    sari = desk.add("Sari", deputy_id=budi)
    desk.add("Tini", deputy_id=budi, is_active=False)
    with desk.database.read() as db:
        assert roster.load_roster(db, now=desk.clock()).deputies == {sari: budi}


def test_a_broken_route_counts_for_nothing_until_its_officer_writes(desk: Desk) -> None:
    sari = desk.add("Sari")
    desk.link(sari, 11)
    with desk.database.write() as work:
        roster.break_route(work.db, 11, code="blocked")
        work.commit()
    assert (desk.reachable(), desk.routes(sari)) == (set(), [])
    assert desk.who(11) == "Sari"
    with desk.database.write() as work:
        roster.mend_route(work.db, 11)
        work.commit()
    assert (desk.reachable(), desk.routes(sari)) == ({sari}, [11])


def test_breaking_one_of_two_routes_leaves_the_other(desk: Desk) -> None:
    sari = desk.add("Sari")
    desk.link(sari, 11)
    desk.link(sari, 12)
    assert desk.routes(sari) == [11, 12]
    with desk.database.write() as work:
        roster.break_route(work.db, 11, code="blocked")
        roster.break_route(work.db, 99, code="no such route")
        work.commit()
    assert (desk.reachable(), desk.routes(sari)) == ({sari}, [12])


def test_a_code_links_the_contact_that_typed_it(desk: Desk) -> None:
    sari = desk.add("Sari")
    assert desk.redeem(desk.invite(sari), 11) == "Sari"
    assert desk.who(11) == "Sari"
    assert desk.reachable() == {sari}


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(str.lower, id="small letters"),
        pytest.param(lambda code: code.replace("-", " "), id="blanks for dashes"),
        pytest.param(lambda code: code.replace("-", ""), id="no dashes"),
        pytest.param(lambda code: f"  {code}.\n", id="blanks and a full stop around"),
        pytest.param(" ".join, id="a blank after each letter"),
        pytest.param(lambda code: code.replace("-", "–"), id="long dashes of a phone"),
    ],
)
def test_a_code_may_be_typed_carelessly(desk: Desk, typed: Callable[[str], str]) -> None:
    code = desk.invite(desk.add("Sari"))
    assert desk.redeem(typed(code), 11) == "Sari"


def test_a_code_works_once(desk: Desk) -> None:
    code = desk.invite(desk.add("Sari"))
    desk.redeem(code, 11)
    with pytest.raises(roster.InvitationRefused):
        desk.redeem(code, 12)
    assert desk.who(12) is None


def test_a_code_expires(desk: Desk) -> None:
    sari = desk.add("Sari")
    early, late = desk.invite(sari), desk.invite(sari)
    desk.clock.move(roster.INVITATION_LIVES)
    assert desk.redeem(early, 11) == "Sari"
    desk.clock.move(timedelta(seconds=1))
    with pytest.raises(roster.InvitationRefused):
        desk.redeem(late, 12)
    assert desk.who(12) is None


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC", "-", "paspor", "🔴" * 12])
def test_an_unknown_code_is_refused(desk: Desk, code: str) -> None:
    desk.invite(desk.add("Sari"))
    with pytest.raises(roster.InvitationRefused):
        desk.redeem(code, 11)


def test_a_code_of_an_officer_who_left_is_refused(desk: Desk) -> None:
    code = desk.invite(desk.add("Sari", is_active=False))
    with pytest.raises(roster.InvitationRefused):
        desk.redeem(code, 11)


def test_only_the_hash_of_a_code_is_stored(desk: Desk) -> None:
    code = desk.invite(desk.add("Sari"))
    with desk.database.read() as db:
        stored = db.exec(select(Invitation)).one()
    assert stored.code_key == desk.hashed(code)
    letters = code.replace("-", "").lower()
    assert not any(letters in str(value).lower() for value in stored.model_dump().values())


def test_a_contact_belongs_to_one_officer_the_last_who_linked_it(desk: Desk) -> None:
    sari, budi = desk.add("Sari"), desk.add("Budi")
    desk.redeem(desk.invite(sari), 11)
    desk.redeem(desk.invite(budi), 11)
    assert desk.who(11) == "Budi"
    assert desk.reachable() == {budi}
    with desk.database.read() as db:
        assert len(db.exec(select(OfficerRoute)).all()) == 1


def test_linking_again_mends_a_broken_route(desk: Desk) -> None:
    sari = desk.add("Sari")
    desk.link(sari, 11)
    with desk.database.write() as work:
        roster.break_route(work.db, 11, code="blocked")
        work.commit()
    desk.redeem(desk.invite(sari), 11)
    assert desk.routes(sari) == [11]


def test_codes_look_as_printed_and_do_not_repeat() -> None:
    codes = {roster.new_code() for _ in range(500)}
    assert len(codes) == 500
    pattern = re.compile(r"[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}")
    assert all(pattern.fullmatch(code) for code in codes)
    assert all(roster.tidy_code(code) == code for code in codes)
