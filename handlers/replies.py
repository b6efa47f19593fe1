"""Composing what a villager reads: answers with their buttons, warnings, the darurat reply."""

import re
from collections.abc import Sequence
from dataclasses import replace

from escalation.risk import Assessment, Kind, Level
from handlers.hotlines import Danger, Named
from handlers.messages import Choice, OutboundMessage
from handlers.state import FLOW_CHOICE
from handlers.texts import Texts
from handlers.turn import View
from knowledge.entries import Entry
from knowledge.helplines import Helpline
from knowledge.render import first_screen, has_more, rest, spoken_date

RELATED_SHOWN = 2
SHORT_CHARS = 240
"""About as much of each of two answers as a small phone shows of both at once."""

CHOICES_SHOWN = 4
MENU_ROWS = 10
"""Rows of a list on WhatsApp, the smallest of the channels."""

MORE = "m:"
"""How the id of a choice begins that asks for the rest of an entry: slug, then the part."""

CRISIS_LINE = "sehat-jiwa-119"
"""Named only once an admin has confirmed it by a call."""

SENTENCE = re.compile(r"(?<=[.!?])\s+")
NUMBER = re.compile(r"(?<![\w/-])\d{3}(?![\w/]| ribu| juta| orang| hari| kali)|\+?\d[\d -]{6,}\d")
"""What people dial: three digits by themselves, or a longer number."""

BEING_TAKEN = frozenset({"sedang-diberangkatkan", "diajak-diam-diam", "desak-berangkat-cepat"})
"""Indicators of somebody who is about to leave and so is still in Indonesia."""

SUICIDE = "putus-asa-mengakhiri-hidup"
CHILD = frozenset(
    {
        "anak-direkrut-kerja",
        "umur-anak-dipalsukan",
        "anak-eksploitasi-seksual",
        "anak-hilang-dibawa",
    }
)


def answer_id(slug: str) -> str:
    """Give the id of the choice that asks for an entry."""
    return f"a:{slug}"


def button(view: View, name: str, id: str) -> Choice:
    """Give a button with its title from the texts."""
    return Choice(id, view.texts.say(f"tombol.{name}"))


def first_answer(entry: Entry, view: View) -> str:
    """Give the first screen of an entry as it stands today."""
    return first_screen(
        entry, checked_on=view.faq.checked_on.get(entry.slug), today=view.now.date()
    )


def answer(entry: Entry, view: View, *, extra: str = "") -> OutboundMessage:
    """Give an entry's first screen with what can be done next."""
    text = first_answer(entry, view)
    if extra:
        text = f"{text}\n\n{extra}"
    choices = [button(view, "selengkapnya", f"{MORE}{entry.slug}")] if has_more(entry) else []
    choices += [
        button(view, "membantu", f"h:{entry.slug}:ya"),
        button(view, "tidak_membantu", f"h:{entry.slug}:tidak"),
        button(view, "petugas", "petugas"),
    ]
    choices += flow_choices([entry.slug], view)
    choices += related(entry, view)
    return OutboundMessage(text, tuple(choices))


def both_answers(first: Entry, second: Entry, view: View, *, extra: str = "") -> OutboundMessage:
    """Give two entries in short, with a button for the whole of each."""
    shown = (first, second)
    parts = [
        f"{view.texts.say('dua_judul', judul=entry.title)}\n{_short(entry, view)}"
        for entry in shown
    ]
    choices = (*map(entry_choice, shown), button(view, "menu", "menu"))
    return OutboundMessage("\n\n".join([*parts, extra] if extra else parts), choices)


def _short(entry: Entry, view: View) -> str:
    """Give the first sentences of an answer, one at least, with its source line."""
    said = ""
    for sentence in SENTENCE.split(entry.answer):
        if said and len(said) + len(sentence) > SHORT_CHARS:
            break
        said = f"{said} {sentence}".strip()
    return first_answer(replace(entry, answer=said), view)


def more(entry: Entry, view: View, *, part: int = 0) -> OutboundMessage:
    """Give one part of the rest of an entry, with the way to the next; past the last the first."""
    parts = rest(entry, helplines=view.faq.helplines, confirmed=view.faq.confirmed)
    part = part if part < len(parts) else 0
    if part + 1 < len(parts):
        onward = button(view, "selengkapnya", f"{MORE}{entry.slug}:{part + 1}")
        return OutboundMessage(parts[part], (onward, button(view, "petugas", "petugas")))
    choices = (
        button(view, "membantu", f"h:{entry.slug}:ya"),
        button(view, "tidak_membantu", f"h:{entry.slug}:tidak"),
        button(view, "petugas", "petugas"),
        *related(entry, view),
    )
    return OutboundMessage(parts[part] if parts else view.texts.say("tidak_ada_lagi"), choices)


def related(entry: Entry, view: View) -> list[Choice]:
    """Give choices for the first related entries."""
    slugs = [slug for slug in entry.related if slug in view.faq.entries]
    return [entry_choice(view.faq.entries[slug]) for slug in slugs[:RELATED_SHOWN]]


def entry_choice(entry: Entry) -> Choice:
    """Give the choice that asks for an entry."""
    return Choice(answer_id(entry.slug), entry.title, entry.question)


def choices(slugs: Sequence[str], view: View, *, extra: str = "") -> OutboundMessage:
    """Ask which of these entries is meant, with a way to a person."""
    entries = [view.faq.entries[slug] for slug in slugs[:CHOICES_SHOWN]]
    text = view.texts.say("pilih")
    if extra:
        # What a danger calls for comes before the question.
        text = f"{extra}\n\n{text}"
    ways = (*flow_choices(slugs[:CHOICES_SHOWN], view), button(view, "petugas", "petugas"))
    return OutboundMessage(text, (*map(entry_choice, entries), *ways))


def flow_choices(slugs: Sequence[str], view: View) -> list[Choice]:
    """Give the buttons of the rows of questions that go with entries."""
    return [
        button(view, name, f"{FLOW_CHOICE}{name}")
        for name, flow in view.flows.flows.items()
        if not flow.offered_with.isdisjoint(slugs)
    ]


def menu(view: View, *, start: int = 0) -> OutboundMessage:
    """Give the topics, a screenful from `start`; who reads little finds the way by tapping."""
    topics = [topic for topic in view.faq.topics if topic.entries]
    rows = [button(view, name, f"{FLOW_CHOICE}{name}") for name in view.flows.flows]
    rows += [Choice(f"t:{topic.id}:0", topic.title) for topic in topics]
    return OutboundMessage(view.texts.say("menu"), _page(rows, start, "menu", view))


def topic_menu(topic_id: str, start: int, view: View) -> OutboundMessage | None:
    """Give the questions of a topic, a screenful from `start`; None for an unknown topic."""
    topic = next((topic for topic in view.faq.topics if topic.id == topic_id), None)
    if topic is None:
        return None
    rows = [entry_choice(entry) for entry in topic.entries]
    text = view.texts.say("menu_topik", topik=topic.title)
    return OutboundMessage(text, _page(rows, start, f"t:{topic_id}", view))


def _page(rows: list[Choice], start: int, id: str, view: View) -> tuple[Choice, ...]:
    """Give the rows that fit one list from `start` on, with the way to the next ones."""
    rest = rows[start:] or rows
    if len(rest) <= MENU_ROWS:
        return tuple(rest)
    shown = rest[: MENU_ROWS - 1]
    return (*shown, button(view, "lainnya", f"{id}:{start + len(shown)}"))


def warning(assessment: Assessment, view: View, *, opens_case: bool) -> str:
    """Give the calm warning that follows an answer; empty where there is nothing to say.

    It says that an officer is told only where that is so.
    """
    texts = view.texts
    if assessment.level in (Level.TINGGI, Level.SEDANG):
        told = "tawaran_dicatat"
        if opens_case:
            told = "petugas_diberi_tahu" if view.is_staffed else "petugas_belum_ada"
        return texts.say(f"waspada_{assessment.level}", petugas=texts.say(told))
    if assessment.level == Level.RENDAH and assessment.indications:
        return texts.say("waspada_rendah")
    return ""


def emergency(assessment: Assessment, entry: Entry | None, view: View) -> OutboundMessage:
    """Compose the darurat reply: neutral opening, one step with one number, then the answer.

    It offers nothing to choose: until the next message 1 and 2 mean safe and not safe.
    """
    texts = view.texts
    ids = {indication.id for indication in assessment.indications}
    named = view.hotlines.of(danger_of(assessment), view.faq)
    parts = [
        texts.say("darurat_awal"),
        advice(named, texts),
        _dated(named.helpline, view),
    ]
    if view.is_staffed:
        parts.append(texts.say("darurat_petugas"))
    if SUICIDE in ids:
        parts.append(texts.say("krisis_juga"))
    if entry is not None and (said := _with_one_number(entry, named.helpline, view)):
        parts.append(said)
    parts.append(texts.say("darurat_akhir"))
    return OutboundMessage("\n\n".join(parts))


def _with_one_number(entry: Entry, helpline: Helpline, view: View) -> str:
    """Give an entry's first screen without the sentences that name a number but the one given.

    Empty where nothing but the source line is left.
    """
    kept = [
        sentence
        for sentence in SENTENCE.split(entry.answer)
        if all(number == helpline.number for number in NUMBER.findall(sentence))
    ]
    if not kept:
        return ""
    return first_answer(replace(entry, answer=" ".join(kept)), view)


def danger_of(assessment: Assessment) -> Danger:
    """Give which number a darurat reply names: that for abroad, for a child, or for Indonesia."""
    ids = {indication.id for indication in assessment.indications}
    named = assessment.entities
    abroad = [code for code in named.destinations if code != "ID" and code not in named.ahead]
    if abroad and not ids & BEING_TAKEN:
        return Danger.ABROAD
    return Danger.CHILD if ids & CHILD else Danger.IN_INDONESIA


def own_danger(assessment: Assessment, view: View) -> OutboundMessage:
    """Give the advice for suicide or violence at home where no recruiter figures."""
    texts = view.texts
    if assessment.kind == Kind.KRISIS:
        text = texts.say("krisis")
        if CRISIS_LINE in view.faq.confirmed:
            line = texts.say("krisis_nomor", nomor=view.faq.helplines[CRISIS_LINE].number)
            text = f"{text}\n{line}"
        return OutboundMessage(text)
    named = view.hotlines.of(Danger.AT_HOME, view.faq)
    return OutboundMessage(f"{advice(named, texts)}\n{_dated(named.helpline, view)}")


def advice(named: Named, texts: Texts) -> str:
    """Give the step that a reply in danger advises, with its one number."""
    if named.danger != Danger.AT_HOME:
        return texts.say(f"darurat_{named.danger}", hubungi=named.said)
    about = f" {named.offered.about}" if named.offered.about else ""
    return texts.say("kekerasan", hubungi=named.said, tentang=about)


def _dated(helpline: Helpline, view: View) -> str:
    source = helpline.source
    return view.texts.say(
        "darurat_nomor", penerbit=source.publisher, tanggal=spoken_date(source.date)
    )
