"""Pictures sent together: each is stored and counted, the person gets one answer."""

from datetime import timedelta
from typing import Any

import pytest

from bot.app import App
from handlers import albums, balance
from handlers.messages import InboundKind
from handlers.models import Ending
from handlers.state import ConversationState
from tests.conftest import FixedClock
from tests.people import Person, settle

PICTURE: dict[str, Any] = {"kind": InboundKind.PICTURE, "media_id": "foto"}
FILE: dict[str, Any] = {"kind": InboundKind.DOCUMENT, "media_id": "berkas"}
VIDEO: dict[str, Any] = {"kind": InboundKind.UNSUPPORTED, "media_id": "v", "detail": "video"}
ALBUM = {"album": "139"}
LATER = albums.TOGETHER + timedelta(seconds=1)
MOMENT = timedelta(seconds=2)


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        pytest.param([(PICTURE | ALBUM, MOMENT)] * 5, 1, id="five of one album"),
        pytest.param([(PICTURE, MOMENT)] * 5, 1, id="five within seconds, no album id"),
        pytest.param([(PICTURE, MOMENT), (FILE, MOMENT)], 1, id="a picture and a file"),
        pytest.param([(PICTURE, MOMENT), (VIDEO, MOMENT)], 1, id="a picture and a video"),
        pytest.param([(PICTURE | ALBUM, LATER)] * 2, 1, id="an album that is slow to upload"),
        pytest.param([(PICTURE, LATER)] * 3, 3, id="three, each much later"),
        pytest.param([(PICTURE, -MOMENT)] * 3, 1, id="in the wrong order"),
        pytest.param(
            [(PICTURE, MOMENT), ({"text": "halo"}, MOMENT), (PICTURE, MOMENT)],
            3,
            id="words between",
        ),
        pytest.param(
            [(PICTURE, MOMENT), ({"kind": InboundKind.VOICE}, MOMENT)], 2, id="a voice message"
        ),
    ],
)
def test_one_answer_for_what_was_sent_together(
    app: App, clock: FixedClock, sent: list[tuple[dict[str, Any], timedelta]], answers: int
) -> None:
    person = Person(app, "warga-1")
    at = clock()
    for fields, gap in sent:
        at += gap
        person.send(sent_at=at, **fields)
    settle(app)
    assert len(person.read()) == answers
    with app.database.read() as db:
        taken = balance.take_balance(db)
    assert taken.holds
    assert taken.received == len(sent)
    assert taken.endings[Ending.IGNORED] == len(sent) - answers


def test_words_under_a_picture_of_an_album_are_answered(app: App, clock: FixedClock) -> None:
    person = Person(app, "warga-1")
    person.send(**PICTURE, **ALBUM, text="brp biaya bikin paspor")
    person.send(**PICTURE, **ALBUM)
    settle(app)
    told = person.read()
    assert "Rp" in told[0].text
    assert not any("belum bisa membaca gambar" in line.text for line in told)


def test_the_state_survives_storing(clock: FixedClock) -> None:
    state = ConversationState(album="139", pictured_at=clock())
    assert ConversationState.from_json(state.to_json()) == state
