"""What is still to be confirmed: everything once, grouped, and nothing that a person confirmed."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.helplines import Helpline
from knowledge.index import FaqIndex, index_of
from knowledge.packaged import read_content
from knowledge.todo import load_groups, todo
from tests.knowledge.test_entries import make_entry
from tests.knowledge.test_helplines import make_helpline
from tests.knowledge.test_store import content_of


def index_with(
    *helplines: Helpline, confirmed: frozenset[str] = frozenset(), checked: tuple[str, ...] = ()
) -> FaqIndex:
    entries = (
        make_entry("paspor-biaya", perlu_dicek=("Biayanya tahun ini.", "Jam loket.")),
        make_entry("paspor-hilang", title="Paspor hilang"),
    )
    index = index_of(content_of(*entries, helplines=helplines))
    days = dict.fromkeys(checked, date(2026, 11, 24))
    return replace(index, confirmed=confirmed, checked_on=days)


def test_everything_unconfirmed_is_to_do_by_who_can_tell() -> None:
    office = make_helpline(perlu_dicek=("Coba telepon.",))
    mail = make_helpline("kantor-surat", phone=None, email="a@example.org")
    lines = list(todo(index_with(office, mail)))
    assert lines[0].startswith("2 hal harus dipastikan pada 2 jawaban")
    entry = "  paspor-biaya: Biaya paspor (tinjau sebelum 2027-05-24)"
    assert lines[1:] == [
        "",
        "Kontak (1): coba telepon atau datangi, catat tanggalnya",
        "  kantor-contoh: Kantor Contoh, 999; Daftar kantor (Imigrasi, Maret 2025)",
        "    - Coba telepon.",
        "",
        "Biaya, upah, dan manfaat (1): cocokkan dengan tarif resmi tahun ini",
        "  [Paspor]",
        entry,
        "    - Biayanya tahun ini.",
        "",
        "Cara dan syarat (1): tanyakan ke kantor yang mengurus topik itu",
        "  [Paspor]",
        entry,
        "    - Jam loket.",
        "",
        "Tinggal dibaca dan ditandai diperiksa (1)",
        "  paspor-hilang: Paspor hilang (tinjau sebelum 2027-05-24)",
    ]


def test_what_was_confirmed_is_done() -> None:
    index = index_with(
        make_helpline(),
        make_helpline("kantor-dua", name="Kantor Dua", phone=None, whatsapp="998"),
        confirmed=frozenset({"kantor-contoh"}),
        checked=("paspor-biaya",),
    )
    text = "\n".join(todo(index))
    assert "paspor-biaya" not in text
    assert "kantor-contoh" not in text
    assert "paspor-hilang" in text
    assert "kantor-dua: Kantor Dua, 998" in text


@pytest.mark.parametrize(
    ("item", "title"),
    [
        pytest.param("Bunyi Pasal 455 KUHP.", "Hukum dan hukuman", id="law"),
        pytest.param("Denda Pasal 117 UU 6 Tahun 2011.", "Hukum dan hukuman", id="law and money"),
        pytest.param("Nomor KBRI Seoul yang aktif.", "Nomor, alamat, dan nama", id="number"),
        pytest.param("Upah minimum Korea 2027.", "Biaya, upah, dan manfaat", id="wage abroad"),
        pytest.param("Program pulang dari Malaysia.", "Negara tujuan", id="country"),
        pytest.param("Alamat halaman X terpotong.", "Sumber yang alamatnya", id="source"),
        pytest.param("Apakah boleh ditemani.", "Cara dan syarat", id="the rest"),
    ],
)
def test_an_item_goes_to_those_who_can_tell(item: str, title: str) -> None:
    group = next(group for group in load_groups() if group.takes(item))
    assert group.title.startswith(title)


def test_every_item_of_the_package_stands_once() -> None:
    content, _ = read_content()
    lines = list(todo(index_of(content)))
    items = sum(len(entry.perlu_dicek) for entry in content.entries)
    notes = sum(len(helpline.perlu_dicek) for helpline in content.contacts.values())
    assert len([line for line in lines if line.startswith("    - ")]) == items + notes
    for helpline in content.contacts.values():
        assert any(line.startswith(f"  {helpline.id}: ") for line in lines), helpline.id
    for entry in content.entries:
        assert any(line.startswith(f"  {entry.slug}: ") for line in lines), entry.slug
