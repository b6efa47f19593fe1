"""Two questions in one message: where it falls apart, and where it must stay whole."""

import pytest

from knowledge.several import splits


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param(
            "paspor hilang gimana? biaya paspor berapa?",
            ("paspor hilang gimana?", "biaya paspor berapa?"),
            id="question marks",
        ),
        pytest.param(
            "syarat paspor anak apa\nbikin paspor dimana",
            ("syarat paspor anak apa", "bikin paspor dimana"),
            id="lines",
        ),
        pytest.param(
            "apa itu pimpasa terus cara lapor tppo gimana",
            ("apa itu pimpasa", "cara lapor tppo gimana"),
            id="terus",
        ),
        pytest.param(
            "brp biaya paspor, dan bikin paspor dimana",
            ("brp biaya paspor", "bikin paspor dimana"),
            id="comma and dan",
        ),
        pytest.param(
            "pak mau tanya. paspor ilang gimana? biaya ke taiwan berapa ya?",
            ("pak mau tanya. paspor ilang gimana?", "biaya ke taiwan berapa ya?"),
            id="a greeting stays with its question",
        ),
    ],
)
def test_two_questions_fall_apart(text: str, parts: tuple[str, ...]) -> None:
    assert parts in list(splits(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("mau kerja ke jepang sama korea", id="no question in it"),
        pytest.param("brp biaya paspor? makasih ya pak", id="a courtesy is no question"),
        pytest.param("paspor saya hilang di jalan. takut ketahuan", id="a remark is no question"),
        pytest.param("brp biaya bikin paspor", id="one question"),
        pytest.param("dan", id="nothing but a joining word"),
        pytest.param("", id="empty"),
        pytest.param(
            "anak saya diajak kerja ke batam apa boleh, dan orangnya mau jemput nanti malam naik "
            "travel, ibunya tidak tahu, katanya gaji besar, ktp anak saya diubah umurnya, saya "
            "takut harus gimana ini pak tolong",
            id="a story",
        ),
    ],
)
def test_what_must_stay_whole(text: str) -> None:
    assert list(splits(text)) == []
