"""One worker loop on a SQLite file, also across processes."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.lock import only_worker
from handlers.database import DatabaseUnusable

TRY = """
import sys
from pathlib import Path
from bot.lock import only_worker
from handlers.database import DatabaseUnusable
try:
    with only_worker(Path(sys.argv[1])):
        print("held")
except DatabaseUnusable as refused:
    print(f"refused: {refused}")
"""
HOLD = """
import sys
from pathlib import Path
from bot.lock import only_worker
with only_worker(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def another(file: Path) -> str:
    """What a second process says that wants the lock."""
    done = subprocess.run(
        [sys.executable, "-c", TRY, str(file)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pimpasa.sqlite3"


def test_another_process_is_kept_out_until_the_lock_is_let_go(file: Path) -> None:
    with only_worker(file):
        assert another(file).startswith("refused: Tanya Pimpasa sudah berjalan")
    assert another(file) == "held"


def test_this_process_is_kept_out_by_another_and_not_by_one_that_died(file: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DatabaseUnusable, match="Hentikan yang lama"), only_worker(file):
            pass
        holder.kill()
        holder.wait()
    with only_worker(file):
        assert another(file).startswith("refused")


def test_a_second_loop_in_the_same_process_is_kept_out(file: Path) -> None:
    with (
        only_worker(file),
        pytest.raises(DatabaseUnusable),
        only_worker(file),
    ):
        pass


def test_another_database_has_a_lock_of_its_own(file: Path) -> None:
    with only_worker(file):
        assert another(file.with_name("contoh.sqlite3")) == "held"


def test_the_lock_is_let_go_after_an_error(file: Path) -> None:
    with pytest.raises(RuntimeError), only_worker(file):
        raise RuntimeError
    with only_worker(file):
        assert not file.exists()
