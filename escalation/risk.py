"""Does a message tell of trafficking (TPPO) or people smuggling (TPPM), how grave, and why.

Rules find indicators by their words and judge how they are meant; the trained model weighs the
whole message. Rules alone work, with more false alarms. Every escalation names an indicator and
the villager's own words for it. A conversation is as grave as its gravest message, unless a later
one resolves or takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

from escalation.entities import Entities, EntityReader
from escalation.entities_phones import take_phones
from escalation.risk_indicators import IndicatorBook
from escalation.risk_model import OFFER, Judgement, RiskModel, reach_level
from escalation.risk_reading import Reading
from escalation.risk_reasons import order_signs, quote_of
from escalation.risk_scope import (
    Scope,
    asks_in_general,
    explains_away,
    is_everyday,
    scope_of,
    speaks_of_offer,
)
from knowledge.text import Words

# Fewer telling words say too little for the model ("ini", "mlm kak", "dendanya?"); an indicator's
# words still count.
LEAST_CONTENT = 3
# A few words without any indicator's must score clearly above a limit ("dia pakai baju merah pak").
TERSE_WORDS, CLEAR_MARGIN = 6, 1.0
# Log-odds below the limit of `tinggi` from which the model overrules an urgent sign in a few words,
# unless the writer or a relative figures in it, or a call for help: "saya disekap" is not doubted.
URGENT_DOUBT = 2.0
CONCERNED = ("saya", "keluarga", "tolong")
FRAGMENT_WORDS, FULL_WORDS = 6, 9
JOINED_MESSAGES = 3  # a report often comes in pieces; the last ones are also read as one
SURE_WEIGHT, LOOK_WEIGHT = 7, 4  # sums of weights, from the level rules of the indicator list
NEAR_SHARE = 0.5  # of the chance from which a message is escalated: so much is near
RULES_ONLY_SCORE = {"tidak": 0.0, "rendah": 0.05, "sedang": 0.3, "tinggi": 0.6, "darurat": 0.9}
SUICIDE, HOME_VIOLENCE = "putus-asa-mengakhiri-hidup", "kekerasan-rumah-tangga"
# Signs of harm to the body, done by whomever.
BODILY = frozenset({SUICIDE, HOME_VIOLENCE, "disiksa-fisik", "ancaman-bunuh-organ"})
# Groups that show an employer, agent or recruiter in the message.
OTHERS = ("perekrut", "majikan", "rawan", "judol", "tampung", "abk", "gaji_neg", "luar_negeri")


class Level(StrEnum):
    """How grave: `darurat` someone is in danger now … `tidak` nothing."""

    DARURAT = "darurat"
    TINGGI = "tinggi"
    SEDANG = "sedang"
    RENDAH = "rendah"
    TIDAK = "tidak"

    @property
    def rank(self) -> int:
        """0 for `tidak` to 4 for `darurat`."""
        return _RANKS.index(self)

    @property
    def escalated(self) -> bool:
        """Say whether an officer sees it: `sedang` or above."""
        return self.rank >= Level.SEDANG.rank

    def at_most(self, other: Level) -> Level:
        """Return the lower of the two levels."""
        return min(self, other, key=lambda level: level.rank)

    def at_least(self, other: Level) -> Level:
        """Return the graver of the two levels."""
        return max(self, other, key=lambda level: level.rank)


SHORT_WORDS = 10
"""A message this short says one thing: an urgent sign in it decides alone."""

_RANKS = (Level.TIDAK, Level.RENDAH, Level.SEDANG, Level.TINGGI, Level.DARURAT)


class Kind(StrEnum):
    """What it is; `krisis` and `kekerasan` only where no employer, agent or recruiter figures."""

    TPPO = "TPPO"
    TPPM = "TPPM"
    KRISIS = "krisis"
    KEKERASAN = "kekerasan"


@dataclass(frozen=True, slots=True)
class Indication:
    """An indicator and the villager's words that show it."""

    id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The judgement of a conversation; `why` is for officers, `score` the chance that it is red.

    `is_near`: not escalated, though little was missing. `area_reason` says for officers that the
    level was raised by where the writer lives, and why.
    """

    level: Level
    kind: Kind | None
    score: float
    indications: tuple[Indication, ...]
    entities: Entities
    why: tuple[str, ...]
    is_near: bool = False
    area_reason: str = ""


class RiskEngine:
    """Assesses conversations with the packaged indicators and, if there is one, a model."""

    def __init__(
        self, book: IndicatorBook, *, entities: EntityReader, model: RiskModel | None
    ) -> None:
        self._book = book
        self._entities = entities
        self._model = model
        self._limits = model.limits if model else {}

    @classmethod
    def load(cls, *, words: Words, model: RiskModel | None) -> RiskEngine:
        """Return an engine with the packaged indicators and countries."""
        return cls(IndicatorBook.load(words=words), entities=EntityReader.load(), model=model)

    def assess(self, messages: Sequence[str]) -> Assessment:
        """Return the judgement of one conversation's last messages, oldest first.

        Raises ValueError if there is none.
        """
        if not messages:
            raise ValueError("no message to assess")
        readings = [self._book.read(text) for text in messages]
        talk = len(messages) > 1
        gravest = self._assess_part(readings[-1], of_talk=talk)
        taken_back = explains_away(readings[-1]) is not None and not self._real(readings[-1])
        if taken_back and talk:
            level = gravest.level.at_most(Level.RENDAH)
            gravest = replace(gravest, level=level, is_near=False)
        for at in range(len(readings) - 2, -1, -1):
            earlier = self._assess_part(readings[at], of_talk=talk)
            if earlier.level.rank > gravest.level.rank:
                gravest = self._after(earlier, readings[at + 1 :])
        if talk and not taken_back:
            whole = self._book.read("\n".join(messages[-JOINED_MESSAGES:]))
            joined = self._assess_part(whole, of_talk=talk)
            if joined.level.rank > gravest.level.rank:
                gravest = joined
        kind = gravest.kind if gravest.level.escalated else None
        return replace(gravest, kind=kind, entities=self._entities.read("\n".join(messages)))

    def _after(self, earlier: Assessment, later: Sequence[Reading]) -> Assessment:
        """Return the earlier judgement, lowered if a later message takes it back."""
        for reading in later:
            scope = explains_away(reading)
            if scope is None or self._real(reading):
                continue
            level = Level.RENDAH if scope is Scope.RESOLVED else Level.TIDAK
            reason = f"Turun dari {earlier.level}: pesan sesudahnya menyatakan {scope}."
            return replace(earlier, level=level, why=(*earlier.why, reason), is_near=False)
        return earlier

    def _assess_part(self, reading: Reading, *, of_talk: bool) -> Assessment:
        """Return the judgement of one message; a fragment of a talk interrupts nobody by itself.

        "dendanya?" means little without what went before: beyond `sedang` (or `tidak` if it is
        short) an indicator's own words are needed.
        """
        found = self._assess_one(reading)
        if not of_talk or self._real(reading):
            return found
        if len(reading.words) >= FULL_WORDS and "\n" not in reading.text:
            return found
        short = len(reading.words) < FRAGMENT_WORDS
        return replace(found, level=found.level.at_most(Level.TIDAK if short else Level.SEDANG))

    def _real(self, reading: Reading) -> list[str]:
        return [hit.id for hit in reading.hits if scope_of(hit, reading) is Scope.REAL]

    def _assess_one(self, reading: Reading) -> Assessment:
        scopes = {hit.id: scope_of(hit, reading) for hit in reading.hits}
        real = [name for name, scope in scopes.items() if scope is Scope.REAL]
        judged = self._judge(reading, real)
        level, why = self._rule_level(real)
        score, is_near = RULES_ONLY_SCORE[level], True
        if judged and self._model:
            is_near = judged.probability >= NEAR_SHARE * self._model.least_chance
            level = self._weigh(judged, reading, real)
            score = judged.probability
            why = [f"Model: peluang kasus nyata {score:.0%}."]
        if HOME_VIOLENCE in real:
            level = level.at_least(Level.SEDANG)
        if SUICIDE in real:
            level = Level.DARURAT
        ids = self._order(real, judged, escalated=level.escalated)
        indications = tuple(Indication(name, quote_of(name, reading, self._model)) for name in ids)
        for name, scope in scopes.items():
            if scope is not Scope.REAL and name not in ids:
                why.append(f"{self._book.indicators[name].name}: {scope}, tidak dihitung.")
        for found in self._book.combine(ids):
            why.append(f"{found.reason}")
        kind = self._kind(ids, real, reading, judged) if level.escalated else None
        is_near = is_near and not level.escalated
        return Assessment(level, kind, score, indications, Entities(), tuple(why), is_near)

    def _weigh(self, judged: Judgement, reading: Reading, real: Sequence[str]) -> Level:
        """Return the model's level, with what the rules know better."""
        margin = 0.0
        if len(reading.words) <= TERSE_WORDS and not real:
            margin = inf if is_everyday(reading) else CLEAR_MARGIN
        level = Level(reach_level(judged, self._limits, margin=margin))
        if not level.escalated and self._is_bad_offer(judged, reading):
            level = Level.SEDANG
        if level is Level.TIDAK and real:
            level = Level.RENDAH
        if level.escalated and any(
            Level(item.level).rank > level.rank for item in self._book.combine(real)
        ):
            level = _RANKS[level.rank + 1]
        if not self._is_urgent(real):
            return level
        general = not level.escalated and asks_in_general(reading)
        told = any(reading.tags.get(name) for name in CONCERNED)
        doubted = judged.severity["tinggi"] < self._limits["tinggi"] - URGENT_DOUBT and not told
        if len(reading.words) <= SHORT_WORDS and not general and not doubted:
            # The model has seen long stories; "saya disekap" is danger in two words, "apakah data
            # saya dijual?" is not.
            return Level.DARURAT
        # Model and rules each see danger, though the model is not sure how grave.
        return Level.DARURAT if level is Level.TINGGI else level

    def _is_bad_offer(self, judged: Judgement, reading: Reading) -> bool:
        """Say whether a message passes on an offer of work that looks wrong by itself."""
        if judged.severity[OFFER] < self._limits[OFFER]:
            return False
        return speaks_of_offer(reading) or bool(take_phones(reading.text)[0])

    def _judge(self, reading: Reading, real: Sequence[str]) -> Judgement | None:
        if self._model is None or (reading.content < LEAST_CONTENT and not real):
            return None
        return self._model.judge(reading)

    def _is_urgent(self, real: Sequence[str]) -> bool:
        return any(self._book.indicators[name].urgent for name in real)

    def _rule_level(self, real: Sequence[str]) -> tuple[Level, list[str]]:
        """Return the level by the rules of the indicator list, and its reasons."""
        found = [self._book.indicators[name] for name in real]
        if not found:
            return Level.TIDAK, []
        total, top = sum(item.weight for item in found), max(item.weight for item in found)
        level = Level.RENDAH
        if top >= 3 or total >= LOOK_WEIGHT:
            level = Level.SEDANG
        if top >= 4 or total >= SURE_WEIGHT:
            level = Level.TINGGI
        if any(item.urgent for item in found):
            level = Level.DARURAT
        why = [f"{item.name} (bobot {item.weight})." for item in found]
        for combination in self._book.combine(real):
            level = level.at_least(Level(combination.level))
        return level, why

    def _order(
        self, real: Sequence[str], judged: Judgement | None, *, escalated: bool
    ) -> list[str]:
        if judged is None or not escalated:
            return sorted(real, key=lambda name: -self._book.indicators[name].weight)
        return order_signs(real, judged.indicators)

    def _kind(
        self, ids: Sequence[str], real: Sequence[str], reading: Reading, judged: Judgement | None
    ) -> Kind:
        private = {SUICIDE: Kind.KRISIS, HOME_VIOLENCE: Kind.KEKERASAN}
        own = [private[name] for name in (*ids[:1], *real) if name in private]
        at_work = any(reading.tags.get(name) for name in OTHERS) or any(
            name not in BODILY and self._book.indicators[name].weight >= 3 for name in real
        )
        if own and not at_work:
            return own[0]
        if judged is not None:
            return Kind.TPPM if judged.kinds["TPPM"] > 0 else Kind.TPPO
        group = self._book.indicators[ids[0]].group if ids else ""
        smuggling = group in ("penyelundupan", "orang-asing") or (ids and ids[0] == "jalur-tikus")
        return Kind.TPPM if smuggling else Kind.TPPO


def as_json(assessment: Assessment) -> dict[str, object]:
    """Return the judgement as the `assess` command writes it."""
    return {
        "level": assessment.level.value,
        "jenis": assessment.kind.value if assessment.kind else None,
        "score": round(assessment.score, 4),
        "indicators": [{"id": item.id, "quote": item.quote} for item in assessment.indications],
        "entities": assessment.entities.as_json(),
    }
