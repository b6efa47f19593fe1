"""`check`: what is wrong with settings, database, content and staffing, and how to mend it."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot import schema, setting_checks, template_checks, training
from bot.channels import make_mail_server, make_messengers
from bot.clock import utc_now
from bot.findings import Finding, fault, fine, note
from bot.keys import load_key
from bot.polling import webhook_url
from bot.settings import Settings, SettingsError
from bot.telegram_channel import TelegramStatus
from bot.whatsapp_channel import WhatsAppChannel
from bot.whatsapp_client import PhoneNumber
from escalation import assignment
from escalation.case_watch import LadderState, ladder_state
from escalation.offices import Offices
from escalation.roster import ANSWER_COUNTS, load_roster, silent_officers
from handlers.alerts import untold_cases
from handlers.database import Database, DatabaseUnavailable, DatabaseUnusable
from handlers.refresh import confirmed_offices
from knowledge import faq_files
from knowledge.places import Gazetteer

RECENTLY = timedelta(hours=1)
"""Telegram goes on naming an error long after it was mended."""

WHATSAPP_PATH = "/webhooks/whatsapp"


def run(settings: Settings) -> list[Finding]:
    """Check everything; a fault never hides the next."""
    return [
        *_key(settings),
        *_content(),
        *_models(settings),
        *_messengers(settings),
        *_mail(settings),
        *_database(settings),
    ]


def _key(settings: Settings) -> Iterator[Finding]:
    if settings.secret_key is None and not settings.secret_key_file.exists():
        yield note(f"Kunci belum ada; dibuat saat mulai di {settings.secret_key_file}")
        return
    try:
        load_key(settings)
    except SettingsError as error:
        yield fault(str(error))
    else:
        yield fine("Kunci terbaca. Simpan salinannya di tempat lain; tanpa kunci isi hilang.")


def _content() -> Iterator[Finding]:
    linted = faq_files.lint_folder(None)
    if linted.content is None or linted.problems:
        yield fault(f"FAQ paket punya {len(linted.problems)} masalah; jalankan faq lint")
    else:
        yield fine(f"FAQ paket: {len(linted.content.entries)} entri tanpa masalah")


def _models(settings: Settings) -> Iterator[Finding]:
    files = training.model_files(settings.models_dir)
    missing = [file.name for file in (files.matcher, files.risk) if not file.exists()]
    if missing:
        yield note("Model belum ada; dilatih saat mulai (sekitar satu menit) atau dengan train")
    else:
        yield fine("Model ada")


def _messengers(settings: Settings) -> Iterator[Finding]:
    if not settings.has_messenger:
        yield note("Belum ada token Telegram atau WhatsApp; hanya obrolan web dan terminal")
        return
    yield from asyncio.run(_ask_messengers(settings))


async def _ask_messengers(settings: Settings) -> list[Finding]:
    findings: list[Finding] = []
    for channel in make_messengers(settings):
        said = await channel.describe()
        templates: list[Finding] = []
        if isinstance(channel, WhatsAppChannel) and not isinstance(said, str):
            templates = await template_checks.ask_meta(channel, settings.whatsapp_business_id)
        await channel.close()
        if isinstance(said, str):
            findings.append(fault(said))
        elif isinstance(said, TelegramStatus):
            findings.append(_telegram(said, settings, now=utc_now()))
        else:
            findings += [*_whatsapp(said, settings), *templates]
    return findings


def _telegram(said: TelegramStatus, settings: Settings, *, now: datetime) -> Finding:
    polling = settings.telegram_mode == "polling"
    is_recent = said.last_error_at is not None and now - said.last_error_at < RECENTLY
    if said.last_error and is_recent and not polling:
        return fault(f"Telegram tidak bisa memanggil PUBLIC_URL: {said.last_error}")
    wanted = "" if polling else webhook_url(settings.public_url)
    if wanted and said.webhook_url and said.webhook_url != wanted:
        return fault("Telegram memanggil alamat lain, bukan PUBLIC_URL; jalankan bot ini lagi")
    if said.webhook_url != wanted:
        return note(
            f"Telegram @{said.username}: webhook diatur ulang saat mulai; kalau bot "
            "sudah berjalan, pendaftarannya gagal: lihat catatannya"
        )
    return fine(f"Telegram menjawab sebagai @{said.username}, {said.pending} pesan menunggu")


def _mail(settings: Settings) -> Iterator[Finding]:
    server = make_mail_server(settings)
    if server is None:
        if settings.has_messenger:
            yield note("Surel belum diatur (SMTP_HOST); petugas hanya dicapai lewat aplikasi pesan")
        return
    said = asyncio.run(server.describe())
    if isinstance(said, str):
        yield fault(said)
        return
    safety = "dengan pengaman" if said.is_encrypted else "tanpa pengaman"
    yield fine(f"Server surel {said.host}:{said.port} menjawab, {safety}")


def _whatsapp(said: PhoneNumber, settings: Settings) -> Iterator[Finding]:
    yield fine(f"WhatsApp menjawab sebagai {said.name}, mutu nomor {said.quality}")
    if said.quality == "RED":
        yield fault("Mutu nomor WhatsApp merah; Meta bisa membatasinya. Buka WhatsApp Manager")
    if not said.is_verified:
        yield note("Nomor WhatsApp belum diverifikasi; buka WhatsApp Manager")
    if not said.is_name_approved:
        yield note("Nama tampilan WhatsApp belum disetujui Meta")
    wanted = f"{(settings.public_url or '').rstrip('/')}{WHATSAPP_PATH}"
    if said.webhook_url is None:
        yield note("Meta tidak menyebut alamat webhook; periksa di halaman aplikasi Meta")
    elif settings.public_url and said.webhook_url != wanted:
        yield fault(f"Meta memanggil alamat lain, bukan {wanted}; ubah di halaman aplikasi Meta")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        database = Database(settings.url)
        if database.is_sqlite and not Path(database.engine.url.database or "").exists():
            yield note("Basis data masih kosong; diisi saat mulai")
            return
        database.ping()
        revision = schema.current(database)
    except DatabaseUnusable as error:
        yield fault(str(error))
        return
    except DatabaseUnavailable:
        yield fault("Basis data tidak bisa dihubungi; periksa DATABASE_URL, DATA_DIR, dan izinnya")
        return
    if revision is None:
        yield note("Basis data masih kosong; diisi saat mulai")
        return
    if revision != schema.head():
        yield fault("Basis data belum versi terbaru; jalankan migrate")
        return
    yield fine(f"Basis data terbuka, versi {revision}")
    yield from template_checks.of_deliveries(database, now=utc_now())
    yield from setting_checks.of_sections(database, now=utc_now())
    yield from _staffing(database, settings)


def _staffing(database: Database, settings: Settings) -> Iterator[Finding]:

    now = utc_now()
    with database.read() as db:
        roster = load_roster(db, now=now)
        ladder = ladder_state(db, now=now)
        untold = len(untold_cases(db))
        silent = silent_officers(db, now=utc_now())
        offices = confirmed_offices(db)
    desk = len(assignment.desk(roster))
    if desk >= assignment.DESK_NEEDS:
        yield fine(f"Meja nasional: {desk} petugas")
    elif settings.has_messenger and settings.unstaffed == "tidak":
        yield fault(
            f"Meja nasional: {desk} petugas, perlu {assignment.DESK_NEEDS}; officers import"
        )
    else:
        yield note(
            f"Meja nasional: {desk} petugas, perlu {assignment.DESK_NEEDS} sebelum dibuka untuk warga"
        )
    if silent:
        yield note(f"{silent} petugas tidak menjawab tes {ANSWER_COUNTS.days} hari terakhir")
    yield from _waiting(ladder)
    if untold:
        yield fault(f"{untold} kasus belum diberitahukan kepada siapa pun")
    yield from _gaps(roster, offices)


def _waiting(ladder: LadderState) -> Iterator[Finding]:
    if ladder.unreachable:
        yield fault(f"{ladder.unreachable} kasus terbuka tanpa petugas yang bisa dihubungi")
    if ladder.oldest_untaken_seconds:
        minutes = int(ladder.oldest_untaken_seconds // 60)
        yield note(f"Kasus terlama yang belum diterima menunggu {minutes} menit")
    if ladder.at_desk:
        yield note(f"{ladder.at_desk} kasus terbuka di meja nasional")


def _gaps(roster: assignment.Roster, offices: Offices) -> Iterator[Finding]:
    places = Gazetteer.load()
    estimates = sum(offices.is_estimate(code) for code in offices.of_regency)
    yield note(
        f"{estimates} dari {len(offices.of_regency)} kabupaten/kota: kantornya baru perkiraan"
    )
    falling = [code for code in offices.of_regency if falls_to_desk(code, roster, offices)]
    if not falling:
        return
    yield note(f"{len(falling)} kabupaten/kota jatuh ke meja nasional:")
    for code in falling:
        area = places.area(code)
        yield note(f"  {code} {area.name if area else ''}")


def falls_to_desk(regency: str, roster: assignment.Roster, offices: Offices) -> bool:
    """Tell whether nobody below the national desk answers for a regency."""
    owner = assignment.owner_for(regency, roster=roster, offices=offices)
    return owner.rung == assignment.Rung.NASIONAL
