"""Telegram: where a text is parted, and button ids that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram_text import can_be_tapped, split, units
from handlers.messages import Choice
from handlers.replies import answer_id
from knowledge.packaged import read_content


@given(st.text(alphabet=st.sampled_from("ab🙏\u0301 \n\t."), max_size=300), st.integers(2, 40))
def test_parts_hold_the_whole_text_within_the_limit(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < units(part) <= limit for part in parts)


@given(st.text(max_size=200), st.integers(2, 40))
def test_any_text_is_parted(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part.strip() and units(part) <= limit for part in parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("satu dua", ["satu dua"], id="fits"),
        pytest.param("aaa bbb\n\nccc ddd", ["aaa bbb", "ccc ddd"], id="at a paragraph"),
        pytest.param("aaa bbb\nccc ddd", ["aaa bbb", "ccc ddd"], id="at a line"),
        pytest.param("aaa bbb ccc ddd", ["aaa bbb", "ccc ddd"], id="at a word"),
        pytest.param("a\n\nbbbb cccc d", ["a\n\nbbbb", "cccc d"], id="no scrap of a paragraph"),
        pytest.param("abcdefghijkl", ["abcdefghij", "kl"], id="inside a word too long"),
        pytest.param("🙏🙏🙏🙏🙏🙏", ["🙏🙏🙏🙏🙏", "🙏"], id="characters of two units"),
        pytest.param("a🙏🙏🙏🙏🙏", ["a🙏🙏🙏🙏", "🙏"], id="never half a character"),
        pytest.param(" \n ", [], id="nothing"),
    ],
)
def test_where_a_text_is_parted(text: str, parts: list[str]) -> None:
    assert split(text, 10) == parts


def test_every_button_id_of_the_content_fits() -> None:
    content, _ = read_content()
    slugs = [entry.slug for entry in content.entries]
    ids = [id for slug in slugs for id in (answer_id(slug), f"m:{slug}", f"h:{slug}:tidak")]
    assert ids
    assert [id for id in ids if not can_be_tapped(Choice(id, "x"))] == []
