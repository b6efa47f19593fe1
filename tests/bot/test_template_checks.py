"""What the check says of templates: approved by Meta or not, and refused when they were sent."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.health import ready
from bot.app import App
from bot.server import make_site
from bot.template_checks import ask_meta, of_deliveries, of_state
from bot.whatsapp_channel import WhatsAppChannel
from handlers import outbox
from handlers.channel import Delivery, PermanentSendError, SendError
from handlers.messages import OutboundMessage
from handlers.models import OutboxItem, OutboxKind, OutboxStatus
from handlers.windows import CASE_TEMPLATE, NEUTRAL_TEMPLATE
from tests.fakes.whatsapp import FakeGraph
from tests.fakes.whatsapp_account import Account
from tests.fakes.whatsapp_rules import Refusal, Template, check_template_query
from tests.people import Person

ONE = "6281200000001"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeGraph]:
    with FakeGraph() as server:
        yield server


def channel_for(graph: FakeGraph, **given: Any) -> WhatsAppChannel:
    account = graph.account
    return WhatsAppChannel(
        given.get("token", account.token),
        account.phone_id,
        account.app_secret,
        account.verify_token,
        api_base=graph.url,
    )


@pytest.mark.parametrize(
    ("states", "mark", "words"),
    [
        pytest.param({"id": "APPROVED"}, "BAIK", "disetujui", id="approved"),
        pytest.param({"id": "PENDING"}, "CATAT", "ditinjau", id="pending"),
        pytest.param({"id": "REJECTED"}, "SALAH", "ajukan ulang", id="rejected"),
        pytest.param({"id": "PAUSED"}, "SALAH", "dijeda", id="paused"),
        pytest.param({"id": "DISABLED"}, "SALAH", "dimatikan", id="disabled"),
        pytest.param({"id": "BESOK"}, "SALAH", "BESOK", id="a state of tomorrow"),
        pytest.param({}, "SALAH", "belum diajukan", id="not there"),
        pytest.param({"en": "APPROVED"}, "SALAH", "belum diajukan", id="another language"),
    ],
)
def test_each_state_has_a_sentence(states: dict[str, str], mark: str, words: str) -> None:
    finding = of_state("ada_kabar", states)
    assert finding.mark == mark
    assert words in finding.text
    assert "ada_kabar" in finding.text


async def test_meta_is_asked_for_each_template(server: FakeGraph) -> None:
    server.start_over(
        Account(
            templates={
                NEUTRAL_TEMPLATE: Template(),
                f"{NEUTRAL_TEMPLATE}_lama": Template(status="DISABLED"),
                CASE_TEMPLATE: Template(status="PAUSED"),
            }
        )
    )
    channel = channel_for(server)
    findings = await ask_meta(channel, server.account.business_id)
    await channel.close()
    assert [finding.mark for finding in findings] == ["BAIK", "SALAH"]
    assert "dijeda" in findings[1].text


@pytest.mark.parametrize(
    ("business_id", "token", "mark", "words"),
    [
        pytest.param(None, None, "CATAT", "WHATSAPP_BUSINESS_ID", id="no id"),
        pytest.param("1", None, "SALAH", "WHATSAPP_BUSINESS_ID", id="wrong id"),
        pytest.param("1", "lama", "SALAH", "WHATSAPP_TOKEN", id="wrong token"),
    ],
)
async def test_what_is_missing_is_one_sentence(
    server: FakeGraph, business_id: str | None, token: str | None, mark: str, words: str
) -> None:
    server.start_over()
    channel = channel_for(server, **({"token": token} if token else {}))
    (finding,) = await ask_meta(channel, business_id)
    await channel.close()
    assert finding.mark == mark
    assert words in finding.text


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"nama": "x"}, id="unknown parameter"),
        pytest.param({"fields": "name,keadaan"}, id="unknown field"),
        pytest.param({"limit": "banyak"}, id="limit"),
    ],
)
def test_the_fake_is_strict_about_the_question(query: dict[str, str]) -> None:
    with pytest.raises(Refusal):
        check_template_query(query)


@pytest.mark.parametrize(
    ("template", "code"),
    [
        pytest.param(Template(status="PAUSED"), "template-132015", id="paused"),
        pytest.param(Template(status="DISABLED"), "template-132016", id="disabled"),
        pytest.param(Template(status="PENDING"), "template-132001", id="not approved yet"),
        pytest.param(Template(parameters=1), "template-132000", id="other parameters"),
        pytest.param(None, "template-132001", id="not there"),
    ],
)
async def test_a_refused_template_is_permanent_and_named(
    server: FakeGraph, template: Template | None, code: str
) -> None:
    server.start_over(Account(templates={CASE_TEMPLATE: template} if template else {}))
    server.person(phone=ONE)
    channel = channel_for(server)
    message = OutboundMessage("Ada kasus.", template=CASE_TEMPLATE)
    error: SendError | None = None
    try:
        await channel.send(Delivery(1, 1, ONE, message))
    except PermanentSendError as refused:
        error = refused
    await channel.close()
    assert error is not None
    assert error.code == code


@pytest.mark.parametrize(
    ("history", "told"),
    [
        pytest.param(["template-132015"], "dijeda Meta", id="refused"),
        pytest.param(["template-132015"] * 3, "3 kabar", id="three times"),
        pytest.param(["template-132001", "template-132016"], "dimatikan", id="the newest counts"),
        pytest.param(["template-132999"], "periksa templat", id="a number of tomorrow"),
        pytest.param(["template-132015", None], None, id="works again"),
        pytest.param([None, "template-132015"], "1 kabar", id="worked before"),
        pytest.param(["permanent-131026"], None, id="the person cannot be reached"),
        pytest.param(["template-132015", "permanent-131026"], "dijeda", id="both"),
        pytest.param([], None, id="nothing sent"),
    ],
)
def test_refusals_show_in_readyz_and_check(
    app: App, history: list[str | None], told: str | None
) -> None:
    queue_history(app, history, prefix="open")
    findings = list(of_deliveries(app.database, now=app.clock()))
    shown = bytes(ready(make_site(app)).body).decode()
    if told is None:
        assert findings == []
        assert '"templates_refused":[]' in shown
        return
    (finding,) = findings
    assert finding.is_fault
    assert told in finding.text
    assert CASE_TEMPLATE in finding.text
    assert told in shown


def test_other_deliveries_say_nothing_of_templates(app: App) -> None:
    queue_history(app, ["template-132015"], prefix="case")
    assert list(of_deliveries(app.database, now=app.clock())) == []


def queue_history(app: App, history: list[str | None], *, prefix: str) -> None:
    """Let notices of a case go out, each refused with a code or accepted."""
    person = Person(app, "petugas-1")
    person.send(text="halo")
    with app.database.write() as work:
        contact_id = person.contact(work.db).id
        assert contact_id is not None
        for number, code in enumerate(history):
            draft = outbox.Draft(
                contact_id,
                OutboundMessage("Ada kasus.", template=CASE_TEMPLATE),
                f"{prefix}:{contact_id}:{number}",
                OutboxKind.NOTICE,
                case_id=1,
            )
            id = outbox.queue(work.db, draft, sealer=app.resources.sealer, now=app.clock())
            item = work.db.get_one(OutboxItem, id)
            if code is None:
                item.status, item.provider_id = OutboxStatus.SENT, f"p{number}"
                work.db.add(item)
            else:
                outbox.mark_failed(work.db, item, code=code, now=app.clock())
        work.commit()
