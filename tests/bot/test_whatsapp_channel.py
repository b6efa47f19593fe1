"""The WhatsApp channel against a Graph server on loopback that is as strict as Meta's."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.whatsapp_channel import WhatsAppChannel
from bot.whatsapp_client import PhoneNumber
from bot.whatsapp_payloads import payloads_of
from handlers.channel import (
    Delivery,
    NotAuthentic,
    PermanentSendError,
    SendError,
    TemporarySendError,
    WebhookChannel,
    WindowClosed,
)
from handlers.messages import Choice, InboundKind, InboundMessage, OutboundMessage
from tests.conftest import FixedClock
from tests.factories import make_inbound
from tests.fakes import whatsapp_faults as faults
from tests.fakes.whatsapp import FakeGraph
from tests.fakes.whatsapp_account import Account, post_to
from tests.fakes.whatsapp_person import Person, shape_of
from tests.fakes.whatsapp_rules import Template

PHONE, USER_ID = "6281200000001", "ID.1000000001"
QUICK, PATIENT = httpx.Timeout(0.3), httpx.Timeout(20)


class Hook:
    """A webhook that verifies and parses at once, and keeps what came."""

    def __init__(self) -> None:
        self.channel: WhatsAppChannel | None = None
        self.bodies: list[bytes] = []
        self.messages: list[InboundMessage] = []
        self.answers = [200]

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        assert self.channel is not None
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status == 200:
            self.channel.verify(headers, body)
            self.bodies.append(body)
            self.messages += self.channel.parse(body, now=datetime.now(UTC)).messages
        return status


@pytest.fixture
def hook() -> Hook:
    return Hook()


@pytest.fixture(scope="module")
def server() -> Iterator[FakeGraph]:
    with FakeGraph() as server:
        yield server


@pytest.fixture
def graph(server: FakeGraph, hook: Hook, clock: FixedClock) -> FakeGraph:
    account = Account(templates={"ada_pesan": Template(parameters=2, quick_replies=1)})
    server.start_over(account, webhook=hook, clock=clock)
    return server


def channel_for(graph: FakeGraph, **given: Any) -> WhatsAppChannel:
    account = graph.account
    return WhatsAppChannel(
        given.pop("token", account.token),
        given.pop("phone_id", account.phone_id),
        account.app_secret,
        account.verify_token,
        **{"api_base": graph.url, "timeout": PATIENT, **given},
    )


@pytest.fixture
async def channel(graph: FakeGraph, hook: Hook) -> AsyncIterator[WhatsAppChannel]:
    channel = channel_for(graph)
    hook.channel = channel
    yield channel
    await channel.close()


@pytest.fixture
def ani(graph: FakeGraph) -> Person:
    person = graph.person(phone=PHONE, user_id=USER_ID, name="Ani")
    person.say("halo")
    return person


def choices(count: int, title: str = "Pilihan {}", **fields: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"c{n}", title.format(n), **fields) for n in range(count))


def delivery(
    text: str = "Halo.", *, address: str = USER_ID, outbox_id: int = 1, **fields: Any
) -> Delivery:
    return Delivery(outbox_id, 1, address, OutboundMessage(text, **fields))


# Verifying


def test_the_channel_fulfils_the_contract(channel: WhatsAppChannel) -> None:
    assert isinstance(channel, WebhookChannel)


def test_a_signed_body_verifies_and_one_changed_byte_does_not(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person
) -> None:
    body = graph.body(graph.pending)
    headers = graph.headers(body)
    channel.verify(headers, body)
    channel.verify(httpx.Headers(headers), body)
    channel.verify({name.title(): value for name, value in headers.items()}, body)
    for at in (0, len(body) // 2, len(body) - 1):
        wrong = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        with pytest.raises(NotAuthentic):
            channel.verify(headers, wrong)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="missing"),
        pytest.param({"x-hub-signature-256": ""}, id="empty"),
        pytest.param({"x-hub-signature-256": "sha256="}, id="no mac"),
        pytest.param({"x-hub-signature-256": "sha256=" + "0" * 64}, id="wrong mac"),
        pytest.param({"x-hub-signature-256": "sha256=é\udcff"}, id="not ASCII"),
        pytest.param({"x-hub-signature": "sha1=" + "0" * 40}, id="the old header"),
    ],
)
def test_an_unsigned_body_is_refused(channel: WhatsAppChannel, headers: dict[str, str]) -> None:
    with pytest.raises(NotAuthentic):
        channel.verify(headers, b"{}")


def test_the_handshake_needs_our_token(channel: WhatsAppChannel) -> None:
    good = {
        "hub.mode": "subscribe",
        "hub.verify_token": "contoh-verifikasi",
        "hub.challenge": "1158201444",
    }
    assert channel.handshake(good) == "1158201444"
    for name, value in [
        ("hub.mode", "unsubscribe"),
        ("hub.verify_token", "contoh-verifikasi "),
        ("hub.verify_token", "é"),
        ("hub.challenge", ""),
    ]:
        with pytest.raises(NotAuthentic):
            channel.handshake(good | {name: value})
    with pytest.raises(NotAuthentic):
        channel.handshake({})


@pytest.mark.parametrize("empty", range(4))
def test_an_empty_secret_stops_the_start(empty: int) -> None:
    given = ["a", "b", "c", "d"]
    given[empty] = ""
    with pytest.raises(ValueError, match="needed"):
        WhatsAppChannel(*given)


# Sending


async def test_a_text_arrives_at_a_user_id_or_a_number(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person
) -> None:
    for address in (USER_ID, PHONE):
        wamid = await channel.send(delivery(address=address))
        assert ani.received[-1]["id"] == wamid
    assert ani.texts == ["Halo.", "Halo."]
    assert "to" not in graph.accepted[0].payload
    assert "recipient" not in graph.accepted[1].payload


async def test_a_user_id_in_the_wrong_field_would_reach_nobody(
    graph: FakeGraph, ani: Person
) -> None:
    payload = payloads_of(OutboundMessage("Halo."), address=PHONE)[0] | {"to": USER_ID}
    async with httpx.AsyncClient(
        headers={"authorization": f"Bearer {graph.account.token}"}
    ) as client:
        answer = await client.post(
            f"{graph.url}/v25.0/{graph.account.phone_id}/messages", json=payload
        )
    assert answer.status_code == 200
    assert ani.received == []


@pytest.mark.parametrize("address", ["", "web:1", "+62 812", "id.1", "ID.", "@ani"])
async def test_an_address_that_is_none_fails_for_good(
    graph: FakeGraph, channel: WhatsAppChannel, address: str
) -> None:
    with pytest.raises(PermanentSendError):
        await channel.send(delivery(address=address))
    assert graph.calls == []


async def test_an_empty_message_fails_for_good(channel: WhatsAppChannel, ani: Person) -> None:
    with pytest.raises(PermanentSendError):
        await channel.send(delivery(" \n"))


async def test_a_template_opens_the_window_by_name_and_parameters(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person, clock: FixedClock
) -> None:
    clock.move(timedelta(hours=25))
    with pytest.raises(WindowClosed):
        await channel.send(delivery())
    await channel.send(
        delivery(
            template="ada_pesan",
            parameters=("Sari", "baris\nsatu\t  dua"),
            choices=(Choice("kasus:7:buka", "Buka"),),
        )
    )
    assert ani.texts == ["[ada_pesan] Sari | baris satu dua"]
    ani.tap("kasus:7:buka")
    await channel.send(delivery())
    assert ani.texts[-1] == "Halo."


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({"template": "tidak_ada"}, "template-132001", id="unknown"),
        pytest.param({"template": "ada_pesan"}, "template-132000", id="too few parameters"),
        pytest.param(
            {"template": "ada_pesan", "parameters": ("", ""), "choices": choices(2)},
            "permanent-132018",
            id="more buttons than it has",
        ),
    ],
)
async def test_a_wrong_template_fails_for_good(
    channel: WhatsAppChannel, ani: Person, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(PermanentSendError) as caught:
        await channel.send(delivery(**fields))
    assert caught.value.code == code


@pytest.mark.parametrize("code", [131056, 130429, 131026, 131047, 190])
async def test_parts_that_were_accepted_are_not_sent_again(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person, code: int
) -> None:
    message = delivery("x" * 5000, choices=choices(2))
    graph.faults.next(None)
    graph.faults.next(faults.refuse(code))
    with pytest.raises(SendError):
        await channel.send(message)
    wamid = await channel.send(message)
    assert [shape_of(payload) for payload in ani.received] == ["text", "text", "button"]
    assert ani.received[-1]["id"] == wamid
    await channel.send(message)
    assert len(ani.received) == 6


async def test_a_delivery_that_became_a_template_is_sent_whole(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person
) -> None:
    graph.faults.next(None)
    graph.faults.next(faults.refuse(131047))
    with pytest.raises(WindowClosed):
        await channel.send(delivery("x" * 5000))
    await channel.send(delivery(template="ada_pesan", parameters=("a", "b")))
    assert [shape_of(payload) for payload in ani.received] == ["text", "template"]


# What goes wrong


@pytest.mark.parametrize(
    ("fault", "kind", "code", "pause"),
    [
        pytest.param(faults.refuse(131047), WindowClosed, "window-closed", None, id="window"),
        pytest.param(
            faults.refuse(130429, status=429, retry_after="7"),
            TemporarySendError,
            "temporary-130429",
            7,
            id="throughput, told when",
        ),
        pytest.param(
            faults.refuse(131056), TemporarySendError, "temporary-131056", 6, id="pair rate"
        ),
        pytest.param(faults.refuse(80007), TemporarySendError, "temporary-80007", None, id="80007"),
        pytest.param(faults.refuse(190), TemporarySendError, "token", None, id="token"),
        pytest.param(faults.refuse(10), TemporarySendError, "token", None, id="permission"),
        pytest.param(faults.refuse(299), TemporarySendError, "token", None, id="permission 299"),
        pytest.param(faults.refuse(131042), TemporarySendError, "account-131042", None, id="pay"),
        pytest.param(
            faults.refuse(131026), PermanentSendError, "permanent-131026", None, id="undeliverable"
        ),
        pytest.param(
            faults.refuse(999999), PermanentSendError, "permanent-999999", None, id="unknown 400"
        ),
        pytest.param(
            faults.refuse(999999, status=500),
            TemporarySendError,
            "temporary-999999",
            None,
            id="unknown 500",
        ),
        pytest.param(
            faults.refuse(999999, status=429, retry_after="3"),
            TemporarySendError,
            "temporary-999999",
            3,
            id="unknown 429",
        ),
        pytest.param(
            faults.outage(503, retry_after="9"),
            TemporarySendError,
            "temporary-http-503",
            9,
            id="503 page",
        ),
        pytest.param(
            faults.outage(404), TemporarySendError, "temporary-http-404", None, id="a proxy's 404"
        ),
        pytest.param(faults.garbage(), TemporarySendError, "temporary-garbage", None, id="garbage"),
        pytest.param(faults.hang(5), TemporarySendError, "temporary-timeout", None, id="silence"),
        pytest.param(faults.cut(), TemporarySendError, "temporary-network", None, id="cut"),
        pytest.param(faults.lost(), TemporarySendError, "temporary-network", None, id="lost"),
    ],
)
async def test_each_failure_becomes_one_of_our_errors_and_the_next_try_works(
    graph: FakeGraph,
    channel: WhatsAppChannel,
    ani: Person,
    fault: faults.Fault,
    kind: type[SendError],
    code: str,
    pause: int | None,
) -> None:
    graph.faults.next(fault)
    # Silence alone is waited for in vain; a busy machine must have time for all else.
    first = channel_for(graph, timeout=QUICK if fault.way == faults.Way.HANG else PATIENT)
    with pytest.raises(SendError) as caught:
        await first.send(delivery())
    await first.close()
    assert type(caught.value) is kind
    assert caught.value.code == code
    if isinstance(caught.value, TemporarySendError):
        expected = None if pause is None else timedelta(seconds=pause)
        assert caught.value.retry_after == expected
        is_said = fault.way == faults.Way.REFUSE or (fault.status or 500) < 500
        assert caught.value.answer_lost is not is_said
    await channel.send(delivery())
    # Only where the answer was lost does the person read it twice.
    assert len(ani.received) == (2 if fault.way == faults.Way.LOST else 1)


async def test_a_server_that_is_not_there_is_temporary() -> None:
    channel = WhatsAppChannel("t", "1", "s", "v", api_base="http://127.0.0.1:9")
    with pytest.raises(TemporarySendError) as caught:
        await channel.send(delivery())
    assert (caught.value.code, caught.value.answer_lost) == ("temporary-network", False)


async def test_a_wrong_token_is_the_operators_to_mend(graph: FakeGraph) -> None:
    channel = channel_for(graph, token="lama", keep_alive=0)
    with pytest.raises(TemporarySendError) as caught:
        await channel.send(delivery())
    assert caught.value.code == "token"
    assert "lama" not in repr(caught.value.__dict__)


# Receiving through the fake


async def test_what_people_do_arrives(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person, hook: Hook
) -> None:
    await channel.send(delivery(choices=choices(2)))
    await channel.send(delivery(choices=choices(4)))
    acts: list[tuple[Callable[[], Any], InboundKind]] = [
        (lambda: ani.say("brp biaya paspor"), InboundKind.TEXT),
        (lambda: ani.tap("c1"), InboundKind.BUTTON),
        (lambda: ani.tap("Pilihan 3"), InboundKind.BUTTON),
        (lambda: ani.locate(-8.6, 121.0), InboundKind.LOCATION),
        (ani.voice, InboundKind.VOICE),
        (ani.picture, InboundKind.PICTURE),
        (ani.document, InboundKind.DOCUMENT),
        (lambda: ani.share_contact("6281200000003"), InboundKind.CONTACT),
        (ani.sticker, InboundKind.UNSUPPORTED),
    ]
    graph.pending.clear()
    for act, _ in acts:
        act()
    ani.react("wamid.x")
    assert graph.flush() == [200]
    assert [message.kind for message in hook.messages] == [kind for _, kind in acts]
    assert {(m.sender, m.aliases) for m in hook.messages} == {(USER_ID, (PHONE,))}


async def test_webhooks_come_batched_repeated_and_reordered(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person, hook: Hook
) -> None:
    sent = ["halo", *(f"pesan {n}" for n in range(20))]
    for text in sent[1:]:
        ani.say(text)
    hook.answers = [503, 200]
    assert graph.flush() == [503]
    statuses = graph.flush(batch=False, repeat=2, shuffle=random.Random(3))
    assert statuses == [200] * 42
    texts = [message.text for message in hook.messages]
    assert sorted(texts) == sorted(sent * 2)
    assert texts[::2] != sent
    assert len({message.external_id for message in hook.messages}) == 21
    assert graph.flush() == []


async def test_a_changed_number_gives_the_new_address_with_the_old_ones(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person, hook: Hook
) -> None:
    ani.move(phone="6281200000009", user_id="ID.2000000002")
    ani.say("nomor saya ganti")
    graph.flush()
    moved, after = hook.messages[-2:]
    assert moved.kind == InboundKind.MOVED
    assert (moved.sender, moved.aliases) == (
        "ID.2000000002",
        (USER_ID, PHONE, "6281200000009"),
    )
    assert after.sender == moved.sender
    await channel.send(delivery(address=moved.sender))
    assert ani.texts == ["Halo."]


async def test_a_closed_window_shows_later_as_it_mostly_does(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person, clock: FixedClock
) -> None:
    graph.account.window_closes = "later"
    clock.move(timedelta(hours=25))
    wamid = await channel.send(delivery())
    body = graph.body(graph.pending)
    (receipt,) = channel.parse(body, now=clock()).receipts
    assert (receipt.provider_id, receipt.state, receipt.code) == (wamid, "failed", "window-closed")
    assert ani.received == []


async def test_the_pair_rate_is_kept(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person, clock: FixedClock
) -> None:
    graph.account.pair_burst = 2
    for _ in range(2):
        await channel.send(delivery())
    with pytest.raises(TemporarySendError) as caught:
        await channel.send(delivery())
    assert caught.value.retry_after is not None
    clock.move(timedelta(seconds=12))
    await channel.send(delivery())


async def test_a_read_receipt_is_sent_and_its_failure_is_nobodys_business(
    graph: FakeGraph, channel: WhatsAppChannel, ani: Person
) -> None:
    wamid = ani.say("halo lagi")
    await channel.acknowledge(make_inbound(external_id=wamid))
    assert graph.calls[-1].status == 200
    assert graph.calls[-1].payload["typing_indicator"] == {"type": "text"}
    await channel.acknowledge(make_inbound(external_id="wamid.tidak-dikenal"))
    assert graph.calls[-1].code == 131009
    before = len(graph.calls)
    await channel.acknowledge(make_inbound(external_id="sha256:abc"))
    assert len(graph.calls) == before
    away = WhatsAppChannel("t", "1", "s", "v", api_base="http://127.0.0.1:9")
    await away.acknowledge(make_inbound(external_id=wamid))


def test_one_channel_serves_one_event_loop_after_another(graph: FakeGraph, ani: Person) -> None:
    channel = channel_for(graph, keep_alive=0)
    for _ in range(3):
        asyncio.run(channel.send(delivery()))
    assert len(ani.received) == 3


async def test_200_at_once_all_arrive(graph: FakeGraph, ani: Person) -> None:
    channel = channel_for(graph)
    sends = [channel.send(delivery(f"{n}", outbox_id=n)) for n in range(200)]
    ids = await asyncio.gather(*sends)
    await channel.close()
    assert len(set(ids)) == 200
    assert sorted(ani.texts, key=int) == [str(n) for n in range(200)]


# Our own number


async def test_our_number_is_described(channel: WhatsAppChannel) -> None:
    described = await channel.describe()
    assert isinstance(described, PhoneNumber)
    assert described.name == "Tanya Pimpasa"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param({"token": "lama"}, "WHATSAPP_TOKEN", id="wrong token"),
        pytest.param({"phone_id": "1"}, "WHATSAPP_PHONE_ID", id="wrong phone id"),
        pytest.param({"api_base": "http://127.0.0.1:9"}, "tidak bisa dihubungi", id="not there"),
    ],
)
async def test_what_is_wrong_with_our_number_is_said_in_one_sentence(
    graph: FakeGraph, given: dict[str, str], sentence: str
) -> None:
    channel = channel_for(graph, keep_alive=0, **given)
    described = await channel.describe()
    assert isinstance(described, str)
    assert sentence in described


def test_a_webhook_that_is_not_there_counts_as_503() -> None:
    assert post_to("http://127.0.0.1:9/webhooks/whatsapp")(b"{}", {}) == 503
