"""What a message of ours looks like on Telegram: parts of text and a keyboard under the last.

Texts go out without parse mode, so no character of anybody's words can break a message.
"""

import re

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit, MessageLimit

from handlers.messages import Choice, OutboundMessage

MAX_UNITS = int(MessageLimit.MAX_TEXT_LENGTH)
BORDERS = ("\n\n", "\n", " ")
"""Where a text is parted, best first."""

ROW_CHARS = 32
"""Titles that together are no longer than this stand side by side; a narrow phone cuts more."""

SIDE_BY_SIDE = 3
SHARE_LOCATION = "Kirim lokasi"
HOW_TO_SHARE = "Untuk mengirim lokasi: ketuk tanda klip (📎), lalu Lokasi."
"""Said where the keyboard that asks for the location has no room beside other choices."""

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


def units(text: str) -> int:
    """Give the length in UTF-16 units, the strictest way in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int = MAX_UNITS) -> list[str]:
    """Part a text at paragraphs, lines or words into pieces of at most `limit` UTF-16 units.

    Only a word longer than a piece is cut, and never inside a character. White space at the
    borders is dropped; a text of nothing else gives no part.
    """
    parts = []
    rest = text.strip()
    while rest:
        head = _head(rest, limit)
        cut = len(head)
        if cut < len(rest):
            cut = _border(rest, cut)
        part = rest[:cut].rstrip()
        if part:
            parts.append(part)
        rest = rest[cut:].lstrip()
    return parts


def _head(text: str, limit: int) -> str:
    """Give the longest start that fits; one character at least."""
    head = text[:limit]
    surplus = units(head) - limit
    while surplus > 0 and len(head) > 1:
        # Each character is one or two units: dropping half the surplus never drops too much.
        head = head[: len(head) - max(1, surplus // 2)]
        surplus = units(head) - limit
    return head


def _border(text: str, cut: int) -> int:
    """Give where to part a text of which the first `cut` characters fit."""
    if text[cut].isspace():
        return cut
    for border in BORDERS:
        at = text.rfind(border, 0, cut)
        # A paragraph that ends early would make a scrap of a message: then lines, then words.
        if at >= cut // 2:
            return at
    spaces = [match.start() for match in re.finditer(r"\s", text[:cut])]
    return spaces[-1] if spaces else cut


def render(message: OutboundMessage) -> tuple[list[str], Markup]:
    """Give the parts of the text and the keyboard that belongs under the last one.

    Choices are an inline keyboard. Telegram allows one keyboard a message, so a request for the
    location is then a line of text; without choices it is a keyboard with one button. A message
    without either takes an earlier location button away.
    """
    text = message.text
    if lines := _lines(message.choices):
        text = f"{text}\n\n{lines}"
    if message.choices and message.ask_location:
        text = f"{text}\n\n{HOW_TO_SHARE}"
    return split(text), keyboard(message)


def keyboard(message: OutboundMessage) -> Markup:
    """Give the keyboard of a message."""
    if rows := _rows(message.choices):
        return InlineKeyboardMarkup(rows)
    if message.ask_location and not message.choices:
        share = KeyboardButton(SHARE_LOCATION, request_location=True)
        return ReplyKeyboardMarkup([[share]], resize_keyboard=True, one_time_keyboard=True)
    return ReplyKeyboardRemove()


def can_be_tapped(choice: Choice) -> bool:
    """Tell whether Telegram takes the choice's id; otherwise it is only a line of text."""
    size = len(choice.id.encode())
    return (
        InlineKeyboardButtonLimit.MIN_CALLBACK_DATA
        <= size
        <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    )


def _mark(number: int, choice: Choice, choices: tuple[Choice, ...]) -> str:
    """Give what ties a choice's line to its button; empty where it has no line.

    Only a list that comes first is numbered: a number is not read as a choice after buttons.
    """
    if not choice.description and can_be_tapped(choice):
        return ""
    return f"{number}. " if choices[0].description else "- "


def _lines(choices: tuple[Choice, ...]) -> str:
    """Give a line for every choice that says more than its title."""
    marks = [_mark(number, choice, choices) for number, choice in enumerate(choices, 1)]
    return "\n".join(
        mark + (choice.description or choice.title)
        for mark, choice in zip(marks, choices, strict=True)
        if mark
    )


def _rows(choices: tuple[Choice, ...]) -> list[list[InlineKeyboardButton]]:
    buttons = [
        InlineKeyboardButton(
            _mark(number, choice, choices).removeprefix("- ") + choice.title,
            callback_data=choice.id,
        )
        for number, choice in enumerate(choices, 1)
        if can_be_tapped(choice)
    ][: int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)]
    width = sum(len(button.text) for button in buttons)
    is_list = any(choice.description for choice in choices)
    if 1 < len(buttons) <= SIDE_BY_SIDE and width <= ROW_CHARS and not is_list:
        return [buttons]
    return [[button] for button in buttons]
