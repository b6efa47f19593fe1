"""Which areas fit a text best: mentions that lie in one another support each other."""

from collections import defaultdict
from dataclasses import dataclass

from knowledge.place_atlas import Atlas
from knowledge.place_mentions import Kind, Mention, Words

SPAN_COST = 0.1  # one long name is likelier than two short ones over the same words
TIE = 0.08
TIE_WITH_SLIPS = 0.25  # a reading that needs typing slips must be clearly the best
NEAR = 4  # words between two names that still belong together
WITHIN_BONUS = 0.9  # the area asked about before counts almost like a name


@dataclass(frozen=True, slots=True)
class Chain:
    """An area with the mentions that speak for it and for the areas above it."""

    area: int
    score: float
    mentions: tuple[Mention, ...]  # its own first
    within: bool  # lies in the area asked about before

    @property
    def spans(self) -> frozenset[tuple[int, int]]:
        """The words used."""
        return frozenset((mention.start, mention.end) for mention in self.mentions)


def build_chains(
    mentions: list[Mention], *, words: Words, atlas: Atlas, within: int | None
) -> list[Chain]:
    """All chains that hold, best first."""
    by_area: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        for area in mention.areas:
            by_area[area].append(mention)
    chains = []
    for area in by_area:
        lineage = [by_area.get(above, []) for above in atlas.lineage(area)]
        inside = within is not None and area != within and atlas.is_within(area, within)
        best = max(
            (_assemble(area, own, lineage, inside=inside) for own in lineage[0]),
            key=lambda chain: chain.score,
        )
        if _holds(best, words=words, atlas=atlas):
            chains.append(best)
    return sorted(chains, key=lambda chain: (-chain.score, atlas.depth(chain.area), chain.area))


def _assemble(
    area: int, own: Mention, same_and_above: list[list[Mention]], *, inside: bool
) -> Chain:
    chosen = [own]
    for level in same_and_above:
        said = {own.key} if level is same_and_above[0] else set()
        for mention in sorted(level, key=lambda m: -m.weight):
            # One area may be named twice in different words: "ende flores", "tts soe".
            if mention.key not in said and all(_fits(mention, used) for used in chosen):
                chosen.append(mention)
                said.add(mention.key)
    if any(not m.weak for m in chosen):
        chosen = [own, *(m for m in chosen[1:] if not m.weak or _near_any(m, chosen))]
    score = sum(mention.weight - SPAN_COST for mention in chosen)
    return Chain(area, score + (WITHIN_BONUS if inside else 0.0), tuple(chosen), inside)


def _fits(mention: Mention, used: Mention) -> bool:
    """Whether both can count; a repeated name does only with a level word or right beside."""
    if mention.overlaps(used):
        return False
    repeated = mention.key == used.key and not (mention.marked or used.marked)
    return not repeated or gap(mention, used) <= 1


def gap(first: Mention, second: Mention) -> int:
    """Words between two mentions."""
    return max(first.start - second.end, second.start - first.end)


def _near_any(mention: Mention, others: list[Mention]) -> bool:
    return any(
        other is not mention and not other.weak and gap(mention, other) <= NEAR for other in others
    )


def _holds(chain: Chain, *, words: Words, atlas: Atlas) -> bool:
    """Whether the text really speaks of this place and does not just use its words."""
    own = chain.mentions[0]
    if own.weak and not chain.within and not _near_any(own, list(chain.mentions)):
        return is_whole(chain, words) and _is_plain_answer(own, chain, atlas)
    return True


def is_whole(chain: Chain, words: Words) -> bool:
    """Whether the chain explains every word that could matter."""
    covered = {place for mention in chain.mentions for place in range(mention.start, mention.end)}
    return all(
        place in covered or kind not in (Kind.NAME, Kind.ORDINARY)
        for place, kind in enumerate(words.kinds)
    )


def _is_plain_answer(own: Mention, chain: Chain, atlas: Atlas) -> bool:
    """An answer that is nothing but ordinary words: a regency, or a name of several words."""
    if own.key in atlas.foreign:
        return False
    several = own.end - own.start > 1 or len(chain.mentions) > 1
    return several or own.marked or atlas.depth(chain.area) <= 1


def tied_with_best(chains: list[Chain], *, atlas: Atlas) -> list[Chain]:
    """The chains no worse than the best, and equally long ones about other words."""
    best = chains[0]
    exact = all(mention.exact for mention in best.mentions)
    tie = TIE if exact else TIE_WITH_SLIPS
    tied = [chain for chain in chains if chain.score >= best.score - tie]
    taken = {span for chain in tied for span in chain.spans}
    rivals = [
        chain
        for chain in chains[len(tied) :]
        if len(chain.mentions) >= len(best.mentions)
        and chain.within == best.within
        and all(_is_free(mention, taken) and _is_sure(mention) for mention in chain.mentions)
    ]
    if rivals:
        top = rivals[0].score
        tied.extend(chain for chain in rivals if chain.score >= top - TIE)
    return _without_lower_readings(tied, atlas)


def _is_sure(mention: Mention) -> bool:
    return not mention.weak and mention.exact


def _is_free(mention: Mention, taken: set[tuple[int, int]]) -> bool:
    return all(mention.end <= start or end <= mention.start for start, end in taken)


def _without_lower_readings(tied: list[Chain], atlas: Atlas) -> list[Chain]:
    """Of readings of the same words: a province or regency before all below; no area in another."""
    kept: list[Chain] = []
    for chain in sorted(tied, key=lambda chain: atlas.depth(chain.area)):
        rivals = [
            other
            for other in kept
            if any(m.overlaps(chain.mentions[0]) for m in other.mentions)
            and other.score >= chain.score - TIE
        ]
        depth = atlas.depth(chain.area)
        if any(atlas.is_within(chain.area, other.area) for other in rivals):
            continue
        if any(_outranks(other.area, depth, atlas) for other in rivals):
            continue
        kept.append(chain)
    order = {chain.area: place for place, chain in enumerate(tied)}
    return sorted(kept, key=lambda chain: order[chain.area])


def _outranks(other: int, depth: int, atlas: Atlas) -> bool:
    higher = atlas.depth(other)
    return higher < depth and (higher <= 1 or other in atlas.capitals)
