"""What a person in danger reads, over every kind of danger message there is an example of."""

import itertools
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bot.app import Thinking
from escalation.offices import load_offices
from escalation.risk import Kind, Level
from handlers import replies
from handlers.answering import question
from handlers.conversation import step
from handlers.messages import OutboundMessage
from handlers.models import Ending
from handlers.resources import Resources
from handlers.sealing import Sealer
from handlers.state import Awaiting, ConversationState
from handlers.texts import Texts
from handlers.turn import OpenCase, Turn, Understanding, View
from tests.factories import make_inbound

MESSAGES = Path(__file__).parents[2] / "escalation" / "data" / "risk-messages.jsonl"
LOCK_SCREEN = 40
ENDING = "Balas 1 aman, 2 tidak aman."
TELLING = re.compile(
    r"bahaya|darurat|lapor|polisi|korban|tppo|perdagangan|petugas|sekap|culik|bunuh", re.I
)
DIALLED = re.compile(r"(?<![\w/])\+?\d[\d -]{6,}\d|(?<![\w/.])1\d\d(?![\w/.])")
NUMBERED = re.compile(r"^\s*\(?[1-9][.)]\s", re.M)


@cache
def examples(level: str) -> tuple[str, ...]:
    rows = [json.loads(line) for line in MESSAGES.read_text("utf-8").splitlines()]
    return tuple(row["text"] for row in rows if row["level"] == level)


@pytest.fixture(scope="module")
def view(view: View) -> View:
    """Nobody can be reached: what a reply says without an officer is all there is."""
    return replace(view, is_staffed=False)


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


def understood(text: str, resources: Resources) -> Understanding:
    return resources.understand(text, state=ConversationState(), recent=())


def turned(text: str, view: View, resources: Resources) -> Turn:
    message = make_inbound(text)
    return step(ConversationState(), message, understood(text, resources), view)


def promises(told: OutboundMessage, staffed: str) -> None:
    text = told.text
    assert not TELLING.search(text[:LOCK_SCREEN])
    assert text.endswith(ENDING)
    assert told.choices == ()
    assert not NUMBERED.search(text)
    assert len(set(DIALLED.findall(text))) == 1
    # In the name of the agency LPSK the word may stand.
    assert "korban" not in text.casefold().replace("saksi dan korban", "")
    assert staffed not in text


def test_danger_replies_keep_their_promises(view: View, resources: Resources) -> None:
    staffed = view.texts.say("darurat_petugas")
    seen = {"darurat": 0, "own": 0}
    for text in examples("darurat")[::4]:
        turn = turned(text, view, resources)
        danger = understood(text, resources).assessment
        if danger.kind in (Kind.KRISIS, Kind.KEKERASAN):
            seen["own"] += 1
            own_promises(turn)
        elif danger.level == Level.DARURAT:
            seen["darurat"] += 1
            assert len(turn.replies) == 1
            promises(turn.replies[0], staffed)
            assert turn.state.awaiting == Awaiting.SAFETY
            assert any(isinstance(intent, OpenCase) for intent in turn.intents)
    assert seen["darurat"] > 100


def own_promises(turn: Turn) -> None:
    text = turn.replies[0].text
    assert not TELLING.search(text[:LOCK_SCREEN])
    assert "puskesmas" in text
    assert "119" not in text
    assert not any(isinstance(intent, OpenCase) for intent in turn.intents)
    assert turn.question is not None
    assert turn.question.indicators == ()
    assert len(turn.replies) == 1


@pytest.mark.parametrize(
    "text",
    [
        "saya capek hidup, mau bunuh diri saja",
        "suami saya mukulin saya tiap malam, anak anak lihat",
        "bapak mukuli ibu terus, saya takut",
    ],
)
def test_despair_and_violence_at_home_have_their_own_advice(
    text: str, view: View, resources: Resources
) -> None:
    assert understood(text, resources).assessment.kind in (Kind.KRISIS, Kind.KEKERASAN)
    own_promises(turned(text, view, resources))


def test_the_number_of_violence_at_home_carries_its_date(view: View, resources: Resources) -> None:
    text = turned("suami saya mukulin saya tiap malam", view, resources).replies[0].text
    assert "129" in text
    assert "November 2025" in text


def test_a_call_confirms_the_crisis_line(view: View, resources: Resources) -> None:
    confirmed = replace(view, faq=replace(view.faq, confirmed=frozenset({"sehat-jiwa-119"})))
    text = turned("saya capek hidup, mau bunuh diri saja", confirmed, resources)
    assert "119" in text.replies[0].text


def test_the_answer_beside_a_danger_names_no_other_number(view: View, resources: Resources) -> None:
    """Whatever entry is matched and wherever the person is, one number stands in the reply."""
    texts = itertools.cycle(examples("darurat")[::17])
    for slug, text in zip(sorted(view.faq.entries), texts, strict=False):
        danger = replace(understood(text, resources).assessment, level=Level.DARURAT)
        promises(replies.emergency(danger, view.faq.entries[slug], view), "\0")


def test_a_warning_comes_after_the_answer(view: View, resources: Resources) -> None:
    checked = 0
    for text in examples("sedang")[::6]:
        meaning = understood(text, resources)
        turn = question(ConversationState(), meaning, view)
        if turn.ending != Ending.ANSWERED or meaning.assessment.level != Level.SEDANG:
            continue
        if meaning.assessment.kind in (Kind.KRISIS, Kind.KEKERASAN):
            continue
        told = turn.replies[0].text
        warned = told.find("Pelan-pelan dulu")
        answer = view.faq.entries[turn.state.last_slug or ""].answer
        assert told.startswith(answer.split()[0])
        assert warned > 0
        checked += 1
    assert checked > 10
