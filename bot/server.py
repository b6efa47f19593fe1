"""`serve` and `work`: one process with the pages and the worker loop, or either alone."""

import asyncio
import contextlib
import gc
import hashlib
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from api.app import Lifespan, create
from api.wiring import Site
from bot import demo
from bot.app import App
from bot.keys import load_key
from bot.lock import only_worker
from bot.polling import poll
from bot.settings import SettingsError
from bot.transcript_channel import SHOWN_HERE
from bot.workers import SWEEP_EVERY
from escalation import assignment
from escalation.roster import desk_ever_answered, load_roster
from handlers import in_force
from handlers.fault_log import log_error
from handlers.refresh import refresh

SHUTDOWN_SECONDS = 3


def make_site(app: App) -> Site:
    """Give the pages what they use."""
    settings = app.settings
    now = app.clock()
    officers = (
        {made.key: (demo.address_of(made.key), made.name) for made in demo.OFFICERS}
        if settings.is_demo
        else {}
    )
    return Site(
        database=app.database,
        resources=app.resources,
        channels=app.channels,
        wake=app.workers.wake,
        clock=app.clock,
        session_key=hashlib.sha256(b"session" + load_key(settings)).digest(),
        is_demo=settings.is_demo,
        shows_web_chat=settings.shows_web_chat,
        demo_logins=demo.demo_logins(app.database, now=now) if settings.is_demo else {},
        demo_officers=officers,
    )


def desk_count(app: App) -> int:
    """Count the people at the national desk who can be reached."""
    with app.database.read() as db:
        return len(assignment.desk(load_roster(db, now=app.clock())))


def refuse_unstaffed(app: App) -> None:
    """Keep a messenger closed while nobody would answer. Raises SettingsError."""
    settings = app.settings
    if not settings.has_messenger or settings.unstaffed == "ya":
        return
    # A desk that lapses later starts, and every page says so until somebody answers.
    with app.database.read() as db:
        count = desk_ever_answered(db)
    if count < assignment.DESK_NEEDS:
        raise SettingsError(
            f"Meja nasional baru punya {count} petugas terdaftar, perlu {assignment.DESK_NEEDS}. Daftarkan "
            "dengan `tanya-pimpasa officers import`, atau jalankan dengan UNSTAFFED=ya untuk "
            "uji coba"
        )


def serve(app: App, *, web_only: bool) -> None:
    """Run until interrupted. Raises SettingsError, DatabaseUnusable."""
    refuse_unstaffed(app)
    with nullcontext() if web_only else worker_lock(app):
        site = make_site(app)
        api = create(site, lifespan=keep_fresh(app) if web_only else _with_workers(app))
        announce(app, site)
        keep_what_is_loaded()
        config = uvicorn.Config(
            api,
            host=app.settings.host,
            port=app.settings.port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
        uvicorn.Server(config).run()


def work(app: App) -> None:
    """Run the worker loop alone, until interrupted."""
    refuse_unstaffed(app)
    keep_what_is_loaded()
    with worker_lock(app), contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run_workers(app))


def keep_what_is_loaded() -> None:
    """Spare the collector what lives as long as the process: looking through it takes 0.1 s."""
    gc.collect()
    gc.freeze()


async def run_workers(app: App) -> None:
    """Work, and fetch what no provider brings, until cancelled or stopped."""
    polling = asyncio.create_task(poll(app))
    try:
        await app.workers.run()
    finally:
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        await asyncio.gather(*(channel.close() for channel in app.channels.values()))


def worker_lock(app: App) -> AbstractContextManager[None]:
    """Give the lock that lets one worker loop run on a SQLite file; on PostgreSQL any number."""
    name = app.database.engine.url.database
    if not app.database.is_sqlite or not name:
        return nullcontext()
    return only_worker(Path(name))


def announce(app: App, site: Site) -> None:
    """Print where to look, in Indonesian, for whoever has just started it."""
    base = f"http://{app.settings.host}:{app.settings.port}"
    lines = ["", "Tanya Pimpasa berjalan. Buka di peramban:", f"  {base}/"]
    if site.shows_web_chat:
        lines.append(f"  {base}/chat   obrolan warga")
    for key, (_, name) in site.demo_officers.items():
        lines.append(f"  {base}/chat?as={key}   kotak petugas {name}")
    lines += [f"  {base}/petugas   ruang petugas", f"  {base}/admin   ruang admin"]
    for login, password in site.demo_logins.items():
        lines.append(f"  Akun peragaan: {login} / {password}")
    if desk_count(app) < assignment.DESK_NEEDS:
        lines.append("  PERHATIAN: belum ada petugas yang siap. Jawaban tidak menjanjikan orang.")
    for name in sorted(set(app.channels) - set(SHOWN_HERE)):
        lines.append(f"  Saluran {name} terbuka")
    print("\n".join([*lines, ""]), file=sys.stderr, flush=True)


def keep_fresh(app: App) -> Lifespan:
    """Bring what others changed into a process that has pages alone; workers do so themselves."""

    async def keep() -> None:
        while True:
            try:
                await asyncio.to_thread(refresh, app.database, app.resources, now=app.clock())
                await asyncio.to_thread(in_force.refresh, app.database, app.resources)
            except Exception as error:
                log_error("step", "refresh", error)
            await asyncio.sleep(SWEEP_EVERY.total_seconds())

    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return lifespan


def _with_workers(app: App) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(run_workers(app))
        try:
            yield
        finally:
            app.workers.stop()
            await task

    return lifespan
