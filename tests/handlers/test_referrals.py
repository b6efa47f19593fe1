"""A referral carries the story's facts and the office's number with its source; nobody's name."""

import pytest

from bot.app import App
from escalation.assignment import Rung
from handlers.referrals import load_referrals
from tests.handlers.test_clockwork import EMERGENCY, REGENCY, villager
from tests.people import choices_of, only_case, seat, text_of


def test_every_office_of_the_list_can_be_chosen_in_two_taps(app: App) -> None:
    owner = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    person = villager(app, "alamat-rahasia")
    person.say(EMERGENCY)
    number = only_case(app).id
    assert "Terima dulu" in text_of(owner.tap(f"k:{number}:rujuk:polisi"))
    owner.tap(f"k:{number}:terima")
    offered = choices_of(owner.tap(f"k:{number}:rujuk"))
    assert len(offered) == len(load_referrals())
    assert max(len(choice.title) for choice in offered) <= 20
    for choice in offered:
        told = text_of(owner.tap(choice.id))
        assert f"Rujukan kasus {number}" in told
        assert "Tujuan: Kamboja" in told
        assert "Identitas pelapor tidak disertakan" in told
        assert "disekap di kamboja, paspor" not in told
        assert person.name not in told


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        pytest.param("polisi", "telepon 110 (menurut", id="the police"),
        pytest.param("kemlu", "KBRI Phnom Penh", id="the mission in the country named"),
    ],
)
def test_numbers_come_from_the_register_with_source(app: App, key: str, shown: str) -> None:
    owner = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    villager(app).say(EMERGENCY)
    number = only_case(app).id
    owner.tap(f"k:{number}:terima")
    assert shown in text_of(owner.tap(f"k:{number}:rujuk:{key}"))


def test_every_helpline_named_stands_in_the_register(app: App) -> None:
    known = app.resources.knowledge.faq.helplines
    named = {id for referral in load_referrals().values() for id in referral.helplines}
    assert named <= set(known)
