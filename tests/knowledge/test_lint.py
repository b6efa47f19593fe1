"""Every rule of the lint fires on the smallest bad entry, and none on a good one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from knowledge.entries import Entry, Source, Topic
from knowledge.lint import (
    ANSWER_CHARS,
    LIST_ITEMS,
    NUMBER,
    Content,
    lint,
    texts_of,
)
from knowledge.readability import LONG_WORDS, SENTENCE_WORDS
from knowledge.render import FIRST_SCREEN_CHARS, first_screen
from tests.knowledge.test_entries import make_entry
from tests.knowledge.test_helplines import make_helpline

OTHER = make_entry("paspor-hilang")
DATED = Source("Biaya paspor", "Imigrasi", "2025-03-26")
LONG_SOURCE = Source("Biaya", "Kantor " * 20, "2025-03-26")


def content_of(entries: Sequence[Entry], **fields: Any) -> Content:
    """Give one topic with these entries, each on its own line of `paspor.yaml`."""
    places = {entry.slug: ("paspor.yaml", 10 + place) for place, entry in enumerate(entries)}
    contacts = {"kantor-contoh": make_helpline()}
    return Content([Topic("paspor", "Paspor", tuple(entries))], places, contacts, **fields)


def sentence(words: int) -> str:
    return " ".join(["kata"] * words) + "."


def letters(count: int) -> str:
    """Give short sentences of exactly this many letters."""
    text = ("Kata. " * count)[:count]
    return text[:-1] + "." if text.endswith(" ") else text


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="as it is"),
        pytest.param({"related": ("paspor-hilang",), "contacts": ("kantor-contoh",)}, id="links"),
        pytest.param({"answer": sentence(SENTENCE_WORDS)}, id="longest sentence"),
        pytest.param({"answer": letters(ANSWER_CHARS)}, id="longest answer"),
        pytest.param({"steps": ("Tanya.",) * LIST_ITEMS}, id="longest list"),
        pytest.param({"certainty": "rendah", "perlu_dicek": ("Biayanya.",)}, id="low, to check"),
        pytest.param(
            {"sources": (Source("Biaya", "", ""),), "perlu_dicek": ("Biayanya.",)}, id="undated"
        ),
        pytest.param({"sources": (Source("Biaya", "", ""), DATED)}, id="second source is dated"),
        pytest.param({"answer": "Telepon 110 atau 129. Gratis."}, id="short helplines"),
        pytest.param({"answer": "Rp1.950.000, menurut aturan 2024-2025."}, id="money with year"),
        pytest.param({"answer": "Paspor berlaku 10 tahun. Foto 2023-2025."}, id="no phone"),
        pytest.param({"answer": "Umurnya paling kurang 18 tahun."}, id="an age needs no year"),
        pytest.param({"answer": "Anak di bawah 17 tahun ikut."}, id="an age below"),
        pytest.param({"answer": "LPSK (lembaga perlindungan saksi dan korban)."}, id="its name"),
        pytest.param({"answer": "Naskah. " * LONG_WORDS}, id="short words"),
        pytest.param({"question": "Bagaimana cara membayar?"}, id="how, with steps"),
        pytest.param({"warnings": ("Naskah " * 14 + ".",) * 5}, id="a full part"),
    ],
)
def test_a_good_entry_has_no_problem(fields: dict[str, Any]) -> None:
    assert lint(content_of([make_entry(**fields), OTHER])) == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param(
            {"sources": (), "perlu_dicek": ("Sumbernya.",)}, "paling sedikit satu", id="no source"
        ),
        pytest.param(
            {"sources": (Source("Biaya", "Imigrasi", ""),)}, "`perlu_dicek` wajib", id="no date"
        ),
        pytest.param(
            {"sources": (Source("Biaya", "Imigrasi", "t.t."),)}, "`perlu_dicek` wajib", id="t.t."
        ),
        pytest.param(
            {"sources": (Source("Biaya", "Imigrasi", "tanpa tanggal"),)},
            "`perlu_dicek` wajib",
            id="tanpa tanggal",
        ),
        pytest.param(
            {"sources": (Source("Biaya", "", "2025"),)}, "`perlu_dicek` wajib", id="no publisher"
        ),
        pytest.param({"certainty": "rendah"}, "kepastian rendah", id="low without a check"),
        pytest.param({"answer": letters(ANSWER_CHARS + 1)}, "`answer` 561 huruf", id="long answer"),
        pytest.param(
            {"answer": letters(ANSWER_CHARS), "sources": (LONG_SOURCE,)},
            "layar pertama",
            id="long first screen",
        ),
        pytest.param({"related": ("paspor-baru",)}, "tidak ada: paspor-baru", id="related unknown"),
        pytest.param({"related": ("paspor-biaya",)}, "entri ini sendiri", id="related to itself"),
        pytest.param({"contacts": ("polisi",)}, "tidak ada: polisi", id="unknown contact"),
        pytest.param({"steps": ("Tanya.",) * 10}, "`steps` lebih dari 9", id="many steps"),
        pytest.param({"bring": ("KTP.",) * 10}, "`bring` lebih dari 9", id="much to bring"),
        pytest.param({"warnings": ("Awas.",) * 10}, "`warnings` lebih dari 9", id="many warnings"),
        pytest.param({"answer": sentence(17)}, "`answer` punya kalimat 17", id="long sentence"),
        pytest.param({"steps": (sentence(17),)}, "`steps` punya kalimat 17", id="long step"),
        pytest.param({"answer": "Klik link di form."}, "kata asing 'form'", id="foreign word"),
        pytest.param({"time": "Sampai Deadline."}, "kata asing 'Deadline'", id="foreign, capital"),
        pytest.param({"answer": "Lewat kami pasti aman."}, "janji 'pasti aman'", id="promise"),
        pytest.param({"warnings": ("Uang kembali, dijamin.",)}, "janji 'dijamin'", id="guarantee"),
        pytest.param({"cost": "Rp650.000"}, "`cost` menyebut uang tanpa", id="money"),
        pytest.param({"answer": "Sekitar dua juta rupiah."}, "uang tanpa tahun", id="in words"),
        pytest.param({"answer": "Sekitar USD 90."}, "uang tanpa tahun", id="dollars"),
        pytest.param({"time": "Sekitar 4 hari kerja."}, "'4 hari' tanpa tahun", id="how long"),
        pytest.param({"answer": "Bunganya 6 persen."}, "'6 persen' tanpa tahun", id="share"),
        pytest.param({"answer": "Denda sampai 50.000."}, "tanpa tahun", id="penalty"),
        pytest.param(
            {"answer": "Menolong korban saja."}, "memuat kata 'korban'", id="a word for people"
        ),
        pytest.param(
            {"answer": "Apabila hilang, lapor."},
            "kata kantor 'apabila'; tulis 'kalau'",
            id="office",
        ),
        pytest.param(
            {
                "answer": "Keterampilan, ketenagakerjaan, kewarganegaraan.",
                "warnings": ("Tanya di loket ya pak.",) * 5,
            },
            "terlalu banyak kata panjang",
            id="long words",
        ),
        pytest.param(
            {
                "answer": f"{sentence(16)} " * 4,
                "steps": (sentence(16), sentence(15)),
                "question": sentence(14),
            },
            "kata sekalimat",
            id="long sentences all over",
        ),
        pytest.param(
            {"warnings": ("Berkewarganegaraan Indonesia.",) * 5}, "suku kata", id="heavy words"
        ),
        pytest.param(
            {"question": "Bagaimana membayarnya?", "steps": ("Tanya di loket.",)},
            "`steps` kurang dari 2",
            id="how without steps",
        ),
        pytest.param(
            {"warnings": ("Naskah lama. " * 14,) * 8}, "bagian 'Hati-hati:'", id="part too long"
        ),
        *(
            pytest.param({key: value}, f"`{key}` memuat nomor telepon", id=f"number in {key}")
            for key, value in {
                "question": "Siapa di 0812-0000-0000?",
                "answer": "Hubungi 0812-0000-0000.",
                "cost": "Tanya 021 0000 000",
                "time": "Tanya (021) 000000",
                "steps": ("Telepon +62 812 0000 0000.",),
                "bring": ("Nomor 081200000000.",),
                "warnings": ("Nomor 1500-000 sering sibuk.",),
            }.items()
        ),
    ],
)
def test_a_bad_entry_has_this_problem_alone(fields: dict[str, Any], says: str) -> None:
    found = lint(content_of([OTHER, make_entry(**fields)]))
    assert [(item.file, item.line, item.slug) for item in found] == [
        ("paspor.yaml", 11, "paspor-biaya")
    ], [str(problem) for problem in found]
    assert says in found[0].message


@pytest.mark.parametrize(
    ("text", "is_number"),
    [
        pytest.param("wa.me/6281200000000", True, id="link to WhatsApp"),
        pytest.param("62812-0000-0000", True, id="62 without plus"),
        pytest.param("+886 2 0000 0000", True, id="abroad"),
        pytest.param("0800-1000", True, id="toll-free"),
        pytest.param("WA:081200000000", True, id="behind a colon"),
        pytest.param("110", False, id="110"),
        pytest.param("Rp1.950.000", False, id="money"),
        pytest.param("26-03-2025", False, id="day"),
        pytest.param("Permenkumham 8/2014 jo. 18/2022", False, id="law"),
        pytest.param("umur 18 sampai 45 tahun", False, id="ages"),
    ],
)
def test_what_looks_like_a_phone_number(text: str, is_number: bool) -> None:
    assert bool(NUMBER.search(text)) is is_number


def test_the_longest_first_screen_is_allowed() -> None:
    entry = make_entry(answer=letters(ANSWER_CHARS))
    room = FIRST_SCREEN_CHARS - len(first_screen(entry)) + len("Imigrasi")
    fits = make_entry(answer=entry.answer, sources=(Source("Biaya", "I" * room, "2025-03-26"),))
    assert len(first_screen(fits)) == FIRST_SCREEN_CHARS
    assert lint(content_of([fits])) == []


def test_a_required_entry_that_is_missing_is_named() -> None:
    content = content_of([OTHER], required=frozenset({"paspor-hilang", "paspor-biaya"}))
    assert [(item.slug, item.message) for item in lint(content)] == [
        ("paspor-biaya", "entri belum ada")
    ]


def test_every_text_a_villager_reads_is_checked() -> None:
    entry = make_entry(bring=("KTP.",), warnings=("Awas.",), review_by=date(2027, 1, 1))
    assert list(texts_of(entry)) == [
        ("title", "Biaya paspor"),
        ("question", "Berapa biaya paspor?"),
        ("answer", "Biayanya tertulis di loket."),
        ("cost", "Rp650.000 (2025)"),
        ("time", "8:30"),
        ("steps", "Tanya dulu di loket."),
        ("steps", "Bayar di bank."),
        ("bring", "KTP."),
        ("warnings", "Awas."),
    ]
