"""Telegram: every kind of update has a kept payload and becomes what it should."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.constants import UpdateType

from bot.telegram_channel import TelegramChannel
from bot.telegram_updates import GROUP, UNSUPPORTED
from handlers.channel import Malformed
from handlers.messages import InboundKind, InboundMessage
from tests.bot.telegram_setup import DATA, NOW, SENT, kept, make_channel, parse_one

PERSON = "810000001"
QUERY = "3478923509871234567"
K = InboundKind
READ: dict[str, dict[str, Any]] = {
    "text": {"text": "brp biaya paspor"},
    "text_start": {"text": "/start"},
    "text_start_with_code": {"text": "/start d3204110005"},
    "text_start_named_bot": {"text": "/start d3204110005"},
    "text_formatted": {"text": "*tebal* <b>awas</b> [x](y) _a_"},
    "text_with_effect": {"text": "terima kasih"},
    "text_forwarded": {"text": "Lowongan ke luar negeri, gaji besar"},
    "text_reply": {"text": "yang itu"},
    "text_half_surrogate": {"text": "tolong \ufffd saya"},
    "text_new_fields": {"text": "halo"},
    "edited_text": {"text": "brp biaya paspor anak", "sent_at": SENT + timedelta(seconds=60)},
    "edited_caption": {
        "kind": K.PICTURE,
        "text": "paspor ditahan majikan",
        "media_id": "AgACAgUAAx-contoh-foto-x",
        "sent_at": SENT + timedelta(seconds=60),
    },
    "callback_query": {
        "kind": K.BUTTON,
        "button_id": "h:paspor-biaya:ya",
        "text": "Membantu",
        "media_id": QUERY,
        "sent_at": NOW,
    },
    "callback_query_numbered": {
        "kind": K.BUTTON,
        "button_id": "a:paspor-syarat",
        "text": "Syarat paspor",
        "media_id": QUERY,
        "sent_at": NOW,
    },
    "callback_query_old_message": {
        "kind": K.BUTTON,
        "button_id": "h:paspor-biaya:ya",
        "media_id": QUERY,
        "sent_at": NOW,
    },
    "callback_query_inline_message": {
        "kind": K.BUTTON,
        "button_id": "h:paspor-biaya:ya",
        "media_id": QUERY,
        "sent_at": NOW,
    },
    "callback_query_unreadable_message": {
        "kind": K.BUTTON,
        "button_id": "h:paspor-biaya:ya",
        "media_id": QUERY,
        "sent_at": NOW,
    },
    "location": {"kind": K.LOCATION, "latitude": -6.9147, "longitude": 107.6098},
    "live_location": {"kind": K.LOCATION, "latitude": -6.9147, "longitude": 107.6098},
    "venue": {
        "kind": K.LOCATION,
        "latitude": -6.2,
        "longitude": 106.8,
        "place": "Terminal, Jl. Contoh 1",
    },
    "voice": {"kind": K.VOICE, "media_id": "AgACAgUAAx-contoh-suara"},
    "audio": {"kind": K.VOICE, "media_id": "AgACAgUAAx-contoh-lagu"},
    "photo": {"kind": K.PICTURE, "media_id": "AgACAgUAAx-contoh-foto-x"},
    "photo_with_caption": {
        "kind": K.PICTURE,
        "media_id": "AgACAgUAAx-contoh-foto-x",
        "text": "ini paspor saya ditahan",
    },
    "photo_of_album": {
        "kind": K.PICTURE,
        "media_id": "AgACAgUAAx-contoh-foto-x",
        "album": "13900000000000001",
    },
    "live_photo": {"kind": K.PICTURE, "media_id": "AgACAgUAAx-contoh-foto-gerak"},
    "document": {
        "kind": K.DOCUMENT,
        "media_id": "AgACAgUAAx-contoh-berkas",
        "text": "kontrak kerja",
    },
    "video": {
        "kind": K.UNSUPPORTED,
        "media_id": "AgACAgUAAx-contoh-video",
        "detail": "video",
    },
    "animation": {
        "kind": K.UNSUPPORTED,
        "media_id": "AgACAgUAAx-contoh-video",
        "detail": "gambar bergerak",
    },
    "video_note": {
        "kind": K.UNSUPPORTED,
        "media_id": "AgACAgUAAx-contoh-bulat",
        "detail": "video",
    },
    "contact": {
        "kind": K.CONTACT,
        "contact_phone": "6281200001111",
        "card": "Perekrut, 6281200001111",
    },
    "contact_without_account": {
        "kind": K.CONTACT,
        "contact_phone": "+62 812-0000-1111",
        "card": "Perekrut, +62 812-0000-1111",
    },
    "sticker": {"kind": K.UNSUPPORTED, "detail": "stiker"},
    "poll": {"kind": K.UNSUPPORTED, "detail": "jajak pendapat"},
    "poll_of_older_server": {"kind": K.UNSUPPORTED, "detail": "jajak pendapat"},
    "text_reply_to_unreadable": {"text": "saya dikurung"},
    "dice": {"kind": K.UNSUPPORTED, "detail": "dadu"},
    "game": {"kind": K.UNSUPPORTED, "detail": "permainan"},
    "story": {"kind": K.UNSUPPORTED, "detail": "cerita"},
    "checklist": {"kind": K.UNSUPPORTED, "detail": "daftar tugas"},
    "paid_media": {"kind": K.UNSUPPORTED, "detail": "media berbayar", "text": "lihat ini"},
    "invoice": {"kind": K.UNSUPPORTED, "detail": "tagihan"},
    "successful_payment": {"kind": K.UNSUPPORTED, "detail": "pembayaran"},
    "giveaway": {"kind": K.UNSUPPORTED, "detail": "undian"},
    "gift": {"kind": K.UNSUPPORTED, "detail": "hadiah"},
    "unique_gift": {"kind": K.UNSUPPORTED, "detail": "hadiah"},
    "kind_of_tomorrow": {"kind": K.UNSUPPORTED, "detail": "pesan jenis itu"},
    "unreadable_content": {"kind": K.UNSUPPORTED, "detail": "pesan jenis itu"},
    "group_text": {"kind": K.UNSUPPORTED, "detail": GROUP, "sender": "-410000001"},
    "supergroup_text": {"kind": K.UNSUPPORTED, "detail": GROUP, "sender": "-1001410000001"},
    "group_bot_added": {"kind": K.UNSUPPORTED, "detail": GROUP, "sender": "-410000001"},
}
IGNORED = (
    *("callback_query_game", "callback_query_in_group", "edited_live_location"),
    *("note_pinned_message", "note_message_auto_delete_timer_changed", "note_write_access_allowed"),
    *("note_users_shared", "note_chat_shared", "note_web_app_data", "note_connected_website"),
    *("note_chat_background_set", "note_passport_data", "note_refunded_payment"),
    *("group_bot_removed", "group_migrated", "group_migrated_from", "group_edited_text"),
    *("channel_post", "edited_channel_post", "my_chat_member_blocked", "my_chat_member_unblocked"),
    *("my_chat_member_added_to_group", "chat_member", "inline_query", "chosen_inline_result"),
    *("shipping_query", "pre_checkout_query", "poll_state", "poll_answer", "chat_join_request"),
    *("chat_boost", "removed_chat_boost", "message_reaction", "message_reaction_count"),
    *("business_connection", "business_message", "edited_business_message"),
    *("deleted_business_messages", "purchased_paid_media", "managed_bot", "guest_message"),
    "update_of_tomorrow",
)


@pytest.mark.parametrize("name", READ)
def test_what_a_person_sends_becomes_one_message(name: str) -> None:
    parsed = make_channel().parse(kept(name), now=NOW)
    (message,) = parsed.messages
    assert parsed.ignored == 0
    given: dict[str, Any] = {
        "channel": "telegram",
        "external_id": message.external_id,
        "sender": PERSON,
        "sent_at": SENT,
    }
    assert message == InboundMessage(**(given | READ[name]))
    assert InboundMessage.from_json(json.loads(json.dumps(message.to_json()))) == message


@pytest.mark.parametrize("name", IGNORED)
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_what_needs_no_answer_is_counted(name: str) -> None:
    parsed = make_channel().parse(kept(name), now=NOW)
    assert (parsed.messages, parsed.receipts, parsed.ignored) == ((), (), 1)


def test_every_file_is_read_and_every_documented_kind_has_one() -> None:
    files = {file.stem: json.loads(file.read_bytes()) for file in DATA.glob("*.json")}
    assert set(files) == {*READ, *IGNORED}
    kinds = {key for raw in files.values() for key in raw}
    assert kinds >= {kind.value for kind in UpdateType}
    contents = {key for raw in files.values() for key in raw.get("message", ())}
    assert contents >= {kind.value for kind in UNSUPPORTED}


@pytest.mark.parametrize("name", READ)
def test_an_external_id_is_stable_and_holds_no_chat_number(name: str) -> None:
    first, again = parse_one(kept(name)), parse_one(kept(name))
    assert first.external_id == again.external_id
    assert first.sender.lstrip("-") not in first.external_id


def test_external_ids_differ() -> None:
    ids = [parse_one(kept(name)).external_id for name in READ if not name.startswith("group_")]
    assert len(set(ids)) == len(ids)


def test_an_edit_is_a_message_of_its_own() -> None:
    raw = json.loads(kept("edited_text"))
    original = {"update_id": raw["update_id"] - 1, "message": raw["edited_message"]}
    later = json.loads(kept("edited_text"))
    later["edited_message"]["edit_date"] += 1
    ids = {parse_one(json.dumps(body).encode()).external_id for body in (raw, original, later)}
    assert len(ids) == 3


def test_a_group_is_declined_once_a_day_and_nothing_of_it_is_kept() -> None:
    raw = json.loads(kept("group_text"))
    same_day = raw | {"update_id": 1, "message": raw["message"] | {"message_id": 999}}
    next_day = raw | {"message": raw["message"] | {"date": raw["message"]["date"] + 86_400}}
    ids = [parse_one(json.dumps(body).encode()).external_id for body in (raw, same_day, next_day)]
    assert ids[0] == ids[1] != ids[2]
    assert "rahasia" not in json.dumps(parse_one(kept("group_text")).to_json())
    other_bot = TelegramChannel("700000002:lain").parse(kept("group_text"), now=NOW)
    assert other_bot.messages[0].external_id != ids[0]


def test_a_long_text_is_cut_where_ours_end() -> None:
    raw = json.loads(kept("text"))
    raw["message"]["text"] = "a" * 10_000
    assert len(parse_one(json.dumps(raw).encode()).text) == 4096


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>", id="not JSON"),
        pytest.param(b"\xff\xfe\x00", id="not UTF-8"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"[" * 100_000, id="deep nesting"),
        pytest.param(b"{}", id="no update id"),
        pytest.param(b'{"update_id": "7", "message": {}}', id="update id is a text"),
        pytest.param(b'{"update_id": true, "message": {}}', id="update id is a truth value"),
        pytest.param(b'{"update_id": 7, "message": null}', id="message is null"),
        pytest.param(b'{"update_id": 7, "message": {}}', id="no chat"),
        pytest.param(b'{"update_id": 7, "message": {"chat": {"id": 1}}}', id="no message id"),
        pytest.param(b'{"update_id": 7, "callback_query": {"data": "x"}}', id="tap by nobody"),
        pytest.param(b'{"update_id": 7, "callback_query": []}', id="tap is a list"),
    ],
)
def test_a_body_that_is_not_documented_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        make_channel().parse(body, now=NOW)


NAMES = st.sampled_from(
    [
        "update_id",
        "message",
        "edited_message",
        "callback_query",
        "chat",
        "id",
        "type",
        "private",
        "text",
        "date",
        "photo",
        "voice",
        "message_id",
        "location",
        "from",
        "data",
    ]
)
BODIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
)


@given(BODIES)
def test_no_body_breaks_the_reader(body: Any) -> None:
    channel = make_channel()
    for raw in (body, {"update_id": 1, "message": body}):
        try:
            parsed = channel.parse(json.dumps(raw).encode(), now=NOW)
        except Malformed:
            continue
        assert len(parsed.messages) + parsed.ignored == 1
