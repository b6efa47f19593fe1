"""Choices from a numbered list as people type them, and texts that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.picks import Pick, is_none_of_them, points_into_list, read_pick, rows_of
from handlers.texts import Texts, tidy

TEXTS = Texts.load()

PICKED = [
    ("2", (1,)),
    (" 2. ", (1,)),
    ("02", (1,)),
    ("no 2", (1,)),
    ("no. 2", (1,)),
    ("no2", (1,)),
    ("No.2 pak", (1,)),
    ("nomor dua", (1,)),
    ("yg kedua", (1,)),
    ("yang ke-2", (1,)),
    ("yg ke2", (1,)),
    ("pilihan 3 aja", (2,)),
    ("Pertama", (0,)),
    ("satu dong min", (0,)),
    ("mau yg nomor 3 bu", (2,)),
    ("1 sama 3", (0, 2)),
    ("1,3", (0, 2)),
    ("1 & 3", (0, 2)),
    ("3 dan 1", (2, 0)),
    ("2 2", (1,)),
    ("nu kadua", (1,)),
    ("nu kahiji", (0,)),
    ("sing nomer loro", (1,)),
    ("sing pertama", (0,)),
    ("kaping pisan", (0,)),
    ("kaping pindho", (1,)),
    ("telu", (2,)),
    ("1 atau 9", None),
    ("yg bawah", (2,)),
    ("yg tengah aja", (1,)),
    ("yang paling atas", (0,)),
    ("yg atas udah, skrg yg bawahnya", (2,)),
    ("yg kedua sama yg terakhir dulu deh", (1, 2)),
    ("2 dan 9", (1,)),
]
OFF_LIST = ["5", "0", "nomor 4", "yg kelima", "99"]
NO_PICK = [
    "",
    "   ",
    "?!",
    "ya",
    "yang itu saja",
    "2 orang mau berangkat",
    "2 orang mau berangkat besok",
    "paspor 2 tahun lagi habis",
    "saya sudah bayar 2 juta",
    "bukan 2",
    "2 juta",
    "2x",
    "kedua orang tua saya",
    "saya mau nomor 1 dan 2 dan 3",
    "081234567890",
    "110",
    "2026",
    "1 " * 2000,
    "9" * 5000,
    "²",
    "②",
    "satu paspor berapa biayanya kalau untuk anak umur dua tahun",
]


@pytest.mark.parametrize(
    ("text", "positions"),
    [pytest.param(text, found, id=text) for text, found in PICKED],
)
def test_a_pick_is_read(text: str, positions: tuple[int, ...] | None) -> None:
    expected = None if positions is None else Pick(positions)
    assert read_pick(text, count=3, texts=TEXTS) == expected


@pytest.mark.parametrize("text", OFF_LIST)
def test_a_number_beyond_the_list_is_told_apart(text: str) -> None:
    assert read_pick(text, count=3, texts=TEXTS) == Pick((), off_list=True)


@pytest.mark.parametrize("text", NO_PICK, ids=lambda text: text[:40] or "empty")
def test_a_text_of_its_own_picks_nothing(text: str) -> None:
    assert read_pick(text, count=3, texts=TEXTS) is None


def test_nothing_can_be_picked_from_an_empty_list() -> None:
    assert read_pick("1", count=0, texts=TEXTS) is None


@pytest.mark.parametrize(
    ("number", "name"),
    [
        pytest.param(int(number), name, id=name)
        for number, names in TEXTS.mapping("urutan").items()
        for name in dict.fromkeys(names)
    ],
)
def test_every_ordinal_of_the_texts_picks_its_position(number: int, name: str) -> None:
    assert read_pick(name, count=6, texts=TEXTS) == Pick((number - 1,))


@pytest.mark.parametrize("filler", TEXTS.words("pengisi"))
def test_every_filler_may_stand_beside_a_number(filler: str) -> None:
    assert read_pick(f"{filler} 2", count=3, texts=TEXTS) == Pick((1,))
    assert read_pick(filler, count=3, texts=TEXTS) is None


@pytest.mark.parametrize("word", TEXTS.words("tidak_ada"))
def test_none_of_them_is_read_and_picks_nothing(word: str) -> None:
    assert is_none_of_them(f" {word.upper()}! ", texts=TEXTS)
    assert read_pick(word, count=3, texts=TEXTS) is None


@pytest.mark.parametrize("text", ["", "2", "bukan 2", "tidak ada uang", "bukan itu maksud saya"])
def test_other_texts_do_not_say_that_none_fits(text: str) -> None:
    assert not is_none_of_them(text, texts=TEXTS)


@given(text=st.text(max_size=40), count=st.integers(0, 12))
def test_positions_lie_in_the_list_once_each(text: str, count: int) -> None:
    pick = read_pick(text, count=count, texts=TEXTS)
    if pick is not None:
        assert tidy(text)
        assert all(0 <= position < count for position in pick.positions)
        assert len(set(pick.positions)) == len(pick.positions)
        assert pick.off_list == (not pick.positions)


def test_the_last_row_is_not_a_button_beneath() -> None:
    assert read_pick("yg bawah", count=5, rows=3, texts=TEXTS) == Pick((2,))
    assert read_pick("5", count=5, rows=3, texts=TEXTS) == Pick((4,))
    assert read_pick("yg bawah", count=5, rows=0, texts=TEXTS) is None


@pytest.mark.parametrize(
    ("text", "pick"),
    [
        pytest.param(text, pick, id=text)
        for text, pick in [
            ("yg kedua tadi", Pick((1,), is_back=True)),
            ("balik ke pilihan yg tengah tadi", Pick((1,), is_back=True)),
            ("yg terakhir, tp kalo ngadu takut", Pick((2,), says_more=True)),
            ("yg tengah tadi, kalo hilang gmn", Pick((1,), is_back=True, says_more=True)),
            ("2, saya mau berangkat besok", None),
            ("5 tahun, bukan 10", None),
            ("saya dikurung, yang kedua", None),
        ]
    ],
)
def test_a_pick_may_go_back_or_say_more(text: str, pick: Pick | None) -> None:
    assert read_pick(text, count=3, texts=TEXTS) == pick


@pytest.mark.parametrize(
    ("offered", "rows"),
    [
        ((), 0),
        (("a:x-y", "a:x-z", "petugas"), 2),
        (("m:x-y", "h:x-y:ya", "petugas", "a:x-z"), 0),
        (("desa:35.04", "desa:lewati"), 1),
        (("t:paspor:0", "t:pmi:0"), 2),
        (("a:x-y", "a:x-z", "t:paspor:9"), 2),
    ],
    ids=["nothing", "entries", "beneath-an-answer", "villages", "topics", "a-page-of-a-topic"],
)
def test_rows_end_where_buttons_begin(offered: tuple[str, ...], rows: int) -> None:
    assert rows_of(offered) == rows


@pytest.mark.parametrize("text", ["yg bawah", "no 2 tadi", "balik ke yg pertama"])
def test_pointing_into_a_list(text: str) -> None:
    assert points_into_list(text, texts=TEXTS)
    assert not points_into_list("nomor 2", texts=TEXTS)
