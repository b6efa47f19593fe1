"""What a message names: telephone numbers, people, places, money, days, ages, documents.

Phones come as digits with country code, money as an amount in units of its currency; all in the
order of the text, without repeats. The text is the villager's own, not the normalised one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from escalation.entities_heading import is_ahead
from escalation.entities_money import Amount, find_amounts
from escalation.entities_phones import take_phones

T = TypeVar("T")

HOME = "ID"
MAX_AGE = 90
_COMPANY = re.compile(
    r"\b(?P<kind>PT|CV|UD|LPK|P3MI|PJTKI|BP3MI|P4MI|Yayasan|Agency|Agensi|BKK|BLK|Toko|Hotel|Rumah Makan|RM|RS|Dapur|Kopi|Konveksi|Bank|Sekolah|Puskesmas|Koperasi|Warung|Kapal Pesiar|Batik|Pondok|Depot|Salon|Kafe|Pabrik|Dinas)\b\.?\s+"
    r"(?P<name>(?:[A-Z][\w&'’-]*)(?:\s+(?:[A-Z][\w&'’-]*|dan|&)){0,3})"
)
_TITLES = (
    "bu|ibu|pak|bapak|mas|mbak|mba|ko|koh|koko|cici|ci|bang|kak|kakak|om|tante|haji|hj|sis|bunda|"
    "mami|mamih|papi|abah|abi|umi|teh|daeng|bli|ustad|madam|mister|mr|mrs|ms|bos|tuan|nyonya|kang|"
    "cak|lik|pakde|bude|uni|uda|ceu|mang|gus"
)
_PERSON = re.compile(rf"\b(?i:{_TITLES})\.?\s+(?P<name>[A-Z][a-z’']+(?:\s[A-Z][a-z’']+)?)")
_NAMED = re.compile(r"\b(?:namanya|bernama|nama)\s+(?P<name>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)")

_WEEKDAY = "senin|selasa|rabu|rebo|kamis|kemis|jumat|jum'at|jemuah|sabtu|minggu"
_MONTH = "januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
_DATE = re.compile(
    rf"\b(?:(?:tgl|tanggal)\.?\s?\d{{1,2}}(?:\s(?:{_MONTH}))?(?:\s\d{{4}})?|\d{{1,2}}\s(?:{_MONTH})"
    rf"(?:\s\d{{4}})?|\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}|besok|lusa|nanti mal[ae]m|mal[ae]m ini"
    rf"|hari ini|sesuk|isukan|(?:hari\s)?(?:{_WEEKDAY})(?:\s(?:depan|ini|malam|malem|pagi|subuh))?"
    rf"|(?:minggu|bulan|bln|mgg)\s(?:depan|ini))\b",
    re.I,
)
_WEEKS = re.compile(r"^minggu$", re.I)  # "dua minggu" is a span of time, not Sunday
_AGE = re.compile(
    r"\b(?:umur|umure|umurnya|usia|usianya|omor|omorra)\s(?:masih\s|baru\s|isih\s)?(?P<a>\d{1,2})\b"
    r"|\b(?P<b>\d{1,2})\s?(?:tahun|taun|thn|th)\b(?!\s(?:lalu|kerja|lagi|di|kontrak|sekali|kemudian))"
    r"|\banak\s(?:saya\s)?(?P<c>1[0-7])\b",
    re.I,
)
_DOCUMENTS = {
    "paspor": r"paspor\w*|passport|pasport|pspr", "KTP": r"ktp\w*|e-ktp", "KK": r"kk|kartu keluarga",
    "ijazah": r"ijazah\w*|ijasah\w*", "akta": r"akta\w*|akte\w*", "buku nikah": r"buku nikah",
    "visa": r"visa\w*", "sertifikat": r"sertifikat\w*", "buku pelaut": r"buku pelaut",
    "perjanjian kerja": r"kontrak\w*|perjanjian kerja",
}  # fmt: skip
_DOCUMENT = {name: re.compile(rf"\b(?:{rule})\b", re.I) for name, rule in _DOCUMENTS.items()}
# Words of a language, people or kitchen: "orang cina", "bahasa arab" are no destination.
_NOT_A_PLACE = frozenset(
    {
        "bahasa",
        "basa",
        "tulisan",
        "huruf",
        "orang",
        "wong",
        "urang",
        "org",
        "film",
        "drama",
        "masakan",
        "mie",
        "nasi",
        "kurs",
    }
)
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_ENDING = re.compile(r"(?:nya|ne|na|e)$")
# Left out of the aliases: everyday words that are also places.
_EVERYDAY = frozenset(
    {"ri", "indo", "indonesa", "nkri", "tanah air", "perak", "pinang", "malay", "siam"}
)
_HOME_TOWNS = (
    "jakarta|batam|surabaya|bali|denpasar|medan|makassar|bandung|semarang|balikpapan|samarinda|"
    "pontianak|manado|bekasi|tangerang|bogor|depok|kupang|palembang|pekanbaru|tanjung pinang|"
    "dumai|nunukan|tarakan|entikong|bengkalis|papua|timika|merauke|sorong|kalimantan|sumatera|"
    "sulawesi|jogja|yogyakarta|cirebon|lampung|padang|labuan bajo|maumere|sikka|benoa|cilacap|"
    "tegal|ambon|ternate|banjarmasin|jayapura|karawang|cikarang|malang|solo|mataram|lombok"
)
_HOME_TRIP = re.compile(
    rf"\b(?:ke|nang|neng|ning|menyang|nyang|marang|teng|dhateng|ka|pi|ring|lao|ojok|di|arah)\s"
    rf"(?:{_HOME_TOWNS})\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Entities:
    """Everything a message names; `ahead` has the countries that somebody is only about to go to."""

    phones: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    dates: tuple[str, ...] = ()
    ages: tuple[int, ...] = ()
    documents: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the entities as plain lists."""
        return {
            name: [asdict(item) if isinstance(item, Amount) else item for item in values]
            for name in Entities.__dataclass_fields__
            for values in [getattr(self, name)]
        }


class EntityReader:
    """Finds entities; knows the countries by all their names."""

    def __init__(self, countries: Mapping[str, Iterable[str]]) -> None:
        """`countries` maps an ISO code to the names people write."""
        self._codes = {
            name.lower(): code
            for code, names in countries.items()
            for name in names
            if name.strip() and name.lower() not in _EVERYDAY
        }
        self._longest = max(name.count(" ") for name in self._codes) + 1

    @classmethod
    def load(cls, source: Traversable | None = None) -> EntityReader:
        """Return a reader that knows the packaged countries."""
        source = source or files("knowledge") / "words" / "countries-id.csv"
        with source.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return cls({row["iso2"]: [row["name"], *row["aliases"].split(";")] for row in rows})

    def read(self, text: str) -> Entities:
        """Return what the message names."""
        phones, rest = take_phones(text)
        abroad = list(self._countries(text))
        there = {code for code, at in abroad if not is_ahead(text[:at])}
        home = (HOME,) if _HOME_TRIP.search(text) else ()
        return Entities(
            phones=phones,
            companies=_unique(_companies(text)),
            people=_unique(m["name"] for rule in (_PERSON, _NAMED) for m in rule.finditer(text)),
            destinations=_unique([*(code for code, _ in abroad), *home]),
            amounts=_unique(find_amounts(rest)),
            dates=_unique(m[0] for m in _DATE.finditer(rest) if not _WEEKS.match(m[0])),
            ages=_unique(_ages(rest)),
            documents=tuple(name for name, rule in _DOCUMENT.items() if rule.search(text)),
            ahead=_unique(code for code, _ in abroad if code not in there),
        )

    def _countries(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield each foreign country that is named, and where in the text."""
        words = list(_NAME_WORD.finditer(text.lower()))
        at = 0
        while at < len(words):
            size, code = self._country_at(words, at)
            before = words[at - 1][0] if at else ""
            if code and code != HOME and before not in _NOT_A_PLACE:
                yield code, words[at].start()
            at += max(1, size)

    def _country_at(self, words: Sequence[re.Match[str]], at: int) -> tuple[int, str | None]:
        """Return the longest country name that begins here: its words and its code."""
        for size in range(min(self._longest, len(words) - at), 0, -1):
            name = " ".join(word[0] for word in words[at : at + size])
            for form in (name, _ENDING.sub("", name)):
                if form in self._codes:
                    return size, self._codes[form]
        return 0, None


def _companies(text: str) -> Iterator[str]:
    for match in _COMPANY.finditer(text):
        yield f"{match['kind']} {match['name']}"


def _ages(text: str) -> Iterator[int]:
    for match in _AGE.finditer(text):
        age = int(match["a"] or match["b"] or match["c"])
        if 0 < age <= MAX_AGE:
            yield age


def _unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
