"""Requests as browsers and strangers send them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.app import create
from api.limits import MAX_BODY_BYTES
from api.wiring import Site
from bot.app import App
from bot.server import make_site
from handlers.channel import Delivery, Limits, Malformed, NotAuthentic, Parsed
from handlers.database import Database
from handlers.messages import InboundMessage
from handlers.models import Contact, InboxItem
from tests.factories import make_inbound
from tests.people import settle


class PostChannel:
    """A messenger of the tests: its body is one id a line, its signature a header."""

    name = "pos"
    limits = Limits(text=4096, buttons=3, button_title=20, list_rows=10, list_title=24)

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        if headers.get("x-signature") != "benar":
            raise NotAuthentic

    def parse(self, body: bytes, *, now: datetime) -> Parsed:
        ids = body.decode().split()
        if not ids:
            raise Malformed
        return Parsed(tuple(make_inbound(channel=self.name, external_id=id) for id in ids))

    def handshake(self, query: Mapping[str, str]) -> str:
        if query.get("sandi") != "benar":
            raise NotAuthentic
        return query["tantangan"]

    async def acknowledge(self, message: InboundMessage) -> None:
        return None

    async def close(self) -> None:
        return None

    async def send(self, delivery: Delivery) -> str:
        return "sent"


def site_with_post(app: App) -> Site:
    return replace(make_site(app), channels={**app.channels, "pos": PostChannel()})


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with TestClient(create(site_with_post(app)), base_url="http://127.0.0.1:8000") as client:
        yield client


def stored(app: App) -> int:
    with app.database.read() as db:
        return len(db.exec(select(InboxItem)).all())


SIGNED = {"x-signature": "benar"}


def test_stored_before_it_is_acknowledged_and_once(app: App, client: TestClient) -> None:
    answer = client.post("/webhooks/pos", content="m1 m2 m3", headers=SIGNED)
    assert (answer.status_code, answer.json()) == (200, {"stored": 3})
    assert stored(app) == 3
    again = client.post("/webhooks/pos", content="m2 m4", headers=SIGNED)
    assert (again.status_code, again.json()) == (200, {"stored": 1})
    assert stored(app) == 4


def test_a_provider_may_check_the_address(client: TestClient) -> None:
    good = client.get("/webhooks/pos", params={"sandi": "benar", "tantangan": "7"})
    assert (good.status_code, good.text) == (200, "7")
    assert client.get("/webhooks/pos", params={"sandi": "salah"}).status_code == 403
    assert client.get("/webhooks/web").status_code == 404


@pytest.mark.parametrize(
    ("path", "content", "headers", "status"),
    [
        pytest.param("/webhooks/pos", "m1", {}, 403, id="not signed"),
        pytest.param("/webhooks/pos", "", SIGNED, 400, id="malformed"),
        pytest.param("/webhooks/merpati", "m1", SIGNED, 404, id="no such channel"),
        pytest.param("/webhooks/web", "m1", SIGNED, 404, id="a channel without webhook"),
        pytest.param("/webhooks/pos", "m" * (MAX_BODY_BYTES + 1), SIGNED, 413, id="too large"),
    ],
)
def test_wrong_calls_change_nothing(
    app: App, client: TestClient, path: str, content: str, headers: dict[str, str], status: int
) -> None:
    assert client.post(path, content=content, headers=headers).status_code == status
    assert stored(app) == 0


def test_too_large_without_saying_so(app: App, client: TestClient) -> None:
    def body() -> Iterator[bytes]:
        for _ in range(5):
            yield b"x" * (1024 * 1024)

    answer = client.post("/webhooks/pos", content=body(), headers=SIGNED)
    assert answer.status_code == 413
    assert stored(app) == 0


def test_an_unforeseen_fault_is_told_in_indonesian(app: App) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    built = create(make_site(app))
    built.add_api_route("/rusak", broken)
    client = TestClient(built, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    answer = client.get("/rusak")
    assert answer.status_code == 500
    assert "Sedang ada gangguan" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_503_while_nothing_can_be_stored(app: App) -> None:
    gone = Database("postgresql://x:y@127.0.0.1:1/none?connect_timeout=2")
    site = replace(site_with_post(app), database=gone)
    with TestClient(create(site)) as client:
        answer = client.post("/webhooks/pos", content="m1", headers=SIGNED)
        assert answer.status_code == 503
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
    gone.close()


def test_the_chat_page_needs_no_script(app: App, client: TestClient) -> None:
    page = client.get("/chat")
    assert page.status_code == 200
    sent = client.post("/chat/send", data={"text": "brp biaya paspor", "nonce": "n1"})
    assert sent.status_code == 200
    settle(app)
    page = client.get("/chat")
    assert "belum dipastikan petugas" in page.text
    assert 'name="button" value="m:paspor-biaya"' in page.text
    lines = client.get("/chat/lines", params={"after": 0})
    assert "brp biaya paspor" in lines.text


def test_the_same_nonce_is_the_same_message(app: App, client: TestClient) -> None:
    client.get("/chat")
    for _ in range(2):
        client.post("/chat/send", data={"text": "halo", "nonce": "n1"})
    assert stored(app) == 1


def test_nobody_reads_anothers_chat(app: App, client: TestClient) -> None:
    client.get("/chat")
    client.post("/chat/send", data={"text": "rahasia saya", "nonce": "n1"})
    client.cookies.clear()
    assert "rahasia saya" not in client.get("/chat").text


def test_another_site_cannot_send_for_a_person(app: App, client: TestClient) -> None:
    client.get("/chat")
    answer = client.post(
        "/chat/send", data={"text": "x"}, headers={"origin": "https://jahat.example"}
    )
    assert answer.status_code == 403
    assert stored(app) == 0


@pytest.mark.parametrize(
    "cookie", ["contoh:petugas", "x", "a" * 500, "../../etc", "' OR 1=1 --padded-to-32-chars---"]
)
def test_a_made_up_cookie_is_replaced(app: App, client: TestClient, cookie: str) -> None:
    client.cookies.set("obrolan", cookie)
    answer = client.get("/chat")
    assert answer.status_code == 200
    assert "obrolan=" in answer.headers["set-cookie"]


def test_outside_a_demonstration_there_is_no_officers_tab(client: TestClient) -> None:
    assert client.get("/chat", params={"as": "petugas"}).status_code == 404
    assert client.post("/chat/send?as=petugas", data={"text": "kasus"}).status_code == 404


def test_a_text_of_100_000_characters_is_cut_not_refused(app: App, client: TestClient) -> None:
    client.get("/chat")
    answer = client.post("/chat/send", data={"text": "paspor " * 15_000, "nonce": "n"})
    assert answer.status_code == 200
    settle(app)
    assert stored(app) == 1


def test_every_page_forbids_foreign_hosts_and_inline_scripts(client: TestClient) -> None:
    for path in ("/", "/chat", "/masuk", "/petugas", "/admin", "/tidak-ada"):
        page = client.get(path)
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "<script>" not in page.text
        assert "https://" not in page.text.replace("https://jahat.example", "")
    assert client.get("/tidak-ada").status_code == 404


def test_metrics_hold_numbers_only(app: App, client: TestClient) -> None:
    client.get("/chat")
    client.post("/chat/send", data={"text": "rahasia 081200001111", "nonce": "n"})
    settle(app)
    page = client.get("/metrics").text
    assert "pimpasa_messages_received_total 1" in page
    assert "rahasia" not in page
    assert "081200001111" not in page


def test_a_posters_link_names_the_village(app: App, client: TestClient) -> None:
    code = app.resources.places.link_code("35.04.12.2001")
    client.get("/chat", params={"desa": code})
    settle(app)
    with app.database.read() as db:
        assert db.exec(select(Contact)).one().area_code == "35.04.12.2001"
    assert "Halo Bapak/Ibu" in client.get("/chat").text
