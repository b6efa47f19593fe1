"""A real server in a process of its own, and a real Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser_setup import find_chromium

START_SECONDS = 60

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser of this machine; without one the tests are skipped, in CI they fail."""
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium, and CI must have one")
        pytest.skip("NO CHROMIUM ON THIS MACHINE: the browser tests did not run")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, Any]:
    return {"executable_path": chromium, "args": FLAGS}


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[str]:
    """The demonstration as `make run` starts it, with trained models; gives its address.

    One a file: each counts on the cases it makes itself.
    """
    folder = tmp_path_factory.mktemp("demo")
    (folder / "data").mkdir()
    (folder / "data" / "models").symlink_to(models_dir)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DEMO": "otomatis",
        "PORT": str(port),
        "DATA_DIR": str(folder / "data"),
        "SECRET_KEY_FILE": str(folder / "secret.key"),
    }
    for name in ("TELEGRAM_BOT_TOKEN", "WHATSAPP_TOKEN", "DATABASE_URL"):
        environment.pop(name, None)
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve"], env=environment, stdout=log, stderr=log
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(base, server, folder / "log")
        yield base
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _wait_until_ready(base: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
