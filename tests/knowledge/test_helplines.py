"""The register of numbers: what a helpline must have, and how long a call vouches for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from knowledge.entries import ContentError, Source
from knowledge.helplines import EMERGENCY, Helpline, is_confirmed, read_helplines
from tests.conftest import FixedClock

FILE = "contacts.yaml"
REGISTER = """\
contacts:
  - id: polisi-110
    name: Polisi 110
    purpose: Bahaya sekarang juga
    phone: 110
    sources:
      - title: Imbauan polisi
        publisher: Polri
        date: 2024
  - id: kbri-contoh
    name: KBRI Contoh
    purpose: Kantor perwakilan
    whatsapp: +62 812
    email: kbri@example.org
    country: MY
    sources:
      - title: Daftar perwakilan
    perlu_dicek: [Coba telepon.]
"""
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def make_helpline(id: str = "kantor-contoh", **fields: Any) -> Helpline:
    """Give a helpline with an invented short number; every field can be set."""
    given: dict[str, Any] = {
        "id": id,
        "name": "Kantor Contoh",
        "purpose": "Keterangan",
        "phone": "999",
        "whatsapp": None,
        "email": None,
        "country": None,
        "source": Source("Daftar kantor", "Imigrasi", "2025-03"),
        "perlu_dicek": (),
    }
    return Helpline(**(given | fields))


def test_a_register_is_read_as_written() -> None:
    found = read_helplines(REGISTER, file=FILE)
    assert list(found) == ["polisi-110", "kbri-contoh"]
    assert found["polisi-110"] == make_helpline(
        "polisi-110",
        name="Polisi 110",
        purpose="Bahaya sekarang juga",
        phone="110",
        source=Source("Imbauan polisi", "Polri", "2024"),
    )
    embassy = found["kbri-contoh"]
    assert (embassy.phone, embassy.whatsapp, embassy.email) == (None, "+62 812", "kbri@example.org")
    assert (embassy.country, embassy.perlu_dicek) == ("MY", ("Coba telepon.",))


def test_an_unquoted_number_keeps_every_sign() -> None:
    for written in ("+628129007", "0217654321", "0800"):
        text = REGISTER.replace("phone: 110", f"phone: {written}")
        assert read_helplines(text, file=FILE)["polisi-110"].phone == written


@pytest.mark.parametrize(
    ("phone", "whatsapp", "number"),
    [
        pytest.param("110", "111", "110", id="phone first"),
        pytest.param(None, "111", "111", id="else WhatsApp"),
        pytest.param(None, None, None, id="none"),
    ],
)
def test_the_number_to_call(phone: str | None, whatsapp: str | None, number: str | None) -> None:
    assert make_helpline(phone=phone, whatsapp=whatsapp).number == number


@pytest.mark.parametrize(
    ("old", "new", "line", "slug", "says"),
    [
        pytest.param("    phone:", "    name:", 5, None, "kunci ganda: name", id="key twice"),
        pytest.param("    phone:", "    telp:", 5, "polisi-110", "`telp`", id="unknown key"),
        pytest.param("contacts:\n", "x: 1\ncontacts:\n", 1, None, "`x`", id="top unknown key"),
        pytest.param("phone: 110", "phone: [110]", 5, "polisi-110", "`phone`", id="wrong type"),
        pytest.param("    name: Polisi 110\n", "", 2, "polisi-110", "`name` wajib", id="no name"),
        pytest.param("- id: polisi-110\n   ", "-", 2, None, "`id` wajib", id="no id"),
        pytest.param("id: kbri-contoh", "id: polisi-110", 10, "polisi-110", "ganda", id="id twice"),
        pytest.param(
            "date: 2024", "date: 2024-02-31", 9, "polisi-110", "tanggal", id="no such day"
        ),
        pytest.param(
            "        date: 2024\n", "", 6, "polisi-110", "wajib punya `perlu_dicek`", id="no date"
        ),
        pytest.param(
            "date: 2024", "date: t.t.", 6, "polisi-110", "wajib punya `perlu_dicek`", id="undated"
        ),
        pytest.param(
            "        publisher: Polri\n", "", 6, "polisi-110", "`perlu_dicek`", id="no publisher"
        ),
        pytest.param(
            "      - title: Daftar perwakilan\n",
            "      - title: Satu\n      - title: Dua\n",
            16,
            "kbri-contoh",
            "tepat satu sumber",
            id="two sources",
        ),
        pytest.param(
            "    sources:\n      - title: Daftar perwakilan\n",
            "",
            10,
            "kbri-contoh",
            "tepat satu sumber",
            id="no source",
        ),
        pytest.param("name: Polisi", "name: [Polisi", 4, None, "YAML rusak", id="broken YAML"),
    ],
)
def test_a_fault_names_file_line_and_id(
    old: str, new: str, line: int, slug: str | None, says: str
) -> None:
    assert old in REGISTER
    with pytest.raises(ContentError) as caught:
        read_helplines(REGISTER.replace(old, new), file=FILE)
    found = {(item.file, item.line, item.slug): item.message for item in caught.value.problems}
    assert (FILE, line, slug) in found, str(caught.value)
    assert says in found[FILE, line, slug]


def test_what_is_no_register_is_refused() -> None:
    with pytest.raises(ContentError, match=r"^contacts\.yaml:1 berkas harus berisi `contacts`"):
        read_helplines("- polisi-110", file=FILE)


@pytest.mark.parametrize(
    ("age", "confirmed"),
    [
        pytest.param(0 * DAY, True, id="just now"),
        pytest.param(89 * DAY, True, id="89 days"),
        pytest.param(90 * DAY - MOMENT, True, id="a moment less than 90 days"),
        pytest.param(90 * DAY, True, id="exactly 90 days"),
        pytest.param(90 * DAY + MOMENT, False, id="a moment more than 90 days"),
        pytest.param(91 * DAY, False, id="91 days"),
        pytest.param(-DAY, False, id="a call of tomorrow"),
    ],
)
def test_a_call_vouches_for_90_days(clock: FixedClock, age: timedelta, confirmed: bool) -> None:
    assert is_confirmed(clock() - age, now=clock()) is confirmed


def test_a_number_nobody_called_is_not_confirmed() -> None:
    assert is_confirmed(None, now=datetime(2026, 11, 24, tzinfo=UTC)) is False


def test_emergency_numbers_are_the_four_of_the_rule() -> None:
    assert set(EMERGENCY) == {"polisi-110", "sapa-129", "kemlu", "kp2mi"}
