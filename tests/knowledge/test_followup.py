"""What a conversation so far makes of a message: which entries it pulls toward."""

from collections.abc import Mapping

import pytest

from knowledge.entries import Entry
from knowledge.followup import LONG, SHORT, FollowUps, Thread
from knowledge.index import index_of
from knowledge.packaged import read_content
from knowledge.text import Words
from knowledge.variants import OUT_OF_SCOPE, SMALL_TALK

PASSPORT = Thread("paspor saya hilang di pasar", topic="paspor-hilang")
FEES = Thread("mau kerja ke taiwan", topic="negara-taiwan")


@pytest.fixture(scope="module")
def follow_ups() -> FollowUps:
    return FollowUps.load(Words.load())


@pytest.fixture(scope="module")
def entries() -> Mapping[str, Entry]:
    return index_of(read_content()[0]).entries


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        pytest.param(text, aspect, id=text)
        for text, aspect in [
            ("biayanya?", "biaya"),
            ("biayana sabaraha", "biaya"),
            ("pira ongkose", "biaya"),
            ("bara pitihnyo", "biaya"),
            ("lamanya?", "lama"),
            ("sarate opo", "syarat"),
            ("bawa berkas apa", "syarat"),
            ("kantornya", "tempat"),
            ("hukumane piro taun", "hukuman"),
            ("ngadunya kemana", "lapor"),
        ]
    ],
)
def test_the_side_asked_for_is_heard_in_many_tongues(
    follow_ups: FollowUps, text: str, aspect: str
) -> None:
    assert aspect in follow_ups.aspects_of(text)


@pytest.mark.parametrize("text", ["", "terima kasih pak", "saya dari tulungagung", "🙏"])
def test_other_texts_ask_for_no_side(follow_ups: FollowUps, text: str) -> None:
    assert follow_ups.aspects_of(text) == ()


@pytest.mark.parametrize("text", ["hilang?", "dimana ya", "wajar ga", "piye carane", "pinten pak"])
def test_questions_are_told(follow_ups: FollowUps, text: str) -> None:
    assert follow_ups.asks(text)


@pytest.mark.parametrize("text", ["", "baik pak", "sukarara jonggat", "oke pak makasih"])
def test_what_asks_nothing_is_told(follow_ups: FollowUps, text: str) -> None:
    assert not follow_ups.asks(text)


def test_every_slug_of_the_table_is_an_entry(
    follow_ups: FollowUps, entries: Mapping[str, Entry]
) -> None:
    families = {slug.split("-")[0] for slug in entries}
    for aspect in follow_ups.aspects.values():
        assert set(aspect.answers) <= families
        assert {slug for slugs in aspect.answers.values() for slug in slugs} <= set(entries)
        assert aspect.field in (None, "cost", "time", "bring", "steps")


@pytest.mark.parametrize(
    ("thread", "text", "slug"),
    [
        pytest.param(PASSPORT, "biayanya?", "paspor-biaya", id="fee-of-passports"),
        pytest.param(FEES, "biayanya?", "pmi-biaya", id="fee-of-work"),
        pytest.param(PASSPORT, "dimana kantornya", "paspor-lokasi", id="office"),
        pytest.param(FEES, "kantornya dimana", "pmi-layanan-terdekat", id="office-of-work"),
        pytest.param(PASSPORT, "kalo bayi", "paspor-syarat-anak", id="child"),
    ],
)
def test_a_side_pulls_hardest_to_the_entry_that_holds_it(
    follow_ups: FollowUps, entries: Mapping[str, Entry], thread: Thread, text: str, slug: str
) -> None:
    told = follow_ups.follow(text, thread, entries)
    assert told is not None
    assert max(told.pull, key=lambda label: told.pull[label]) == slug


def test_the_topic_and_what_lies_near_it_are_pulled_to(
    follow_ups: FollowUps, entries: Mapping[str, Entry]
) -> None:
    text = "kemarin saya taruh di tas hitam punya adik"
    thread = Thread("x", "paspor-hilang", earlier=("tppo-arti",), offered=("bot-bantuan",))
    told = follow_ups.follow(text, thread, entries)
    assert told is not None
    near = next(slug for slug in entries["paspor-hilang"].related if slug.startswith("paspor-"))
    pull = told.pull
    assert pull["paspor-hilang"] > pull[near] > pull["paspor-cekal"] > pull.get("pmi-abk", 0)
    assert pull["tppo-arti"] > 0
    assert pull["bot-bantuan"] > 0


def test_fragments_are_weighed_apart(follow_ups: FollowUps, entries: Mapping[str, Entry]) -> None:
    short = follow_ups.follow("kalau anak", PASSPORT, entries)
    long = follow_ups.follow("kalau yang hilang punya anak saya gimana", PASSPORT, entries)
    assert short is not None
    assert long is not None
    assert (short.own, long.own) == (SHORT.own, LONG.own)


@pytest.mark.parametrize("text", ["", "bentar", "ya pak", "🙄🙄", "tunggu dulu ya"])
def test_what_fills_the_time_follows_nothing(
    follow_ups: FollowUps, entries: Mapping[str, Entry], text: str
) -> None:
    assert follow_ups.follow(text, PASSPORT, entries) is None


def test_without_a_thread_nothing_is_followed(
    follow_ups: FollowUps, entries: Mapping[str, Entry]
) -> None:
    assert follow_ups.follow("biayanya?", Thread(), entries) is None


def test_withdrawn_topics_pull_nowhere(follow_ups: FollowUps, entries: Mapping[str, Entry]) -> None:
    thread = Thread("paspor hilang", topic="paspor-yang-ditarik")
    told = follow_ups.follow("terus gimana caranya mengurus", thread, entries)
    assert told is not None
    assert "paspor-yang-ditarik" not in told.pull


def test_in_danger_nothing_is_pulled_to_small_talk(
    follow_ups: FollowUps, entries: Mapping[str, Entry]
) -> None:
    for text in ("orangnya datang besok", "haha orangnya datang besok"):
        calm = follow_ups.follow(text, PASSPORT, entries)
        grave = follow_ups.follow(text, PASSPORT, entries, is_grave=True)
        assert calm is not None
        assert grave is not None
        assert calm.pull[SMALL_TALK] > 0
        assert SMALL_TALK not in grave.pull
        assert not grave.is_light
        assert grave.pull[OUT_OF_SCOPE] < 0


def test_laughter_pulls_to_small_talk(follow_ups: FollowUps, entries: Mapping[str, Entry]) -> None:
    plain = follow_ups.follow("salah kamar", PASSPORT, entries)
    laughed = follow_ups.follow("salah kamar wkwkwk", PASSPORT, entries)
    assert plain is not None
    assert laughed is not None
    assert laughed.pull[SMALL_TALK] > plain.pull[SMALL_TALK]
    assert laughed.is_light
