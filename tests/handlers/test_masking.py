"""What is taken out of villagers' words before an editor sees them."""

import pytest

from escalation.entities import EntityReader
from handlers.masking import mask

ENTITIES = EntityReader.load()


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        pytest.param("wa saya 081234567890 ya", "081234567890", id="telephone"),
        pytest.param("wa saya 0812-3456-7890 ya", "3456", id="telephone in groups"),
        pytest.param("wa 081.234.567.890 ya", "234", id="telephone with dots"),
        pytest.param("wa 62.812.345.678.90 ya", "345", id="telephone with dots and country"),
        pytest.param("wa 0812 - 3456 - 7890 ya", "3456", id="telephone with wide gaps"),
        pytest.param("wa (0812) 3456/7890", "7890", id="telephone in brackets"),
        pytest.param("wa o8l2 3456 789o ya", "o8l2", id="telephone in letters"),
        pytest.param(
            "nol delapan satu dua tiga empat lima enam tujuh delapan", "tiga", id="in words"
        ),
        pytest.param("nik 3504121234560001", "3504121234560001", id="identity number"),
        pytest.param("paspor B1234567 saya", "1234567", id="passport"),
        pytest.param("sama Bu Siti Aminah", "Siti", id="name after a title"),
        pytest.param("nama Joko mau berangkat", "Joko", id="name that is called one"),
        pytest.param("adik saya Siti ditahan", "Siti", id="name of a relative"),
        pytest.param("anakku Dewi Lestari di sana", "Lestari", id="two names of a relative"),
        pytest.param("namanya joko pak", "joko", id="name in small letters"),
        pytest.param("cek https://contoh.id/x?a=1", "contoh.id", id="address of a page"),
        pytest.param("kirim ke joko@contoh.id", "joko", id="mail"),
        pytest.param("ig @joko_tki", "joko_tki", id="account"),
    ],
)
def test_what_leads_to_a_person_is_taken_out(text: str, gone: str) -> None:
    assert gone not in mask(text, entities=ENTITIES)


@pytest.mark.parametrize(
    "text",
    [
        "biaya paspor 650.000 atau 1.000.000 ya",
        "umur 17 tahun gaji 8 juta",
        "tahun 2026 paspor naik lagi",
        "adik saya ditahan, teman saya juga",
    ],
)
def test_fees_ages_and_years_stay(text: str) -> None:
    assert mask(text, entities=ENTITIES) == text
