"""Files that stand with a case: fetched apart from the message, sealed, told where they are lost."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.app import App
from bot.transcript_channel import TranscriptChannel
from bot.workers import Workers
from handlers import balance, media
from handlers.channel import MediaRefused
from handlers.media_fetching import Fetched, prepare
from handlers.media_fetching import settle as record
from handlers.media_models import CaseMedia, MediaStatus
from handlers.messages import InboundKind
from tests.conftest import FixedClock
from tests.handlers.test_delivery import DANGER, Moody
from tests.people import Person, choices_of, only_case, seat, settle, text_of
from tests.pictures import OGG, PDF, PLACE, jpeg, png

PICTURE, VOICE, PAPER = InboundKind.PICTURE, InboundKind.VOICE, InboundKind.DOCUMENT


class Files(Moody):
    """The web channel as one through which people send files."""

    def __init__(self, real: TranscriptChannel) -> None:
        super().__init__(real)
        self.held: dict[str, bytes | str] = {}
        """Id → content, or the code of a refusal."""

        self.asked: list[str] = []

    async def download(self, media_id: str) -> bytes:
        self.asked.append(media_id)
        found = self.held.get(media_id, "gone")
        if isinstance(found, str):
            raise MediaRefused(found)
        return found


@pytest.fixture
def files(app: App) -> Files:
    real = app.channels["web"]
    assert isinstance(real, TranscriptChannel)
    return Files(real)


@pytest.fixture
def told(app: App, files: Files) -> App:
    channels = {**app.channels, "web": files}
    workers = Workers(
        database=app.database, channels=channels, resources=app.resources, clock=app.clock
    )
    return replace(app, channels=channels, workers=workers)


@pytest.fixture
def officer(told: App) -> Person:
    return seat(told, "Sari")


def rows(app: App) -> list[CaseMedia]:
    with app.database.read() as db:
        return sorted(db.exec(select(CaseMedia)).all(), key=lambda row: row.id or 0)


def outcomes(app: App) -> list[tuple[str, str | None]]:
    return [(row.status, row.reason) for row in rows(app)]


def opened(app: App, row: CaseMedia) -> bytes:
    assert row.content_sealed is not None
    return app.resources.sealer.open(row.content_sealed, purpose=media.CONTENT)


def sends(app: App, person: Person, kind: InboundKind, id: str, **more: Any) -> str:
    person.send(kind=kind, media_id=id, **more)
    settle(app)
    return text_of(person.read())


def take(app: App, officer: Person) -> str:
    officer.read()
    return text_of(officer.tap(f"k:{only_case(app).id}:terima"))


def test_what_comes_with_a_case_is_kept_sealed_and_bare(
    told: App, files: Files, officer: Person
) -> None:
    files.held = {"f1": jpeg(), "f2": OGG, "f3": PDF}
    villager = Person(told, "warga")
    sends(told, villager, PICTURE, "f0")
    assert files.asked == []
    villager.say(DANGER)
    sends(told, villager, PICTURE, "f1")
    sends(told, villager, VOICE, "f2")
    sends(told, villager, PAPER, "f3")
    kept = rows(told)
    assert [row.media_type for row in kept] == ["image/jpeg", "audio/ogg", "application/pdf"]
    assert PLACE not in opened(told, kept[0])
    assert [opened(told, row) for row in kept[1:]] == [OGG, PDF]
    assert all(b"OggS" not in (row.content_sealed or b"") for row in kept)
    card = text_of(officer.read())
    assert "gambar" not in card
    story = take(told, officer)
    number = only_case(told).id
    assert f"(mengirim gambar: buka kasus {number} di halaman petugas)" in story
    assert f"(mengirim pesan suara: buka kasus {number}" in story
    with told.database.read() as db:
        assert balance.take_balance(db).holds


def test_an_officer_who_has_the_case_is_told_of_words_and_picture(
    told: App, files: Files, officer: Person
) -> None:
    files.held = {"f1": png()}
    villager = Person(told, "warga")
    villager.say(DANGER)
    take(told, officer)
    sends(told, villager, PICTURE, "f1", text="ini gerbangnya")
    heard = text_of(officer.read())
    assert "ini gerbangnya\n(mengirim gambar: buka kasus" in heard
    assert outcomes(told) == [(MediaStatus.KEPT, None)]


@pytest.mark.parametrize(
    ("held", "reason", "words"),
    [
        pytest.param("gone", "gone", "sudah tidak tersimpan", id="an id that expired"),
        pytest.param("size", "size", "terlalu besar", id="fifty megabytes"),
        pytest.param(b"<html><script>", "type", "tidak bisa dibuka", id="a page as a photo"),
        pytest.param(png(60_000, 60_000), "pixels", "terlalu besar", id="a bomb"),
        pytest.param(png() + bytes(11 << 20), "size", "terlalu besar", id="a big picture"),
        pytest.param("host", "host", "tidak menjawab", id="a file elsewhere"),
    ],
)
def test_what_cannot_be_had_is_told_in_one_line(
    told: App, files: Files, officer: Person, held: bytes | str, reason: str, words: str
) -> None:
    files.held = {"f1": held}
    villager = Person(told, "warga")
    villager.say(DANGER)
    sends(told, villager, PICTURE, "f1")
    assert outcomes(told) == [(MediaStatus.REFUSED, reason)]
    assert text_of(officer.read()).count("tidak bisa diambil") == 0
    assert f"(mengirim gambar, tetapi tidak bisa diambil: {_words(told, reason)})" in take(
        told, officer
    )
    sends(told, villager, VOICE, "f1")
    heard = [one.text for one in officer.read() if "pesan suara dari warga tidak bisa" in one.text]
    assert len(heard) == 1
    assert words in heard[0]
    settle(told)
    assert officer.read() == []


def _words(app: App, reason: str) -> str:
    known = app.resources.texts.mapping("petugas.kiriman.sebab")
    return str(known.get(reason, known["unreachable"]))


def test_a_provider_that_is_away_is_asked_again_and_at_last_given_up(
    told: App, files: Files, officer: Person, clock: FixedClock
) -> None:
    files.held = {"f1": "temporary-network"}
    Person(told, "warga").say(DANGER)
    take(told, officer)
    sends(told, Person(told, "warga"), PICTURE, "f1")
    settle(told)
    assert len(files.asked) == 1
    for wait in media.RETRY_AFTER[:-1]:
        clock.move(wait)
        settle(told)
    assert outcomes(told) == [(MediaStatus.WAITING, "temporary-network")]
    clock.move(media.RETRY_AFTER[-1])
    settle(told)
    assert outcomes(told) == [(MediaStatus.REFUSED, media.UNREACHABLE)]
    assert "tidak menjawab" in text_of(officer.read())
    assert len(files.asked) == len(media.RETRY_AFTER) + 1


def test_a_file_that_came_back_in_time(
    told: App, files: Files, officer: Person, clock: FixedClock
) -> None:
    files.held = {"f1": "temporary-network"}
    Person(told, "warga").say(DANGER)
    sends(told, Person(told, "warga"), PICTURE, "f1")
    files.held = {"f1": png()}
    clock.move(media.RETRY_AFTER[0])
    settle(told)
    assert outcomes(told) == [(MediaStatus.KEPT, None)]


def test_a_worker_that_died_is_followed_by_another_and_not_for_ever(
    told: App, files: Files, officer: Person, clock: FixedClock
) -> None:
    villager = Person(told, "warga")
    villager.say(DANGER)
    villager.send(kind=PICTURE, media_id="f1")
    asyncio.run(told.workers.work_off_inbox())
    for _ in range(len(media.RETRY_AFTER) + 1):
        with told.database.write() as work:
            assert media.claim_due(work.db, owner="mati", now=clock(), limit=9) != []
            work.commit()
        settle(told)
        assert files.asked == []
        clock.move(media.LEASE + timedelta(seconds=1))
    settle(told)
    assert files.asked == []
    assert outcomes(told) == [(MediaStatus.REFUSED, "gone")]


def test_erasing_takes_files_like_words(told: App, files: Files, officer: Person) -> None:
    files.held = {"f1": png(), "f2": png()}
    villager = Person(told, "warga")
    villager.say(DANGER)
    sends(told, villager, PICTURE, "f1")
    villager.say("hapus")
    assert choices_of(villager.tap("hapus:ya")) == []
    assert len(rows(told)) == 1
    case = only_case(told)
    take(told, officer)
    for step in ("selesai", "selesai:VERIFIED", "selesai:VERIFIED:SAFE"):
        officer.tap(f"k:{case.id}:{step}")
    assert only_case(told).state == "selesai"
    assert len(rows(told)) == 1
    villager.say("hapus")
    villager.tap("hapus:ya")
    assert rows(told) == []


def test_what_was_erased_while_it_was_fetched_stays_away(
    told: App, files: Files, officer: Person, clock: FixedClock
) -> None:
    villager = Person(told, "warga")
    villager.say(DANGER)
    villager.send(kind=PICTURE, media_id="f1")
    asyncio.run(told.workers.work_off_inbox())
    with told.database.write() as work:
        (id,) = media.claim_due(work.db, owner="saya", now=clock(), limit=9)
        work.commit()
    assert prepare(told.database, id, resources=told.resources) is not None
    with told.database.write() as work:
        media.erase(work.db, [villager.contact(work.db).id or 0])
        work.commit()
    fetched = Fetched(b"x", None, 1, code="gone")
    record(told.database, id, fetched, owner="saya", resources=told.resources, now=clock())
    assert rows(told) == []


def test_a_case_holds_so_much_and_no_more(told: App, files: Files, officer: Person) -> None:
    files.held = {"f1": png(), "f2": OGG}
    villager = Person(told, "warga")
    villager.say(DANGER)
    sends(told, villager, PICTURE, "f1")
    with told.database.write() as work:
        row = work.db.exec(select(CaseMedia)).one()
        row.size = media.MOST_BYTES
        work.db.add(row)
        work.commit()
    sends(told, villager, VOICE, "f2")
    assert outcomes(told) == [(MediaStatus.KEPT, None), (MediaStatus.REFUSED, media.TOO_MANY)]
    assert files.asked == ["f1"]
    assert "sudah terlalu banyak" in take(told, officer)


def test_places_and_contacts_reach_who_took_the_case(told: App, officer: Person) -> None:
    villager = Person(told, "warga")
    villager.say(DANGER)
    sent: list[dict[str, Any]] = [
        {"kind": InboundKind.LOCATION, "latitude": -8.065712, "longitude": 111.902549},
        {"kind": InboundKind.LOCATION, "latitude": 10.6093, "longitude": 103.5296},
        {"kind": InboundKind.CONTACT, "card": "Pak Contoh, +62 812-0000-0001"},
    ]
    sent[1]["place"] = "Gedung Contoh, Jalan 7"
    for fields in sent:
        villager.send(**fields)
    settle(told)
    card = text_of(officer.read())
    story = take(told, officer)
    villager.send(**sent[0])
    settle(told)
    later = text_of(officer.read())
    place = "mengirim lokasi: -8.06571, 111.90255"
    assert place not in card
    assert place in story
    assert place in later
    assert re.search(r"terdekat yang dikenal: .*Kab. Tulungagung.*, sekitar \d,\d km", story)
    assert "Nama tempat yang ikut terkirim: Gedung Contoh, Jalan 7" in story
    abroad = story[story.index("10.60930, 103.52960") :].partition("(mengirim")[0]
    assert "terdekat" not in abroad
    assert "Pak Contoh, +62 812-0000-0001" in story
    assert "0812" not in card
