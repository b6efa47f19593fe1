"""Numbers of reports: they look like any number, lead to the status alone, and cannot be tried."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.app import App
from escalation.assignment import Rung
from handlers import albums, report_codes
from handlers.messages import InboundKind
from handlers.models import InboxItem, ReportCode
from handlers.sealing import Sealer
from tests.conftest import FixedClock
from tests.handlers.test_flows import STORY, reported
from tests.handlers.test_linking import joined
from tests.people import Person, only_case, seat, settle, text_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4297 8200", "4297 8200"),
        ("42978200", "4297 8200"),
        ("4297-8200", "4297 8200"),
        ("nomor 4297.8200", "4297 8200"),
        ("Nomor catatan: 4297 8200", "4297 8200"),
        ("081234567890", None),
        ("15 juta", None),
        ("0297 8200", None),
        ("ABCD-EFG2", None),
        ("kemarin 4297 8200 orang", None),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, code: str | None) -> None:
    assert report_codes.code_in(text) == code


def test_only_a_keyed_hash_is_stored(app: App, sealer: Sealer) -> None:
    seat(app, "Meja")
    code = reported(Person(app, "warga-1"))
    with app.database.read() as db:
        row = db.exec(select(ReportCode)).one()
    assert code.replace(" ", "") not in row.code_key
    assert len(row.code_key) == 64


def test_the_status_is_neutral_from_another_phone(app: App) -> None:
    officer = seat(app, "Meja")
    code = reported(Person(app, "warga-1"))
    stranger = Person(app, "orang-lain")
    told = text_of(stranger.say(code))
    assert "sudah tercatat" in told
    assert "Dicatat" not in told
    card = next(c for m in officer.read() for c in m.choices if c.title == "Terima")
    officer.tap(card.id)
    assert "sedang diurus" in text_of(stranger.say(code.replace(" ", "")))


def test_whoever_filed_it_reads_more(app: App) -> None:
    seat(app, "Meja")
    villager = Person(app, "warga-1")
    code = reported(villager)
    assert "Dicatat 24-11-2026 10.00 WIB" in text_of(villager.say(code))


def test_evidence_is_added_from_another_phone(app: App) -> None:
    officer = seat(app, "Meja")
    code = reported(Person(app, "warga-1"))
    card = next(c for m in officer.read() for c in m.choices if c.title == "Terima")
    officer.tap(card.id)
    other = Person(app, "hp-pinjaman")
    other.say(code)
    other.tap("f:tambah")
    assert "sudah saya simpan" in text_of(other.say("mobilnya avanza hitam, berangkat subuh"))
    assert "avanza hitam" in text_of(officer.read())


def test_pictures_sent_together_are_added_together(app: App, clock: FixedClock) -> None:
    """They get one answer; a picture that comes later is not taken for one of them."""
    seat(app, "Meja")
    code = reported(Person(app, "warga-1"))
    other = Person(app, "hp-pinjaman")
    other.say(code)
    other.tap("f:tambah")
    for _ in range(3):
        other.send(kind=InboundKind.PICTURE, media_id="foto")
    settle(app)
    clock.move(albums.TOGETHER + timedelta(seconds=1))
    other.send(kind=InboundKind.PICTURE, media_id="foto")
    settle(app)
    told = [line.text for line in other.read()]
    assert ["sudah saya simpan" in text for text in told] == [True, False]
    case = only_case(app)
    with app.database.read() as db:
        kept = db.exec(select(InboxItem).where(InboxItem.kind == InboundKind.PICTURE)).all()
    assert [item.case_id for item in kept] == [case.id, case.id, case.id, None]


def test_what_is_added_to_another_case_reaches_that_cases_officer_alone(app: App) -> None:
    first, second = seat(app, "Meja"), seat(app, "Brebes", (Rung.KANTOR, "kanim-pemalang"))
    code = reported(Person(app, "warga-1"))
    first.tap(next(c for m in first.read() for c in m.choices if c.title == "Terima").id)
    other = Person(app, "warga-2")
    other.tap("desa:33.29")
    reported(other, STORY)
    second.tap(next(c for m in second.read() for c in m.choices if c.title == "Terima").id)
    other.say(code)
    other.tap("f:tambah")
    second.read()
    other.say("mobilnya avanza hitam")
    assert text_of(first.read()).count("avanza hitam") == 1
    assert "avanza" not in text_of(second.read())


def test_stopping_after_channels_were_parted_is_no_trouble(app: App) -> None:
    """The case stays with the first channel, so that the second has no number to be told."""
    seat(app, "Meja")
    _, second = joined(app)
    for text in ("lapor", "petugas daerah saya", STORY, "putuskan"):
        second.say(text)
    assert "Kapan saja boleh bertanya" in text_of(second.say("batal"))


def test_a_row_of_questions_that_was_left_open_does_not_bar_adding(app: App) -> None:
    seat(app, "Meja")
    code = reported(Person(app, "warga-1"))
    other = Person(app, "hp-pinjaman")
    for text in ("cek tawaran", "menu", code):
        other.say(text)
    assert "Silakan kirim tambahannya" in text_of(other.tap("f:tambah"))
    assert "sudah saya simpan" in text_of(other.say("mobilnya avanza hitam"))


def test_whoever_has_nothing_to_add_may_leave(app: App) -> None:
    seat(app, "Meja")
    code = reported(Person(app, "warga-1"))
    other = Person(app, "hp-pinjaman")
    other.say(code)
    other.tap("f:tambah")
    assert "Kapan saja boleh bertanya" in text_of(other.say("batal"))
    assert "Ketik dulu nomornya" in text_of(other.tap("f:tambah"))


def test_a_number_has_to_be_typed_before_something_is_added(app: App) -> None:
    assert "Ketik dulu nomornya" in text_of(Person(app, "warga-1").tap("f:tambah"))


def test_numbers_cannot_be_tried_one_after_the_other(app: App, clock: FixedClock) -> None:
    seat(app, "Meja")
    code = reported(Person(app, "warga-1"))
    thief = Person(app, "penebak")
    for number in range(report_codes.TRIES):
        assert "tidak ada di catatan" in text_of(thief.say(f"1111 000{number}"))
    assert "Coba lagi besok" in text_of(thief.say(code))
    # Erasing oneself does not give new tries.
    thief.say("hapus")
    thief.say("ya")
    assert "Coba lagi besok" in text_of(thief.say(code))
    clock.move(timedelta(hours=25))
    assert "sudah tercatat" in text_of(thief.say(code))
