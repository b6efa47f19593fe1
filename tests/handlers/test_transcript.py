"""The transcript: once per delivery, in order, each person's own, sealed."""

from datetime import timedelta

import pytest
from sqlmodel import select

from handlers import inbox, outbox, transcript
from handlers.database import Database
from handlers.messages import Choice, OutboundMessage
from handlers.models import TranscriptLine
from handlers.sealing import Sealer
from tests.conftest import FixedClock
from tests.factories import make_inbound


class Chat:
    """What people write and are told, and what their page shows."""

    def __init__(self, database: Database, sealer: Sealer, clock: FixedClock) -> None:
        self.database, self.sealer, self.clock = database, sealer, clock

    def says(self, text: str, *, sender: str = "warga-1", **fields: str) -> int:
        with self.database.write() as work:
            message = make_inbound(text, sender=sender, **fields)
            receipt = inbox.store(
                work.db, message, sealer=self.sealer, now=self.clock(), shown=True
            )
            work.commit()
        return receipt.contact_id

    def queue(self, contact_id: int, text: str) -> int:
        with self.database.write() as work:
            draft = outbox.Draft(contact_id, OutboundMessage(text), f"{contact_id}:{text}")
            added = outbox.queue(work.db, draft, sealer=self.sealer, now=self.clock())
            work.commit()
        assert added is not None
        return added

    def tell(self, contact_id: int, outbox_id: int, message: OutboundMessage) -> None:
        with self.database.write() as work:
            transcript.write(
                work.db,
                contact_id=contact_id,
                outbox_id=outbox_id,
                message=message,
                sealer=self.sealer,
                now=self.clock(),
            )
            work.commit()

    def is_told(self, contact_id: int, text: str) -> None:
        self.tell(contact_id, self.queue(contact_id, text), OutboundMessage(text))

    def lines(self, contact_id: int, *, after: int = 0, limit: int = 200) -> list[transcript.Line]:
        with self.database.read() as db:
            return transcript.lines(
                db, contact_id=contact_id, after=after, sealer=self.sealer, limit=limit
            )

    def shown(self, contact_id: int, *, after: int = 0, limit: int = 200) -> list[str]:
        found = self.lines(contact_id, after=after, limit=limit)
        return [
            f"> {line.said.text}" if line.said else line.told.text if line.told else "nothing"
            for line in found
        ]


@pytest.fixture
def chat(database: Database, sealer: Sealer, clock: FixedClock) -> Chat:
    return Chat(database, sealer, clock)


def test_both_sides_stand_in_order(chat: Chat) -> None:
    warga = chat.says("brp biaya paspor")
    chat.is_told(warga, "Rp350.000")
    chat.says("makasih")
    assert chat.shown(warga) == ["> brp biaya paspor", "Rp350.000", "> makasih"]


def test_nobody_sees_another_persons_lines(chat: Chat) -> None:
    first, second = chat.says("satu"), chat.says("dua", sender="warga-2")
    chat.is_told(second, "untuk dua")
    assert chat.shown(first) == ["> satu"]
    assert chat.shown(second) == ["> dua", "untuk dua"]
    assert chat.shown(second + 1) == []


def test_a_delivery_tried_twice_shows_once(chat: Chat) -> None:
    warga = chat.says("halo")
    delivery = chat.queue(warga, "jawaban")
    for _ in range(3):
        chat.tell(warga, delivery, OutboundMessage("jawaban"))
    assert chat.shown(warga) == ["> halo", "jawaban"]


def test_a_message_received_twice_shows_once(chat: Chat) -> None:
    warga = chat.says("halo", external_id="m-7")
    chat.says("halo", external_id="m-7")
    assert chat.shown(warga) == ["> halo"]


def test_only_what_is_new_and_the_newest_where_there_is_much(chat: Chat) -> None:
    warga = chat.says("satu")
    for text in ("dua", "tiga", "empat"):
        chat.says(text)
    ids = [line.id for line in chat.lines(warga)]
    assert ids == sorted(ids)
    assert chat.shown(warga, after=ids[1]) == ["> tiga", "> empat"]
    assert chat.shown(warga, after=ids[3]) == []
    assert chat.shown(warga, limit=2) == ["> tiga", "> empat"]
    assert chat.shown(warga, after=ids[0], limit=2) == ["> tiga", "> empat"]


def test_choices_come_back_as_they_were_told(chat: Chat) -> None:
    warga = chat.says("menu")
    message = OutboundMessage("Mau tahu soal apa?", (Choice("t:paspor:0", "Paspor", "…"),), True)
    chat.tell(warga, chat.queue(warga, "menu"), message)
    assert chat.lines(warga)[-1].told == message
    assert chat.lines(warga)[-1].said is None


def test_lines_are_sealed(chat: Chat) -> None:
    warga = chat.says("rahasia sekali")
    chat.is_told(warga, "jawaban rahasia")
    with chat.database.read() as db:
        rows = db.exec(select(TranscriptLine)).all()
    assert len(rows) == 2
    assert not any(b"rahasia" in row.body_sealed for row in rows)


def test_seen_is_the_first_time_a_line_was_fetched(chat: Chat) -> None:
    warga = chat.says("halo")
    chat.is_told(warga, "jawaban")
    first, second = (line.id for line in chat.lines(warga))
    once = chat.clock()
    for ids in ([first], [], [first, second]):
        with chat.database.write() as work:
            transcript.mark_seen(work.db, ids, now=chat.clock())
            work.commit()
        chat.clock.move(timedelta(minutes=1))
    with chat.database.read() as db:
        seen = {row.id: row.seen_at for row in db.exec(select(TranscriptLine)).all()}
    assert seen == {first: once, second: once + timedelta(minutes=2)}
