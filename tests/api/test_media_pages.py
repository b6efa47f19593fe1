"""Files on a case's page: who opens them, how they go out, and the log of every opening."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from bot.app import App
from bot.transcript_channel import TranscriptChannel
from bot.workers import Workers
from escalation.models import Case
from handlers.media_models import CaseMedia
from handlers.messages import InboundKind
from handlers.room_models import AuditEvent
from tests.api.rooms import Browser, add_account
from tests.api.test_case_pages import VILLAGE, officer_named, press
from tests.handlers.test_delivery import DANGER
from tests.handlers.test_media import Files
from tests.people import Person, only_case, seat, settle
from tests.pictures import OGG, PDF, PLACE, jpeg

FILE = re.compile(r'"(/petugas/kasus/\d+/berkas/\d+)"')
HELD: dict[str, bytes | str] = {"f1": jpeg(), "f2": OGG, "f3": PDF, "f4": b"<html><script>"}
SENT: tuple[dict[str, Any], ...] = (
    {"kind": InboundKind.PICTURE, "media_id": "f1", "text": "ini Pak Agus 081234567890"},
    {"kind": InboundKind.VOICE, "media_id": "f2"},
    {"kind": InboundKind.DOCUMENT, "media_id": "f3"},
    {"kind": InboundKind.PICTURE, "media_id": "f4"},
    {"kind": InboundKind.LOCATION, "latitude": -8.065712, "longitude": 111.902549}
    | {"place": "Rumah Contoh 081234567890"},
    {"kind": InboundKind.CONTACT, "card": "Budi Contoh, +62 812-3456-7890"},
)


@pytest.fixture
def told(app: App) -> App:
    """A story with files, a place and a contact, that lies with Sari."""
    real = app.channels["web"]
    assert isinstance(real, TranscriptChannel)
    files = Files(real)
    files.held = HELD
    channels = {**app.channels, "web": files}
    workers = Workers(
        database=app.database, channels=channels, resources=app.resources, clock=app.clock
    )
    told = replace(app, channels=channels, workers=workers)
    seat(told, "Sari")
    villager = Person(told, "warga")
    villager.say(DANGER)
    for fields in SENT:
        villager.send(**fields)
    settle(told)
    with told.database.write() as work:
        case = work.db.exec(select(Case)).one()
        case.area_code = VILLAGE
        work.db.add(case)
        work.commit()
    add_account(told, "pimpasa", login="sari", officer_id=officer_named(told, "Sari"))
    return told


@pytest.fixture
def sari(told: App) -> Browser:
    visitor = Browser(told)
    visitor.sign_in("sari")
    return visitor


def file_ids(app: App) -> list[int]:
    with app.database.read() as db:
        found = db.exec(select(CaseMedia)).all()
    return sorted(row.id or 0 for row in found)


def noted(app: App) -> list[tuple[str, str, str]]:
    with app.database.read() as db:
        found = db.exec(select(AuditEvent)).all()
        return [(one.action, one.subject, one.detail) for one in found]


def test_files_are_closed_before_terima_and_open_to_the_holder(told: App, sari: Browser) -> None:
    number = only_case(told).id
    path = f"/petugas/kasus/{number}"
    first = f"{path}/berkas/{file_ids(told)[0]}"
    before = sari.open(path).text
    assert "111.90255" not in before
    assert "berkas/" not in before
    assert sari.open(first).status_code == 404
    sari.open(path)
    page = press(sari, f"k:{number}:terima")
    assert "sekarang di tangan Bapak/Ibu" in page
    assert not any(action == "berkas dibuka" for action, _, _ in noted(told))
    found = list(dict.fromkeys(FILE.findall(page)))
    assert len(found) == 3
    answers = [sari.open(path) for path in found]
    assert PLACE not in answers[0].content
    assert [one.content for one in answers[1:]] == [OGG, PDF]
    kinds = [one.headers["content-type"] for one in answers]
    assert kinds == ["image/jpeg", "audio/ogg", "application/pdf"]
    ways = [one.headers["content-disposition"].split(";")[0] for one in answers]
    assert ways == ["inline", "inline", "attachment"]
    assert f'filename="kasus-{number}-berkas-' in answers[0].headers["content-disposition"]
    for one in answers:
        assert one.headers["cache-control"] == "no-store"
        assert one.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in one.headers["content-security-policy"]
    saved = sari.open(f"{found[1]}/unduh")
    assert saved.headers["content-disposition"].startswith("attachment")
    read = [each for each in noted(told) if each[0] == "berkas dibuka"]
    assert len(read) == 4
    assert read[0][1:] == (f"kasus-{number}", f"berkas {file_ids(told)[0]}")


def test_the_page_masks_numbers_and_leads_to_a_map(told: App, sari: Browser) -> None:
    number = only_case(told).id
    sari.open(f"/petugas/kasus/{number}")
    page = press(sari, f"k:{number}:terima")
    assert "-8.06571, 111.90255" in page
    assert "https://www.openstreetmap.org/?mlat=-8.06571&amp;mlon=111.90255" in page
    assert 'rel="noreferrer noopener"' in page
    assert "Rumah Contoh" in page
    assert "Budi Contoh" not in page
    assert f"ketik KASUS {number}" in page
    assert "tidak bisa diambil: jenis berkasnya" in page
    printed = sari.open(f"/petugas/kasus/{number}/cetak").text
    assert "-8.06571, 111.90255" in printed
    assert "<img" not in printed
    assert "openstreetmap" not in printed
    for text in (page, printed):
        assert "081234567890" not in text
        assert "812-3456-7890" not in text


@pytest.mark.parametrize(
    ("role", "more", "expected"),
    [
        pytest.param("kepala_kantor", {"area_code": "35.04"}, 200, id="head of its office"),
        pytest.param("kepala_kantor", {"area_code": "52.01"}, 404, id="head elsewhere"),
        pytest.param("pengamat", {}, 403, id="observer"),
        pytest.param("admin", {}, 200, id="admin"),
    ],
)
def test_others_open_what_they_may_read(
    told: App, sari: Browser, role: str, more: dict[str, Any], expected: int
) -> None:
    number = only_case(told).id
    sari.open(f"/petugas/kasus/{number}")
    press(sari, f"k:{number}:terima")
    add_account(told, role, **more)
    visitor = Browser(told)
    visitor.sign_in(role)
    path = f"/petugas/kasus/{number}/berkas/{file_ids(told)[0]}"
    assert visitor.open(path).status_code == expected
    assert len([one for one in noted(told) if one[0] == "berkas dibuka"]) == (expected == 200)


def test_no_other_file_is_given(told: App, sari: Browser) -> None:
    number = only_case(told).id
    sari.open(f"/petugas/kasus/{number}")
    press(sari, f"k:{number}:terima")
    kept, refused = file_ids(told)[0], file_ids(told)[3]
    assert sari.open(f"/petugas/kasus/{number}/berkas/{refused}").status_code == 404
    assert sari.open(f"/petugas/kasus/999/berkas/{kept}").status_code == 404
    for tail in ("999", "0", "-1", "1e3", "9223372036854775808", "1%2F..%2F2"):
        answer = sari.open(f"/petugas/kasus/{number}/berkas/{tail}")
        assert answer.status_code in (404, 422), tail


def test_nobody_opens_a_file_without_signing_in(told: App) -> None:
    visitor = Browser(told)
    visitor.open(f"/petugas/kasus/{only_case(told).id}/berkas/{file_ids(told)[0]}")
    assert "Masuk" in visitor.page.text
    assert visitor.page.headers["content-type"].startswith("text/html")
