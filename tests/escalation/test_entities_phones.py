"""Telephone numbers in the spellings by which recruiters slip past filters."""

import random

import pytest

from escalation.entities_phones import take_phones

WORDS = dict(zip(
    "0123456789",
    ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    strict=True,
))  # fmt: skip


def spoken(digits: str) -> str:
    return " ".join(WORDS[digit] for digit in digits)


def grouped(digits: str, mark: str) -> str:
    return mark.join((digits[:4], digits[4:8], digits[8:]))


SPELLINGS = {
    "plain": lambda n: f"0{n}",
    "spaces": lambda n: grouped(f"0{n}", " "),
    "dashes": lambda n: grouped(f"0{n}", "-"),
    "dots": lambda n: grouped(f"0{n}", "."),
    "a dot after each digit": lambda n: ".".join(f"0{n}"),
    "a space after each digit": lambda n: " ".join(f"0{n}"),
    "+62": lambda n: f"+62{n}",
    "+62 and spaces": lambda n: f"+62 {grouped(n, ' ')}",
    "+62 (0)": lambda n: f"+62(0){n}",
    "62": lambda n: f"62{n}",
    "area in brackets": lambda n: f"(0{n[:3]}) {n[3:]}",
    "letter o": lambda n: f"0{n}".replace("0", "o"),
    "letter l": lambda n: f"0{n}".replace("1", "l"),
    "letters and spaces": lambda n: grouped(f"0{n}".replace("0", "O").replace("1", "I"), " "),
    "words": lambda n: spoken(f"0{n}"),
    "words and commas": lambda n: f"{spoken('0' + n[:3])}, {spoken(n[3:7])}, {spoken(n[7:])}",
    "half words": lambda n: f"{spoken('0' + n[:3])} {n[3:7]} {n[7:]}",
    "only the zero a word": lambda n: f"nol {n}",
    "a link": lambda n: f"https://wa.me/62{n}",
    "glued to a word": lambda n: f"wa0{n}",
    "keycaps": lambda n: "".join(f"{digit}\ufe0f\u20e3" for digit in f"0{n}"),
    "full width": lambda n: "".join(chr(0xFF10 + int(digit)) for digit in f"0{n}"),
    "lines": lambda n: grouped(f"0{n}", "\n"),
}
AROUND = ("hub {} ya", "minat? {} (Bu Rini)", "cp {}, 2 orang lagi", "{}", "umur 18-35, wa: {}")


def numbers() -> list[str]:
    rng = random.Random(7)
    return [
        f"8{rng.choice('12357')}" + "".join(rng.choice("0123456789") for _ in range(size))
        for size in (8, 9, 9, 10)
    ]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_is_read_however_it_is_spelled(spelling: str) -> None:
    for number in numbers():
        for around in AROUND:
            text = around.format(SPELLINGS[spelling](number))
            assert take_phones(text)[0] == (f"62{number}",), text


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        pytest.param("wa nol delapan satu dua, nol nol nol nol, 9012", ("6281200009012",), id="mix"),
        pytest.param("kosong delapan dua belas 0000 9345", ("6281200009345",), id="twelve"),
        pytest.param("+60 12-000 0000", ("60120000000",), id="Malaysia"),
        pytest.param("0812-0000-1234 atau 08120000 5678", ("6281200001234", "6281200005678"), id="two"),
    ],
)  # fmt: skip
def test_numbers(text: str, phones: tuple[str, ...]) -> None:
    assert take_phones(text)[0] == phones


@pytest.mark.parametrize(
    "text",
    [
        "gaji 8 juta 500 ribu",
        "umur 18 sampai 35 tahun",
        "dua tiga hari lagi, jam delapan",
        "buka 08.00-17.00",
        "NIK 3201012345670001",
        "satu dua orang",
    ],
)
def test_other_numbers_are_no_telephone(text: str) -> None:
    assert take_phones(text) == ((), text)
