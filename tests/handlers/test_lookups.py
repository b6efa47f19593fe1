"""What the registers add to an answer: in the conversation, with its dates and its gaps."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import App, Thinking
from handlers import company_lookup, lookups, office_lookup
from handlers.state import ConversationState
from handlers.turn import View
from knowledge import store
from knowledge.companies import Company, CompanyStatus, Register
from tests.people import Person, choices_of, text_of

COMPANIES = (
    Company("PT Bahtera Karya Nusantara", CompanyStatus.ACTIVE, city="Bekasi"),
    Company("PT Surya Timur Abadi", CompanyStatus.REVOKED),
    Company("PT Surya Timur Raya", CompanyStatus.SUSPENDED),
    Company("PT Delima Merah Putih", CompanyStatus.EXPIRED),
)
PROMISE = re.compile(r"\b(resmi|aman|terjamin|dijamin|terpercaya|asli|legal)\w*", re.IGNORECASE)


@pytest.fixture
def villager(app: App) -> Person:
    return Person(app, "warga-1")


def register(app: App, companies: Sequence[Company] = COMPANIES, *, days: int = 2) -> None:
    now = app.clock()
    with app.database.write() as work:
        day = now.date() - timedelta(days=days)
        store.put_companies(work.db, companies, as_of=day, by="admin", now=now)
        work.commit()


def settle_in(villager: Person, code: str) -> None:
    with villager.app.database.write() as work:
        contact = villager.contact(work.db)
        contact.area_code = code
        work.db.add(contact)
        work.commit()


# Placement companies


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(
            "PT Bahtera Karya Nusantara resmi gak",
            ("per 22 November 2026", "tertulis aktif", "belum berarti tawarannya benar", "Bekasi"),
            id="active",
        ),
        pytest.param("cek pt surya timur abadi", ("tertulis dicabut", "Jangan"), id="revoked"),
        pytest.param(
            "pt surya timur raya itu resmi?", ("tertulis dihentikan sementara",), id="suspended"
        ),
        pytest.param("pt delima merah putih asli ga", ("tertulis sudah habis",), id="expired"),
        pytest.param(
            "pt bahtera karya nusatara resmi ga",
            ("Nama persis PT Bahtera Karya Nusatara tidak ada", "huruf demi huruf", "aktif"),
            id="typo",
        ),
        pytest.param(
            "pt gunung kapur sejati resmi gak", ("tidak saya temukan", "Jangan"), id="not found"
        ),
    ],
)
def test_the_finding_comes_before_the_answer(
    app: App, villager: Person, text: str, says: tuple[str, ...]
) -> None:
    register(app)
    told = villager.say(text)[0].text
    answer = app.resources.knowledge.faq.entries["pmi-cek-p3mi"].answer.split(".")[0]
    for part in says:
        assert part in told
        assert told.index(part) < told.index(answer)


def test_an_empty_register_says_so_and_where_to_check(villager: Person) -> None:
    told = villager.say("PT Bahtera Karya Nusantara resmi gak")[0].text
    assert "daftar P3MI belum ada di sini" in told
    assert "bukan tanda" in told
    assert "siskop2mi.bp2mi.go.id" in told
    assert "BP3MI" in told


def test_an_old_list_warns_before_what_it_says(app: App, villager: Person) -> None:
    register(app, days=15)
    told = villager.say("PT Bahtera Karya Nusantara resmi gak")[0].text
    assert told.startswith("Hati-hati, daftar P3MI di sini sudah 15 hari")
    assert "jangan dijadikan pegangan" in told


def test_several_alike_are_asked_back_and_picked(app: App, villager: Person) -> None:
    register(app)
    first = villager.say("pt surya timur resmi gak")
    assert "Yang mana?" in first[0].text
    titles = [choice.title for choice in choices_of(first)]
    assert titles[:2] == ["PT Surya Timur Abadi", "PT Surya Timur Raya"]
    told = text_of(villager.say("2"))
    assert "PT Surya Timur Raya tertulis dihentikan sementara" in told
    assert "huruf demi huruf" in told


def test_a_choice_of_a_list_that_was_replaced_is_no_more(app: App, villager: Person) -> None:
    register(app)
    choice = choices_of(villager.say("pt surya timur resmi gak"))[0]
    register(app)
    assert "sudah tidak ada" in text_of(villager.tap(choice.id))


@pytest.mark.parametrize("id", ["p3mi:", "p3mi:x", "p3mi:0", "p3mi:99999999999", "p3mi:²"])
def test_an_unknown_company_button(villager: Person, id: str) -> None:
    assert "sudah tidak ada" in text_of(villager.tap(id))


def test_a_name_with_words_of_another_topic_is_checked(app: App, villager: Person) -> None:
    register(app, [Company("PT Sinar Abadi Mandiri", CompanyStatus.ACTIVE)])
    told = villager.say("pt sinar abadi mandiri terdaftar ga ya pak")[0].text
    assert "PT Sinar Abadi Mandiri tertulis aktif" in told


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "PT Bahtera Karya Nusantara nawarin kerja ke taiwan gaji 25 juta resmi gak",
            id="an offer",
        ),
        pytest.param(
            "pt bahtera karya nusantara minta uang 20 juta ke korea, penipuan bukan",
            id="another entry fits, too",
        ),
    ],
)
def test_the_finding_is_given_whatever_else_the_text_says(
    app: App, villager: Person, text: str
) -> None:
    register(app)
    told = villager.say(text)[0].text
    assert told.startswith("Di daftar P3MI per 22 November 2026")
    assert "Ceknya di" in told or "Buka situs siskop2mi" in told


def test_a_general_question_is_answered_as_before(app: App, villager: Person) -> None:
    register(app)
    told = villager.say("cara cek pt resmi atau tidak")[0].text
    assert "per 22 November 2026" not in told


STATES = [
    pytest.param(asked, status, days, id=f"{asked}, {status}, {days} days")
    for asked, status, days in itertools.product(
        ("PT Batu Karang", "CV Batu Karang", "PT Batu Krng", "PT Batu", "PT Lain Sekali"),
        CompanyStatus,
        (0, 14, 15, 400),
    )
]


@pytest.mark.parametrize(("asked", "status", "days"), STATES)
@pytest.mark.parametrize("says_where", [True, False])
def test_no_finding_promises_anything(
    view: View, asked: str, status: CompanyStatus, days: int, says_where: bool
) -> None:
    listed = (Company("PT Batu Karang", status, id=1), Company("PT Batu Permata", status, id=2))
    companies = Register(view.now.date() - timedelta(days=days), listed)
    seen = replace(view, companies=companies)
    told, _ = company_lookup.told(asked, seen, says_where=says_where)
    picked = company_lookup.chosen(listed[0], seen)
    for text in (told, picked):
        assert not PROMISE.search(text)
        assert ("jangan dijadikan pegangan" in text) is (days > 14)
    if "tertulis aktif" in told:
        assert "belum berarti tawarannya benar" in told


def test_an_empty_register_promises_nothing(view: View) -> None:
    told, choices = company_lookup.told("PT Batu Karang", view, says_where=True)
    assert not PROMISE.search(told)
    assert choices == ()


# Immigration offices


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("bikin paspor di tulungagung dimana?", ("Kabupaten Tulungagung",), id="one"),
        pytest.param(
            "bikin paspor di lombok dimana?",
            ("Kota Mataram", "Kabupaten Lombok Timur", "Kantor Imigrasi Mataram"),
            id="an island",
        ),
        pytest.param(
            "bikin paspor di blitar dimana?",
            ("Kota Blitar", "Kabupaten Blitar"),
            id="two of a name",
        ),
    ],
)
def test_a_place_in_the_text_goes_before_the_contacts(
    villager: Person, text: str, says: tuple[str, ...]
) -> None:
    settle_in(villager, "33.02")
    told = villager.say(text)[0].text
    for part in says:
        assert part in told
    assert "Banyumas" not in told


def test_the_contacts_own_regency_is_answered_for(villager: Person) -> None:
    settle_in(villager, "35.04")
    told = villager.say("kantor imigrasi terdekat dimana ya")[0].text
    assert "Untuk Kabupaten Tulungagung" in told
    assert "Alamat dan jam bukanya belum kami punya" in told


def test_without_a_place_it_is_asked_for_and_then_answered(villager: Person) -> None:
    first = text_of(villager.say("kantor imigrasi terdekat dimana ya"))
    assert first.count("Tulis nama desa") == 1
    told = text_of(villager.say("tulungagung"))
    assert "Untuk Kabupaten Tulungagung" in told
    with villager.app.database.read() as db:
        assert villager.contact(db).area_code == "35.04"


def test_who_declined_to_say_is_asked_again_only_in_the_answer(villager: Person) -> None:
    villager.say("brp biaya bikin paspor")
    villager.say("lewati")
    told = villager.say("kantor imigrasi terdekat dimana ya")
    assert len(told) == 1
    assert "Tulis nama desa atau kabupatennya" in told[0].text
    assert "Untuk Kabupaten Tulungagung" in text_of(villager.say("tulungagung"))


def test_a_village_given_for_another_reason_brings_no_office(villager: Person) -> None:
    villager.say("brp biaya bikin paspor")
    assert "Kantor Imigrasi" not in text_of(villager.say("tulungagung"))


def test_an_entry_opened_by_tap_names_the_office(villager: Person) -> None:
    settle_in(villager, "35.04")
    assert "Untuk Kabupaten Tulungagung" in text_of(villager.tap("a:paspor-lokasi"))


def test_every_regency_has_an_office_to_name(view: View, thinking: Thinking) -> None:
    for code, (office, basis) in view.offices.of_regency.items():
        area = thinking.places.area(code)
        assert area is not None
        told = office_lookup.of_area(area, view)
        assert told is not None
        assert view.offices.by_code[office].name in told
        assert ("perkiraan" in told) is (basis == "terdekat")
        assert "belum dipastikan petugas" in told
        assert "Detensi" not in told


def test_a_province_has_no_one_office(view: View) -> None:
    province = view.places.area("35")
    assert province is not None
    assert office_lookup.of_area(province, view) is None


@pytest.mark.parametrize(
    ("text", "found", "answers"),
    [
        pytest.param(
            "biaya bikin paspor berapa? kantor imigrasi di brebes dimana?",
            "Untuk Kabupaten Brebes",
            ("Rp650.000", "kantor imigrasi mana pun"),
            id="an office",
        ),
        pytest.param(
            "biaya bikin paspor berapa? cara cek pt resmi p3mi di mana? PT Maju Mundur",
            "Soal PT Maju Mundur",
            ("Rp650.000", "nama PT"),
            id="a company",
        ),
    ],
)
def test_what_the_second_question_names_is_looked_up(
    villager: Person, text: str, found: str, answers: tuple[str, ...]
) -> None:
    told = villager.say(text)[0].text
    assert told.count(found) == 1
    for answer in answers:
        assert answer in told


# Offices abroad


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(
            "nomor KBRI di Kamboja",
            ("KBRI Phnom Penh", "8 Desember 2025", "belum dipastikan petugas"),
            id="a country",
        ),
        pytest.param("kjri penang", ("kemlu.go.id/penang", "Kementerian Luar Negeri"), id="a city"),
    ],
)
def test_the_number_of_an_office_abroad(villager: Person, text: str, says: tuple[str, ...]) -> None:
    told = villager.say(text)[0].text
    for part in says:
        assert part in told


@pytest.mark.parametrize(
    ("text", "is_given"),
    [
        pytest.param("paspor hilang di taiwan, apa harus lapor ke kdei?", True, id="asked"),
        pytest.param("dulu saya di taiwan ga digaji, taun lalu dipulangin kdei", False, id="told"),
    ],
)
def test_an_office_in_another_question_is_given_after_the_answer(
    app: App, view: View, text: str, is_given: bool
) -> None:
    meaning = app.resources.understand(text, state=ConversationState(), recent=())
    found = lookups.find("luar-splp", text, view, meaning=meaning)
    assert (found is not None) is is_given
    if found is not None:
        assert "KDEI Taipei" in found.text
        assert not found.leads


def test_a_confirmed_number_carries_no_caution(app: App, thinking: Thinking) -> None:
    knowledge = app.resources.knowledge
    faq = replace(knowledge.faq, confirmed=frozenset({"kbri-phnom-penh"}))
    app.resources.knowledge = replace(knowledge, faq=faq)
    told = Person(app, "warga-1").say("nomor KBRI di Kamboja")[0].text
    line = next(line for line in told.splitlines() if line.startswith("- KBRI Phnom Penh: "))
    assert "belum dipastikan" not in line


def test_a_darurat_reply_holds_no_number_of_the_registers(app: App, villager: Person) -> None:
    told = text_of(
        villager.say("tolong saya dikurung majikan di kamboja dipukuli, nomor kbri berapa")
    )
    assert "Balas 1 aman" in told
    numbers = {
        helpline.number
        for id, helpline in app.resources.knowledge.faq.helplines.items()
        if id.startswith(("kbri", "kjri", "kanim")) and helpline.number
    }
    assert numbers
    assert not any(number in told for number in numbers)
