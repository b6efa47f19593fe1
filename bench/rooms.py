"""How long the pages of the rooms take over many questions: `python -m bench.rooms`.

Fills a database of its own with made-up questions, messages, replies and cases, signs in as each
role and opens every page a number of times, in process: what is timed is the whole request, from
route to the last byte. `--keep FILE` keeps the database, and takes it as it is where it is there.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi.testclient import TestClient
from sqlalchemy import func
from sqlmodel import col, select

from api.app import create
from bench.rooms_world import PASSWORD, Size, case_ids, fill
from bot import schema
from bot.app import App, assemble, load_thinking, seed
from bot.clock import utc_now
from bot.server import make_site
from bot.settings import load_settings
from handlers.database import Database
from handlers.models import QuestionRecord
from tests.api.rooms import TOKEN

AIM_MS = 300.0
PAGES: dict[str, tuple[str, ...]] = {
    "admin": (
        "/admin",
        "/petugas",
        "/petugas?keadaan=baru&tangga=kabupaten",
        "/petugas/kasus/{case}",
        "/petugas/kasus/{case}/cetak",
        "/admin/faq",
        "/admin/faq?cari=biaya+paspor",
        "/admin/faq?urut=paling+ditanya",
        "/admin/faq/paspor-biaya",
        "/admin/faq/paspor-biaya/riwayat",
        "/admin/faq/coba?teks=berapa+biaya+paspor",
        "/admin/faq/berkas",
        "/admin/celah",
        "/admin/celah?hal=2",
        "/admin/pastikan",
        "/admin/pastikan/entri/paspor-biaya",
        "/admin/pastikan/nomor",
        "/admin/akun",
        "/admin/catatan",
        "/admin/catatan?perihal=kasus-7",
        "/akun",
    ),
    "kepala_kantor": ("/admin", "/petugas", "/petugas/kasus/{case}"),
    "pengamat": ("/admin",),
    "pimpasa": ("/petugas", "/petugas/kasus/{case}"),
    "": ("/readyz", "/metrics", "/"),
}
"""Pages by who opens them; "" is nobody in particular."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One page's times in ms, shortest first, on the clock and of the processor."""

    role: str
    path: str
    times: Sequence[float]
    busy: Sequence[float]
    """Of the processor: what other processes do hardly shows in it."""

    kilobytes: float

    @property
    def p95(self) -> float:
        """Give the time within which 95 of 100 came."""
        return self.times[min(len(self.times) - 1, int(len(self.times) * 0.95))]

    def line(self) -> str:
        """Give a row of the table."""
        mark = "" if self.p95 <= AIM_MS else "  OVER"
        return (
            f"{self.role or '-':14} {self.path:42} p50 {self.times[len(self.times) // 2]:7.0f}  "
            f"p95 {self.p95:7.0f}  longest {self.times[-1]:7.0f} ms  "
            f"processor p50 {self.busy[len(self.busy) // 2]:4.0f}  {self.kilobytes:4.0f} kB{mark}"
        )


def measure(app: App, *, rounds: int) -> Iterator[Timed]:
    """Open every page of every role."""
    (case,) = case_ids(app, count=1)
    site = replace(make_site(app), is_demo=True)
    for role, paths in PAGES.items():
        client = TestClient(create(site), base_url="http://127.0.0.1:8000")
        if role:
            found = TOKEN.search(client.get("/masuk").text)
            assert found is not None
            fields = {"csrf": found[1], "login": role, "password": PASSWORD}
            assert client.post("/masuk", data=fields).status_code == 200
        for path in paths:
            times, busy, size = [], [], 0
            for _ in range(rounds):
                began, spent = time.perf_counter(), time.process_time()
                answer = client.get(path.format(case=case))
                times.append((time.perf_counter() - began) * 1000)
                busy.append((time.process_time() - spent) * 1000)
                assert answer.status_code == 200, (path, answer.status_code)
                size = len(answer.content)
            yield Timed(role, path, sorted(times), sorted(busy), size / 1000)


def open_world(folder: Path, size: Size, *, url: str, now: datetime) -> App:
    """Give the product on a filled database; one that is filled already stays as it is."""
    settings = load_settings(data_dir=folder, database_url=url, secret_key="5a" * 32)
    database = Database(settings.url)
    schema.upgrade(database)
    thinking = load_thinking(load_settings().models_dir, database=None, clock=utc_now)
    app = assemble(settings, database=database, thinking=thinking, clock=lambda: now)
    with database.read() as db:
        is_filled = db.exec(select(col(QuestionRecord.id)).limit(1)).first() is not None
    if not is_filled:
        seed(database, clock=app.clock)
        began = time.perf_counter()
        fill(app, size, now=now)
        print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
    return app


def newest(url: str) -> datetime | None:
    """Give when the newest question of a kept database was asked."""
    database = Database(url)
    try:
        if schema.current(database) is None:
            return None
        with database.read() as db:
            return db.exec(select(func.max(col(QuestionRecord.at)))).one()
    finally:
        database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365, help="over how many days")
    parser.add_argument("--cases", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=40, help="openings of each page")
    parser.add_argument("--keep", type=Path, help="database file to keep, or kept before")
    parser.add_argument("--database", help="URL of an empty PostgreSQL database in its place")
    options = parser.parse_args()
    size = Size(options.questions, options.days, options.cases)
    with TemporaryDirectory(prefix="tanya-pimpasa-") as folder:
        file = options.keep or Path(folder) / "rooms.sqlite3"
        url = options.database or f"sqlite:///{file}"
        last = newest(url)
        now = last + timedelta(minutes=1) if last else utc_now()
        app = open_world(Path(folder), size, url=url, now=now)
        print(f"{size.questions} questions over {size.days} days, {options.rounds} openings each")
        found = []
        for timed in measure(app, rounds=options.rounds):
            found.append(timed)
            print(timed.line(), flush=True)
        app.close()
    over = [timed for timed in found if timed.p95 > AIM_MS]
    print(f"p95 of at most {AIM_MS:.0f} ms: {len(found) - len(over)} of {len(found)} pages")


if __name__ == "__main__":
    main()
