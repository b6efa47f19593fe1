"""Patterns over word groups, and the stated examples of every indicator."""

import pytest

from escalation.risk_indicators import IndicatorBook
from escalation.risk_rules import parse_pattern
from escalation.risk_scope import Scope, scope_of
from knowledge.text import Words

# What the words alone do not tell: the pattern would fire on every waitress, or the grammar of a
# conditional and a denial is read too simply.
NOT_FOUND = {
    ("gaji-besar-tanpa-syarat", "gajine gedhe banget pak, 15 juta, ora nganggo syarat opo-opo"),
    ("jam-kerja-ekstrem", "kerja tarus sonde ada libur, sakit juga paksa"),
    ("dipaksa-seks", "katanya jadi pelayan resto ternyata disuruh begituan"),
}


@pytest.fixture(scope="module")
def book() -> IndicatorBook:
    return IndicatorBook.load(words=Words.load())


@pytest.mark.parametrize(
    ("pattern", "tags", "span"),
    [
        pytest.param("@a @b", {"a": [(0, 0)], "b": [(2, 2)]}, (0, 2), id="within the usual gap"),
        pytest.param("@a @b", {"a": [(0, 0)], "b": [(5, 5)]}, None, id="too far apart"),
        pytest.param("@a <5> @b", {"a": [(0, 0)], "b": [(6, 6)]}, (0, 6), id="stated gap"),
        pytest.param("@a @b", {"a": [(3, 3)], "b": [(1, 1)]}, None, id="wrong order"),
        pytest.param("@a & @b", {"a": [(0, 0)], "b": [(30, 30)]}, (0, 0), id="anywhere"),
        pytest.param("@a & @b", {"a": [(0, 0)]}, None, id="the other group is missing"),
        pytest.param("@a !@n", {"a": [(0, 0)], "n": [(3, 3)]}, None, id="unwanted near"),
        pytest.param("@a !@n", {"a": [(0, 0)], "n": [(20, 20)]}, (0, 0), id="unwanted far away"),
        pytest.param("@a !!@n", {"a": [(0, 0)], "n": [(20, 20)]}, None, id="unwanted anywhere"),
        pytest.param("@a|kata", {"=kata": [(4, 4)]}, (4, 4), id="a plain word instead"),
    ],
)
def test_pattern_finds(
    pattern: str, tags: dict[str, list[tuple[int, int]]], span: tuple[int, int] | None
) -> None:
    assert parse_pattern(pattern).find(tags) == span


def test_pattern_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="without words"):
        parse_pattern("& @a")


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        pytest.param("paspor sama ktp dipegang sponsor", "dokumen-ditahan-perekrut", id="id"),
        pytest.param("aku dikurung, ora iso metu, tulung", "disekap", id="jv"),
        pytest.param("teu kenging kaluar ti imah dunungan", "terkurung-di-tempat-kerja", id="su"),
        pytest.param("sonde boleh keluar pagar", "terkurung-di-tempat-kerja", id="Kupang"),
        pytest.param("la sataon ta' ebajar", "gaji-ditahan", id="mad"),
        pytest.param("digembok dr luar, kami ber6", "penampungan-terkunci", id="short"),
        pytest.param("DITAWARI JADI ADMIN SLOT DI KAMBOJA!!", "tawaran-scam-judol", id="capitals"),
    ],
)
def test_words_show_the_indicator(book: IndicatorBook, text: str, indicator: str) -> None:
    assert indicator in {hit.id for hit in book.read(text).hits}


def really_shown(book: IndicatorBook, text: str) -> set[str]:
    reading = book.read(text)
    return {hit.id for hit in reading.hits if scope_of(hit, reading) is Scope.REAL}


def test_every_indicator_finds_its_examples(book: IndicatorBook) -> None:
    missed = {
        (item.id, text)
        for item in book.indicators.values()
        for text in item.examples
        if item.id not in really_shown(book, text)
    }
    assert missed == NOT_FOUND


def test_no_indicator_counts_its_counter_examples(book: IndicatorBook) -> None:
    assert [
        (item.id, text)
        for item in book.indicators.values()
        for text in item.counter_examples
        if item.id in really_shown(book, text)
    ] == []


@pytest.mark.parametrize(
    ("text", "indicator", "scope"),
    [
        pytest.param("bukan disekap kok pak", "disekap", Scope.DENIED, id="denied"),
        pytest.param("nonton film dia disekap seru", "disekap", Scope.REPORTED, id="film"),
        pytest.param("dulu tahun 2015 disekap", "disekap", Scope.PAST, id="long past"),
        pytest.param("disekap wkwk", "disekap", Scope.JOKE, id="joke"),
        pytest.param("disekap wkwk tolong beneran", "disekap", Scope.REAL, id="laughing for help"),
        pytest.param("misalnya orang disekap, hukumannya?", "disekap", Scope.IMAGINED, id="law"),
        pytest.param("adik saya disekap", "disekap", Scope.REAL, id="real"),
    ],
)
def test_scope(book: IndicatorBook, text: str, indicator: str, scope: Scope) -> None:
    reading = book.read(text)
    hit = next(hit for hit in reading.hits if hit.id == indicator)
    assert scope_of(hit, reading) is scope


def test_every_combination_of_indicators_is_known(book: IndicatorBook) -> None:
    ids = ["visa-tidak-sesuai", "utang-potong-gaji", "gaji-besar-tanpa-syarat"]
    assert [c.id for c in book.combine(ids)] == ["k-turis-utang-gaji"]
    three = ["gaji-ditahan", "jam-kerja-ekstrem", "kasbon-menjerat"]
    assert "k-tiga-ilo" in {c.id for c in book.combine(three)}
    assert book.combine(three[:2]) == ()
