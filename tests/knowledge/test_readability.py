"""Sentences, syllables and official words are counted as a reader would."""

import pytest

from knowledge.readability import long_words, official_words, read, sentences, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        pytest.param("paspor", 2, id="two"),
        pytest.param("pantai", 2, id="ai at the end"),
        pytest.param("pegawainya", 4, id="ai before -nya"),
        pytest.param("kerbau", 2, id="au at the end"),
        pytest.param("daun", 2, id="au within"),
        pytest.param("saudara", 3, id="au of saudara"),
        pytest.param("bagaimana", 4, id="ai of bagaimana"),
        pytest.param("memberangkatkan", 5, id="affixes"),
        pytest.param("surat-surat", 4, id="doubled"),
        pytest.param("Kewarganegaraan", 7, id="long, capital"),
        pytest.param("cs", 1, id="no vowel"),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_colon_a_semicolon_and_a_line_end_a_sentence() -> None:
    text = "Bawa surat: KTP, KK. Datang pagi;\nantre dulu? Buka kemlu.go.id/riyadh dulu."
    assert sentences(text) == [
        "Bawa surat:",
        "KTP, KK.",
        "Datang pagi;",
        "antre dulu?",
        "Buka kemlu.go.id/riyadh dulu.",
    ]


def test_texts_are_measured_together() -> None:
    reading = read(["Bawa paspor asli.", "KTP dan KK di imigrasi.go.id saja."])
    assert (reading.sentences, reading.words, reading.longest) == (2, 9, 6)
    assert reading.mean == 4.5
    # bawa, paspor, asli, dan, di, saja: the abbreviations and the address are not read out.
    assert reading.syllables == pytest.approx(10 / 6)
    assert read([]).mean == read(["110"]).syllables == 0.0


def test_long_words_leave_names_out() -> None:
    text = "Kewarganegaraan dan keterampilan diurus di Padangsidimpuan oleh BPJS."
    assert long_words(text) == ["Kewarganegaraan", "keterampilan"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Segera melakukan pembayaran.", ["melakukan pembayaran"], id="longest first"),
        pytest.param("Apabila hilang, lapor.", ["apabila"], id="capital"),
        pytest.param("Dokumennya dibawa.", ["dokumen"], id="with -nya"),
        pytest.param("Jelaskan apa adanya.", [], id="everyday"),
        pytest.param("Surat-surat sertanya.", ["serta"], id="end of sentence"),
        pytest.param("Sertakan fotokopi.", [], id="inside another word"),
        pytest.param("Sesuai prosedur, prosedur itu.", ["prosedur"], id="once"),
    ],
)
def test_official_words(text: str, found: list[str]) -> None:
    words = official_words(text)
    assert [word.official for word in words] == found
    assert all(word.plain and word.plain != word.official for word in words)
