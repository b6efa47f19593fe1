"""`pip install .` and run from any folder: the wheel holds everything that is read."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SUFFIXES_OF_DATA = {
    ".yaml",
    ".jsonl",
    ".csv",
    ".gz",
    ".txt",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".mako",
    ".md",
}


def test_the_wheel_holds_every_module_and_all_data(tmp_path: Path) -> None:
    source = tmp_path / "source"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--quiet", "--wheel-dir", str(tmp_path), "."], cwd=source, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        archive.extractall(tmp_path / "installed")
    layers = ("api/", "bot/", "escalation/", "handlers/", "knowledge/")
    wanted = {
        name
        for name in listed
        if name.startswith(layers) and Path(name).suffix in {".py", *SUFFIXES_OF_DATA}
    }
    assert wanted - packed == set()
    assert {name for name in packed if not name.startswith(layers)} == set()
    answer = subprocess.run(
        [sys.executable, "-m", "bot.cli", "locate"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed"), "HOME": str(tmp_path), "PATH": "/usr/bin"},
        input='{"text": "desa karangrejo kec karangrejo tulungagung"}\n',
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"desa": "Karangrejo"' in answer.stdout
