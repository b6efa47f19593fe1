"""Log lines: whatever could be a telephone number is masked."""

import logging
from collections.abc import Callable, Iterator

import pytest

from bot.logs import configure

NUMBER = "6281234567890"
LOG = logging.getLogger("test.logs")

Captured = pytest.CaptureFixture[str]
QUIET = ("httpx", "httpcore", "telegram", "uvicorn.access")


@pytest.fixture(autouse=True)
def handlers_put_back() -> Iterator[None]:
    """Leave the root logger as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    root.handlers = []
    yield
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def logged(capsys: Captured, write: Callable[[], None], *, level: str = "INFO") -> str:
    configure(level)
    write()
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("write", "told"),
    [
        pytest.param(lambda: LOG.info(f"to {NUMBER}"), "to [angka]", id="in the message"),
        pytest.param(lambda: LOG.info("to %s", NUMBER), "to [angka]", id="as an argument"),
        pytest.param(lambda: LOG.info("to %d", int(NUMBER)), "to [angka]", id="as a number"),
        pytest.param(lambda: LOG.info("%(to)s", {"to": NUMBER}), "[angka]", id="by name"),
        pytest.param(lambda: LOG.info("to +%s", NUMBER), "to +[angka]", id="with a plus"),
        pytest.param(lambda: LOG.info(["x", NUMBER]), "['x', '[angka]']", id="in an object"),
        pytest.param(lambda: LOG.info("%s/%s", "1234", "56789"), "1234/56789", id="two short ones"),
        pytest.param(lambda: LOG.info("%s%s", "1234", "56789"), "[angka]", id="two that join"),
        pytest.param(lambda: LOG.info("case %d", 12_345_678), "case 12345678", id="a case stays"),
        pytest.param(
            lambda: LOG.info("%s and %s", NUMBER, NUMBER), "[angka] and [angka]", id="two numbers"
        ),
    ],
)
def test_a_long_number_is_masked(capsys: Captured, write: Callable[[], None], told: str) -> None:
    line = logged(capsys, write)
    assert line.endswith(f" INFO test.logs: {told}\n")
    assert NUMBER not in line


def test_a_long_number_in_a_traceback_is_masked(capsys: Captured) -> None:
    def write() -> None:
        try:
            raise ValueError(f"cannot send to {NUMBER}")
        except ValueError:
            LOG.exception("sending %s failed", 7)

    told = logged(capsys, write)
    assert "sending 7 failed" in told
    assert "ValueError: cannot send to [angka]" in told
    assert NUMBER not in told


def test_lines_below_the_level_are_not_written(capsys: Captured) -> None:
    def write() -> None:
        LOG.info("small")
        LOG.error("big")

    told = logged(capsys, write, level="WARNING")
    assert "small" not in told
    assert "big" in told


@pytest.mark.parametrize("name", QUIET)
def test_clients_do_not_log_whole_addresses(capsys: Captured, name: str) -> None:
    address = "https://api.telegram.org/bot1:secret/sendMessage"
    log = logging.getLogger(name)
    assert logged(capsys, lambda: log.info("POST %s", address), level="DEBUG") == ""


def test_configuring_twice_writes_each_line_once(capsys: Captured) -> None:
    configure("INFO")
    assert logged(capsys, lambda: LOG.info("once")).count("once") == 1
