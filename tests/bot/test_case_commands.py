"""`case` and `risk outcomes` from the command line: identifiers only, and drills."""

import json

from bot.app import build
from bot.settings import load_settings
from tests.bot.test_cli import Command, command, environment
from tests.people import Person, seat, settle

__all__ = ["command", "environment"]

STORY = "tolong adik saya disekap di kamboja, paspor diambil bos, minta tebusan 30 juta"


def test_list_show_and_hand_over_without_any_words(command: Command) -> None:
    app = build(load_settings())
    for name in ("Budi", "Tini"):
        seat(app, name)
    Person(app, "warga").say(STORY)
    settle(app)
    (row,) = [json.loads(line) for line in command.text("case", "list").splitlines()]
    assert (row["case"], row["level"], row["owner"]) == (1, "darurat", "Budi")
    passed = json.loads(command.text("case", "hand-over", "1"))
    assert passed["owner"] == "Tini"
    shown = command.text("case", "show", "1")
    assert [step["kind"] for step in json.loads(shown)["history"]] == ["dibuka", "dialihkan"]
    assert "disekap" not in shown
    assert command.text("case", "show", "99") == ""
    assert "Kasus 99 tidak ada" in command.errors
    app.close()


def test_a_drill_from_the_command_line(command: Command) -> None:
    row = json.loads(command.text("case", "drill", "--area", "35.04.01.1001"))
    assert (row["drill"], row["level"]) == (True, "darurat")
    assert command.text("case", "drill", "--area", "99") == ""
    assert "tidak dikenal" in command.errors
    assert "0 kasus selesai" in command.text("risk", "outcomes")


def test_outcomes_are_exported_without_words(command: Command) -> None:
    app = build(load_settings())
    officer = seat(app, "Budi")
    Person(app, "warga").say(STORY)
    officer.tap("k:1:terima")
    officer.tap("k:1:selesai:VERIFIED:SAFE")
    app.close()
    (row,) = [
        json.loads(line) for line in command.text("risk", "outcomes", "--export").splitlines()
    ]
    assert set(row) == {"level", "kind", "indicators", "outcome", "reason", "month"}
    assert (row["level"], row["outcome"]) == ("darurat", "terverifikasi")
    table = command.text("risk", "outcomes")
    assert "1 kasus selesai" in table
    assert "100%" in table
