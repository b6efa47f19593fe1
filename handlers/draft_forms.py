"""The editor's form as work to be saved: flat fields in, an entry with its phrasings out."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count, takewhile

from handlers.editing import Work
from handlers.phrasings import read_pasted
from knowledge.entries import CERTAINTIES, Entry
from knowledge.entry_files import SLUG
from knowledge.forms import LIST_FIELDS, SOURCE_FIELDS, TEXT_FIELDS, entry_from_form, lines_of
from knowledge.index import FaqIndex
from knowledge.text import Words

Fields = Mapping[str, Sequence[str]]
TICKED = ("contacts", "related")
"""Lists chosen from boxes; the others are typed, one item a line."""


class BadName(Exception):
    """A slug or topic that a new entry cannot have. The message is Indonesian."""


def read_work(fields: Fields, *, slug: str, topic: str, words: Words) -> Work:
    """Give what an editor handed in; what is missing shows in the gate, a draft may be unready."""
    added = read_pasted(lines_of(_one(fields, "phrasings_new")), slug=slug, words=words)
    golden = tuple(dict.fromkeys(lines_of(_one(fields, "golden"))))
    return Work(
        read_entry(fields, slug=slug, topic=topic),
        added=added,
        removed=tuple(fields.get("phrasings_gone", ())),
        golden=golden,
    )


def read_entry(fields: Fields, *, slug: str, topic: str) -> Entry:
    """Give the entry that the form describes."""
    flat: dict[str, str | Sequence[str]] = {key: _one(fields, key) for key in TEXT_FIELDS}
    for key in LIST_FIELDS:
        flat[key] = list(fields.get(key, ())) if key in TICKED else _one(fields, key)
    if not _is_day(str(flat["review_by"])):
        flat["review_by"] = ""
    sources = [
        {key: _one(fields, f"source_{number}_{key}") for key in SOURCE_FIELDS}
        for number in takewhile(lambda at: f"source_{at}_title" in fields, count())
    ]
    entry, _ = entry_from_form(flat, sources, slug=slug, topic=topic)
    return entry


def blank(slug: str, topic: str) -> Entry:
    """Give an entry of which only the name is known."""
    return read_entry({"certainty": [CERTAINTIES[1]]}, slug=slug, topic=topic)


def check_name(slug: str, topic: str, *, faq: FaqIndex) -> None:
    """Refuse a name that a new entry cannot have. Raises BadName."""
    if not SLUG.fullmatch(slug):
        raise BadName("Nama singkat: huruf kecil dan angka, dengan tanda -. Contoh: paspor-rusak.")
    if slug in faq.entries:
        raise BadName(f"Nama singkat {slug} sudah dipakai.")
    if all(known.id != topic for known in faq.topics):
        raise BadName("Pilih topik dari daftar.")


def _one(fields: Fields, key: str) -> str:
    values = fields.get(key, ())
    return values[0] if values else ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
