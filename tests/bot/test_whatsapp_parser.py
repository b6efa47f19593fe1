"""Captured webhook bodies, one a documented kind, and what must come of each."""

import copy
import json
import random
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.whatsapp_parser import parse_body
from handlers.channel import Malformed, Parsed, Receipt
from handlers.messages import InboundKind, InboundMessage
from handlers.sealing import Sealer

FOLDER = Path(__file__).parents[1] / "data" / "whatsapp"
US = "106540352242922"
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
ANI, BUDI = "6281200000001", "6281200000002"
ANI_ID, BUDI_ID = "ID.13491208655302741918", "ID.11815799212886844830"
SENT = "wamid.HBgNNjI4MTIwMDAwMDAwMRUCABEYEjI0="
FILE_ID = "1003383421387256"

Kind = InboundKind
HELLO = {"kind": Kind.TEXT, "text": "halo"}

SAID: dict[str, dict[str, Any]] = {
    "text": {"kind": Kind.TEXT, "text": "brp biaya paspor"},
    "text_reply": {"kind": Kind.TEXT, "text": "yang ini"},
    "text_forwarded": {"kind": Kind.TEXT, "text": "ada lowongan di luar negeri"},
    "text_from_ad": {"kind": Kind.TEXT, "text": "mau tanya"},
    "text_about_product": {"kind": Kind.TEXT, "text": "ini berapa"},
    "text_phone_and_user_id": HELLO | {"sender": ANI_ID, "aliases": (ANI,)},
    "text_user_id_of_contact": HELLO | {"sender": ANI_ID, "aliases": (ANI,)},
    "text_user_id_only": HELLO | {"sender": ANI_ID},
    "text_user_id_in_from": HELLO | {"sender": ANI_ID},
    "text_sender_in_contact": HELLO | {"sender": ANI_ID},
    "text_without_contacts": HELLO,
    "button_reply": {"kind": Kind.BUTTON, "text": "Biaya paspor", "button_id": "m:paspor-biaya"},
    "list_reply": {"kind": Kind.BUTTON, "text": "Melapor", "button_id": "m:tppo-lapor"},
    "template_button": {"kind": Kind.BUTTON, "text": "Buka pesan", "button_id": "kasus:7:buka"},
    "nfm_reply": {
        "kind": Kind.UNSUPPORTED,
        "text": "paspor saya diambil",
        "detail": "formulir",
    },
    "call_permission_reply": {"kind": Kind.UNSUPPORTED, "detail": "tombol"},
    "location": {"kind": Kind.LOCATION, "latitude": -8.6725072, "longitude": 121.0794782},
    "location_named": {"kind": Kind.LOCATION, "latitude": -8.5, "longitude": 121.1}
    | {"place": "Balai desa, Jalan Contoh 1"},
    "audio": {"kind": Kind.VOICE, "media_id": FILE_ID},
    "voice": {"kind": Kind.VOICE, "media_id": FILE_ID},
    "image": {"kind": Kind.PICTURE, "media_id": FILE_ID},
    "image_with_caption": {
        "kind": Kind.PICTURE,
        "media_id": FILE_ID,
        "text": "tolong, ini kontrak saya",
    },
    "video": {
        "kind": Kind.UNSUPPORTED,
        "media_id": FILE_ID,
        "text": "lihat ini",
        "detail": "video",
    },
    "document": {"kind": Kind.DOCUMENT, "media_id": FILE_ID, "text": "surat kerja"},
    "contacts": {
        "kind": Kind.CONTACT,
        "contact_phone": "6281200000003",
        "card": "Tanpa Nomor\nKakak Contoh, +62 812-0000-0003",
    },
    "contacts_requested": {
        "kind": Kind.CONTACT,
        "contact_phone": "+62 812-0000-0001",
        "card": "+62 812-0000-0001",
        "sender": ANI_ID,
    },
    "sticker": {"kind": Kind.UNSUPPORTED, "media_id": FILE_ID, "detail": "stiker"},
    "order": {"kind": Kind.UNSUPPORTED, "text": "pesan dua", "detail": "pesanan belanja"},
    "system_number": {
        "kind": Kind.MOVED,
        "sender": BUDI,
        "aliases": (ANI,),
    },
    "system_number_and_user_id": {
        "kind": Kind.MOVED,
        "sender": BUDI_ID,
        "aliases": (ANI_ID, ANI, BUDI),
    },
    "system_user_id": {
        "kind": Kind.MOVED,
        "sender": BUDI_ID,
        "aliases": (ANI_ID,),
    },
    "unsupported": {"kind": Kind.UNSUPPORTED, "detail": "pesan jenis ini"},
    "unsupported_poll": {"kind": Kind.UNSUPPORTED, "detail": "jajak pendapat"},
    "unsupported_edit": {"kind": Kind.UNSUPPORTED, "detail": "pesan yang disunting"},
    "kind_of_tomorrow": {"kind": Kind.UNSUPPORTED, "detail": "pesan jenis ini"},
    "edit_text": {"kind": Kind.TEXT, "text": "brp biaya paspor anak"},
    "edit_image": {"kind": Kind.PICTURE, "text": "kontrak yang benar", "media_id": FILE_ID},
}
"""Bodies with one message; fields not named are as in an InboundMessage from Ani's number."""

STATUSES = {
    "status_sent": ("sent", None),
    "status_delivered": ("delivered", None),
    "status_read": ("read", None),
    "status_played": ("read", None),
    "status_user_id_only": ("delivered", None),
    "status_failed": ("failed", "permanent-131026"),
    "status_failed_window": ("failed", "window-closed"),
    "status_failed_overload": ("failed", "temporary-131016"),
    "status_failed_without_error": ("failed", "temporary-unknown"),
}

IGNORED = {
    "text_sender_unclear": 1,
    "text_group": 1,
    "reaction": 1,
    "reaction_removed": 1,
    "revoke": 1,
    "request_welcome": 1,
    "system_identity": 1,
    "status_group": 1,
    "status_of_tomorrow": 1,
    "errors": 1,
    "other_number": 1,
    "account_update": 1,
    "message_echoes": 1,
}

ELSEWHERE = {"batch", "interactive_without_reply"}


def load(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def parse(body: Any) -> Parsed:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_body(raw, phone_id=US, now=LATER)


def test_every_captured_file_has_a_case() -> None:
    files = {file.stem for file in FOLDER.glob("*.json")}
    assert files == set(SAID) | set(STATUSES) | set(IGNORED) | ELSEWHERE


@pytest.mark.parametrize("name", SAID)
def test_a_message_of_each_kind(name: str) -> None:
    parsed = parse((FOLDER / f"{name}.json").read_bytes())
    common = {"channel": "whatsapp", "external_id": "wamid.HBgNNjI4MTIwMDAwMDAwMRUCABIYFDNBRDM="}
    given: dict[str, Any] = common | {"sender": ANI, "sent_at": AT} | SAID[name]
    assert parsed == Parsed((InboundMessage(**given),))


@pytest.mark.parametrize("name", STATUSES)
def test_a_status_of_each_kind(name: str) -> None:
    state, code = STATUSES[name]
    assert parse(load(name)) == Parsed(receipts=(Receipt(SENT, state, AT, code),))


@pytest.mark.parametrize("name", IGNORED)
def test_what_nobody_needs_is_counted(name: str) -> None:
    assert parse(load(name)) == Parsed(ignored=IGNORED[name])


def test_a_reply_that_meta_could_not_hand_over_is_answered_and_its_error_counted() -> None:
    parsed = parse(load("interactive_without_reply"))
    assert [(m.kind, m.detail) for m in parsed.messages] == [(Kind.UNSUPPORTED, "tombol")]
    assert parsed.ignored == 1


def test_a_batch_holds_everything_in_order_each_with_its_own_contact() -> None:
    parsed = parse(load("batch"))
    assert [(m.external_id, m.sender, m.aliases, m.text) for m in parsed.messages] == [
        ("wamid.1", ANI_ID, (ANI,), "satu"),
        ("wamid.2", BUDI, (), "dua"),
        ("wamid.3", ANI_ID, (ANI,), "tiga"),
        ("wamid.5", BUDI, (), "empat"),
    ]
    assert [receipt.state for receipt in parsed.receipts] == ["sent", "read"]
    assert parsed.ignored == 1


def changed(name: str, **fields: Any) -> Any:
    """Give a captured body with other fields in its message; None takes one out."""
    body = copy.deepcopy(load(name))
    message = body["entry"][0]["changes"][0]["value"]["messages"][0]
    for key, given_value in fields.items():
        if given_value is None:
            message.pop(key, None)
        else:
            message[key] = given_value
    return body


def test_1000_messages_in_one_body_are_1000_messages() -> None:
    value = load("text")["entry"][0]["changes"][0]["value"]
    one = value["messages"][0]
    value["messages"] = [one | {"id": f"wamid.{n}", "text": {"body": f"{n}"}} for n in range(1000)]
    whole = load("text")
    whole["entry"][0]["changes"][0]["value"] = value
    parsed = parse(whole)
    assert [m.external_id for m in parsed.messages] == [f"wamid.{n}" for n in range(1000)]
    assert [m.text for m in parsed.messages] == [str(n) for n in range(1000)]
    assert parsed.ignored == 0


def test_1000_people_in_one_body_are_not_mixed_up() -> None:
    whole = load("text")
    value = whole["entry"][0]["changes"][0]["value"]
    one = value["messages"][0]
    phones = [f"62812{n:08d}" for n in range(1000)]
    value["contacts"] = [{"wa_id": p, "user_id": f"ID.{p}"} for p in reversed(phones)]
    value["messages"] = [one | {"id": f"wamid.{p}", "from": p} for p in phones]
    messages = parse(whole).messages
    assert [(m.sender, m.aliases) for m in messages] == [(f"ID.{p}", (p,)) for p in phones]


def test_a_message_without_id_is_stored_once() -> None:
    body = changed("text", id=None)
    first, again = parse(body).messages[0], parse(body).messages[0]
    other = parse(changed("text", id=None, text={"body": "lain"})).messages[0]
    assert first.external_id == again.external_id != other.external_id


@pytest.mark.parametrize(
    "timestamp",
    [
        pytest.param(None, id="missing"),
        pytest.param("kemarin", id="no number"),
        pytest.param("99999999999999999999", id="out of range"),
        pytest.param(str(int(LATER.timestamp()) + 900), id="in the future"),
    ],
)
def test_a_wrong_time_is_now(timestamp: str | None) -> None:
    assert parse(changed("text", timestamp=timestamp)).messages[0].sent_at == LATER


@pytest.mark.parametrize(
    ("kind", "part", "detail"),
    [
        pytest.param("location", {"latitude": 91, "longitude": 1}, "lokasi", id="off the globe"),
        pytest.param("location", {"latitude": "NaN", "longitude": 1}, "lokasi", id="no number"),
        pytest.param("location", {"longitude": 1}, "lokasi", id="half a place"),
        pytest.param("image", {"mime_type": "image/jpeg"}, "gambar", id="picture without id"),
        pytest.param("audio", None, "pesan suara", id="voice without part"),
        pytest.param("text", {"body": " \n"}, "pesan kosong", id="blank text"),
        pytest.param("text", {"body": 7}, "pesan kosong", id="text that is none"),
        pytest.param("interactive", {"type": "button_reply"}, "tombol", id="tap on nothing"),
        pytest.param("button", {}, "tombol", id="template button without payload"),
        pytest.param("contacts", {}, "kontak", id="contacts that are no list"),
    ],
)
def test_a_message_that_lacks_its_content_is_still_answered(
    kind: str, part: Any, detail: str
) -> None:
    body = changed("text", **({"text": None} | {"type": kind, kind: part}))
    (message,) = parse(body).messages
    assert (message.kind, message.detail) == (Kind.UNSUPPORTED, detail)


def test_a_long_text_is_cut() -> None:
    (message,) = parse(changed("text", text={"body": "x" * 9000})).messages
    assert message.text == "x" * 4096


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud83d"], ids=["NUL", "half a character"])
def test_what_no_database_can_hold_is_left_out(escape: str, sealer: Sealer) -> None:
    raw = json.dumps(changed("text", text={"body": "a#b"}, id="wamid.1#"))
    (message,) = parse(raw.replace("#", escape).encode()).messages
    assert (message.text, message.external_id) == ("ab", "wamid.1")
    sealed = sealer.seal_json(message.to_json(), purpose="inbox")
    assert InboundMessage.from_json(sealer.open_json(sealed, purpose="inbox")) == message


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"\xff\xfe{}", id="not text"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"{}", id="no entries"),
        pytest.param(b'{"entry": {}}', id="entries that are no list"),
        pytest.param(b"[" * 100_000, id="too deep"),
    ],
)
def test_what_is_no_webhook_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse(body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"object": "page", "entry": [{"changes": []}]}, id="another product"),
        pytest.param({"object": "whatsapp_business_account", "entry": [7]}, id="odd entry"),
        pytest.param(
            {"object": "whatsapp_business_account", "entry": [{"changes": [None]}]},
            id="odd change",
        ),
    ],
)
def test_an_unknown_shape_is_counted(body: Any) -> None:
    assert parse(body) == Parsed(ignored=1)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def places(node: Any) -> list[tuple[Any, Any]]:
    """Give every container of a body with each of its keys."""
    found: list[tuple[Any, Any]] = []
    keys = list(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        found.append((node, key))
        if isinstance(node[key], dict | list):
            found += places(node[key])
    return found


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(SAID) + sorted(STATUSES) + ["batch"]),
    at=st.randoms(use_true_random=False),
    junk=ANY_JSON,
)
def test_no_damage_anywhere_in_a_body_raises(name: str, at: random.Random, junk: Any) -> None:
    body = load(name)
    inside, key = at.choice(places(body["entry"]))
    inside[key] = junk
    parsed = parse(body)
    for message in parsed.messages:
        assert {type(getattr(message, f.name)) for f in fields(message)} <= {
            str,
            datetime,
            InboundKind,
            float,
            tuple,
            type(None),
        }
