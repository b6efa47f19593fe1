"""Settings reach the clock at once, two admins never overwrite each other unseen, faults fall back."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.app import App, Thinking, assemble
from bot.settings import load_settings
from escalation.assignment import Rung
from escalation.models import Case
from escalation.policy import Policy
from escalation.policy_limits import TimeLimits
from escalation.policy_values import Value
from escalation.risk import Level
from handlers import accounts, in_force, setting_changes, setting_versions
from handlers.database import Database
from handlers.models import Account
from handlers.proving import PasswordRefused
from handlers.room_models import AuditEvent
from handlers.setting_changes import SettingRefused
from handlers.setting_models import SettingVersion
from handlers.setting_sheets import sheet_of
from handlers.setting_versions import Section, SettingChanged
from tests.conftest import FixedClock
from tests.factories import NOON
from tests.handlers.test_clockwork import REGENCY, tell, villager, watch
from tests.people import only_case, seat

PASSWORD = "sandi-panjang-sekali"
DEFAULTS = Policy.load()


@pytest.fixture
def admins(app: App) -> list[Account]:
    """Two admins."""
    with app.database.write() as work:
        made = [
            accounts.put(
                work.db, login=name, name=name, role="admin", password=PASSWORD, now=app.clock()
            )
            for name in ("Ani", "Budi")
        ]
        work.db.flush()
        work.commit()
    return made


def put(
    app: App,
    by: Account,
    *,
    seen: int = 0,
    section: Section = Section.TIMES,
    password: str = PASSWORD,
    **changed: Value,
) -> SettingVersion:
    """Put values in force; `__` stands for the dot."""
    return setting_changes.put_in_force(
        app.database,
        section,
        {key.replace("__", "."): value for key, value in changed.items()},
        seen=seen,
        restored=None,
        password=password,
        by=by,
        resources=app.resources,
        now=app.clock(),
    )


def spoil(app: App, content: str, *, section: Section = Section.TIMES) -> None:
    """Store a version that no page would take."""
    with app.database.write() as work:
        newest = setting_versions.newest(work.db, section)
        number = newest.number + 1 if newest else 1
        row = SettingVersion(
            section=section, number=number, content=content, account_id=1, who="?", at=app.clock()
        )
        work.db.add(row)
        work.commit()


def rung(app: App) -> timedelta | None:
    return app.resources.deadlines.rule(Level.TINGGI, is_request=False).rung


def test_a_case_that_waits_is_counted_by_the_new_time(
    app: App, admins: list[Account], clock: FixedClock
) -> None:
    seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Tini")
    tell(app, villager(app), Level.TINGGI)
    watch(app)
    due = only_case(app).due_at
    assert due == clock() + timedelta(minutes=30)
    put(app, admins[0], tinggi__tiap_anak_tangga=10)
    assert only_case(app).due_at is None
    clock.move(timedelta(minutes=10))
    watch(app)
    assert only_case(app).rung == Rung.NASIONAL


def test_another_process_uses_a_change_in_its_next_round(
    app: App, admins: list[Account], clock: FixedClock
) -> None:
    """Also one that put the case off by the old time after the change was stored."""
    other = beside(app, clock)
    seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Tini")
    tell(app, villager(app), Level.TINGGI)
    put(app, admins[0], tinggi__tiap_anak_tangga=10)
    with app.database.write() as work:
        case = work.db.exec(select(Case)).one()
        case.due_at = clock() + timedelta(minutes=30)
        work.db.add(case)
        work.commit()
    assert rung(other) == timedelta(minutes=30)
    asyncio.run(other.workers.watch())
    assert rung(other) == timedelta(minutes=10)
    assert only_case(app).due_at == clock() + timedelta(minutes=10)
    other.close()


def beside(app: App, clock: FixedClock) -> App:
    """The product as a second process has it, on the same database."""
    settings = load_settings(
        _env_file=None,
        data_dir=app.settings.data_dir,
        secret_key_file=app.settings.secret_key_file,
        database_url=str(app.database.engine.url.render_as_string(hide_password=False)),
    )
    thinking = Thinking(
        words=app.resources.words,
        places=app.resources.places,
        knowledge=app.resources.knowledge,
        risk=app.resources.risk,
        names=app.resources.names,
        flows=app.resources.flows,
    )
    return assemble(settings, database=Database(settings.url), thinking=thinking, clock=clock)


def test_a_process_that_starts_has_what_is_in_force(
    app: App, admins: list[Account], clock: FixedClock
) -> None:
    put(app, admins[0], tinggi__tiap_anak_tangga=20)
    other = beside(app, clock)
    assert rung(other) == timedelta(minutes=20)
    other.close()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("{", id="no JSON"),
        pytest.param("[]", id="a list"),
        pytest.param("null", id="nothing"),
        pytest.param('{"darurat.paling_lama": null}', id="an empty time"),
        pytest.param('{"darurat.paling_lama": {"menit": 5}}', id="a time in a time"),
        pytest.param('{"darurat.paling_lama": 600}', id="an emergency after ten hours"),
        pytest.param('{"tinggi.tiap_anak_tangga": 40}', id="rungs that do not fit"),
        pytest.param('{"darurat.jam_kerja": 1}', id="what is not to be set"),
        pytest.param('{"jam_kerja.hari": ""}', id="no working day"),
    ],
)
def test_what_cannot_be_read_is_not_used(database: Database, content: str) -> None:
    with database.write() as work:
        row = SettingVersion(
            section=Section.TIMES, number=1, content=content, account_id=1, who="?", at=NOON
        )
        work.db.add(row)
        work.commit()
    with database.read() as db:
        found = in_force.read(db)
        kept = setting_changes.history(db, Section.TIMES, sheet=TimeLimits.load())
    assert found.unreadable == (Section.TIMES,)
    assert found.deadlines == DEFAULTS
    assert [one.version.content for one in kept] == [content]


def test_an_unreadable_version_never_stops_the_clock(app: App, clock: FixedClock) -> None:
    seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Tini")
    spoil(app, '{"tinggi.tiap_anak_tangga": 99999}')
    tell(app, villager(app), Level.TINGGI)
    watch(app)
    clock.move(timedelta(minutes=30))
    watch(app)
    assert only_case(app).rung == Rung.NASIONAL


def test_an_unreadable_version_is_replaced(app: App, admins: list[Account]) -> None:
    spoil(app, "{")
    row = put(app, admins[0], seen=1, tinggi__tiap_anak_tangga=20)
    assert row.number == 2
    assert rung(app) == timedelta(minutes=20)


def test_choices_of_numbers_that_are_not_offered_fall_back(app: App) -> None:
    spoil(app, '{"anak": "081234567890"}', section=Section.NUMBERS)
    in_force.refresh(app.database, app.resources)
    assert app.resources.hotlines.chosen == {}
    assert app.resources.deadlines == DEFAULTS


def test_the_second_of_two_admins_is_told(app: App, admins: list[Account]) -> None:
    first, second = admins
    put(app, first, darurat__semua_setelah=4)
    with pytest.raises(SettingChanged) as told:
        put(app, second, darurat__semua_setelah=3)
    assert told.value.by == "Ani"
    assert put(app, second, seen=1, darurat__semua_setelah=3).number == 2


def test_a_button_pressed_twice_keeps_one_version(app: App, admins: list[Account]) -> None:
    for _ in range(2):
        assert put(app, admins[0], darurat__semua_setelah=4).number == 1
    with app.database.read() as db:
        lines = db.exec(select(AuditEvent)).all()
    assert [line.action for line in lines] == ["setelan diubah"]
    assert "semua atasan diberi tahu sesudah: 5 menit → 4 menit" in lines[0].detail


def test_a_wrong_password_changes_nothing_and_counts(
    app: App, admins: list[Account], clock: FixedClock
) -> None:
    for _ in range(3):
        with pytest.raises(PasswordRefused, match="tidak cocok"):
            put(app, admins[0], password="salah", darurat__semua_setelah=4)
    with pytest.raises(PasswordRefused, match="terlalu sering"):
        put(app, admins[0], darurat__semua_setelah=4)
    clock.move(timedelta(minutes=1))
    assert app.resources.deadlines == DEFAULTS
    put(app, admins[0], darurat__semua_setelah=4)


def test_values_past_the_limits_are_refused_before_the_password(
    app: App, admins: list[Account]
) -> None:
    with pytest.raises(SettingRefused) as refused:
        put(app, admins[0], darurat__paling_lama=60)
    assert "2 sampai 15 menit" in refused.value.faults[0]


def test_the_packaged_values_are_kept_as_such(app: App, admins: list[Account]) -> None:
    """So that those of a newer package count, not a copy of the old ones."""
    put(app, admins[0], darurat__semua_setelah=4)
    assert put(app, admins[0], seen=1, darurat__semua_setelah=5).content == "{}"
    assert app.resources.deadlines == DEFAULTS


def test_every_version_stays_with_who_when_and_what(app: App, admins: list[Account]) -> None:
    put(app, admins[0], darurat__semua_setelah=4)
    put(app, admins[1], seen=1, darurat__semua_setelah=4, tinggi__diulang=20)
    with app.database.read() as db:
        sheet = sheet_of(Section.TIMES, app.resources)
        kept = setting_changes.history(db, Section.TIMES, sheet=sheet)
    assert [(one.version.number, one.version.who) for one in kept] == [(2, "Budi"), (1, "Ani")]
    changed = [[(c.before, c.after) for c in one.changes] for one in kept]
    assert changed == [[("30 menit", "20 menit")], [("5 menit", "4 menit")]]
    at: datetime = kept[0].version.at
    assert at == app.clock()
