"""Which indicators a judgement names, by what patterns found and what the model believes."""

from collections.abc import Mapping, Sequence

import pytest

from escalation.risk_reasons import MOST_NAMED, WHOLE_STORY, order_signs


@pytest.mark.parametrize(
    ("found", "signs", "named"),
    [
        pytest.param([], {"disekap": -0.1}, [WHOLE_STORY], id="nothing is sure"),
        pytest.param([], {"disekap": 0.5, "gaji": 1.0}, ["gaji", "disekap"], id="the model is sure"),
        pytest.param(["gaji"], {"disekap": 0.5, "gaji": -1.0}, ["gaji", "disekap"],
                     id="words count more"),
        pytest.param(["gaji"], {"disekap": 0.5, "gaji": -5.0}, ["disekap"], id="words are doubted"),
        pytest.param(["gaji"], {"gaji": -5.0}, ["gaji"], id="doubted, but nothing else is there"),
        pytest.param(["gaji"], {}, ["gaji"], id="a sign that the model never learnt"),
    ],
)  # fmt: skip
def test_what_is_named(
    found: Sequence[str], signs: Mapping[str, float], named: Sequence[str]
) -> None:
    assert order_signs(found, signs) == named


def test_a_card_is_no_list_of_everything() -> None:
    signs = {f"tanda-{number}": float(number) for number in range(1, 9)}
    assert order_signs([], signs) == [f"tanda-{number}" for number in range(8, 8 - MOST_NAMED, -1)]
