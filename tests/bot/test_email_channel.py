"""E-mail: what a mail holds and what it never holds, and what every failure means."""

import asyncio
import ipaddress
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from bot.email_channel import EmailChannel, MailTexts
from bot.email_server import MailServer, MailStatus
from escalation.mail_address import is_mail_address
from handlers.channel import (
    Channel,
    Delivery,
    PermanentSendError,
    SendError,
    TemporarySendError,
    WebhookChannel,
)
from handlers.messages import Choice, InboundMessage, OutboundMessage
from handlers.sealing import Sealer
from tests.fakes.smtp import FakeSmtp, Fault, Step, drop, lost, refuse, slow

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
OFFICER = "petugas@kantor.example"
SENDER = "tanya@pimpasa.example"
LINK = "https://tanya.example/petugas"
TEXTS = MailTexts(
    subject="Ada kabar untuk Bapak/Ibu di Tanya Pimpasa",
    urgent_subject="Segera: ada kabar untuk Bapak/Ibu di Tanya Pimpasa",
    body="Bapak/Ibu, ada yang baru menunggu di Tanya Pimpasa. Silakan buka:\n{link}\n",
)
CARD = OutboundMessage(
    "🔴 Kasus 4711: DARURAT\nDesa: Karangrejo, Tulungagung\nDugaan: perdagangan orang (TPPO)\n"
    "Umur: 16\nUang: 45 juta",
    (Choice("k:4711:terima", "Terima"), Choice("k:4711:alihkan", "Alihkan")),
    template="ada_kasus",
    parameters=("4711", "Karangrejo"),
)
TELLING = (
    *("4711", "darurat", "karangrejo", "tulungagung", "tppo", "perdagangan", "juta", "terima"),
    *("kasus", "korban", "lapor", "bahaya", "desa", "warga", "16"),
)
WATCHDOG = 10.0
"""Seconds after which something hangs."""

USERS = {"tanya": "rahasia-123"}


@pytest.fixture
def fake() -> Iterator[FakeSmtp]:
    with FakeSmtp() as server:
        yield server


@pytest.fixture
async def channel(fake: FakeSmtp) -> AsyncIterator[EmailChannel]:
    channel = channel_to(fake)
    yield channel
    await channel.close()


def server_of(fake: FakeSmtp, **fields: Any) -> MailServer:
    given: dict[str, Any] = {"security": "none", "timeout": timedelta(seconds=10)}
    return MailServer(fake.host, fake.port, SENDER, **(given | fields))


def channel_to(fake: FakeSmtp, *, texts: MailTexts = TEXTS, **fields: Any) -> EmailChannel:
    return EmailChannel(
        server_of(fake, **fields),
        link=LINK,
        texts=texts,
        fingerprint=partial(Sealer(bytes(32)).lookup, purpose="surel"),
        clock=lambda: NOW,
    )


def deliver(id: int = 1, *, to: str = OFFICER, **fields: Any) -> Delivery:
    return Delivery(id, 7, to, **({"message": CARD} | fields))


# What a mail holds


async def test_a_mail_says_that_something_waits_and_where(
    fake: FakeSmtp, channel: EmailChannel
) -> None:
    id = await channel.send(deliver())
    (mail,) = fake.mails
    assert (mail.sender, mail.recipients) == (SENDER, (OFFICER,))
    message = mail.message
    assert message["From"] == SENDER
    assert message["To"] == OFFICER
    assert message["Subject"] == TEXTS.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == id
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert message.get_content_type() == "text/plain"
    assert mail.text == TEXTS.body.format(link=LINK)


async def test_an_urgent_mail_says_so(fake: FakeSmtp, channel: EmailChannel) -> None:
    await channel.send(deliver(urgent=True))
    assert fake.mails[0].message["Subject"] == TEXTS.urgent_subject


@pytest.mark.parametrize("urgent", [False, True], ids=["ordinary", "urgent"])
async def test_nothing_of_the_card_is_in_the_mail(
    fake: FakeSmtp, channel: EmailChannel, urgent: bool
) -> None:
    await channel.send(deliver(urgent=urgent))
    mail = fake.mails[0]
    # The id has hexadecimal digits, in which any number may turn up.
    headers = {k: v for k, v in mail.message.items() if k not in ("Message-ID", "Date")}
    shown = f"{headers}\n{mail.text}".lower()
    assert [word for word in TELLING if word in shown] == []


@given(text=st.text(), parameter=st.text(), urgent=st.booleans())
def test_whatever_the_card_the_mail_is_the_same(text: str, parameter: str, urgent: bool) -> None:
    channel = EmailChannel(
        MailServer("127.0.0.1", 1, SENDER),
        link=LINK,
        texts=TEXTS,
        fingerprint=str,
        clock=lambda: NOW,
    )
    card = OutboundMessage(text, parameters=(parameter,))

    def without_id(message: OutboundMessage) -> bytes:
        mail = channel.mail_for(deliver(message=message, urgent=urgent))
        del mail["Message-ID"]
        return mail.as_bytes()

    assert without_id(card) == without_id(CARD)


async def test_words_in_any_script_arrive_over_seven_bits(fake: FakeSmtp) -> None:
    texts = MailTexts("Kabar – “baru” untuk Anda", "Segera…", ".\nSalam 🙏 dari désa\n..\n{link}\n")
    channel = channel_to(fake, texts=texts)
    await channel.send(deliver())
    await channel.close()
    (mail,) = fake.mails
    assert mail.data.isascii()
    assert mail.message["Subject"] == texts.subject
    assert mail.text == texts.body.format(link=LINK)


async def test_a_resend_is_recognised_and_nothing_else_is(
    fake: FakeSmtp, channel: EmailChannel
) -> None:
    other_card = OutboundMessage("🟠 Kasus 4712: Tinggi")
    same = {await channel.send(deliver(5)) for _ in range(2)}
    same.add(await channel_to(fake).send(deliver(5)))
    assert len(same) == 1
    others = {await channel.send(deliver(6)), await channel.send(deliver(5, message=other_card))}
    assert len(same | others) == 3


async def test_a_message_id_cannot_be_guessed_from_the_card(fake: FakeSmtp) -> None:
    ids = set()
    for key in (bytes(32), bytes(range(32))):
        channel = EmailChannel(
            server_of(fake),
            link=LINK,
            texts=TEXTS,
            fingerprint=partial(Sealer(key).lookup, purpose="surel"),
        )
        ids.add(await channel.send(deliver()))
        await channel.close()
    assert len(ids) == 2


def test_it_is_a_channel_that_nobody_calls() -> None:
    channel: Channel = EmailChannel(
        MailServer("127.0.0.1", 1, SENDER), link=LINK, texts=TEXTS, fingerprint=str
    )
    assert channel.name == "email"
    assert not isinstance(channel, WebhookChannel)


async def test_acknowledging_reaches_nobody(fake: FakeSmtp, channel: EmailChannel) -> None:
    await channel.acknowledge(InboundMessage("email", "1", OFFICER, NOW))
    assert fake.log == []


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("petugas@kantor.example\nBcc: lain@kantor.example", id="newline"),
        pytest.param("petugas@kantor.example\r\nBcc: lain@kantor.example", id="both"),
        pytest.param("petugas@kantor.example\n", id="newline at the end"),
        pytest.param("petugas@kantor.example\r", id="carriage return at the end"),
        pytest.param("petugas\n@kantor.example", id="newline inside"),
        pytest.param("petugas@kantor.example\u2028x", id="another line separator"),
        pytest.param("petugas@kantor.example, lain@kantor.example", id="two"),
        pytest.param("Petugas <petugas@kantor.example>", id="with a name"),
        pytest.param("petugas@kantor.example> SIZE=1", id="a command's end"),
        pytest.param("pétugas@kantor.example", id="not ascii"),
        pytest.param("petugas@kantor", id="no domain"),
        pytest.param("petugas.@kantor.example", id="dot at the end"),
        pytest.param("@kantor.example", id="nobody"),
        pytest.param("petugas", id="no at"),
        pytest.param("", id="empty"),
        pytest.param("a" * 65 + "@kantor.example", id="long before the at"),
        pytest.param("a@" + "b." * 130 + "example", id="long"),
    ],
)
async def test_a_malformed_address_is_never_tried(
    fake: FakeSmtp, channel: EmailChannel, address: str
) -> None:
    with pytest.raises(PermanentSendError) as raised:
        await channel.send(deliver(to=address))
    assert raised.value.code == "recipient-malformed"
    assert fake.log == []


@pytest.mark.parametrize(
    "address", ["a@b.id", "sri.wahyuni+tugas@imigrasi.go.id", "x_y-z@sub-1.kantor.example"]
)
async def test_an_ordinary_address_is_reached(
    fake: FakeSmtp, channel: EmailChannel, address: str
) -> None:
    await channel.send(deliver(to=address))
    assert fake.mails[0].recipients == (address,)


@given(st.text())
def test_an_address_that_passes_has_no_room_for_a_header(text: str) -> None:
    for address in (text, f"{text}@kantor.example", f"petugas@kantor.example{text}"):
        if is_mail_address(address):
            assert address.isascii()
            assert address.isprintable()
            assert not set(address) & set(' <>,;:()[]\\"')


# What a failure means

TEMPORARY = {
    "greeting 421": (refuse(Step.GREETING, "421 4.3.2 Busy"), "smtp-421"),
    "greeting 554": (refuse(Step.GREETING, "554 5.3.2 Closed"), "smtp-554"),
    "greeting is cut": (drop(Step.GREETING), "smtp-connection"),
    "greeting is nonsense": (refuse(Step.GREETING, "HTTP/1.1 400"), "smtp-connection"),
    "hello is refused": (refuse(Step.EHLO, "421 4.3.2 Busy"), "smtp-421"),
    "sender is refused": (refuse(Step.MAIL, "550 5.1.8 Bad sender"), "smtp-550"),
    "sender must wait": (refuse(Step.MAIL, "451 4.3.0 Later"), "smtp-451"),
    "sign-in is wanted": (refuse(Step.MAIL, "530 5.7.0 Sign in first"), "smtp-auth"),
    "recipient is cut": (drop(Step.RCPT), "smtp-connection"),
    "greylisted 450": (refuse(Step.RCPT, "450 4.7.1 Greylisted"), "smtp-450"),
    "greylisted 451": (refuse(Step.RCPT, "451 4.7.1 Try again later"), "smtp-451"),
    "closing at the recipient": (refuse(Step.RCPT, "421 4.4.2 Bye"), "smtp-421"),
    "mailbox is full": (refuse(Step.RCPT, "552 5.2.2 Mailbox full"), "smtp-552"),
    "relay, enhanced": (refuse(Step.RCPT, "554 5.7.1 Relay access denied"), "smtp-554"),
    "relay, plain": (refuse(Step.RCPT, "550 Relay not permitted"), "smtp-550"),
    "we are blocked": (refuse(Step.RCPT, "550 5.7.1 Blocked, see 5.1.1.7"), "smtp-550"),
    "sender, said late": (refuse(Step.RCPT, "550 5.1.8 Sender address rejected"), "smtp-550"),
    "sign-in, said late": (refuse(Step.RCPT, "530 5.1.1 Sign in"), "smtp-auth"),
    "unclear refusal": (refuse(Step.RCPT, "554 Transaction failed"), "smtp-554"),
    "recipient is nonsense": (refuse(Step.RCPT, "??"), "smtp-connection"),
    "mail must wait": (refuse(Step.DATA, "451 4.3.0 Later"), "smtp-451"),
    "mail looks like spam": (refuse(Step.DATA, "550 5.7.1 Spam"), "smtp-550"),
    "mail is refused": (refuse(Step.DATA, "550 No"), "smtp-550"),
    "mail is cut": (drop(Step.DATA), "smtp-connection"),
}
PERMANENT = {
    "unknown 550": refuse(Step.RCPT, "550 5.1.1 User unknown"),
    "unknown 550, plain": refuse(Step.RCPT, "550 No such user here"),
    "unknown 550, unsaid": refuse(Step.RCPT, "550 5.0.0 User unknown"),
    "unknown 550, in two lines": refuse(Step.RCPT, "550-5.1.1 Not here.\r\n550 5.1.1 Sorry"),
    "moved 551": refuse(Step.RCPT, "551 User not local"),
    "not allowed 553": refuse(Step.RCPT, "553 5.1.3 Bad mailbox name"),
    "no mail there 556": refuse(Step.RCPT, "556 5.1.10 Domain takes no mail"),
    "closed 550": refuse(Step.RCPT, "550 5.2.1 Mailbox disabled"),
    "no such domain": refuse(Step.RCPT, "550 5.4.1 Recipient address rejected"),
    "unknown, said late": refuse(Step.DATA, "550 5.1.1 User unknown"),
}


async def failure(channel: EmailChannel, delivery: Delivery) -> SendError:
    with pytest.raises(SendError) as raised:
        await channel.send(delivery)
    return raised.value


@pytest.mark.parametrize(("fault", "code"), TEMPORARY.values(), ids=TEMPORARY)
async def test_what_may_pass_is_tried_again(
    fake: FakeSmtp, channel: EmailChannel, fault: Fault, code: str
) -> None:
    fake.faults.next(fault)
    error = await failure(channel, deliver())
    assert isinstance(error, TemporarySendError)
    assert error.code == code
    assert fake.mails == []
    await channel.send(deliver())
    assert len(fake.mails) == 1


@pytest.mark.parametrize("fault", PERMANENT.values(), ids=PERMANENT)
async def test_a_mailbox_that_is_not_there_needs_another_route(
    fake: FakeSmtp, channel: EmailChannel, fault: Fault
) -> None:
    fake.faults.next(fault)
    error = await failure(channel, deliver())
    assert isinstance(error, PermanentSendError)
    assert error.code == "recipient-refused"
    assert fake.mails == []


@pytest.mark.parametrize("step", [Step.GREETING, Step.RCPT, Step.DATA])
async def test_a_server_that_keeps_silent_is_left(fake: FakeSmtp, step: Step) -> None:
    channel = channel_to(fake, timeout=timedelta(seconds=0.3))
    fake.faults.next(slow(step))
    error = await failure(channel, deliver())
    assert isinstance(error, TemporarySendError)
    assert error.code == "smtp-timeout"
    await channel.close()
    assert fake.mails == []


async def test_a_server_that_hangs_does_not_hold_up_other_work(fake: FakeSmtp) -> None:
    with ThreadPoolExecutor(1) as everybodys:
        asyncio.get_running_loop().set_default_executor(everybodys)
        channel = channel_to(fake, timeout=timedelta(seconds=60))
        fake.faults.next(slow(Step.RCPT))
        sending = asyncio.create_task(channel.send(deliver()))
        await until(lambda: "RCPT" in verbs(fake))
        async with asyncio.timeout(WATCHDOG):
            assert await asyncio.to_thread(lambda: "free") == "free"
        await break_off(sending)
        await channel.close()


@pytest.mark.parametrize(
    ("step", "reply"),
    [
        pytest.param(Step.GREETING, "220 Ready at last", id="while connecting"),
        pytest.param(Step.MAIL, "250 2.1.0 OK", id="while sending"),
    ],
)
async def test_a_send_that_was_broken_off_sends_nothing_later(
    fake: FakeSmtp, step: Step, reply: str
) -> None:
    channel = channel_to(fake, timeout=timedelta(seconds=60))
    fake.faults.next(Fault(step, reply, seconds=0.3))
    sending = asyncio.create_task(channel.send(deliver()))
    await until(lambda: fake.is_busy if step == Step.GREETING else "MAIL" in verbs(fake))
    await break_off(sending)
    await channel.close()
    await until(lambda: not fake.is_busy)
    assert fake.mails == []


def verbs(fake: FakeSmtp) -> list[str]:
    return [line.partition(" ")[0] for line in fake.log]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WATCHDOG):
        while not is_so():
            await asyncio.sleep(0.005)


async def break_off(sending: asyncio.Task[str]) -> None:
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


async def test_nobody_there() -> None:
    with FakeSmtp() as gone:
        pass
    error = await failure(channel_to(gone), deliver())
    assert isinstance(error, TemporarySendError)
    assert (error.code, error.answer_lost) == ("smtp-connection", False)


async def test_a_lost_answer_gives_one_more_mail_with_the_same_id(
    fake: FakeSmtp, channel: EmailChannel
) -> None:
    fake.faults.next(lost())
    error = await failure(channel, deliver())
    assert isinstance(error, TemporarySendError)
    assert (error.code, error.answer_lost) == ("smtp-connection", True)
    id = await channel.send(deliver())
    assert [mail.message["Message-ID"] for mail in fake.mails] == [id, id]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(drop(Step.QUIT), id="cut"),
        pytest.param(refuse(Step.QUIT, "500 What?"), id="refused"),
        pytest.param(slow(Step.QUIT), id="silent"),
    ],
)
async def test_a_good_bye_gone_wrong_undoes_nothing(fake: FakeSmtp, fault: Fault) -> None:
    channel = channel_to(fake, timeout=timedelta(seconds=0.5))
    fake.faults.next(fault)
    assert await channel.send(deliver()) == fake.mails[0].message["Message-ID"]
    await channel.close()


async def test_neither_error_nor_log_holds_an_address(
    fake: FakeSmtp, channel: EmailChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for reply in (f"550 5.1.1 <{OFFICER}> unknown", f"451 4.7.1 <{OFFICER}> later"):
        fake.faults.next(refuse(Step.RCPT, reply))
        error = await failure(channel, deliver())
        assert OFFICER not in f"{error!r} {error.__cause__!r}"
        assert error.__suppress_context__
    assert OFFICER not in caplog.text
    assert "rahasia" not in repr(server_of(fake, user="tanya", password="rahasia-123"))


# Signing in and encrypting


@pytest.mark.parametrize("methods", ["PLAIN", "LOGIN", "PLAIN LOGIN"])
async def test_it_signs_in(methods: str) -> None:
    with FakeSmtp(users=USERS, methods=methods) as fake:
        channel = channel_to(fake, user="tanya", password="rahasia-123")
        await channel.send(deliver())
        await channel.close()
    assert fake.mails[0].user == "tanya"


SIGN_INS: dict[str, tuple[dict[str, Any], str]] = {
    "wrong": ({"user": "tanya", "password": "salah"}, "PLAIN LOGIN"),
    "not ascii": ({"user": "tanya", "password": "rahasiá"}, "PLAIN LOGIN"),
    "missing": ({}, "PLAIN LOGIN"),
    "unknown method": ({"user": "tanya", "password": "rahasia-123"}, "GSSAPI"),
}


@pytest.mark.parametrize(("fields", "methods"), SIGN_INS.values(), ids=SIGN_INS)
async def test_a_failed_sign_in_is_temporary(fields: dict[str, Any], methods: str) -> None:
    with FakeSmtp(users=USERS, methods=methods) as fake:
        channel = channel_to(fake, **fields)
        error = await failure(channel, deliver())
        await channel.close()
    assert isinstance(error, TemporarySendError)
    assert error.code == "smtp-auth"
    assert fake.mails == []


async def test_a_server_without_sign_in_gets_no_password(fake: FakeSmtp) -> None:
    error = await failure(channel_to(fake, user="tanya", password="rahasia-123"), deliver())
    assert error.code == "smtp-auth"
    assert "AUTH" not in fake.log


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, with its key, that no system trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "surel.example")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("surel") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trust(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_it_encrypts(tls: ssl.SSLContext, trust: ssl.SSLContext, security: str) -> None:
    with FakeSmtp(tls=tls, implicit=security == "tls", users=USERS) as fake:
        channel = channel_to(
            fake, security=security, trust=trust, user="tanya", password="rahasia-123"
        )
        await channel.send(deliver())
        await channel.close()
    (mail,) = fake.mails
    assert (mail.is_encrypted, mail.user) == (True, "tanya")


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_an_unknown_certificate_gets_no_password(tls: ssl.SSLContext, security: str) -> None:
    with FakeSmtp(tls=tls, implicit=security == "tls", users=USERS) as fake:
        channel = channel_to(fake, security=security, user="tanya", password="rahasia-123")
        error = await failure(channel, deliver())
        await channel.close()
    assert isinstance(error, TemporarySendError)
    assert error.code == "smtp-tls"
    assert fake.mails == []
    assert "AUTH" not in fake.log


@pytest.mark.parametrize("is_named", [True, False], ids=["refused", "not offered"])
async def test_without_encryption_nothing_is_said(
    tls: ssl.SSLContext, trust: ssl.SSLContext, is_named: bool
) -> None:
    with FakeSmtp(users=USERS, tls=tls if is_named else None) as fake:
        fake.faults.next(refuse(Step.STARTTLS, "454 4.7.0 Not now"))
        channel = channel_to(
            fake, security="starttls", trust=trust, user="tanya", password="rahasia-123"
        )
        error = await failure(channel, deliver())
        await channel.close()
    assert error.code == "smtp-tls"
    assert not {"AUTH", "DATA"} & set(fake.log)


async def test_tls_with_a_server_that_speaks_plainly(fake: FakeSmtp) -> None:
    error = await failure(channel_to(fake, security="tls"), deliver())
    assert error.code == "smtp-tls"


# Setting up

WRONG: dict[str, dict[str, Any]] = {
    "sender with a name": {"sender": "Tanya <tanya@pimpasa.example>"},
    "sender with a newline": {"sender": "tanya@pimpasa.example\nBcc: x@kantor.example"},
    "user alone": {"user": "tanya"},
    "password alone": {"password": "rahasia-123"},
    "no link": {"link": ""},
    "link of two lines": {"link": f"{LINK}\nx"},
    "no room for the link": {"texts": MailTexts("a", "b", "c")},
    "subject of two lines": {"texts": MailTexts("a\nBcc: x@kantor.example", "b", "{link}")},
    "urgent subject of two lines": {"texts": MailTexts("a", "b\n", "{link}")},
}


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG)
def test_what_makes_no_mail_stops_the_start(fields: dict[str, Any]) -> None:
    given: dict[str, Any] = {
        "sender": SENDER,
        "user": None,
        "password": None,
        "link": LINK,
        "texts": TEXTS,
    }
    given |= fields
    with pytest.raises(ValueError):
        EmailChannel(
            MailServer(
                "127.0.0.1", 1, given["sender"], user=given["user"], password=given["password"]
            ),
            link=given["link"],
            texts=given["texts"],
            fingerprint=str,
        )


# The check


async def test_a_server_that_answers_is_described(fake: FakeSmtp, channel: EmailChannel) -> None:
    said = await channel.describe()
    assert said == MailStatus(fake.host, fake.port, is_encrypted=False, is_signed_in=False)
    assert "NOOP" in fake.log
    assert fake.mails == []


async def test_signed_in_is_described(tls: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    with FakeSmtp(tls=tls, users=USERS) as fake:
        server = server_of(
            fake, security="starttls", trust=trust, user="tanya", password="rahasia-123"
        )
        said = await server.describe()
    assert said == MailStatus(fake.host, fake.port, is_encrypted=True, is_signed_in=True)


DESCRIBED: dict[str, tuple[Fault | None, dict[str, Any], str]] = {
    "sign-in": (None, {"user": "tanya", "password": "x"}, "SMTP_PASSWORD"),
    "encryption": (None, {"security": "starttls"}, "SMTP_SECURITY"),
    "cut": (drop(Step.GREETING), {}, "SMTP_HOST"),
    "silent": (slow(Step.GREETING), {"timeout": timedelta(seconds=0.3)}, "tidak menjawab"),
    "busy": (refuse(Step.NOOP, "421 4.3.2 Busy"), {}, "smtp-421"),
}


@pytest.mark.parametrize(("fault", "fields", "word"), DESCRIBED.values(), ids=DESCRIBED)
async def test_the_check_says_what_to_mend(
    fake: FakeSmtp, fault: Fault | None, fields: dict[str, Any], word: str
) -> None:
    fake.faults.next(fault)
    said = await server_of(fake, **fields).describe()
    assert isinstance(said, str)
    assert word in said
