"""Indonesia's offices abroad: which of the helplines belong to a country or a city."""

import re
from collections.abc import Iterable, Sequence

from knowledge.helplines import Helpline

OFFICES = ("kbri-", "kjri-", "kdei-", "konsulat-")
"""How the ids of offices abroad begin in the register of helplines."""

OFFICE_WORDS = frozenset(
    [
        "kbri",
        "kjri",
        "kdei",
        "kedutaan",
        "kedubes",
        "konsulat",
        "konjen",
        "konsuler",
        "perwakilan",
        "embassy",
    ]
)
NOT_A_CITY = frozenset(
    ["kbri", "kjri", "kdei", "konsulat", "ri", "kantor", "konsuler", "shelter", "layanan"]
)
SHOWN = 5
WORD = re.compile(r"[^\W\d_]+")
IN_BRACKETS = re.compile(r"\([^)]*\)")


def names_office(text: str) -> bool:
    """Tell whether a text speaks of an office abroad."""
    return not OFFICE_WORDS.isdisjoint(WORD.findall(text.lower()))


def representatives(
    helplines: Iterable[Helpline], text: str, *, countries: Sequence[str]
) -> tuple[Helpline, ...]:
    """Give the offices in a city that the text names, else those of the countries (ISO codes).

    Those in a city that it half names ("johor") come first, then those with a number and
    embassies; at most five.
    """
    offices = [helpline for helpline in helplines if helpline.id.startswith(OFFICES)]
    words = set(WORD.findall(text.lower()))
    named = [office for office in offices if city_of(office) and city_of(office) <= words]
    chosen = named or [office for office in offices if office.country in countries]
    chosen.sort(key=lambda office: _rank(office, words))
    return tuple(chosen[:SHOWN])


def _rank(office: Helpline, words: set[str]) -> tuple[int, bool, bool, int]:
    """Rank an office: near what is named, with a number, an embassy, no branch of another."""
    city = city_of(office)
    is_embassy = office.id.startswith("kbri-")
    return -len(city & words), office.number is None, not is_embassy, len(city)


def city_of(office: Helpline) -> set[str]:
    """Give the words of the city that an office's name ends with."""
    return set(WORD.findall(IN_BRACKETS.sub(" ", office.name).lower())) - NOT_A_CITY
