"""The report of `faq lint` counts what is there."""

from knowledge.faq_report import report
from knowledge.lint import Content
from knowledge.packaged import read_content
from knowledge.variants import Variant
from tests.knowledge.test_entries import make_entry
from tests.knowledge.test_store import content_of

PHRASINGS = (
    Variant("paspor-biaya", "brp biaya paspor", "id", "slang"),
    Variant("paspor-biaya", "regane paspor pira", "jv", "daerah", reviewed=False),
    Variant("LUAR", "ktp saya patah", "id", "santai"),
)


def test_the_report_tells_coverage_reading_and_what_is_open() -> None:
    entries = (
        make_entry("paspor-biaya", perlu_dicek=("Biayanya.",)),
        make_entry("paspor-hilang", answer="Lapor ke kantor polisi dulu, lalu ke imigrasi."),
    )
    given = content_of(*entries)
    required = frozenset({"paspor-biaya", "paspor-ganti"})
    content = Content(given.topics, given.places, given.contacts, required)
    text = "\n".join(report(content, PHRASINGS))
    assert "Cakupan: 1 dari 2 topik" in text
    assert "Sumber: 2 dari 2" in text
    assert "terpanjang 8 kata (paspor-hilang; batas 16)" in text
    assert "Perlu dicek: 1 hal pada 1 jawaban" in text
    assert "Kalimat warga: 3; paling sedikit 0 (paspor-hilang); 1 belum dibaca" in text


def test_the_package_covers_all_its_topics() -> None:
    content, _ = read_content()
    assert next(iter(report(content, ()))) == "Cakupan: 117 dari 117 topik punya jawaban"
