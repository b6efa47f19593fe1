"""A place, a photo and a voice note from a villager's phone to the officer, over both providers."""

import pytest
from sqlmodel import select

from bot.app import App
from bot.telegram_channel import TIMEOUT
from bot.telegram_client import TelegramClient
from handlers import media
from handlers.channel import MediaRefused
from handlers.media_models import CaseMedia
from handlers.media_types import MOST_ANY, MOST_PICTURE
from tests.bot.channel_sides import TelegramSide, WhatsAppSide, World, settle
from tests.bot.conftest import PUBLIC_URL
from tests.bot.test_two_messengers import hears, register
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_faults import refused, too_fast
from tests.pictures import OGG, PDF, PLACE, jpeg, png

STORY = "adik saya dikurung bosnya di mess, paspornya diambil, tidak boleh keluar, tolong pak"


def kept(app: App) -> list[CaseMedia]:
    with app.database.read() as db:
        return sorted(db.exec(select(CaseMedia)).all(), key=lambda row: row.id or 0)


async def test_a_villager_on_whatsapp_and_an_officer_on_telegram(world: World) -> None:
    villager, officer = WhatsAppSide(world), TelegramSide(world)
    await officer.says(register(world.app, "Wulan Contoh"))
    await settle(world)
    for text in ("lapor", "lewati", STORY):
        await villager.says(text)
        await settle(world)
    person = villager._person
    person.act(
        "location",
        {"latitude": -8.065712, "longitude": 111.902549, "name": "Mess Contoh"},
    )
    person.picture(jpeg(turned=6), caption="ini gerbangnya")
    person.document(PDF)
    await villager._push()
    cards = await hears(world, officer, 0)
    assert "111.90" not in cards
    assert "gerbang" not in cards
    before = len(officer.seen())
    await officer.taps("Terima")
    story = await hears(world, officer, before)
    assert "mengirim lokasi: -8.06571, 111.90255" in story
    assert "Mess Contoh" in story
    assert "ini gerbangnya" in story
    assert f"halaman petugas {PUBLIC_URL}/petugas/kasus/" in story
    before = len(officer.seen())
    person.voice(OGG)
    person.share_contact("6281200000009")
    await villager._push()
    later = await hears(world, officer, before)
    assert "(mengirim pesan suara: buka kasus" in later
    assert "Kakak, +6281200000009" in later
    rows = kept(world.app)
    assert [row.media_type for row in rows] == ["image/jpeg", "application/pdf", "audio/ogg"]
    sealer = world.app.resources.sealer
    found = [sealer.open(row.content_sealed or b"", purpose=media.CONTENT) for row in rows]
    assert PLACE not in found[0]
    assert found[1:] == [PDF, OGG]
    assert not any("openstreetmap" in one.text for one in officer.seen())


@pytest.fixture
def fake() -> FakeTelegram:
    return FakeTelegram()


async def test_telegram_files_within_the_limits(fake: FakeTelegram) -> None:
    with fake:
        ani = fake.person("Ani")
        ani.sends_photo(jpeg())
        id = fake.updates[-1]["message"]["photo"][-1]["file_id"]
        client = TelegramClient(TOKEN, api_base=fake.url, timeout=TIMEOUT)
        assert await client.download(id) == jpeg()
        cases = {
            "html": (b"<html><body>bukan foto</body>", "type"),
            "film": (b"\x00\x00\x00\x18ftypmp42" + bytes(99), "type"),
            "besar": (png() + bytes(MOST_PICTURE), "size"),
            "raksasa": (OGG + bytes(MOST_ANY), "size"),
        }
        for name, (content, code) in cases.items():
            fake.files[name] = content
            with pytest.raises(MediaRefused) as caught:
                await client.download(name)
            assert (name, caught.value.code) == (name, code)
        for fault, code in (
            (refused(400, "Bad Request: file is too big"), "size"),
            (too_fast(3), "temporary-file"),
            (refused(502, "Bad Gateway"), "temporary-file"),
        ):
            fake.order("getFile", fault)
            with pytest.raises(MediaRefused) as caught:
                await client.download(id)
            assert caught.value.code == code
        with pytest.raises(MediaRefused) as caught:
            await client.download("sudah-lama")
        assert caught.value.is_temporary
        await client.close()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        pytest.param("/etc/passwd", "host", id="a file of this machine"),
        pytest.param("https://jahat.example/x", None, id="another address is asked of Telegram"),
    ],
)
async def test_a_file_is_had_from_the_bot_api_alone(
    fake: FakeTelegram, path: str, code: str | None
) -> None:
    with fake:
        fake.files[path] = OGG
        client = TelegramClient(TOKEN, api_base=fake.url, timeout=TIMEOUT)
        try:
            assert await client.download(path) == OGG
            assert code is None
        except MediaRefused as refusal:
            assert refusal.code == code
        await client.close()
