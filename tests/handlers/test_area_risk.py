"""A weak sign from a vulnerable area: the officer sees it in the digest, and why."""

import pytest

from bot.app import Thinking
from escalation.offices import load_offices
from escalation.risk import Assessment, Level
from escalation.risk_areas import load_areas
from escalation.risk_data import load_messages
from handlers.cards import facts_of
from handlers.resources import Resources
from handlers.sealing import Sealer
from handlers.state import ConversationState
from handlers.texts import Texts

AREA = next(iter(load_areas()))
ELSEWHERE = "31.71"  # Jakarta Pusat, in no list of vulnerable areas


@pytest.fixture(scope="module")
def resources(thinking: Thinking) -> Resources:
    return Resources(
        knowledge=thinking.knowledge,
        words=thinking.words,
        places=thinking.places,
        risk=thinking.risk,
        names=thinking.names,
        offices=load_offices(),
        texts=Texts.load(),
        flows=thinking.flows,
        sealer=Sealer(bytes(range(32))),
    )


def assessed(text: str, resources: Resources, area: str | None) -> Assessment:
    meaning = resources.understand(text, state=ConversationState(), recent=(), area_code=area)
    return meaning.assessment


def test_a_weak_sign_is_raised_where_the_writer_lives(resources: Resources) -> None:
    texts = [row.text for row in load_messages() if row.level == 1]
    before = [assessed(text, resources, ELSEWHERE) for text in texts]
    after = [assessed(text, resources, AREA) for text in texts]
    raised = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert raised
    for weak, found in raised:
        assert (weak.level, found.level) == (Level.RENDAH, Level.SEDANG)
        facts = facts_of(found, area=None, names=resources.names.indicators, countries={})
        assert facts["daerah"] == found.area_reason
        assert resources.texts.say("petugas.kolom.daerah")
        assert "daerah" not in facts_of(weak, area=None, names={}, countries={})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("berapa biaya paspor?", id="a calm question"),
        pytest.param("apa itu pimpasa", id="what a word means"),
        pytest.param("makasih ya", id="thanks"),
    ],
)
def test_a_calm_question_stays_calm_everywhere(text: str, resources: Resources) -> None:
    found = assessed(text, resources, AREA)
    assert found == assessed(text, resources, ELSEWHERE)
    assert not found.level.escalated


def test_a_village_named_in_the_message_counts_where_none_is_known(resources: Resources) -> None:
    areas = load_areas()
    assert ELSEWHERE not in areas
    named = resources.understand("saya dari indramayu", state=ConversationState(), recent=())
    assert named.located.code is not None
    assert named.located.code[:5] in areas
