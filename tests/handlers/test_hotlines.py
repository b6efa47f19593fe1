"""The one number of a reply in danger: the chosen one while it may stand, else the packaged."""

import re
from dataclasses import replace

import pytest

from bot.app import Thinking
from handlers import replies
from handlers.hotlines import Danger, Hotlines, may_stand
from handlers.turn import View
from knowledge.helplines import EMERGENCY

PACKAGED = Hotlines.load()


def test_every_packaged_number_may_always_stand(view: View) -> None:
    assert set(PACKAGED.dangers) == set(Danger)
    for numbers in PACKAGED.dangers.values():
        assert numbers.default in EMERGENCY
        assert numbers.default in numbers.offered
        assert may_stand(numbers.default, view.faq)
    assert PACKAGED.lapsed(view.faq) == []


def test_whatever_is_offered_has_a_number_and_a_name_before_it(view: View) -> None:
    for numbers in PACKAGED.dangers.values():
        for offered in numbers.offered.values():
            helpline = view.faq.helplines[offered.id]
            assert helpline.number
            assert helpline.source.is_dated
            assert offered.called
            assert not re.search(r"\d{3}", offered.called + offered.about)


def test_the_ministry_is_offered_abroad_and_the_toll_free_number_is_not() -> None:
    assert "kp2mi" not in PACKAGED.dangers[Danger.ABROAD].offered


@pytest.mark.parametrize(
    ("danger", "chosen", "confirmed", "says"),
    [
        pytest.param(Danger.IN_INDONESIA, None, (), "hubungi polisi 110 sekarang", id="packaged"),
        pytest.param(Danger.CHILD, "sapa-129", (), "hubungi SAPA 129 sekarang", id="one of four"),
        pytest.param(
            Danger.ABROAD, "kp2mi-luar-negeri", (), "Kementerian Luar Negeri", id="never called"
        ),
        pytest.param(Danger.ABROAD, None, (), "Kementerian Luar Negeri di +62 812", id="abroad"),
        pytest.param(
            Danger.ABROAD,
            "kp2mi-luar-negeri",
            ("kp2mi-luar-negeri",),
            "hubungi KP2MI di +62 21 2924 4800. Sebut",
            id="called within 90 days",
        ),
        pytest.param(
            Danger.AT_HOME,
            None,
            (),
            "hubungi SAPA 129. Mereka menolong perempuan dan anak. Luka",
            id="at home",
        ),
        pytest.param(
            Danger.AT_HOME, "polisi-110", (), "hubungi polisi 110. Luka", id="at home, the police"
        ),
    ],
)
def test_the_advice_names_one_number(
    view: View, danger: Danger, chosen: str | None, confirmed: tuple[str, ...], says: str
) -> None:
    hotlines = PACKAGED.choosing({danger: chosen} if chosen else {})
    faq = replace(view.faq, confirmed=frozenset(confirmed))
    assert says in replies.advice(hotlines.of(danger, faq), view.texts)


def test_the_reply_in_danger_follows_the_choice_and_dates_it(
    thinking: Thinking, view: View
) -> None:
    danger = thinking.risk.assess(["adik saya umur 15 mau dibawa ke batam malam ini naik kapal"])
    assert replies.danger_of(danger) == Danger.CHILD
    hotlines = PACKAGED.choosing({Danger.CHILD: "sapa-129"})
    told = replies.emergency(danger, None, replace(view, hotlines=hotlines)).text
    assert "SAPA 129" in told
    assert "110" not in told
    assert "menurut Kontan, November 2025" in told


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param({"anak": "ojk-157"}, id="a helpline for something else"),
        pytest.param({"kapal": "polisi-110"}, id="no such danger"),
        pytest.param({"anak": "0812345"}, id="a number"),
    ],
)
def test_what_is_not_offered_is_refused(chosen: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PACKAGED.choosing(chosen)


def test_a_number_that_was_taken_away_gives_way_to_the_packaged_one(view: View) -> None:
    gone = {id: line for id, line in view.faq.helplines.items() if id != "kp2mi"}
    faq = replace(view.faq, helplines=gone)
    hotlines = PACKAGED.choosing({Danger.IN_INDONESIA: "kp2mi"})
    assert hotlines.of(Danger.IN_INDONESIA, view.faq).helpline.id == "kp2mi"
    assert hotlines.of(Danger.IN_INDONESIA, faq).helpline.id == "polisi-110"
    assert [numbers.id for numbers in hotlines.lapsed(faq)] == [Danger.IN_INDONESIA]
