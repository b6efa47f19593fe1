"""The whole story over both providers: a villager on WhatsApp, an officer on Telegram."""

from bot.app import App
from escalation.assignment import Rung
from escalation.models import Officer, Posting
from escalation.roster import invite
from handlers.officer_routes import hashed
from tests.bot.channel_sides import Side, TelegramSide, WhatsAppSide, World, settle

STORY = "tolong pak, adik saya umur 15 mau dibawa ke malaysia malam ini, paspornya dipegang calo"


def register(app: App, name: str) -> str:
    """Put an officer on the national desk; give the invitation code."""
    with app.database.write() as work:
        officer = Officer(name=name, duty="meja nasional", created_at=app.clock())
        work.db.add(officer)
        work.db.flush()
        assert officer.id is not None
        work.db.add(Posting(officer_id=officer.id, rung=Rung.NASIONAL, code=""))
        code = invite(work.db, officer.id, hashed=hashed(app.resources), now=app.clock())
        work.commit()
    return code


async def hears(world: World, person: Side, already: int) -> str:
    """Give what a person was sent since, in one text."""
    await settle(world)
    return "\n".join(one.text for one in person.seen()[already:])


async def test_a_question_a_story_and_an_officer_s_answer(world: World) -> None:
    villager, officer = WhatsAppSide(world), TelegramSide(world)
    await officer.says(register(world.app, "Sari Lestari"))
    assert "Selamat datang, Sari Lestari" in await hears(world, officer, 0)

    await villager.says("brp biaya bikin paspor")
    assert "Rp" in await hears(world, villager, 0)

    before, cards = len(villager.seen()), len(officer.seen())
    await villager.says(STORY)
    told = await hears(world, villager, before)
    card = await hears(world, officer, cards)
    assert "110" in told
    assert "Balas 1" in told
    assert "DARURAT" in card
    assert "dipegang calo" not in card

    before, cards = len(villager.seen()), len(officer.seen())
    await officer.taps("Terima")
    assert "dipegang calo" in await hears(world, officer, cards)
    await officer.taps("Balas warga")
    await settle(world)
    await officer.says("Saya Sari. Jangan berangkat dulu. Adik sekarang di mana?")
    held = await hears(world, villager, before)
    assert "Saya Sari" not in held
    assert "kabar" in held

    before, cards = len(villager.seen()), len(officer.seen())
    await villager.says("di rumah pak, aman")
    assert "Jangan berangkat dulu" in await hears(world, villager, before)
    assert "di rumah pak" in await hears(world, officer, cards)

    everything = [one.text for one in (*villager.seen(), *officer.seen())]
    assert not any(villager.address in text or officer.address in text for text in everything)
