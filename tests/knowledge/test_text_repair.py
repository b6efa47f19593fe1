"""Words that no list knows: dropped vowels and regional endings."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.text import Words
from knowledge.text_repair import Affixes, Shortened

COMMON = ("tidak", "kontrak", "ditahan", "telah", "tolak")


def standard(words: Words, text: str) -> str:
    """Give `text` in standard Indonesian, as far as the lists reach."""
    return " ".join(token.norm for token in words.tokenize(text))


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load()


@pytest.mark.parametrize(
    ("short", "full"),
    [
        pytest.param("kntrk", "kontrak", id="no vowels"),
        pytest.param("dtahan", "ditahan", id="some vowels"),
        pytest.param("tlh", "telah", id="consonants decide"),
        pytest.param("tlk", "tolak", id="in order"),
        pytest.param("kontrak", None, id="complete"),
        pytest.param("kbri", None, id="acronym"),
        pytest.param("tk", None, id="too short"),
        pytest.param("tulk", None, id="another vowel"),
    ],
)
def test_restore(short: str, full: str | None) -> None:
    assert Shortened(COMMON, ["kbri"]).restore(short) == full


def test_affixes(tmp_path: Path) -> None:
    file = tmp_path / "affixes.csv"
    file.write_text("lang,regional,standard\njv,-ipun,-nya\njv,-e,-nya\njv,dipun,di-\n")
    affixes = Affixes.read(file)
    assert list(affixes.bases("dendanipun", "jv")) == [("", "dendan", "nya")]
    assert ("di", "bayar", "") in list(affixes.bases("dipunbayar", "jv"))
    assert ("di", "bayar", "nya") in list(affixes.bases("dipunbayare", "jv"))
    assert not list(affixes.bases("dendanipun", "su"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("gji sy blm dbyr majikan", "gaji saya belum dibayar majikan", id="shortened"),
        pytest.param("kula boten mbayar dendanipun", "saya tidak membayar dendanya", id="Javanese"),
        pytest.param("mau lpr ke polisi", "mau lapor ke polisi", id="lapor"),
        pytest.param("nama saya Made", "nama saya made", id="a name stays"),
    ],
)
def test_in_a_message(words: Words, text: str, expected: str) -> None:
    assert standard(words, text) == expected
