"""Villagers' words as editors may see them: numbers, names and addresses of people taken out."""

import re

from escalation.entities import EntityReader
from escalation.entities_phones import hide_phones

DIGITS = re.compile(r"\d(?:[\s.\-]?\d){4,}")
"""Five digits and more: telephone, NIK, passport, account. Fees keep their short numbers."""

ADDRESS = re.compile(r"\S+@\S+|@\w+|(?:https?://|www\.)\S+", re.IGNORECASE)
DOCUMENT = re.compile(r"\b[A-Za-z]{1,2}\s?\d{6,8}\b")
MONEY = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){1,2}")
"""Below a thousand million; 081.234.567.890 and 62.812.345.678.901 are telephone numbers."""

KIN = re.compile(
    r"\b((?:adik|kakak|abang|mbak|mas|anak|suami|istri|ibu|bapak|ayah|paman|bibi|tante|ponakan"
    r"|keponakan|sepupu|saudara|teman|tetangga|pacar|tunangan)(?:ku|nya)?(?: (?:saya|aku|kami))?"
    r"(?: yang)?,? )((?-i:[A-Z][\w']+)(?: (?-i:[A-Z][\w']+))*)",
    re.IGNORECASE,
)
"""A name behind the word for a relative: "adik saya Siti". Small letters tell nothing here."""

CALLED = re.compile(r"\b((?:nama(?:nya| saya| aku)?|bernama|panggil(?:an)?) )([^\W\d_]{3,})", re.I)
"""Whatever follows "namanya", also in small letters."""

HIDDEN, HIDDEN_NAME, HIDDEN_ADDRESS = "•••", "[nama]", "[alamat]"


def mask(text: str, *, entities: EntityReader) -> str:
    """Give a text without what leads to a person. Names in small letters may stay: look twice."""
    found = entities.read(text)
    text = hide_phones(text, sign=HIDDEN)
    text = ADDRESS.sub(HIDDEN_ADDRESS, text)
    for name in sorted(found.people, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", HIDDEN_NAME, text)
    for pattern in (KIN, CALLED):
        text = pattern.sub(rf"\1{HIDDEN_NAME}", text)
    text = DOCUMENT.sub(HIDDEN, text)
    return DIGITS.sub(lambda run: run[0] if MONEY.fullmatch(run[0]) else HIDDEN, text)
