"""The gate before publishing: no question that was answered right may turn wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from sqlmodel import Session, col, select

from handlers.access import sees_area
from handlers.inbox import BODY
from handlers.masking import mask
from handlers.messages import InboundMessage
from handlers.models import Account, InboxItem, QuestionRecord
from handlers.resources import Knowledge, Resources
from handlers.sealing import Sealer
from handlers.tryout import with_edition
from knowledge import editions, store
from knowledge.answer import AnswerPolicy, DecisionKind, choose
from knowledge.editions import Edition
from knowledge.forms import problems_of
from knowledge.index import FaqIndex
from knowledge.variants import Variant

REPLAYED = 300
"""Newest questions that villagers called answered well; more would keep an editor waiting."""


class Outcome(IntEnum):
    """How well a question finds its entry."""

    MISSED = 0
    OFFERED = 1
    ANSWERED = 2


@dataclass(frozen=True, slots=True)
class Probe:
    """A question and the entry that is right for it. `is_own` was written by an editor.

    `area_code` is where a villager asked it.
    """

    text: str
    slug: str
    is_own: bool
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """A question that finds its entry less well than before.

    A villager's `text` is masked, and "" for whoever may not look at that area.
    """

    text: str
    slug: str
    before: Outcome
    after: Outcome
    instead: str | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Check:
    """What stands against publishing a draft, and what was looked at."""

    problems: tuple[str, ...]
    turned: tuple[Turned, ...]
    missed: tuple[str, ...]
    """Golden questions of this entry that would not find it: worth a phrasing, no reason to stop."""

    asked: int
    replayed: int
    changes_phrasings: bool

    @property
    def is_free(self) -> bool:
        """Tell whether the draft may be published."""
        return not self.problems and not self.turned


@dataclass(frozen=True, slots=True)
class Material:
    """What a check reads from the database before it thinks."""

    draft: Edition
    variants: tuple[Variant, ...]
    probes: tuple[Probe, ...]


def read_material(db: Session, draft: Edition, *, faq: FaqIndex, sealer: Sealer) -> Material:
    """Read the phrasings in force, every golden question, and questions that went well."""
    own = [Probe(row.text, row.slug, is_own=True) for row in editions.golden(db)]
    own += [Probe(row.text, row.slug, is_own=True) for row in editions.golden(db, draft.entry.slug)]
    # The question an editor put above each entry is a golden question from the first day.
    own += [Probe(entry.question, slug, is_own=True) for slug, entry in faq.entries.items()]
    own.append(Probe(draft.entry.question, draft.entry.slug, is_own=True))
    went_well = [probe for probe in _confirmed(db, sealer=sealer) if probe.slug in faq.entries]
    probes = tuple(dict.fromkeys([*own, *went_well]))
    return Material(draft, store.load_variants(db), probes)


def check(material: Material, *, by: Account, resources: Resources) -> Check:
    """Ask every question twice, as things are and as they would be: pure, seconds at most.

    Where no phrasing changes every question finds what it found before, and only those of this
    entry are asked.
    """
    draft, now_known = material.draft, resources.knowledge
    then_known = with_edition(now_known, draft, variants=material.variants)
    problems = tuple(_problems(draft, material.variants, faq=now_known.faq))
    policy = resources.policy
    is_same = then_known.matcher is now_known.matcher
    slug = draft.entry.slug
    asked = [probe for probe in material.probes if not is_same or probe.slug == slug]
    turned, missed = [], []
    for probe in asked:
        after, instead = ask(probe, then_known, policy=policy)
        before = after if is_same else ask(probe, now_known, policy=policy)[0]
        if after < before:
            text = _shown(probe, by=by, resources=resources)
            turned.append(Turned(text, probe.slug, before, after, instead, probe.is_own))
        elif after is Outcome.MISSED and probe.is_own and probe.slug == slug:
            missed.append(probe.text)
    own = sum(probe.is_own for probe in asked)
    return Check(problems, tuple(turned), tuple(missed), own, len(asked) - own, not is_same)


def _shown(probe: Probe, *, by: Account, resources: Resources) -> str:
    if probe.is_own:
        return probe.text
    is_seen = sees_area(by.area_code, probe.area_code)
    return mask(probe.text, entities=resources.entities) if is_seen else ""


def ask(probe: Probe, knowledge: Knowledge, *, policy: AnswerPolicy) -> tuple[Outcome, str | None]:
    """Give how well a question finds its entry, and what is answered instead where something is."""
    decision = choose(knowledge.matcher.match(probe.text), policy=policy)
    if decision.kind is DecisionKind.ANSWER:
        right = decision.slug == probe.slug
        return (Outcome.ANSWERED, None) if right else (Outcome.MISSED, decision.slug)
    if probe.slug in (candidate.slug for candidate in decision.choices):
        return Outcome.OFFERED, None
    return Outcome.MISSED, None


def _problems(draft: Edition, variants: tuple[Variant, ...], *, faq: FaqIndex) -> Iterable[str]:
    entry = draft.entry
    yield from problems_of(entry, slugs=faq.entries.keys(), helplines=faq.helplines)
    if all(topic.id != entry.topic for topic in faq.topics):
        yield f"`topic` tidak ada: {entry.topic}"
    after = editions.changed_phrasings(variants, draft)
    if not any(variant.slug == entry.slug for variant in after):
        yield "`variants` paling sedikit satu, supaya pertanyaan warga menemukan jawaban ini"


def _confirmed(db: Session, *, sealer: Sealer) -> Iterable[Probe]:
    rows = db.exec(
        select(QuestionRecord.slug, QuestionRecord.area_code, InboxItem.body_sealed)
        .join(InboxItem, col(InboxItem.id) == col(QuestionRecord.inbox_id))
        .where(col(QuestionRecord.helpful).is_(True), col(QuestionRecord.slug).is_not(None))
        .order_by(col(QuestionRecord.id).desc())
        .limit(REPLAYED)
    ).all()
    for slug, area_code, body in rows:
        if body and slug is not None:
            message = InboundMessage.from_json(sealer.open_json(body, purpose=BODY))
            if message.text.strip():
                yield Probe(message.text, slug, is_own=False, area_code=area_code)
