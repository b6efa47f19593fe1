"""A hundred cases over simulated days: none without an owner, none late, emergencies first."""

from dataclasses import replace
from pathlib import Path

from bench.ladder import Clock, simulate
from bench.ladder_world import Mood
from bot import schema
from bot.app import Thinking, assemble
from bot.settings import load_settings
from handlers.database import Database


def test_no_case_rests_whoever_is_silent(thinking: Thinking, tmp_path: Path) -> None:
    settings = load_settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        secret_key_file=tmp_path / "secret.key",
        database_url=f"sqlite:///{tmp_path / 'ladder.sqlite3'}",
    )
    database = Database(settings.url)
    schema.upgrade(database)
    clock = Clock()
    app = assemble(settings, database=database, thinking=thinking, clock=clock)
    report = simulate(replace(app, clock=clock), clock, cases=100, days=2)
    app.close()
    # Who writes again after a case was closed opens another.
    assert report.cases >= 100
    assert {"darurat", "tinggi", "sedang", "permintaan"} <= set(report.levels)
    assert all(report.moods[mood] for mood in Mood)
    assert report.without_owner == 0
    assert (report.late, report.left_waiting) == (0, 0)
    assert report.overtaken == 0
    assert max(report.settled["darurat"]) <= 10
    assert max(report.settled["tinggi"]) <= 120
    assert report.deeds["naik ke petugas berikutnya"] > 10
