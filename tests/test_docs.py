"""What the README says is there, and what is there the README says."""

import re
from pathlib import Path

import pytest

from bot.cli import _parser
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_every_setting_is_described(name: str) -> None:
    assert f"`{name}`" in README
    assert Settings.model_fields[name.lower()].description


def commands() -> list[str]:
    shown = _parser().format_help()
    found = re.findall(r"^    (\w+) ", shown, flags=re.MULTILINE)
    assert len(found) > 10
    return found


@pytest.mark.parametrize("name", commands())
def test_every_command_is_described(name: str) -> None:
    assert re.search(rf"`(?:[^`]*, )?{name}\b", README), name


def test_every_picture_exists() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).is_file(), target


def test_the_top_level_is_what_the_readme_names() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    visible = {name for name in folders if not name.startswith((".", "__"))}
    known = {"bot", "api", "handlers", "escalation", "knowledge", "tests", "bench", "docs"}
    assert visible - {"build", "tanya_pimpasa.egg-info"} == known


def test_every_measurement_that_is_named_exists() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for name in re.findall(r"\bbench\.(\w+)", page.read_text("utf-8")):
            assert (ROOT / "bench" / f"{name}.py").is_file(), f"{page.name}: {name}"
