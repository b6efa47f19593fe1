"""Leave: a case is never left without an owner, and the desk never without a person."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.app import App
from escalation.assignment import Rung
from escalation.models import Case, Officer
from escalation.risk import Level
from tests.conftest import FixedClock
from tests.handlers.test_clockwork import REGENCY, make_deputy, tell, villager
from tests.people import Person, only_case, seat, text_of


def away_until(app: App, name: str) -> object:
    with app.database.read() as db:
        return db.exec(select(Officer).where(Officer.name == name)).one().away_until


@pytest.fixture
def sari(app: App) -> Person:
    person = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Wati", (Rung.DESA, "35.04.01.2002"))
    seat(app, "Budi")
    make_deputy(app, "Sari", "Wati")
    return person


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        pytest.param("siaga off", 24, id="a day unless said otherwise"),
        pytest.param("Siaga OFF 2 hari", 48, id="two days"),
        pytest.param("siaga off 5 jam", 5, id="five hours"),
        pytest.param("siaga libur selama 1 minggu", 168, id="a week"),
        pytest.param("siaga off sampai 30-11-2026", 141, id="until a date, at seven"),
        pytest.param("siaga off 30 november", 141, id="a named month"),
        pytest.param("siaga off sampai 2/1", 933, id="the next January"),
    ],
)
def test_leave_until(app: App, sari: Person, clock: FixedClock, text: str, hours: int) -> None:
    told = text_of(sari.say(text))
    assert "libur sampai" in told
    assert "Wati" in told
    assert away_until(app, "Sari") == clock() + timedelta(hours=hours)
    assert "siaga lagi" in text_of(sari.say("siaga on"))
    assert away_until(app, "Sari") is None


@pytest.mark.parametrize(
    "text", ["siaga off besok", "siaga off 31-2", "siaga off 1-1-2020", "siaga off 0 hari"]
)
def test_an_unclear_time_changes_nothing(app: App, sari: Person, text: str) -> None:
    assert "belum terbaca" in text_of(sari.say(text))
    assert away_until(app, "Sari") is None


def test_open_cases_move_before_their_owner_leaves(app: App, sari: Person) -> None:
    tell(app, villager(app, "a"), Level.TINGGI)
    number = only_case(app).id
    sari.tap(f"k:{number}:terima")
    told = text_of(sari.say("siaga off 3 hari"))
    assert f"{number} (Wati)" in told
    with app.database.read() as db:
        case = db.exec(select(Case)).one()
        names = {officer.id: officer.name for officer in db.exec(select(Officer)).all()}
    assert names[case.owner_id] == "Wati"
    assert "libur sampai" in text_of(sari.say("siaga"))


def test_the_last_one_at_the_desk_cannot_leave(app: App) -> None:
    budi = seat(app, "Budi")
    assert "meja nasional kosong" in text_of(budi.say("siaga off"))
    assert away_until(app, "Budi") is None
    seat(app, "Tini")
    assert "libur sampai" in text_of(budi.say("siaga off"))


def test_a_villager_who_writes_siaga_is_answered_as_a_villager(app: App) -> None:
    seat(app, "Budi")
    assert "libur" not in text_of(villager(app).say("siaga off"))
