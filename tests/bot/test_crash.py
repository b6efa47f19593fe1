"""SIGKILL between receipt and reply: after the restart every reply goes out once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import func, select

from bot.app import App
from handlers import balance, outbox
from handlers.models import OutboxItem, OutboxStatus, TranscriptLine
from tests.people import Person

MESSAGES = 100
PATIENCE = 90.0


@pytest.fixture
def start_worker(app: App, models_dir: Path) -> Callable[[], "subprocess.Popen[bytes]"]:
    """Start `work` as a process of its own on this app's database."""
    data_dir = app.settings.data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / "models").symlink_to(models_dir)
    environment = {
        **os.environ,
        "DATABASE_URL": app.settings.url,
        "DATA_DIR": str(data_dir),
        "SECRET_KEY_FILE": str(app.settings.secret_key_file),
        "DEMO": "tidak",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "work"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    return start


def replies_shown(app: App) -> Counter[int]:
    with app.database.read() as db:
        ids = db.exec(select(TranscriptLine.outbox_id)).all()
    return Counter(id for id in ids if id is not None)


def wait_for(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_killed_with_a_hundred_messages_waiting(
    app: App, start_worker: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    people = [Person(app, f"warga-{number}") for number in range(MESSAGES)]
    for person in people:
        person.send(text="brp biaya bikin paspor")
    first = start_worker()
    assert wait_for(lambda: len(replies_shown(app)) >= 10)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    killed_at = len(replies_shown(app))
    assert killed_at < 2 * MESSAGES, "the worker was done before it was killed"
    with app.database.read() as db:
        assert balance.take_balance(db).waiting > 0

    second = start_worker()
    try:
        assert wait_for(lambda: all_done(app))
    finally:
        second.terminate()
        second.wait()
    # One message with an answer, one that asks for the village; each was shown exactly once.
    shown = replies_shown(app)
    assert len(shown) == 2 * MESSAGES
    assert set(shown.values()) == {1}
    with app.database.read() as db:
        statuses = outbox.summary(db)
        queued = db.exec(select(func.count()).select_from(OutboxItem)).one()
        taken = balance.take_balance(db)
    assert queued == 2 * MESSAGES
    assert statuses == {OutboxStatus.SENT: 2 * MESSAGES}
    assert taken.holds
    assert (taken.received, taken.endings["answered"]) == (MESSAGES, MESSAGES)


def all_done(app: App) -> bool:
    with app.database.read() as db:
        return balance.take_balance(db).waiting == 0
