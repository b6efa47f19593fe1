"""Entities of messages, in the spellings villagers and advertisements use."""

import hashlib
import json
from importlib.resources import files

import pytest

from escalation.entities import Entities, EntityReader
from escalation.entities_money import Amount

PHONES_FLOOR = 0.95
DESTINATIONS_FLOOR = 0.9


@pytest.fixture(scope="module")
def reader() -> EntityReader:
    return EntityReader.load()


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        pytest.param("wa 081200001234", ["6281200001234"], id="plain"),
        pytest.param("wa 0812-0000-1234", ["6281200001234"], id="dashes"),
        pytest.param("wa 0 8 1 2 0 0 0 0 1 2 3 4", ["6281200001234"], id="spaced out"),
        pytest.param("wa 0812.0000.1234 ya", ["6281200001234"], id="dots"),
        pytest.param("+62 812 0000 1234", ["6281200001234"], id="country code"),
        pytest.param("62812 0000 1234", ["6281200001234"], id="country code without plus"),
        pytest.param("(+62) 0812-0000-1234", ["6281200001234"], id="code and zero"),
        pytest.param("o8l2 oooo l234", ["6281200001234"], id="letters for digits"),
        pytest.param(
            "nol delapan satu dua nol nol nol nol satu dua tiga empat",
            ["6281200001234"],
            id="in words",
        ),
        pytest.param("kosong 812 0000 1234", ["6281200001234"], id="kosong for zero"),
        pytest.param("telp +886 900 000 123", ["886900000123"], id="foreign"),
        pytest.param(
            "0812-0000-1234 atau 0812-0000-5678", ["6281200001234", "6281200005678"], id="two"
        ),
        pytest.param("081200001234 / 0812 0000 1234", ["6281200001234"], id="once"),
        pytest.param("NIK 3201010101010001", [], id="an identity number"),
        pytest.param("gaji 15.000.000 sebulan", [], id="a sum"),
    ],
)
def test_phones(reader: EntityReader, text: str, phones: list[str]) -> None:
    assert list(reader.read(text).phones) == phones


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        pytest.param("gaji 15jt", Amount("15jt", 15e6, "IDR", "gaji"), id="jt"),
        pytest.param("gajinya 2,6 juta", Amount("2,6 juta", 2.6e6, "IDR", "gaji"), id="comma"),
        pytest.param("bayar dp 500rb", Amount("500rb", 5e5, "IDR", "biaya"), id="rb"),
        pytest.param("setor Rp 7.250.000", Amount("Rp 7.250.000", 7.25e6, "IDR", "biaya"), id="rp"),
        pytest.param("gaji RM 1.500", Amount("RM 1.500", 1500, "MYR", "gaji"), id="ringgit"),
        pytest.param("upah NT$ 28.000", Amount("NT$ 28.000", 28000, "TWD", "gaji"), id="taiwan"),
        pytest.param("ada 900 dolar", Amount("900 dolar", 900, "USD", None), id="unknown role"),
        pytest.param(
            "denda dua puluh juta", Amount("dua puluh juta", 20e6, "IDR", "biaya"), id="in words"
        ),
    ],
)
def test_amounts(reader: EntityReader, text: str, amount: Amount) -> None:
    assert reader.read(text).amounts == (amount,)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("mau ke poipet lewat ho chi minh", {"KH", "VN"}, id="towns"),
        pytest.param("kerja di arab saudi", {"SA"}, id="longest name first"),
        pytest.param("kontraknya bahasa korea", set(), id="a language"),
        pytest.param("nikah sama orang cina", set(), id="a people"),
        pytest.param("dibawa ke batam", {"ID"}, id="within Indonesia"),
        pytest.param("saya warga indonesia", set(), id="home is no destination"),
    ],
)
def test_destinations(reader: EntityReader, text: str, codes: set[str]) -> None:
    assert set(reader.read(text).destinations) == codes


def test_the_rest(reader: EntityReader) -> None:
    found = reader.read(
        "Adik saya umur 15 dibawa Bu Marni dari PT Contoh Jaya, terbang besok, KTP dan ijazah diambil"
    )
    assert found.ages == (15,)
    assert found.people == ("Marni",)
    assert found.companies == ("PT Contoh Jaya",)
    assert found.dates == ("besok",)
    assert found.documents == ("KTP", "ijazah")


def test_json_is_plain(reader: EntityReader) -> None:
    found = reader.read("gaji 15jt ke taiwan").as_json()
    assert json.loads(json.dumps(found)) == found
    assert Entities().as_json()["amounts"] == []


def test_annotated_advertisements(reader: EntityReader) -> None:
    """A third of the annotated advertisements, chosen by a hash of their text."""
    lines = (files("escalation") / "data" / "risk-messages.jsonl").read_text(encoding="utf-8")
    rows = [row for line in lines.splitlines() if "entities" in (row := json.loads(line))]
    rows = [r for r in rows if hashlib.sha256(r["text"].encode()).digest()[0] % 3 == 0]
    assert len(rows) > 60
    phones = [set(r["entities"]["phones"]) == set(reader.read(r["text"]).phones) for r in rows]
    assert sum(phones) / len(phones) >= PHONES_FLOOR
    abroad = [
        (wanted, set(reader.read(r["text"]).destinations))
        for r in rows
        if r["entities"]["destination"]
        if (wanted := set(reader.read(r["entities"]["destination"]).destinations))
    ]
    assert sum(bool(a & b) for a, b in abroad) / len(abroad) >= DESTINATIONS_FLOOR
