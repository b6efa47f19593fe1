"""The overview counts an account's own area, and its numbers lead to what stands behind them."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.app import App
from escalation.models import Case
from handlers import overview
from handlers.models import Account, QuestionRecord
from handlers.overview import FEW, Overview
from tests.api.rooms import Browser, add_account
from tests.conftest import FixedClock


def ask(app: App, count: int, *, days_ago: int = 0, **more: object) -> None:
    given: dict[str, object] = {
        "pseudonym": "x",
        "at": app.clock() - timedelta(days=days_ago),
        "kind": "question",
        "area_code": "35.04.12.2001",
        "topic": "paspor",
        "slug": "paspor-biaya",
        "level": "tidak",
        "language": "id",
        "channel": "web",
        "ending": "answered",
    }
    with app.database.write() as work:
        for _ in range(count):
            work.db.add(QuestionRecord(**(given | more)))  # type: ignore[arg-type]
        work.commit()


def open_case(
    app: App, area_code: str, *, minutes: int | None, outside: bool = False, drill: bool = False
) -> None:
    now = app.clock()
    taken = None if minutes is None else now - timedelta(hours=9) + timedelta(minutes=minutes)
    with app.database.write() as work:
        work.db.add(
            Case(
                contact_id=1,
                area_code=area_code,
                level="tinggi",
                facts_sealed=b"",
                state="baru" if minutes is None else "diterima",
                rung="kantor",
                is_outside=outside,
                is_drill=drill,
                opened_at=now - timedelta(hours=9),
                last_message_at=now,
                accepted_at=taken,
            )
        )
        work.commit()


def figures_of(app: App, role: str, area_code: str = "") -> Overview:
    login = f"{role}{area_code}"
    add_account(app, role, login=login, area_code=area_code)
    with app.database.read() as db:
        account = db.exec(select(Account).where(Account.login == login)).one()
        return overview.take(
            db,
            by=account,
            offices=app.resources.offices,
            zone="Asia/Jakarta",
            now=app.clock(),
        )


@pytest.fixture
def busy(app: App) -> App:
    ask(app, 6)
    ask(app, 2, days_ago=3, helpful=True)
    ask(app, 1, days_ago=3, helpful=False)
    ask(app, 3, area_code="52.01.01.2001", ending="unknown", slug=None, topic=None, language="sas")
    ask(app, 1, days_ago=20)
    for minutes in (10, 20, 30):
        open_case(app, "35.04.12.2001", minutes=minutes)
    open_case(app, "35.04.12.2001", minutes=None)
    open_case(app, "35.04.12.2001", minutes=None, outside=True)
    open_case(app, "52.01.01.2001", minutes=500)
    open_case(app, "52.01.01.2001", minutes=None, drill=True)
    return app


def test_the_whole_country_is_counted_within_14_days(busy: App) -> None:
    found = figures_of(busy, "admin")
    assert (found.today, found.questions, found.answered, found.unknown) == (9, 12, 9, 3)
    assert (found.helped, found.did_not_help) == (2, 1)
    assert found.entries == [("paspor-biaya", 9)]
    assert dict(found.languages) == {"id": 9, "sas": 3}
    assert [count for _, count in found.days if count] == [3, 9]
    assert len(found.days) == 14
    # Three questions from one regency are too few to stand alone.
    assert FEW > 3
    assert found.places == [("35.04", 9), ("", 3)]
    assert (found.open_cases, found.untaken) == (6, 2)
    assert found.ladder == [("kantor", 6)]
    assert sorted((row.taken, row.waiting) for row in found.offices) == [(1, 0), (3, 2)]


def test_an_area_counts_nothing_of_another_and_nothing_that_goes_past_its_office(
    busy: App,
) -> None:
    found = figures_of(busy, "kepala_kantor", "35.04")
    assert (found.today, found.questions, found.unknown) == (6, 9, 0)
    assert found.open_cases == 4
    (row,) = found.offices
    assert (row.taken, row.waiting, row.half, row.most) == (3, 1, 20.0, 28.0)
    assert found.oldest == busy.clock() - timedelta(hours=9)
    assert figures_of(busy, "kepala_kantor", "35.05").questions == 0


def test_numbers_lead_to_their_rows_only_where_the_room_is_open(
    busy: App, clock: FixedClock
) -> None:
    for role, leads in (("admin", True), ("pengamat", False)):
        add_account(busy, role)
        visitor = Browser(busy)
        visitor.sign_in(role)
        page = visitor.open("/admin").text
        assert "Ringkasan" in page
        assert "9 jam" in page
        office = busy.resources.offices.office_code("35.04")
        for path in (
            "/admin/celah",
            "/admin/faq/paspor-biaya",
            "/petugas",
            "/petugas?keadaan=baru",
            "/petugas?tangga=kantor",
            f"/petugas?keadaan=baru&amp;kantor={office}",
        ):
            assert (f'href="{path}"' in page.split("<main")[1]) is leads
