"""Danger in a few words: what must never be mistaken for an ordinary question."""

import pytest

from bot.app import Thinking
from escalation.risk import Level


@pytest.mark.parametrize(
    "text",
    [
        "saya disekap",
        "tolong saya disekap",
        "saya dikurung majikan",
        "saya disekap, tidak boleh keluar",
        "adik saya disekap di myawaddy, hp disita, tolong",
        "saya disekap di kamboja paspor diambil",
        "anak saya dipukuli majikan tiap hari",
        "kakak saya dimintai tebusan di kamboja",
        "kapal kami mau tenggelam tolong",
        "saya mau bunuh diri",
    ],
)
def test_a_cry_for_help_is_an_emergency(thinking: Thinking, text: str) -> None:
    danger = thinking.risk.assess([text])
    assert danger.level == Level.DARURAT
    assert all(hit.quote for hit in danger.indications)


@pytest.mark.parametrize(
    "text",
    [
        "halo",
        "brp biaya paspor",
        "saya tidak disekap kok pak, aman",
        "apa hukumannya kalau menyekap orang",
        "paspor saya tidak ditahan",
        "makasih pak",
        "1",
        "karangrejo tulungagung",
    ],
)
def test_ordinary_words_are_not(thinking: Thinking, text: str) -> None:
    assert not thinking.risk.assess([text]).level.escalated
