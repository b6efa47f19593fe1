"""Messages as WhatsApp takes them, held against the rules of the strict fake."""

import random
from typing import Any

import pytest

from bot.whatsapp_payloads import LIMITS, cut, payloads_of, split, width
from handlers.messages import Choice, OutboundMessage
from tests.fakes.whatsapp_person import choices_of, shape_of
from tests.fakes.whatsapp_rules import Refusal, check

PHONE = "6281200000001"


def choices(count: int, title: str = "Pilihan {}", **fields: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"c{n}", title.format(n), **fields) for n in range(count))


LONG = "Kalimat yang agak panjang. " * 60
SHAPES = [
    pytest.param({}, ["text"], id="text"),
    pytest.param({"choices": choices(1)}, ["button"], id="one choice"),
    pytest.param({"choices": choices(3, "{} " + "x" * 18)}, ["button"], id="titles of 20"),
    pytest.param({"choices": choices(3, "{} " + "x" * 19)}, ["list"], id="titles of 21"),
    pytest.param({"choices": choices(2, "Sama")}, ["list"], id="one title twice"),
    pytest.param({"choices": choices(4)}, ["list"], id="four choices"),
    pytest.param({"choices": choices(10, "{} " + "x" * 80)}, ["list"], id="ten long titles"),
    pytest.param(
        {"choices": choices(10, "{} " + "🙏" * 20, description="ü" * 200)},
        ["list"],
        id="titles of emoji",
    ),
    pytest.param({"choices": choices(11)}, ["list"], id="eleven choices, one is cut"),
    pytest.param({"ask_location": True}, ["location_request_message"], id="location"),
    pytest.param(
        {"choices": choices(2), "ask_location": True},
        ["button", "location_request_message"],
        id="choices and location",
    ),
    pytest.param({"text": LONG}, ["text"], id="long text"),
    pytest.param({"text": LONG, "choices": choices(2)}, ["text", "button"], id="long, choices"),
    pytest.param({"text": LONG, "choices": choices(5)}, ["text", "list"], id="long, list"),
    pytest.param(
        {"text": LONG, "ask_location": True},
        ["text", "location_request_message"],
        id="long, location",
    ),
    pytest.param(
        {"text": LONG * 4, "choices": choices(2), "ask_location": True},
        ["text", "text", "button", "location_request_message"],
        id="very long with everything",
    ),
    pytest.param({"text": "x" * 1024, "choices": choices(1)}, ["button"], id="body of 1024"),
    pytest.param({"text": "🙏" * 600, "choices": choices(1)}, ["text", "button"], id="emoji"),
    pytest.param({"text": "", "choices": choices(2)}, ["button"], id="no text"),
    pytest.param({"text": "x" * 9000}, ["text", "text", "text"], id="no border"),
    pytest.param(
        {"choices": (Choice("a", "Satu"), Choice("a", "Dua"), Choice("b", " "))},
        ["button"],
        id="same id and empty title",
    ),
]


@pytest.mark.parametrize(("fields", "shapes"), SHAPES)
def test_every_shape_is_one_that_meta_takes(fields: dict[str, Any], shapes: list[str]) -> None:
    message = OutboundMessage(**({"text": "Halo."} | fields))
    payloads = payloads_of(message, address=PHONE)
    for payload in payloads:
        check(payload, {})
    assert [shape_of(payload) for payload in payloads] == shapes
    shown = [id for payload in payloads for id, _ in choices_of(payload)]
    given = list(dict.fromkeys(c.id for c in message.choices if c.title.strip()))
    assert shown == given[:10]


def test_a_cut_title_stands_in_full_below_it() -> None:
    title = "Paspor untuk anak di bawah 17 tahun"
    given = (Choice("a", title, "syarat"), Choice("b", "Biaya", "rincian"))
    (payload,) = payloads_of(OutboundMessage("Halo.", choices=given), address=PHONE)
    action = payload["interactive"]["action"]
    assert action["sections"][0]["rows"] == [
        {"id": "a", "title": "Paspor untuk anak di ba…", "description": f"{title}: syarat"},
        {"id": "b", "title": "Biaya", "description": "rincian"},
    ]
    assert action["button"] == "Pilih"


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        pytest.param("satu dua", 10, ["satu dua"], id="fits"),
        pytest.param("satu dua tiga", 9, ["satu dua", "tiga"], id="at a word"),
        pytest.param("satu ya. dua tiga", 12, ["satu ya.", "dua tiga"], id="at a sentence"),
        pytest.param("a b\nc d e", 6, ["a b", "c d e"], id="at a line"),
        pytest.param("aa\nb\n\ncc d", 8, ["aa\nb", "cc d"], id="at a paragraph"),
        pytest.param("abcdefghij", 4, ["abcd", "efgh", "ij"], id="no border"),
        pytest.param("🙏🙏🙏", 3, ["🙏", "🙏", "🙏"], id="never inside a character"),
        pytest.param("", 4, [], id="empty"),
    ],
)
def test_a_text_is_cut_at_the_best_border(text: str, limit: int, pieces: list[str]) -> None:
    assert split(text, limit) == pieces


def test_splitting_loses_no_word_and_keeps_to_the_limit() -> None:
    chance = random.Random(7)
    for _ in range(200):
        words = ["".join(chance.choices("abc🙏é", k=chance.randint(1, 30))) for _ in range(400)]
        text = "".join(word + chance.choice([" ", ". ", "\n", "\n\n"]) for word in words)
        pieces = split(text, 700)
        assert all(0 < width(piece) <= 700 for piece in pieces)
        assert " ".join(pieces).split() == text.split()


def test_cutting_keeps_to_the_limit() -> None:
    assert cut("satu  dua\ntiga", 20) == "satu dua tiga"
    assert cut("satu dua tiga", 10) == "satu dua…"
    assert all(width(cut("🙏" * 30, limit)) <= limit for limit in range(2, 40))


@pytest.mark.parametrize(
    "action",
    [
        pytest.param({"buttons": 4}, id="four buttons"),
        pytest.param({"title": "x" * 21}, id="button title of 21"),
        pytest.param({"body": "x" * 1025}, id="body of 1025"),
    ],
)
def test_the_fake_is_strict(action: dict[str, Any]) -> None:
    many = choices(action.get("buttons", 1), action.get("title", "Pilihan {}"))
    reply = [{"type": "reply", "reply": {"id": c.id, "title": c.title}} for c in many]
    payload = payloads_of(OutboundMessage("Halo."), address=PHONE)[0]
    payload |= {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "body": {"text": action.get("body", "Halo.")},
            "action": {"buttons": reply},
        },
    }
    payload.pop("text")
    with pytest.raises(Refusal) as caught:
        check(payload, {})
    assert caught.value.code == 131009


def test_the_limits_are_the_providers() -> None:
    assert (LIMITS.text, LIMITS.buttons, LIMITS.button_title) == (4096, 3, 20)
    assert (LIMITS.list_rows, LIMITS.list_title) == (10, 24)
