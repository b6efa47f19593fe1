"""From a text to the areas it may mean: exact names first, then names with typing slips."""

from knowledge.place_atlas import Atlas
from knowledge.place_chains import Chain, build_chains, gap, tied_with_best
from knowledge.place_mentions import Kind, Mention, Words, find_mentions, read_words
from knowledge.place_names import tokenize
from knowledge.place_typos import (
    SHORTEST_ALONE,
    find_anywhere,
    find_in_blocks,
    find_upper,
    open_spans,
)
from knowledge.place_words import HONORIFICS, LEADING_WORDS, PLACE_PREPOSITIONS

# More unexplained ordinary or unknown words than this, and the text is about something else.
ANSWER_ORDINARY = 1
ANSWER_UNKNOWN = 3
NEAR_IN_SENTENCE = 2  # words between two names of one place
SHORTEST_BESIDE_UNKNOWN = 6  # letters of a lone name next to a word that is not explained
MOST_IN_SENTENCE = 3  # areas that a bare name in a sentence may fit before it says too little
SHORTEST_IN_SENTENCE = 5  # letters of a village or district name that stands alone in a sentence


def search(text: str, *, atlas: Atlas, within: int | None) -> list[Chain]:
    """The equally good readings of a text, best first; empty when it names no place."""
    words = read_words(tokenize(text), ordinary=atlas.ordinary, foreign=atlas.foreign)
    mentions = find_mentions(words, atlas=atlas)
    chains = _chains(mentions, words=words, atlas=atlas, within=within)
    sentence = _is_sentence(words, chains, mentions)
    if sentence:
        mentions = [m for m in mentions if _is_name_in_sentence(m, words)]
        chains = _chains(mentions, words=words, atlas=atlas, within=within)
    more = _with_typos(mentions, chains, words=words, atlas=atlas, within=within, sentence=sentence)
    if more:
        mentions = mentions + more
        chains = _chains(mentions, words=words, atlas=atlas, within=within)
    if sentence:
        chains = [chain for chain in chains if _is_told(chain, words=words, atlas=atlas)]
    else:
        chains = [chain for chain in chains if not _is_scrap(chain, words=words, atlas=atlas)]
    tied = tied_with_best(chains, atlas=atlas) if chains else []
    vague = sentence and len(tied) > MOST_IN_SENTENCE and not _is_named(tied[0], atlas)
    return [] if vague else tied


def _chains(
    mentions: list[Mention], *, words: Words, atlas: Atlas, within: int | None
) -> list[Chain]:
    return build_chains(mentions, words=words, atlas=atlas, within=within)


def _with_typos(
    mentions: list[Mention],
    chains: list[Chain],
    *,
    words: Words,
    atlas: Atlas,
    within: int | None,
    sentence: bool,
) -> list[Mention]:
    """Mentions of misspelt names among the words that the best reading leaves over."""
    spans = open_spans(words, covered=_covered(chains[:1]), only_marked=sentence)
    if not spans:
        return []
    upper = find_upper(words, spans, atlas)
    blocks = [] if within is None else [within]
    blocks += _blocks([m for m in mentions if not m.weak] + upper, atlas)
    if chains:
        # The words of a name that is common elsewhere may be a misspelt one here.
        taken = _covered([c for c in chains[:1] if atlas.depth(c.area) < 3])
        spans = open_spans(words, covered=taken, only_marked=sentence)
    found = upper + find_in_blocks(words, spans, blocks=blocks, atlas=atlas)
    alone = not any(
        m.marked or len(chain.mentions) > 1 for chain in chains[:1] for m in chain.mentions
    )
    if not sentence and alone:
        found += find_anywhere(words, spans, atlas)
    return found


def _blocks(mentions: list[Mention], atlas: Atlas) -> list[int]:
    """Areas named in the text in which to look for smaller ones, smallest first."""
    areas = {area for m in mentions for area in m.areas if atlas.depth(area) < 3}
    small = {area for area in areas if atlas.depth(area) > 0}
    return sorted(small or areas, key=lambda area: (-atlas.depth(area), area))


def _covered(chains: list[Chain]) -> set[int]:
    return {
        place
        for chain in chains
        for mention in chain.mentions
        for place in range(mention.start, mention.end)
    }


def _is_sentence(words: Words, chains: list[Chain], mentions: list[Mention]) -> bool:
    """Whether the text says more than where somebody is."""
    covered = _covered(chains[:1])
    for mention in mentions:
        if mention.end - mention.start > 1:
            covered.update(range(mention.start, mention.end))
    left = [kind for place, kind in enumerate(words.kinds) if place not in covered]
    ordinary = left.count(Kind.ORDINARY)
    return ordinary > ANSWER_ORDINARY or left.count(Kind.NAME) + ordinary > ANSWER_UNKNOWN


def _is_name_in_sentence(mention: Mention, words: Words) -> bool:
    """Whether a sentence uses the words as a name: "di batu", not "kena batu"."""
    led = mention.start > 0 and words.tokens[mention.start - 1] in PLACE_PREPOSITIONS
    return mention.marked or not (mention.weak or (mention.ordinary and not led))


def _is_named(chain: Chain, atlas: Atlas) -> bool:
    """Whether more than the bare name of a village or district speaks for it."""
    several = len(chain.mentions) > 1 or chain.mentions[0].marked or chain.within
    return several or atlas.depth(chain.area) <= 1


def _is_scrap(chain: Chain, *, words: Words, atlas: Atlas) -> bool:
    """Whether a lone name is a person's, or a piece of a longer name that is not known."""
    own = chain.mentions[0]
    short = len(own.key) < SHORTEST_BESIDE_UNKNOWN and not own.marked
    if atlas.depth(chain.area) <= 1 and not own.ordinary:
        return False
    if own.start > 0 and words.tokens[own.start - 1] in HONORIFICS and len(chain.mentions) == 1:
        return atlas.depth(chain.area) > 1  # a person of that name
    if len(chain.mentions) > 1 or chain.within:
        return False
    if not own.exact and len(own.key) < SHORTEST_ALONE:
        return True
    if not short:
        return False
    neighbours = [own.start - 1, own.end]
    return any(
        0 <= place < len(words.tokens) and words.kinds[place] is Kind.NAME for place in neighbours
    )


def _is_told(chain: Chain, *, words: Words, atlas: Atlas) -> bool:
    """Whether a sentence really gives the place: a level word, two names that fit, a "dari"."""
    own = chain.mentions[0]
    beside = any(gap(own, other) <= NEAR_IN_SENTENCE for other in chain.mentions[1:])
    if own.marked or beside or chain.within:
        return True
    if atlas.depth(chain.area) <= 1:
        return not own.weak
    led = own.start > 0 and words.tokens[own.start - 1] in LEADING_WORDS
    return led and len(own.key) >= SHORTEST_IN_SENTENCE and not own.weak
