"""The rows of questions as data: they fit a phone, name what is known, and say nothing telling."""

import itertools
import re
from collections.abc import Iterator

import pytest

from bot.app import Thinking
from escalation.risk import Level
from handlers import flows, offer_check
from handlers.flow_data import Flow, FlowBook, Question
from handlers.flow_state import FlowState
from handlers.state import ConversationState
from handlers.texts import tidy
from handlers.turn import View

BUTTON_TITLE_CHARS = 20
LIST_ROWS = 10
BODY_CHARS = 1_024
"""WhatsApp Cloud API, interactive messages: longest body."""

MOST_QUESTIONS = 8


@pytest.fixture(scope="module")
def book(thinking: Thinking) -> FlowBook:
    return thinking.flows


def questions(book: FlowBook) -> Iterator[tuple[Flow, Question]]:
    return ((flow, one) for flow in book.flows.values() for one in flow.questions)


def test_no_row_is_longer_than_eight(book: FlowBook) -> None:
    assert all(len(flow.questions) <= MOST_QUESTIONS for flow in book.flows.values())


def test_what_is_asked_fits_a_phone_and_every_messenger(book: FlowBook) -> None:
    for _, question in questions(book):
        assert len(question.text) < 160
        assert len(question.options) + 1 <= LIST_ROWS
        assert all(len(option.title) <= BUTTON_TITLE_CHARS for option in question.options)


def test_a_word_means_one_answer(book: FlowBook) -> None:
    for flow, question in questions(book):
        words = [word for one in question.options for word in {*one.words, tidy(one.title)}]
        assert len(words) == len(set(words)), (flow.name, question.id)


def test_what_an_answer_means_is_known(book: FlowBook) -> None:
    offer = book.flows[flows.OFFER]
    for option in (one for question in offer.questions for one in question.options):
        assert option.says is None or option.says in offer.rules
    for question_id, option_id in offer.read_as.values():
        question = offer.question(question_id)
        assert question is not None
        assert question.option(option_id) is not None
    assert set(offer.read_only.values()) <= set(offer.rules)


def test_an_unknown_indicator_stops_the_start() -> None:
    with pytest.raises(ValueError, match="unknown indicators"):
        FlowBook.load(weights={})


def test_reasons_are_general_and_accuse_nobody(book: FlowBook, thinking: Thinking) -> None:
    for rule in book.flows[flows.OFFER].rules.values():
        assert rule.reason not in thinking.names.indicators.values()
        assert not re.search(r"penipu|korban|pelaku|sindikat|tppo|bobot|skor", rule.reason, re.I)


@pytest.mark.parametrize(
    ("weights", "level"),
    [
        ((), Level.TIDAK),
        ((2,), Level.RENDAH),
        ((2, 2), Level.SEDANG),
        ((3,), Level.SEDANG),
        ((3, 3), Level.SEDANG),
        ((3, 2, 2), Level.TINGGI),
        ((4,), Level.TINGGI),
    ],
)
def test_weights_give_the_level_as_in_the_indicator_list(
    weights: tuple[int, ...], level: Level
) -> None:
    assert offer_check.level_of(weights) == level


def test_every_result_fits_gives_two_reasons_at_most_and_promises_nothing(view: View) -> None:
    """All pairs of answers: the rest is skipped."""
    offer = view.flows.flows[flows.OFFER]
    answers = [(one.id, option.id) for one in offer.questions for option in one.options]
    for first, second in itertools.combinations(answers, 2):
        given = FlowState(flows.OFFER).with_answer(*first).with_answer(*second)
        turn = offer_check.finish(ConversationState(), given, view)
        text = turn.replies[0].text
        reasons = text.partition(offer.texts["perhatikan"])[2].partition("\n\n")[0]
        assert reasons.count("\n- ") <= 2
        assert len(text) <= BODY_CHARS
        assert not re.search(r"penipu|korban|dijamin|pasti aman|skor", text, re.I)
        assert not any(id in text for id in view.flows.weights)
        assert turn.question is not None
        assert turn.question.kind == "masukan"


def test_the_longest_result_fits(view: View) -> None:
    offer = view.flows.flows[flows.OFFER]
    given = FlowState(flows.OFFER)
    for question in offer.questions:
        risky = [option for option in question.options if option.says is not None]
        if risky:
            given = given.with_answer(question.id, risky[-1].id)
    assert len(offer_check.finish(ConversationState(), given, view).replies[0].text) <= BODY_CHARS


@pytest.mark.parametrize(
    ("text", "is_advert"),
    [
        pytest.param(
            "LOKER URGENT jaga toko Penang gaji 12jt fasilitas mess, syarat KTP, wa 08123456789",
            True,
            id="an advertisement",
        ),
        pytest.param("ada lowongan kerja ke taiwan ga pak, gaji berapa", False, id="a question"),
        pytest.param(
            "saya kerja di malaysia sudah dua tahun, majikan tidak bayar upah, saya mau pulang",
            False,
            id="a story",
        ),
    ],
)
def test_an_advertisement_is_known_by_its_words(book: FlowBook, text: str, is_advert: bool) -> None:
    assert book.flows[flows.OFFER].reads_like_advert(text) == is_advert


@pytest.mark.parametrize(
    ("question", "text", "option"),
    [
        ("biaya", "udah dp 2 juta kak", "sudah"),
        ("biaya", "belum bayar sih", "diminta"),
        ("dokumen", "ijazah dipegang sponsornya", "dipegang"),
        ("dokumen", "ga dipegang siapa siapa", None),
        ("siapa", "orang pt katanya", "pt"),
        ("kontrak", "blm lihat", "belum"),
        ("berangkat", "katanya besok pagi", "sekarang"),
        ("berangkat", "entahlah", None),
        ("biaya", "disuruh transfer 5 juta", None),
    ],
)
def test_an_answer_in_other_words_is_read(
    book: FlowBook, question: str, text: str, option: str | None
) -> None:
    offer = book.flows[flows.OFFER]
    asked = offer.question(question)
    assert asked is not None
    found = asked.option_in(text, negations=offer.words["bukan"])
    assert (found.id if found else None) == option
