"""`python -m bench.ladder [--cases N]`: does every case reach a person or the national desk?

Cases come as real messages over a simulated day, go through the real database, inbox, outbox and
clock, to officers who are silent, on leave, blocked or wrongly registered. Time is a parameter:
a week passes in minutes.
"""

import argparse
import asyncio
import heapq
import itertools
import random
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, func
from sqlmodel import col, select

from bench.ladder_world import CHANNEL, Mood, Person, Post, populate
from bot.app import App
from bot.converse import temporary_app
from bot.settings import load_settings
from bot.workers import Workers
from escalation.assignment import Rung, desk
from escalation.case_states import CaseState, EventKind
from escalation.case_watch import standing_of
from escalation.deadlines import reaches_desk_at
from escalation.models import Case, CaseEvent, Officer
from escalation.roster import load_roster
from handlers import contacts, inbox
from handlers.messages import InboundKind, InboundMessage
from handlers.models import OutboxItem, OutboxKind, OutboxStatus, Priority
from handlers.presence import PRESENT

START = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""Midnight in Jakarta, a Tuesday."""

MINUTE = timedelta(minutes=1)
SWEEP_EVERY = timedelta(hours=1)
"""Enough for test alerts; the product sweeps every ten seconds."""

PROGRESS_EVERY = timedelta(hours=6)

DAYS = 9
"""Five working days and a weekend, after which the slowest case must stand at the desk."""

ANSWERS = (Mood.PROMPT, Mood.ACCEPTS_ONLY, Mood.FLAKY, Mood.LEAVES)
STORIES = (
    "tolong pak saya disekap di kamboja, paspor diambil bos, tidak boleh pulang",
    "pak tolong, adik saya umur 15 sekarang di pelabuhan mau dinaikkan kapal ke malaysia sama calo",
    "saya disuruh bilang liburan ke petugas imigrasi padahal mau kerja di kamboja, besok terbang",
    "agen ambil ktp dan ijazah saya, kalau batal harus bayar 15 juta, saya mau batal",
    "anak saya disuruh kerja di malaysia tanpa dokumen lewat jalur tikus, sponsor minta uang",
    "sponsor mau berangkatkan saya ke malaysia pakai visa wisata, paspor sudah dia pegang",
    "mau bicara dengan petugas",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What the simulation gave. Times are minutes from the stored message, by level."""

    cases: int
    levels: dict[str, int]
    minutes: int
    looks: int
    without_owner: int
    late: int
    left_waiting: int
    settled: dict[str, list[float]]
    taken: int
    first_word: list[float]
    overtaken: int
    sent: int
    deeds: dict[str, int]
    moods: dict[Mood, int]
    interruptions: list[int]


class Clock:
    """The simulation's time."""

    def __init__(self) -> None:
        """Start at the beginning."""
        self.now = START

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now


class WatchedWorkers(Workers):
    """The product's workers, whose every claim is noted."""

    post: Post

    async def send_due(self) -> int:
        """Claim and send as ever."""
        self.post.note_claim()
        return await super().send_due()


@dataclass(order=True, slots=True)
class Act:
    """Something a person does at a time."""

    at: datetime
    number: int
    sender: str = field(compare=False)
    text: str = field(compare=False, default="")
    button: str | None = field(compare=False, default=None)


class Simulation:
    """One run on one app."""

    def __init__(self, app: App, clock: Clock, *, cases: int, days: int, seed: int) -> None:
        """Fill the app's empty database and write down who writes when."""
        self.chance = random.Random(seed)
        self.end = START + timedelta(days=days)
        self.clock = clock
        self.world = populate(app, self.chance, now=START)
        post = Post(app, self.world)
        workers = WatchedWorkers(
            database=app.database,
            channels={CHANNEL: post},
            resources=app.resources,
            clock=clock,
        )
        workers.post = post
        self.app, self.post, self.workers = replace(app, workers=workers), post, workers
        self.acts: list[Act] = []
        self._numbers = itertools.count(1)
        self.without_owner = self.late = self.left_waiting = self.looks = 0
        self.settled: dict[int, datetime] = {}
        self._swept_at = self._told_at = START
        self._done: set[tuple[int, str]] = set()
        for number in range(cases):
            at = START + timedelta(seconds=self.chance.uniform(0, 86_400))
            self._villager(f"warga:{number}", at)
        for person in self.world.people.values():
            if person.mood == Mood.LEAVES:
                at = START + timedelta(hours=self.chance.uniform(6, 20))
                self.act(at, person.address, text="siaga off 10 hari")

    def act(self, at: datetime, sender: str, *, text: str = "", button: str | None = None) -> None:
        """Plan that somebody writes or taps something."""
        heapq.heappush(self.acts, Act(at, next(self._numbers), sender, text, button))

    def _villager(self, address: str, at: datetime) -> None:
        with self.app.database.write() as work:
            contact = contacts.find_or_add(
                work.db,
                channel=CHANNEL,
                address=address,
                sealer=self.app.resources.sealer,
                now=START,
            )
            contact.area_code = self.chance.choice(self.world.regencies)
            work.db.add(contact)
            work.commit()
        self.act(at, address, text=self.chance.choice(STORIES))
        if self.chance.random() < 0.3:
            later = at + timedelta(minutes=self.chance.uniform(20, 600))
            self.act(later, address, text="pak bagaimana, saya masih menunggu kabar")

    async def run(self) -> None:
        """Let the days pass, minute by minute; minutes in which nothing can happen are skipped."""
        end = self.end
        removal: datetime | None = START + timedelta(hours=13)
        while self.clock.now < end:
            if removal is not None and self.clock.now >= removal:
                self._remove()
                removal = None
            while self.acts and self.acts[0].at <= self.clock.now:
                self._store(heapq.heappop(self.acts))
            await self.workers.settle()
            if self.clock.now >= self._swept_at + SWEEP_EVERY:
                await self.workers.sweep()
                self._swept_at = self.clock.now
            await self.workers.watch()
            await self.workers.settle()
            self._officers_read()
            self._look()
            self._say_how_far()
            self.clock.now = min(end, max(self.clock.now + MINUTE, self._next_minute(removal)))

    def _say_how_far(self) -> None:
        if self.clock.now < self._told_at + PROGRESS_EVERY:
            return
        self._told_at = self.clock.now
        hours = int((self.clock.now - START) / timedelta(hours=1))
        broken = (self.without_owner, self.late, self.left_waiting)
        print(f"jam {hours}: {self.looks} saat diperiksa, pelanggaran {broken}", file=sys.stderr)

    def _next_minute(self, removal: datetime | None) -> datetime:
        with self.app.database.read() as db:
            case = db.exec(
                select(func.min(col(Case.due_at))).where(col(Case.state) != CaseState.CLOSED)
            ).one()
            delivery = db.exec(
                select(func.min(col(OutboxItem.due_at))).where(
                    col(OutboxItem.status).in_((OutboxStatus.WAITING, OutboxStatus.PARKED))
                )
            ).one()
        hours = self.app.resources.deadlines.hours
        after = self.clock.now + MINUTE
        mornings = [
            hours.next_digest(after, zone=zone)
            for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
        ]
        acts = self.acts[0].at if self.acts else None
        soon = min(at for at in (case, delivery, acts, removal, *mornings) if at is not None)
        whole = -((START - soon) // MINUTE)
        return START + whole * MINUTE

    def _store(self, act: Act) -> None:
        message = InboundMessage(
            channel=CHANNEL,
            external_id=f"m{act.number}",
            sender=act.sender,
            sent_at=act.at,
            kind=InboundKind.BUTTON if act.button else InboundKind.TEXT,
            text=act.text,
            button_id=act.button,
        )
        with self.app.database.write() as work:
            sealer = self.app.resources.sealer
            inbox.store(work.db, message, sealer=sealer, now=self.clock.now, shown=False)
            work.commit()

    def _remove(self) -> None:
        """Let an admin take officers off the roster while they hold cases."""
        gone = [p.id for p in self.world.people.values() if p.mood == Mood.REMOVED]
        with self.app.database.write() as work:
            for officer in work.db.exec(select(Officer).where(col(Officer.id).in_(gone))).all():
                officer.is_active = False
                work.db.add(officer)
            work.commit()

    def _officers_read(self) -> None:
        for at, delivery in self.post.take():
            person = self.world.people[delivery.address]
            for choice in delivery.message.choices:
                self._react(person, choice.id, at)

    def _react(self, person: Person, id: str, at: datetime) -> None:
        if id == PRESENT and person.mood in (*ANSWERS, Mood.SILENT):
            # The worst of them all: there for every test, and for no case.
            self.act(at + MINUTE, person.address, button=id)
        if id == PRESENT or person.mood not in ANSWERS:
            return
        soon = at + timedelta(minutes=self.chance.uniform(1, 25))
        case, _, action = id.removeprefix("k:").partition(":")
        if action == "balas":
            # Every reply to a tap shows the button again; one round of work is enough.
            if (person.id, case) in self._done:
                return
            self._done.add((person.id, case))
        if action in ("terima", "lihat"):
            if person.mood == Mood.ACCEPTS_ONLY and (person.id, case) in self._done:
                return
            if person.mood == Mood.ACCEPTS_ONLY:
                self._done.add((person.id, case))
            else:
                # Whoever takes a case again works on it again.
                self._done.discard((person.id, case))
            self.act(soon, person.address, button=f"k:{case}:terima")
        elif action == "balas" and person.mood == Mood.PROMPT:
            self.act(soon, person.address, button=f"k:{case}:urus")
            later = soon + timedelta(minutes=self.chance.uniform(30, 300))
            self.act(later, person.address, button=f"k:{case}:selesai:VERIFIED:REFERRED")

    def _look(self) -> None:
        """Look at every open case: whose it is, and whether its time is kept."""
        now, self.looks = self.clock.now, self.looks + 1
        resources = self.app.resources
        with self.app.database.read() as db:
            roster = load_roster(db, now=now)
            cases = db.exec(select(Case).where(col(Case.state) != CaseState.CLOSED)).all()
        for case in cases:
            assert case.id is not None
            at_desk = case.rung == Rung.NASIONAL
            if case.state != CaseState.NEW or at_desk:
                self.settled.setdefault(case.id, now)
            is_held = case.owner_id in roster.reachable
            if not is_held and not (case.owner_id is None and at_desk and desk(roster)):
                self.without_owner += 1
            standing = standing_of(case, zone=resources.zone_of(roster, case.owner_id))
            until = reaches_desk_at(standing, policy=resources.deadlines)
            if until is None or at_desk or now <= until:
                continue
            if case.state == CaseState.NEW:
                self.late += 1
            else:
                rule = resources.deadlines.rule(standing.level, is_request=standing.is_request)
                silent = resources.deadlines.later(
                    standing.waits_since or now, rule.silent, rule=rule, zone=standing.zone
                )
                self.left_waiting += now > silent

    def report(self) -> Report:
        """Sum up."""
        with self.app.database.read() as db:
            cases = db.exec(select(Case).order_by(col(Case.id))).all()
            events = db.exec(select(CaseEvent)).all()
            urgent = db.exec(
                select(OutboxItem.case_id, func.min(col(OutboxItem.sent_at)))
                .where(
                    col(OutboxItem.priority) == Priority.URGENT,
                    col(OutboxItem.status) == OutboxStatus.SENT,
                )
                .group_by(col(OutboxItem.case_id))
            ).all()
            notices = db.exec(
                select(OutboxItem.officer_id, OutboxItem.sent_at).where(
                    col(OutboxItem.kind) == OutboxKind.NOTICE,
                    col(OutboxItem.status) == OutboxStatus.SENT,
                )
            ).all()
        told = Counter((id, (at - START).days) for id, at in notices if at is not None)
        opened = {case.id: case.opened_at for case in cases}
        settled: dict[str, list[float]] = {}
        for case in cases:
            at = self.settled.get(case.id or 0, START + timedelta(days=99))
            minutes = (at - case.opened_at) / MINUTE
            settled.setdefault(_row(case), []).append(minutes)
        return Report(
            cases=len(cases),
            levels=dict(Counter(_row(case) for case in cases)),
            minutes=int((self.end - START) / MINUTE),
            looks=self.looks,
            without_owner=self.without_owner,
            late=self.late,
            left_waiting=self.left_waiting,
            settled=settled,
            taken=len({step.case_id for step in events if step.kind == EventKind.ACCEPTED}),
            first_word=[(at - opened[id]) / MINUTE for id, at in urgent if at and id in opened],
            overtaken=self.post.overtaken,
            sent=self.post.sent,
            deeds=dict(Counter(step.kind for step in events)),
            moods=self.world.moods(),
            interruptions=sorted(told.values()),
        )


def _row(case: Case) -> str:
    return case.level if case.indicators else "permintaan"


def forget_disk(app: App) -> None:
    """Let commits return before the disk has them: nothing here must survive a power cut."""
    app.database.engine.dispose()

    def relax(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(app.database.engine, "connect", relax)


def simulate(app: App, clock: Clock, *, cases: int, days: int = DAYS, seed: int = 1) -> Report:
    """Run a simulation on an app with an empty database whose clock is `clock`."""
    forget_disk(app)
    simulation = Simulation(app, clock, cases=cases, days=days, seed=seed)
    asyncio.run(simulation.run())
    return simulation.report()


def show(report: Report) -> list[str]:
    """Give a report as lines."""
    moods = ", ".join(f"{mood}: {count}" for mood, count in report.moods.items())
    lines = [
        f"kasus                                    {report.cases} {report.levels}",
        f"petugas                                  {moods}",
        f"menit disimulasikan / saat diperiksa     {report.minutes} / {report.looks}",
        f"kasus x saat tanpa pemegang              {report.without_owner}",
        f"kasus x saat lewat batas (belum Terima)  {report.late}",
        f"kasus x saat lewat batas (lalu diam)     {report.left_waiting}",
        f"kabar lain mendahului kabar darurat      {report.overtaken} dari {report.sent} kiriman",
        f"pernah diterima petugas                  {report.taken} dari {report.cases}",
        f"kabar darurat pertama, paling lama       {max(report.first_word, default=0):.1f} menit",
        f"langkah                                  {report.deeds}",
    ]
    for level, minutes in sorted(report.settled.items()):
        ordered = sorted(minutes)
        lines.append(
            f"{level:<12} diterima atau di meja nasional: median {ordered[len(ordered) // 2]:.0f}, "
            f"paling lama {ordered[-1]:.0f} menit"
        )
    if report.interruptions:
        days = report.interruptions
        lines.append(
            f"kabar per petugas per hari: median {days[len(days) // 2]}, terbanyak {days[-1]}"
        )
    return lines


def main() -> int:
    """Run and print; exits with 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    clock = Clock()
    with temporary_app(load_settings()) as app:
        report = simulate(replace(app, clock=clock), clock, cases=options.cases, seed=options.seed)
    print("\n".join(show(report)))
    broken = report.without_owner + report.late + report.left_waiting + report.overtaken
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
