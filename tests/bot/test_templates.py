"""The templates that Meta approves say what the bot says where no template is needed."""

import re
from pathlib import Path

import pytest

from handlers.texts import Texts
from handlers.windows import CASE_TEMPLATE, NEUTRAL_TEMPLATE

GUIDE = Path(__file__).parents[2] / "docs" / "menghubungkan.md"
ROW = re.compile(r"^\| `(\w+)` \|.*\| `([^`]+)` \|$", re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "text"),
    [(NEUTRAL_TEMPLATE, "kabar_netral"), (CASE_TEMPLATE, "petugas.kabar_kasus")],
)
def test_the_guide_has_the_wording_of_the_bot(name: str, text: str) -> None:
    bodies = dict(ROW.findall(GUIDE.read_text("utf-8")))
    assert bodies[name] == Texts.load().say(text)
