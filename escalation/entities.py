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

T = TypeVar("T")

HOME = "ID"
MAX_AGE = 90
# ITU E.164: at most 15 digits with country code; shorter than 9 is an office's short number.
MIN_PHONE_DIGITS, MAX_PHONE_DIGITS = 9, 15
ROLE_CHARS = 45  # how far before a sum the word stands that says what it is

_SEP = r"[\s.\-–—_·()/]{0,3}"
_MOBILE = re.compile(
    rf"(?<![0-9A-Za-z])(?:\+?{_SEP}6{_SEP}2{_SEP}[0oO]?|[0oO]){_SEP}8(?:{_SEP}[0-9oOlI]){{7,11}}"
    r"(?![0-9A-Za-z])"
)
_FOREIGN = re.compile(rf"\+\s?(?!6{_SEP}2)[1-9]\d{{0,2}}(?:{_SEP}\d){{6,12}}(?!\d)")
_DIGIT_WORDS = {
    "nol": "0", "kosong": "0", "satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5",
    "enam": "6", "tujuh": "7", "delapan": "8", "lapan": "8", "sembilan": "9",
}  # fmt: skip
_WORD_RUN = re.compile(
    rf"\b(?:(?:{'|'.join(_DIGIT_WORDS)})[\s,-]+){{2,}}(?:{'|'.join(_DIGIT_WORDS)})\b", re.I
)
_ZERO_WORD = re.compile(r"\b(?:nol|kosong)\s(?=8)", re.I)
_ALIKE = str.maketrans("oOlI", "0011")

_COUNT_WORDS = _DIGIT_WORDS | {"se": "1", "sepuluh": "10", "sebelas": "11"}
_CURRENCY = {
    "rp": "IDR", "idr": "IDR", "rupiah": "IDR", "rm": "MYR", "ringgit": "MYR", "myr": "MYR",
    "usd": "USD", "$": "USD", "us$": "USD", "dolar": "USD", "dollar": "USD", "sgd": "SGD",
    "s$": "SGD", "nt$": "TWD", "nt": "TWD", "ntd": "TWD", "twd": "TWD", "hk$": "HKD", "hkd": "HKD",
    "sr": "SAR", "sar": "SAR", "riyal": "SAR", "real": "SAR", "¥": "JPY", "yen": "JPY",
    "jpy": "JPY", "€": "EUR", "eur": "EUR", "euro": "EUR", "won": "KRW", "krw": "KRW",
    "aed": "AED", "dirham": "AED", "kwd": "KWD", "dinar": "KWD", "nzd": "NZD", "aud": "AUD",
    "bnd": "BND", "baht": "THB",
    "qar": "QAR", "kd": "KWD", "pln": "PLN", "gbp": "GBP", "£": "GBP",
}  # fmt: skip
_SCALE = {
    "jt": 10**6, "jta": 10**6, "juta": 10**6, "jeti": 10**6, "jute": 10**6, "yuto": 10**6,
    "yuta": 10**6, "jutaan": 10**6, "rb": 10**3, "rbu": 10**3, "ribu": 10**3, "ewu": 10**3,
    "k": 10**3, "miliar": 10**9, "m": 10**9,
}  # fmt: skip
_BEFORE = r"rp\.?|idr|rm|myr|us\$|usd|sgd|s\$|nt\$?|ntd|twd|hk\$|hkd|sar|sr|nzd|aud|bnd|qar|aed|kd|pln|gbp|eur|£|€|¥|\$"
_AFTER = (
    r"ringgit|dolar|dollar|riyal|real|yen|euro|won|dirham|dinar|baht|usd|rm|sgd|ntd?|\$|€|rupiah"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<before>{_BEFORE})?\s?(?P<number>\d+(?:[.,]\d+)*)\s?"
    rf"(?P<scale>jutaan|juta|jute|jta|jt|jeti|yuto|yuta|ribu|rbu|rb|ewu|k|miliar)?"
    rf"\s?(?P<after>{_AFTER})?(?![\w])",
    re.I,
)
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3}){2,}")  # a million and more, written out: rupiah
_SPOKEN = re.compile(
    r"\b(?P<words>(?:(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|belas"
    r"|puluh|ratus|seratus)\s+)+)(?P<scale>juta|jute|ribu|yuto|yuta)\b",
    re.I,
)
_PAY = re.compile(r"gaji|gajih|upah|bayaran|honor|digaji|salary|penghasilan|komisi", re.I)
_COST = re.compile(
    r"biaya|bayar|dp\b|setor|transfer|\btf\b|deposit|denda|utang|hutang|pinjam|potong|ganti rugi"
    r"|jaminan|tebus|ongkos|mahar|admin|minta|diminta|balikin",
    re.I,
)

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
    rf"\b(?:ke|nang|neng|ka|pi|ring|lao|ojok|di|arah)\s(?:{_HOME_TOWNS})\b", re.I
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money as written, its value in `currency` (ISO 4217), and what it is for."""

    text: str
    value: float
    currency: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Entities:
    """Everything a message names."""

    phones: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    dates: tuple[str, ...] = ()
    ages: tuple[int, ...] = ()
    documents: tuple[str, ...] = ()

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
        phones, rest = _take_phones(text)
        return Entities(
            phones=phones,
            companies=_unique(_companies(text)),
            people=_unique(m["name"] for rule in (_PERSON, _NAMED) for m in rule.finditer(text)),
            destinations=_unique(self._destinations(text)),
            amounts=_unique(_amounts(rest)),
            dates=_unique(m[0] for m in _DATE.finditer(rest) if not _WEEKS.match(m[0])),
            ages=_unique(_ages(rest)),
            documents=tuple(name for name, rule in _DOCUMENT.items() if rule.search(text)),
        )

    def _destinations(self, text: str) -> Iterator[str]:
        words = list(_NAME_WORD.finditer(text.lower()))
        at = 0
        while at < len(words):
            size, code = self._country_at(words, at)
            before = words[at - 1][0] if at else ""
            if code and code != HOME and before not in _NOT_A_PLACE:
                yield code
            at += max(1, size)
        if _HOME_TRIP.search(text):
            yield HOME

    def _country_at(self, words: Sequence[re.Match[str]], at: int) -> tuple[int, str | None]:
        """Return the longest country name that begins here: its words and its code."""
        for size in range(min(self._longest, len(words) - at), 0, -1):
            name = " ".join(word[0] for word in words[at : at + size])
            for form in (name, _ENDING.sub("", name)):
                if form in self._codes:
                    return size, self._codes[form]
        return 0, None


def _take_phones(text: str) -> tuple[tuple[str, ...], str]:
    """Return the numbers and the text without them (so that they are no sums or ages)."""
    rest = _WORD_RUN.sub(_as_digits, text)
    rest = _ZERO_WORD.sub("0", rest)
    found: list[tuple[int, str]] = []
    for rule in (_MOBILE, _FOREIGN):
        for match in rule.finditer(rest):
            digits = re.sub(r"\D", "", match[0].translate(_ALIKE))
            if digits.startswith("0"):
                digits = f"62{digits[1:]}"
            elif digits.startswith("620"):
                digits = f"62{digits[3:]}"
            if MIN_PHONE_DIGITS <= len(digits) <= MAX_PHONE_DIGITS:
                found.append((match.start(), digits))
    for rule in (_MOBILE, _FOREIGN):
        rest = rule.sub(lambda m: " " * len(m[0]), rest)
    return tuple(dict.fromkeys(digits for _, digits in sorted(found))), rest


def _as_digits(match: re.Match[str]) -> str:
    return "".join(_DIGIT_WORDS[word] for word in re.findall(r"[a-z]+", match[0].lower()))


def _companies(text: str) -> Iterator[str]:
    for match in _COMPANY.finditer(text):
        yield f"{match['kind']} {match['name']}"


def _amounts(text: str) -> Iterator[Amount]:
    for match in _AMOUNT.finditer(text):
        before, scale, after = match["before"], match["scale"], match["after"]
        if not (before or after or scale or _GROUPED.fullmatch(match["number"])):
            continue
        value = _number(match["number"], scaled=bool(scale)) * _SCALE.get((scale or "").lower(), 1)
        unit = (before or after or "rp").lower().rstrip(".")
        yield _amount(text, match, value=value, currency=_CURRENCY.get(unit, "IDR"))
    for match in _SPOKEN.finditer(text):
        value = _spoken(match["words"]) * _SCALE[match["scale"].lower()]
        yield _amount(text, match, value=value, currency="IDR")


def _amount(text: str, match: re.Match[str], *, value: float, currency: str) -> Amount:
    near = text[max(0, match.start() - ROLE_CHARS) : match.start()]
    pay = max((m.end() for m in _PAY.finditer(near)), default=-1)
    cost = max((m.end() for m in _COST.finditer(near)), default=-1)
    role = None if pay == cost else "gaji" if pay > cost else "biaya"
    return Amount(match[0].strip(), value, currency, role)


def _number(text: str, *, scaled: bool) -> float:
    """Return the value of "1.500.000", "2,6" or "28.000"; a dot before three digits groups."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text) and not (scaled and text.count(".") == 1):
        return float(re.sub(r"[.,]", "", text))
    parts = re.split(r"[.,]", text)
    return float(parts[0] if len(parts) == 1 else f"{''.join(parts[:-1])}.{parts[-1]}")


def _spoken(words: str) -> float:
    total, last = 0, 0
    for word in words.lower().split():
        if word == "belas":
            last += 10
        elif word in ("puluh", "ratus"):
            total, last = total + last * (10 if word == "puluh" else 100), 0
        elif word == "seratus":
            total += 100
        else:
            total, last = total + last, int(_COUNT_WORDS[word])
    return float(total + last)


def _ages(text: str) -> Iterator[int]:
    for match in _AGE.finditer(text):
        age = int(match["a"] or match["b"] or match["c"])
        if 0 < age <= MAX_AGE:
            yield age


def _unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
