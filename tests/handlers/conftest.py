"""What a villager's message is answered with, over the packaged FAQ."""

import pytest

from bot.app import Thinking
from escalation.offices import load_offices
from handlers.hotlines import Hotlines
from handlers.texts import Texts
from handlers.turn import View
from knowledge.companies import Register
from tests.factories import NOON


@pytest.fixture(scope="session")
def view(thinking: Thinking) -> View:
    """A villager without village or case, while officers can be reached."""
    return View(
        faq=thinking.knowledge.faq,
        places=thinking.places,
        offices=load_offices(),
        companies=Register(),
        texts=Texts.load(),
        flows=thinking.flows,
        hotlines=Hotlines.load(),
        area=None,
        case=None,
        is_staffed=True,
        now=NOON,
    )
