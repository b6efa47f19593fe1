"""Phrasings as an editor pastes them: tidied, their language guessed, clashes pointed out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.resources import Resources
from knowledge.matcher import Candidate
from knowledge.text import Words
from knowledge.variants import MAX_TEXT_CHARS, Variant

DUPLICATE_FROM = 0.93
"""Cosine from which a phrasing says nothing that another does not say."""

CONFLICT_FROM = 0.35
CONFLICT_RATIO = 2.0
"""A phrasing rather asks for another entry that reaches this probability, twice that of its own."""

HOME_LANGUAGE = "id"
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Remark:
    """What an editor should know of one pasted phrasing."""

    text: str
    language: str
    duplicate_of: str | None = None
    duplicate_slug: str | None = None
    rather: str | None = None
    """The entry that this phrasing is more like."""

    share: float = 0.0


def read_pasted(texts: Iterable[str], *, slug: str, words: Words) -> tuple[Variant, ...]:
    """Give the phrasings of an editor, without repeats; a regional one waits to be read."""
    found: dict[str, Variant] = {}
    for text in texts:
        tidy = " ".join(text.split())[:MAX_TEXT_CHARS]
        if not tidy or len(found) >= AT_ONCE:
            continue
        language = words.guess_language(tidy)
        is_home = language == HOME_LANGUAGE
        register = "santai" if is_home else "daerah"
        found[tidy] = Variant(slug, tidy, language, register, reviewed=is_home)
    return tuple(found.values())


def remarks(variants: Sequence[Variant], *, resources: Resources) -> list[Remark]:
    """Compare phrasings with the published ones; two milliseconds each."""
    matcher = resources.knowledge.matcher
    found = []
    for variant in variants:
        remark = Remark(variant.text, variant.lang)
        near = matcher.nearest(variant.text)
        if near is not None and near[0] >= DUPLICATE_FROM:
            like = near[1]
            remark = Remark(variant.text, variant.lang, like.text, like.slug)
        candidates = matcher.match(variant.text).candidates
        best, own = candidates[0], _own_share(candidates, variant.slug)
        if best.score >= CONFLICT_FROM and best.score >= CONFLICT_RATIO * own:
            remark = Remark(
                variant.text,
                variant.lang,
                remark.duplicate_of,
                remark.duplicate_slug,
                best.slug,
                best.score,
            )
        found.append(remark)
    return found


def _own_share(candidates: Sequence[Candidate], slug: str) -> float:
    return next((one.score for one in candidates if one.slug == slug), 0.0)
