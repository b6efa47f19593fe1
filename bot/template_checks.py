"""What the check says of the templates: whether Meta approved each, and which were refused."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.findings import Finding, fault, fine, note
from bot.whatsapp_channel import TROUBLES, WhatsAppChannel
from bot.whatsapp_payloads import LANGUAGE
from handlers.channel import SendError
from handlers.database import Database
from handlers.texts import Texts
from handlers.windows import TEMPLATES, refused_templates

APPROVED, WAITING = "APPROVED", ("PENDING", "IN_APPEAL")
STATES: Mapping[str, str] = {
    "REJECTED": "ditolak Meta; baca alasannya di WhatsApp Manager, lalu ajukan ulang",
    "PAUSED": "dijeda Meta karena mutunya; buka WhatsApp Manager dan ikuti petunjuknya",
    "DISABLED": "dimatikan Meta; buka WhatsApp Manager dan ajukan lagi",
}
"""What to do in each state. Meta, "Template status", 2026; others are named as they come."""


async def ask_meta(channel: WhatsAppChannel, business_id: str | None) -> list[Finding]:
    """Ask for the state of each template that the product sends."""
    if business_id is None:
        return [note("Isi WHATSAPP_BUSINESS_ID agar check bisa memeriksa persetujuan templat")]
    findings: list[Finding] = []
    for name in TEMPLATES:
        try:
            states = await channel.template_states(business_id, name)
        except SendError as error:
            code = error.code.partition("-")[0]
            wrong_id = "WHATSAPP_BUSINESS_ID tidak dikenal; salin ID akun dari WhatsApp Manager"
            told = wrong_id if code == "permanent" else TROUBLES.get(code, TROUBLES["temporary"])
            return [*findings, fault(told)]
        findings.append(of_state(name, states))
    return findings


def of_state(name: str, states: Mapping[str, str]) -> Finding:
    """Give the line for one template; `states` are those by language."""
    state = states.get(LANGUAGE)
    if state is None:
        return fault(
            f"Templat {name} belum diajukan dalam bahasa Indonesia; teksnya ada di panduan "
            "menghubungkan, ajukan di WhatsApp Manager"
        )
    if state == APPROVED:
        return fine(f"Templat {name} disetujui")
    if state in WAITING:
        return note(f"Templat {name} masih ditinjau Meta; sampai disetujui kabar itu tidak sampai")
    told = STATES.get(state, f"berstatus {state}; buka WhatsApp Manager")
    return fault(f"Templat {name} {told}")


def of_deliveries(database: Database, *, now: datetime) -> Iterator[Finding]:
    """Say which templates the provider refused when they were last sent, and what to do."""
    texts = Texts.load()
    with database.read() as db:
        refused = refused_templates(db, now=now)
    for template in refused:
        yield fault(template.sentence(texts))
