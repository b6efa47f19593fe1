"""Brings a Chromium for the browser tests where this machine can: `python -m tests.browser_setup`.

As root on Debian it comes from apt, else from Playwright. Where neither works the browser tests
are skipped aloud; in continuous integration (CI=true) that is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SYSTEM = ("chromium", "chromium-browser", "google-chrome")
APT: tuple[tuple[str, ...], ...] = (
    ("apt-get", "update", "-qq"),
    ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"),
)


def find_chromium() -> str | None:
    """Give the path of a Chromium on this machine: the system's, else Playwright's own."""
    for name in SYSTEM:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Try what this machine allows; failing is not an error here."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in APT:
            if subprocess.run(command, env=quiet, stdout=sys.stderr, check=False).returncode != 0:
                break
        else:
            return
    playwright = (sys.executable, "-m", "playwright", "install", "chromium")
    subprocess.run(playwright, stdout=sys.stderr, check=False)


def main() -> int:
    """Give 0 where a browser is there or may be missing, 1 where CI must have one."""
    if find_chromium() is None:
        install()
    if find_chromium() is not None:
        return 0
    print("\n*** NO CHROMIUM: THE BROWSER TESTS WILL BE SKIPPED ***\n", file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
