"""What every channel promises, asked of all four as the product itself builds them."""

from collections.abc import Callable
from typing import TypeVar

import pytest

from bot.app import App
from handlers import balance, inbox
from handlers.channel import Channel, Delivery, PermanentSendError
from handlers.messages import Choice, InboundKind, OutboundMessage
from handlers.models import Ending, InboxStatus, OutboxStatus
from tests.bot.channel_sides import (
    CAN_BLOCK,
    KINDS,
    Kind,
    Shown,
    Side,
    TelegramSide,
    WhatsAppSide,
    World,
    inbox_of,
    row,
    settle,
    tell,
)

Joined = TypeVar("Joined", bound=Side)
each = pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.name) for kind in KINDS])


def numbered(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"desa:{n}", f"Desa {n}") for n in range(count))


async def known(world: World, join: Callable[[World], Joined]) -> Joined:
    """Give somebody who has written once, so that the bot may write to them."""
    person = join(world)
    await person.says("halo")
    await settle(world)
    return person


def words_of(shown: list[Shown]) -> list[str]:
    return " ".join(one.text for one in shown).split()


@each
def test_it_is_what_the_contract_names(built: App, kind: Kind) -> None:
    channel: Channel = built.channels[kind.name]
    assert channel.name == kind.name
    assert channel.limits.text >= 1000
    assert channel.limits.list_rows >= channel.limits.buttons >= 3


@each
@pytest.mark.parametrize(
    "choices",
    [
        pytest.param((), id="no choice"),
        pytest.param(numbered(2), id="two buttons"),
        pytest.param(numbered(10), id="a list of ten"),
        pytest.param(
            (Choice("a", "Sukamaju", "Kec. A"), Choice("b", "Sukamaju", "Kec. B")),
            id="two of one name",
        ),
        pytest.param(
            (Choice("a", "Tidak, saya mau bertanya yang lain lagi"), Choice("b", "Ya")),
            id="a long title",
        ),
    ],
)
async def test_a_message_arrives_with_text_and_choices_within_the_limits(
    world: World, kind: Kind, choices: tuple[Choice, ...]
) -> None:
    ani = await known(world, kind.join)
    before = len(ani.seen())
    text = "Ongkos <b>resmi</b> & *jelas* _di sini_: Rp 350.000\n\nTanya dulu [ya](http://x)."
    id = tell(world.app, kind.name, ani.address, OutboundMessage(text, choices))
    await settle(world)
    came = ani.seen()[before:]
    sent = row(world.app, id)
    assert (sent.status, bool(sent.provider_id)) == (OutboxStatus.SENT, True)
    assert "\n\n".join(one.text for one in came).startswith(text)
    assert [id for one in came for id, _ in one.choices] == [choice.id for choice in choices]
    assert all(len(title) <= kind.most_title for one in came for _, title in one.choices)
    assert all(len(one.choices) <= kind.most_choices for one in came)


@each
@pytest.mark.parametrize(
    "choices", [pytest.param((), id="alone"), pytest.param(numbered(3), id="choices")]
)
async def test_a_text_that_is_too_long_loses_no_word(
    world: World, kind: Kind, choices: tuple[Choice, ...]
) -> None:
    ani = await known(world, kind.join)
    before = len(ani.seen())
    text = "\n\n".join(f"Bagian {n}. " + f"kata{n} 🙏 " * 40 for n in range(25)).strip()
    tell(world.app, kind.name, ani.address, OutboundMessage(text, choices))
    await settle(world)
    came = ani.seen()[before:]
    assert words_of(came)[: len(text.split())] == text.split()
    longest = max(len(one.text.encode("utf-16-le")) // 2 for one in came)
    assert longest <= (kind.most_chars or longest)
    assert [id for one in came for id, _ in one.choices] == [choice.id for choice in choices]


@each
async def test_what_is_tapped_comes_back_as_the_choice_it_was(world: World, kind: Kind) -> None:
    ani = await known(world, kind.join)
    for choices in (numbered(2), numbered(7)):
        tell(world.app, kind.name, ani.address, OutboundMessage("Desa mana?", choices))
        await settle(world)
        wanted = choices[-1]
        shown = next(title for id, title in ani.seen()[-1].choices if id == wanted.id)
        await ani.taps(shown)
        stored = inbox_of(world.app, kind.name, ani.address)[-1]
        message = inbox.body_of(stored, sealer=world.app.resources.sealer)
        assert (message.kind, message.button_id) == (InboundKind.BUTTON, wanted.id)
        await settle(world)


@each
async def test_messages_arrive_in_the_order_they_were_queued(world: World, kind: Kind) -> None:
    ani = await known(world, kind.join)
    before = len(ani.seen())
    texts = [f"Pesan nomor {n}." for n in range(4)]
    for text in texts:
        tell(world.app, kind.name, ani.address, OutboundMessage(text))
    await settle(world)
    assert [one.text for one in ani.seen()[before:]] == texts


@each
async def test_acknowledging_never_raises(world: World, kind: Kind) -> None:
    await world.app.channels[kind.name].acknowledge(kind.unknown)


@each
async def test_what_comes_twice_is_stored_once_and_answered_once(world: World, kind: Kind) -> None:
    ani = kind.join(world)
    await ani.says("brp biaya bikin paspor", times=2)
    await settle(world)
    first = len(ani.seen())
    assert len(inbox_of(world.app, kind.name, ani.address)) == 1
    assert sum("Rp" in one.text for one in ani.seen()) == 1
    await ani.says("brp biaya bikin paspor")
    await settle(world)
    assert len(inbox_of(world.app, kind.name, ani.address)) == 2
    assert len(ani.seen()) > first


@each
async def test_a_question_is_answered(world: World, kind: Kind) -> None:
    ani = kind.join(world)
    await ani.says("brp biaya bikin paspor")
    await settle(world)
    (stored,) = inbox_of(world.app, kind.name, ani.address)
    assert (stored.status, stored.ending) == (InboxStatus.DONE, Ending.ANSWERED)
    assert any("Rp" in one.text for one in ani.seen())
    with world.app.database.read() as db:
        assert balance.take_balance(db).holds


@each
async def test_a_closed_channel_opens_again_when_it_is_needed(world: World, kind: Kind) -> None:
    ani = await known(world, kind.join)
    await world.app.channels[kind.name].close()
    await world.app.channels[kind.name].close()
    tell(world.app, kind.name, ani.address, OutboundMessage("Masih di sini."))
    await settle(world)
    assert ani.seen()[-1].text == "Masih di sini."


@pytest.mark.parametrize(
    ("name", "join"), [pytest.param(name, join, id=name) for name, join in CAN_BLOCK.items()]
)
async def test_somebody_who_blocked_is_not_tried_again(
    world: World, name: str, join: Callable[[World], TelegramSide | WhatsAppSide]
) -> None:
    ani = await known(world, join)
    ani.block()
    message = OutboundMessage("Apa kabar?")
    with pytest.raises(PermanentSendError):
        await world.app.channels[name].send(Delivery(0, 0, ani.address, message))
    ani.block()
    id = tell(world.app, name, ani.address, message)
    await settle(world)
    failed = row(world.app, id)
    assert (failed.status, failed.attempts) == (OutboxStatus.FAILED, 1)
