"""Every reply fits the narrowest messenger, and says what the rules of care ask."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.app import Thinking
from bot.transcript_channel import LIMITS
from escalation.risk import Level
from handlers import replies, taps
from handlers.messages import OutboundMessage
from handlers.state import ConversationState
from handlers.turn import View
from knowledge.entries import Entry
from knowledge.helplines import EMERGENCY
from knowledge.render import PART_CHARS, rest
from tests.factories import NOON


def walk_menus(view: View) -> Iterator[OutboundMessage]:
    """Give every menu that can be reached by tapping, each once."""
    seen: set[str] = set()
    waiting = ["menu"]
    while waiting:
        id = waiting.pop()
        if id in seen:
            continue
        seen.add(id)
        for reply in taps.press(ConversationState(), id, view).replies:
            yield reply
            waiting += [c.id for c in reply.choices if c.id.startswith(("menu", "t:"))]


def fits(message: OutboundMessage) -> bool:
    title = LIMITS.button_title if len(message.choices) <= LIMITS.buttons else LIMITS.list_title
    return (
        len(message.text) <= LIMITS.text
        and len(message.choices) <= LIMITS.list_rows
        and all(len(choice.title) <= title for choice in message.choices)
    )


def test_every_entry_fits_a_phone_and_a_messenger(view: View) -> None:
    for entry in view.faq.entries.values():
        first = replies.answer(entry, view)
        assert len(first.text) <= 700, entry.slug
        assert fits(first), entry.slug
        for number, part in enumerate(parts_of(entry, view), start=1):
            assert len(part.text) <= PART_CHARS, entry.slug
            assert fits(part), entry.slug
            assert number <= 3, entry.slug


def parts_of(entry: Entry, view: View) -> list[OutboundMessage]:
    """Give the rest as somebody reads it who taps "Selengkapnya" as long as it is there."""
    found = [replies.more(entry, view)]
    while found[-1].choices[0].id.startswith(replies.MORE):
        turn = taps.press(ConversationState(), found[-1].choices[0].id, view)
        found += turn.replies
    return found


def test_tapping_on_shows_the_whole_rest_once(view: View) -> None:
    for entry in view.faq.entries.values():
        parts = [part.text for part in parts_of(entry, view)]
        assert parts == list(rest(entry, helplines=view.faq.helplines)), entry.slug


def test_the_word_selengkapnya_goes_on_where_the_last_part_ended(view: View) -> None:
    entry = view.faq.entries["negara-kamboja-myanmar"]
    shown = []
    state = ConversationState(last_slug=entry.slug)
    for _ in range(3):
        turn = taps.command(state, "selengkapnya", view)
        shown.append(turn.replies[0].text)
        state = replace(turn.state, offered=tuple(c.id for c in turn.replies[0].choices))
    assert shown == list(rest(entry, helplines=view.faq.helplines))


def test_every_entry_can_be_reached_by_tapping_alone(view: View) -> None:
    shown = list(walk_menus(view))
    assert all(fits(message) for message in shown)
    reached = {c.id for message in shown for c in message.choices if c.id.startswith("a:")}
    assert reached == {f"a:{slug}" for slug in view.faq.entries}


def test_the_menu_begins_with_what_is_asked_most(view: View) -> None:
    titles = [choice.title for choice in replies.menu(view).choices]
    assert titles[:2] == ["Cek tawaran kerja", "Lapor di sini"]
    assert titles[2:4] == ["Paspor", "Kerja luar negeri"]


def test_an_old_entry_says_so(view: View) -> None:
    entry = view.faq.entries["paspor-biaya"]
    later = replace(view, now=NOON + timedelta(days=400))
    assert "sudah lama" not in replies.first_answer(entry, view)
    assert "sudah lama" in replies.first_answer(entry, later)


def test_only_a_named_admin_makes_an_answer_checked(view: View) -> None:
    entry = view.faq.entries["paspor-biaya"]
    assert "belum dipastikan petugas" in replies.first_answer(entry, view)
    faq = replace(view.faq, checked_on={"paspor-biaya": date(2026, 12, 1)})
    checked = replies.first_answer(entry, replace(view, faq=faq))
    assert "diperiksa petugas 1 Desember 2026" in checked


@pytest.mark.parametrize(
    ("text", "helpline"),
    [
        pytest.param(
            "adik saya umur 15 mau dibawa ke batam malam ini naik kapal", "polisi-110", id="here"
        ),
        pytest.param(
            "anak saya umur 15 besok mau dibawa tekong ke malaysia, tolong",
            "polisi-110",
            id="ahead",
        ),
        pytest.param(
            "tolong saya disekap bos di kamboja, paspor diambil, dipukuli", "kemlu", id="abroad"
        ),
    ],
)
def test_one_number_by_where_the_person_is(
    thinking: Thinking, view: View, text: str, helpline: str
) -> None:
    danger = thinking.risk.assess([text])
    assert danger.level == Level.DARURAT
    named = view.hotlines.of(replies.danger_of(danger), view.faq)
    assert named.helpline.id == helpline
    reply = replies.emergency(danger, None, view).text
    numbers = [h.number for id, h in view.faq.helplines.items() if h.number and len(h.number) > 3]
    assert sum(number in reply for number in numbers) == (helpline not in ("polisi-110",))


def test_only_the_four_stand_in_a_darurat_reply_each_with_its_date(view: View) -> None:
    for id in EMERGENCY:
        assert view.faq.helplines[id].source.is_dated


def test_nothing_promises_a_person_where_nobody_is(thinking: Thinking, view: View) -> None:
    alone = replace(view, is_staffed=False)
    danger = thinking.risk.assess(["tolong saya disekap bos di kamboja, paspor diambil, dipukuli"])
    assert "etugas" not in replies.emergency(danger, None, alone).text
    assert "sampaikan" not in replies.warning(
        replace(danger, level=Level.TINGGI), alone, opens_case=True
    )
