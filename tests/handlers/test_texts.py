"""The sentences: every key that the code says is there with its blanks, and fits its button."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.messages import InboundKind
from handlers.texts import Texts, tidy
from knowledge.plain_yaml import read_as_text

ROOT = Path(__file__).parents[2]
RAW = read_as_text((ROOT / "handlers" / "texts.yaml").read_text("utf-8"))
TEXTS = Texts.load()

BUTTON_TITLE_CHARS = 20
"""WhatsApp Cloud API, reply buttons: longest title."""

OFFICER = "acting"
"""Its `say` and `say_of` put `petugas.` before the key."""


def leaves(found: Any = RAW, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give every sentence and word list with its dotted key."""
    if isinstance(found, dict):
        for key, inner in found.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    else:
        yield path, found


SENTENCES = {key: value for key, value in leaves() if isinstance(value, str)}
LISTS = {key: value for key, value in leaves() if isinstance(value, list)}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@dataclass(frozen=True, slots=True)
class Said:
    """One key as a call in the code spells it out."""

    where: str
    key: str
    values: frozenset[str]


def said(file: Path) -> Iterator[Said]:
    """Give every `say` and `say_of` of a module whose key can be read from the call."""
    for call in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr not in ("say", "say_of") or not call.args:
            continue
        is_of_case = call.func.attr == "say_of"
        values = {keyword.arg or "**" for keyword in call.keywords} - {"choices"}
        values |= {"nomor"} if is_of_case else set()
        prefix = "petugas." if ast.unparse(call.func.value) == OFFICER else ""
        for key in spelled(call.args[is_of_case]):
            where = f"{file.relative_to(ROOT)}:{call.lineno}"
            yield Said(where, prefix + key, frozenset(values))


def spelled(key: ast.expr) -> Iterator[str]:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value
    if isinstance(key, ast.IfExp):
        yield from spelled(key.body)
        yield from spelled(key.orelse)
    if isinstance(key, ast.JoinedStr):
        start = key.values[0]
        if isinstance(start, ast.Constant) and len(key.values) == 2:
            yield from spelled_with(str(start.value), key.values[1])


def spelled_with(start: str, inner: ast.expr) -> Iterator[str]:
    assert isinstance(inner, ast.FormattedValue)
    ends = list(spelled(inner.value))
    yield from (start + end for end in ends)


MODULES = [*sorted((ROOT / "handlers").glob("*.py")), *sorted((ROOT / "api").glob("*.py"))]
SAID = [call for file in MODULES for call in said(file)]


@pytest.mark.parametrize("call", [pytest.param(c, id=f"{c.where} {c.key}") for c in SAID])
def test_a_key_said_in_the_code_is_there_with_its_blanks(call: Said) -> None:
    assert call.key in SENTENCES
    assert call.values == blanks(SENTENCES[call.key])


def test_the_scan_sees_the_calls() -> None:
    assert len(SAID) > 60
    assert {"salam", "petugas.kasus_kosong", "petugas.aman", "petugas.tidak_aman"} <= {
        call.key for call in SAID
    }


@pytest.mark.parametrize("level", ["darurat", "tinggi", "sedang", "rendah", "tidak"])
def test_each_level_has_its_mark_and_word_on_a_card(level: str) -> None:
    assert TEXTS.say(f"petugas.tanda.{level}")
    assert TEXTS.say(f"petugas.tingkat.{level}")


@pytest.mark.parametrize(
    "title",
    [
        pytest.param(text, id=key)
        for key, text in SENTENCES.items()
        if key.startswith(("tombol.", "petugas.tombol."))
    ],
)
def test_a_button_title_fits(title: str) -> None:
    assert 0 < len(title) <= BUTTON_TITLE_CHARS
    assert not blanks(title)


@pytest.mark.parametrize("text", [pytest.param(t, id=key) for key, t in SENTENCES.items()])
def test_a_sentence_is_tidy(text: str) -> None:
    assert text == text.strip()
    assert text
    assert all(name.isidentifier() for name in blanks(text))


@pytest.mark.parametrize("words", [pytest.param(w, id=key) for key, w in LISTS.items()])
def test_a_word_list_holds_words(words: list[str]) -> None:
    assert words
    assert all(isinstance(word, str) and tidy(word) for word in words)


COMMANDS = [
    pytest.param(group, name, word, id=f"{group}.{name}: {word}")
    for group in ("perintah", "petugas.perintah")
    for name, words in TEXTS.mapping(group).items()
    for word in words
]


@pytest.mark.parametrize(("group", "name", "word"), COMMANDS)
def test_a_command_word_spells_its_command(group: str, name: str, word: str) -> None:
    for typed in (word, word.upper(), f"  {word}! ", f'"{word.capitalize()}".'):
        assert TEXTS.command(typed, group=group) == name


@pytest.mark.parametrize("name", TEXTS.mapping("perintah"))
def test_a_command_word_is_one_of_its_command(name: str) -> None:
    for word in TEXTS.words(f"perintah.{name}"):
        assert TEXTS.is_any(f" {word.title()}, ", name)
        assert [other for other in TEXTS.mapping("perintah") if TEXTS.is_any(word, other)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?",
        "saya mau bicara sama petugas di bandara",
        "hapus nama saya dari daftar",
        "12",
    ],
)
def test_other_texts_spell_no_command(text: str) -> None:
    assert TEXTS.command(text) is None
    assert TEXTS.command(text, group="petugas.perintah") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("  Halo,   Pak!! ", "halo pak", id="blanks and marks"),
        pytest.param("YA.", "ya", id="capitals"),
        pytest.param("/Start", "/start", id="a slash stays"),
        pytest.param("1 & 3", "1 & 3", id="an ampersand stays"),
        pytest.param("ke-2", "ke 2", id="a dash parts"),
        pytest.param("1.\n2", "1 2", id="lines"),
        pytest.param("menu👍", "menu", id="emoji"),
        pytest.param("?!", "", id="only marks"),
        pytest.param("", "", id="empty"),
    ],
)
def test_tidy(text: str, expected: str) -> None:
    assert tidy(text) == expected


@given(text=st.text(max_size=60))
def test_tidy_holds_no_marks_and_no_doubled_blanks(text: str) -> None:
    found = tidy(text)
    assert found == " ".join(found.split())
    assert not set(found) & set("!?.,;:()\"'")


@pytest.mark.parametrize(
    ("key", "values"),
    [
        pytest.param("tidak.ada", {}, id="unknown group"),
        pytest.param("tidak_terdaftar", {}, id="unknown key"),
        pytest.param("petugas", {}, id="a group is no sentence"),
        pytest.param("pengisi", {}, id="a list is no sentence"),
        pytest.param("pilih_lagi", {"banyak": 3}, id="unknown blank"),
    ],
)
def test_a_missing_text_is_an_error(key: str, values: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        TEXTS.say(key, **values)


def test_a_sentence_is_no_group_and_no_list() -> None:
    with pytest.raises(KeyError):
        TEXTS.mapping("salam")
    with pytest.raises(KeyError):
        TEXTS.words("salam")


def test_blanks_are_filled_and_braces_in_a_value_stay() -> None:
    assert TEXTS.say("pilih_lagi", jumlah=3).startswith("Balas angka 1 sampai 3")
    assert TEXTS.say("dari_petugas", isi="{nama} 100%") == "Petugas: {nama} 100%"


def test_the_word_no_is_a_word() -> None:
    assert "no" in TEXTS.words("pengisi")
    assert TEXTS.command("no") == "tidak"


def test_officers_read_what_kind_of_message_came_in_indonesian() -> None:
    for kind in InboundKind:
        told = TEXTS.say(f"petugas.bukan_teks.{kind}")
        assert kind not in told, kind
