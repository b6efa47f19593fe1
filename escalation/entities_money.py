"""Sums of money in a message: digits or words, the currency, and whether they are pay or a cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ROLE_CHARS = 45  # how far before a sum the word stands that says what it is
DIGIT_WORDS = {
    "nol": "0", "kosong": "0", "satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5",
    "enam": "6", "tujuh": "7", "delapan": "8", "lapan": "8", "sembilan": "9",
}  # fmt: skip
_COUNT_WORDS = DIGIT_WORDS | {"se": "1", "sepuluh": "10", "sebelas": "11"}
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


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money as written, its value in `currency` (ISO 4217), and what it is for."""

    text: str
    value: float
    currency: str
    role: str | None


def find_amounts(text: str) -> Iterator[Amount]:
    """Yield the sums of a text without telephone numbers, digits first, then words."""
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
