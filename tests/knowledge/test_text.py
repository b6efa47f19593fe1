"""Spelling, numbers, regional words and roots."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.text import MAX_CHARS, Words, clean


def standard(words: Words, text: str) -> str:
    """Give `text` in standard Indonesian, as far as the lists reach."""
    return " ".join(token.norm for token in words.tokenize(text))


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("  paspor\t\nhilang ", "paspor hilang", id="whitespace"),
        pytest.param("pas\u200bpor\u202e hilang\u200f", "paspor hilang", id="invisible"),
        pytest.param("ｐａｓｐｏｒ", "paspor", id="full width"),
        pytest.param("p\u0336a\u0336spor", "paspor", id="overlay marks"),
        pytest.param("a\x00b", "a b", id="control"),
        pytest.param("\ud800paspor", "paspor", id="lone surrogate"),
        pytest.param("x" * (MAX_CHARS + 50), "x" * MAX_CHARS, id="length"),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("gmn bikin paspor yg ilang", "bagaimana", id="slang"),
        pytest.param("paspooor sy", "paspor", id="stretched"),
        pytest.param("b3rapa biaya", "berapa", id="digits as letters"),
        pytest.param("pasport ku", "paspor", id="synonym"),
        pytest.param("buku ijo saya", "paspor", id="phrase"),
        pytest.param("brpnya", "berapanya", id="slang with ending"),
        pytest.param("bayar 2jt", "2 juta", id="amount"),
        pytest.param("rp500rb", "rp 500 ribu", id="amount with currency"),
        pytest.param("anak2 saya", "anak-anak", id="doubling digit"),
        pytest.param("gabisa", "tidak bisa", id="two words"),
        pytest.param("fotokopi kk", "kk", id="kartu keluarga stays"),
        pytest.param("pas foto", "pas", id="pas stays"),
        pytest.param("umur 17", "17", id="number stays"),
        pytest.param("telp 0812", "0812", id="phone digits stay"),
        pytest.param("bapakku ora duwe duit", "tidak", id="Javanese"),
        pytest.param("dununganna teu mayar", "majikan tidak bayar", id="Sundanese"),
    ],
)
def test_normalise(words: Words, text: str, expected: str) -> None:
    assert f" {expected} " in f" {standard(words, text)} "


def test_tokens_point_into_the_text(words: Words) -> None:
    text = "Pak, buku ijo sy ilaaang di Johor!"
    for token in words.tokenize(text):
        assert token.raw == text[token.start : token.end]
    assert [token.norm for token in words.tokenize(text)][1] == "paspor"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gives_ordered_tokens(text: str) -> None:
    words = ANY_WORDS
    ends = 0
    for token in words.tokenize(text):
        assert token.start >= ends
        assert token.raw == text[token.start : token.end]
        assert token.norm
        ends = token.end
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("nyari", "cari"),
        ("ngurus", "urus"),
        ("dipulangin", "pulang"),
        ("dijanjiin", "janji"),
        ("keberangkatan", "berangkat"),
        ("memberangkatkan", "berangkat"),
        ("penempatan", "tempat"),
        ("meninggal", "meninggal"),
        ("kediri", "kediri"),
        ("kontrakan", "kontrakan"),
        ("pengaduan", "adu"),
        ("anak-anak", "anak"),
        ("xqzt", "xqzt"),
    ],
)
def test_stem(words: Words, word: str, root: str) -> None:
    assert words.stem(word) == root


def test_stem_leaves_overlong_words_alone(words: Words) -> None:
    assert words.stem("me" * 5_000) == "me" * 5_000


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("berapa biaya bikin paspor", "id"),
        ("gmn cara ngurus paspor yg ilang kak", "id"),
        ("piye carane gawe paspor, aku ora ngerti", "jv"),
        ("kumaha carana nyieun paspor, abdi teu terang", "su"),
        ("", "id"),
        ("123 !!", "id"),
    ],
)
def test_guess_language(words: Words, text: str, language: str) -> None:
    assert words.guess_language(text) == language


def test_false_friends_only_in_their_language(words: Words) -> None:
    """Javanese "sing" is "yang", Balinese "sing" is "tidak"; "kali" is Indonesian too."""
    assert words.translate("sing", "jv") == "yang"
    assert words.translate("sing", "ban") == "tidak"
    assert words.translate("sing", "id") == "sing"
    assert standard(words, "paspor sudah dua kali hilang") == "paspor sudah dua kali hilang"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("assalamualaikum pak mau tanya paspor hilang", "paspor hilang"),
        ("halo pak", "halo pak"),
        ("paspor hilang pak", "paspor hilang pak"),
    ],
)
def test_without_opening(words: Words, text: str, left: str) -> None:
    assert " ".join(t.raw for t in words.without_opening(words.tokenize(text))) == left


ANY_WORDS = Words.load()
