"""The thin client: media within limits, and our own number."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.whatsapp_client import PhoneNumber, WhatsAppClient
from handlers.channel import MediaRefused
from handlers.media_types import MOST_ANY, MOST_PICTURE
from tests.fakes.whatsapp import FakeGraph

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeGraph]:
    with FakeGraph() as server:
        yield server


@pytest.fixture
def graph(server: FakeGraph) -> FakeGraph:
    server.start_over()
    return server


@pytest.fixture
async def client(graph: FakeGraph) -> AsyncIterator[WhatsAppClient]:
    account = graph.account
    client = WhatsAppClient(account.token, account.phone_id, api_base=graph.url)
    yield client
    await client.close()


async def test_media_is_fetched_whole(graph: FakeGraph, client: WhatsAppClient) -> None:
    person = graph.person(phone="6281200000004")
    person.voice(b"OggS" * 1000)
    media_id = graph.pending[-1].item["audio"]["id"]
    assert await client.download(media_id) == b"OggS" * 1000


async def test_the_first_bytes_count_and_not_what_meta_calls_a_file(
    graph: FakeGraph, client: WhatsAppClient
) -> None:
    graph.person(phone="6281200000004").voice(b"%PDF-1.7 ...", "application/octet-stream")
    media_id = graph.pending[-1].item["audio"]["id"]
    assert (await client.download(media_id)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("content", "mime_type", "code", "is_asked_for"),
    [
        pytest.param(b"PK\x03\x04" * 9, "image/jpeg", "type", True, id="a kind that is not taken"),
        pytest.param(b"<html>", "image/jpeg", "type", True, id="shorter than any sign"),
        pytest.param(b"", "image/jpeg", "type", True, id="empty"),
        pytest.param(PNG + bytes(MOST_PICTURE), "image/png", "size", True, id="a big picture"),
        pytest.param(PNG + bytes(MOST_ANY), "image/png", "size", False, id="said to be too big"),
    ],
)
async def test_media_beyond_the_limits_is_not_taken(
    graph: FakeGraph,
    client: WhatsAppClient,
    content: bytes,
    mime_type: str,
    code: str,
    is_asked_for: bool,
) -> None:
    graph.person(phone="6281200000004").voice(content, mime_type)
    media_id = graph.pending[-1].item["audio"]["id"]
    with pytest.raises(MediaRefused) as caught:
        await client.download(media_id)
    assert caught.value.code == code
    assert any("berkas" in call.path for call in graph.calls) == is_asked_for


@pytest.mark.parametrize("media_id", ["12345", "../me", ""])
async def test_media_that_is_gone(client: WhatsAppClient, media_id: str) -> None:
    with pytest.raises(MediaRefused) as caught:
        await client.download(media_id)
    assert caught.value.code == "gone"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/berkas/1",
        "https://fbsbx.com.jahat.example/1",
        "http://lookaside.fbsbx.com/1",
        "file:///etc/passwd",
        "http://[",
    ],
)
async def test_the_token_goes_to_no_other_host(
    graph: FakeGraph, client: WhatsAppClient, url: str
) -> None:
    graph.person(phone="6281200000004").voice()
    media_id = graph.pending[-1].item["audio"]["id"]
    graph.account.media_url = url
    with pytest.raises(MediaRefused) as caught:
        await client.download(media_id)
    assert caught.value.code == "host"


async def test_our_number_is_described(graph: FakeGraph, client: WhatsAppClient) -> None:
    graph.account.webhook_url = "https://tanya.example/webhooks/whatsapp"
    assert await client.phone_number() == PhoneNumber(
        name="Tanya Pimpasa",
        number="+1 555-078-3881",
        quality="GREEN",
        is_verified=True,
        is_name_approved=True,
        webhook_url="https://tanya.example/webhooks/whatsapp",
    )
