"""What a register knows of the very place or company a question names, put into its answer.

A lookup never stands in a darurat reply: its numbers are not confirmed (invariant 11).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers import company_lookup, office_lookup
from handlers.company_lookup import CHECK
from handlers.messages import Choice, OutboundMessage
from handlers.state import Awaiting, ConversationState
from handlers.turn import Turn, Understanding, View
from knowledge.answer import Decision, DecisionKind
from knowledge.companies import asks_about_company, company_in
from knowledge.places import Area
from knowledge.render import helpline_lines
from knowledge.representatives import names_office, representatives

ABROAD = "kontak-kbri"
MINISTRY = "kemlu"
"""Whom to ask where an office abroad has no number here."""

COMPANY_SLUGS = frozenset({CHECK, "pmi-cek-lowongan", "pmi-sponsor", "tppo-loker-palsu"})
"""Entries of people who weigh an offer: there the register's word on a company belongs."""

PLAUSIBLE = 0.2
"""A lookup that the text surely asks for decides between entries from this probability on."""

SURE_TOGETHER = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """What to add to an answer: before it, or after it where it only completes it."""

    text: str
    choices: tuple[Choice, ...] = ()
    leads: bool = True
    needs_area: bool = False
    """Whether the area must be known before more can be said."""


def settled(meaning: Understanding, view: View) -> Understanding:
    """Give the meaning with the entry decided, where what a text names leaves no doubt of it.

    A company's name may hold words of another topic ("PT Maju Mandiri"), and a country one of
    its own, so that the matcher alone would ask back.
    """
    decision = meaning.decision
    if meaning.also is not None:
        # Two questions are only taken for two where nothing is in doubt.
        return meaning
    scores = {candidate.slug: candidate.score for candidate in decision.candidates}
    best = [candidate.slug for candidate in decision.candidates[:2]]
    slug = None
    if asks_about_company(meaning.text):
        slug = None if decision.slug in COMPANY_SLUGS else CHECK
        if decision.kind != DecisionKind.ANSWER and asks_about_company(meaning.text, surely=True):
            scores[CHECK] = max(scores.get(CHECK, 0.0), PLAUSIBLE)
    elif decision.kind != DecisionKind.CHOICES:
        return meaning
    elif names_office(meaning.text) and _abroad(meaning.text, view, meaning=meaning):
        slug = ABROAD
    elif office_lookup.SLUGS.issuperset(best) and sum(map(scores.__getitem__, best)) >= (
        SURE_TOGETHER
    ):
        slug = best[0]
    if slug is None or scores.get(slug, 0.0) < PLAUSIBLE or slug not in view.faq.entries:
        return meaning
    return replace(meaning, decision=_answer(decision, slug, scores[slug]))


def _answer(decision: Decision, slug: str, score: float) -> Decision:
    return replace(decision, kind=DecisionKind.ANSWER, slug=slug, score=score)


def find(
    slug: str,
    text: str,
    view: View,
    *,
    meaning: Understanding | None = None,
    says_where: bool = True,
) -> Found | None:
    """Give what a register adds to the answer of an entry; None where it adds nothing.

    `text` is what was asked; `meaning` is left out where an entry was opened by a tap.
    `says_where`: add where to check a company, for answers that do not say it.
    """
    weighs = slug in COMPANY_SLUGS or asks_about_company(text, surely=True)
    if weighs and (company := company_in(text)):
        told, choices = company_lookup.told(company, view, says_where=says_where)
        return Found(told, choices)
    if slug in office_lookup.SLUGS:
        located = meaning.located if meaning else view.places.locate(text)
        offices = office_lookup.told(located, view)
        if offices is None:
            return Found(view.texts.say("cari.kantor.tanya"), needs_area=True)
        return Found(offices)
    is_asked = "?" in text or view.texts.has_any(text, "bertanya")
    if slug == ABROAD or (names_office(text) and is_asked):
        lines = _abroad(text, view, meaning=meaning)
        return Found(lines, leads=slug == ABROAD) if lines else None
    return None


def find_all(
    slugs: Sequence[str], text: str, view: View, *, meaning: Understanding | None = None
) -> tuple[Found, ...]:
    """Give what registers add to the answers of entries, in their order and each thing once."""
    says_where = CHECK not in slugs
    found = [find(slug, text, view, meaning=meaning, says_where=says_where) for slug in slugs]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _abroad(text: str, view: View, *, meaning: Understanding | None) -> str:
    """Give the offices of the country or city that a text names, each number with its date."""
    named = meaning.alone.entities.destinations if meaning else ()
    countries = [code for code in named if code != "ID"]
    helplines = view.faq.helplines
    offices = list(representatives(helplines.values(), text, countries=countries))
    if not offices and not countries:
        return ""
    if not any(office.number for office in offices) and MINISTRY in helplines:
        offices.append(helplines[MINISTRY])
    return helpline_lines(offices, confirmed=view.faq.confirmed)


def joined(
    message: OutboundMessage, found: Sequence[Found], state: ConversationState, view: View
) -> OutboundMessage:
    """Give an answer with what was found."""
    # A first answer is followed by the question for the village anyway.
    is_asked = view.area is None and state.villages_asked == 0
    told = [one for one in found if not (one.needs_area and is_asked)]
    before = [one.text for one in told if one.leads]
    after = [one.text for one in told if not one.leads]
    choices = tuple(choice for one in told for choice in one.choices)
    text = "\n\n".join([*before, message.text, *after])
    return replace(message, text=text, choices=(*choices, *message.choices))


def awaiting_area(turn: Turn, found: Sequence[Found]) -> Turn:
    """Expect a place next, where one is needed to say more."""
    if not any(one.needs_area for one in found):
        return turn
    return replace(turn, state=replace(turn.state, awaiting=Awaiting.VILLAGE, within=None))


def on_area(state: ConversationState, area: Area, view: View) -> str:
    """Give the office of an area that somebody names after asking for one; else nothing."""
    if state.last_slug not in office_lookup.SLUGS or office_lookup.is_known(state.within):
        return ""
    return office_lookup.of_area(area, view) or ""
