"""Referral texts: what another office must know, by field, without the villager's identity."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import yaml

from escalation.models import Case
from handlers.cards import Facts, local_time, marked
from handlers.texts import Texts
from knowledge.helplines import Helpline
from knowledge.index import FaqIndex
from knowledge.render import helpline_lines

FIELDS = ("desa", "dugaan", "tanda_bahaya", "tujuan", "umur", "tanggal", "dokumen", "uang")
"""The card's fields that go on: facts of the story, nothing that names its teller."""


MISSIONS = ("kbri-", "kjri-", "kdei-", "konsulat-")
"""How the ids of Indonesia's missions begin in the register."""


@dataclass(frozen=True, slots=True)
class Referral:
    """An office that cases go on to. `helplines` are ids of the register."""

    key: str
    title: str
    addressee: str
    helplines: tuple[str, ...]
    note: str
    names_missions: bool


def load_referrals() -> Mapping[str, Referral]:
    """Read the packaged offices, in the order in which they are offered."""
    raw = yaml.safe_load((files("handlers") / "referrals.yaml").read_text("utf-8"))
    return {
        key: Referral(
            key=key,
            title=row["nama"],
            addressee=row["untuk"],
            helplines=tuple(row["hubungi"]),
            note=row["catatan"],
            names_missions=bool(row.get("perwakilan", False)),
        )
        for key, row in raw["rujukan"].items()
    }


def referral_text(
    case: Case,
    facts: Facts,
    referral: Referral,
    *,
    faq: FaqIndex,
    countries: Mapping[str, str],
    texts: Texts,
    zone: str,
    officer: str,
) -> str:
    """Word a referral to be copied, and whom to call with the source of each number."""
    shown = {"waktu": local_time(case.opened_at, zone=zone)}
    shown |= {key: facts[key] for key in FIELDS if key in facts}
    if "dugaan" in shown:
        shown["dugaan"] = texts.say(f"petugas.dugaan.{shown['dugaan']}")
    shown["tingkat"] = texts.say(f"petugas.tingkat.{case.level}")
    columns = [f"{texts.say(f'petugas.kolom.{key}')}: {value}" for key, value in shown.items()]
    text = texts.say(
        "petugas.rujuk",
        nomor=case.id,
        lembaga=referral.addressee,
        kolom="\n".join(columns),
        petugas=officer,
    )
    lines = helpline_lines(
        _helplines(referral, facts, faq=faq, countries=countries), confirmed=faq.confirmed
    )
    call = texts.say("petugas.rujuk_hubungi", nomor_telepon=lines, catatan=referral.note)
    return marked(f"{text}\n\n{call}", case, texts=texts)


def _helplines(
    referral: Referral, facts: Facts, *, faq: FaqIndex, countries: Mapping[str, str]
) -> list[Helpline]:
    found = [faq.helplines[id] for id in referral.helplines if id in faq.helplines]
    if referral.names_missions:
        named = set(facts.get("tujuan", "").split(", "))
        codes = {code for code, name in countries.items() if name in named}
        found += [
            line
            for line in faq.helplines.values()
            if line.country in codes and line.id.startswith(MISSIONS)
        ]
    return found
