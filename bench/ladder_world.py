"""A made-up country for the ladder's simulation: officers with moods, and the channel to them."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, func, select

from bot.app import App
from escalation.assignment import Rung
from escalation.models import Officer, Posting
from escalation.offices import Offices
from escalation.roster import link
from handlers import contacts
from handlers.channel import Delivery, Limits, PermanentSendError, TemporarySendError
from handlers.messages import InboundMessage
from handlers.models import OutboxItem, OutboxStatus, Priority

CHANNEL = "web"
REGENCIES = 48


class Mood(StrEnum):
    """How an officer behaves; the value is what the report calls it."""

    PROMPT = "menjawab"
    SILENT = "diam"
    ACCEPTS_ONLY = "menerima lalu diam"
    AWAY = "libur"
    LEAVES = "mulai libur di tengah hari"
    REMOVED = "dihapus admin di tengah hari"
    BLOCKED = "memblokir bot"
    FLAKY = "sering tidak sampai"
    WRONG = "nomor salah terdaftar"


SHARES = {
    Mood.PROMPT: 34,
    Mood.SILENT: 20,
    Mood.ACCEPTS_ONLY: 10,
    Mood.AWAY: 8,
    Mood.LEAVES: 6,
    Mood.REMOVED: 2,
    Mood.BLOCKED: 8,
    Mood.FLAKY: 4,
    Mood.WRONG: 8,
}


@dataclass(slots=True)
class Person:
    """One made-up officer."""

    id: int
    address: str
    mood: Mood


@dataclass(slots=True)
class World:
    """The officers by address, and the regencies in which villagers live."""

    people: dict[str, Person] = field(default_factory=dict)
    regencies: list[str] = field(default_factory=list)

    def moods(self) -> dict[Mood, int]:
        """Count the officers of each mood."""
        found = [person.mood for person in self.people.values()]
        return {mood: found.count(mood) for mood in Mood}


def populate(app: App, chance: random.Random, *, now: datetime) -> World:
    """Fill an empty database: pimpasa, deputies, offices, heads, regions and a national desk."""
    world = World()
    offices = app.resources.offices
    world.regencies = sorted(chance.sample(sorted(offices.of_regency), REGENCIES))
    provinces = sorted({code[:2] for code in world.regencies})
    with app.database.write() as work:
        seat = _Seats(app, work.db, world, chance, now)
        for regency in world.regencies:
            # One regency in six has nobody of its own.
            if chance.random() < 1 / 6:
                continue
            office = _office(offices, regency)
            deputy = seat.add("wakil", (Rung.KANTOR, office))
            seat.add("pimpasa", (Rung.KABUPATEN, regency), deputy=deputy)
        for office in sorted({_office(offices, regency) for regency in world.regencies}):
            if chance.random() < 0.8:
                seat.add("kepala kantor", (Rung.KANTOR, office))
        for province in provinces:
            if chance.random() < 0.8:
                seat.add("kepala wilayah", (Rung.WILAYAH, province))
        # Somebody at the desk answers; an empty desk is refused at the start (invariant 6).
        for mood in (Mood.PROMPT, Mood.PROMPT, Mood.SILENT, Mood.BLOCKED, Mood.ACCEPTS_ONLY):
            seat.add("meja nasional", (Rung.NASIONAL, ""), mood=mood)
        work.commit()
    return world


def _office(offices: Offices, regency: str) -> str:
    return offices.of_regency[regency][0]


@dataclass(slots=True)
class _Seats:
    app: App
    db: Session
    world: World
    chance: random.Random
    now: datetime

    def add(
        self,
        duty: str,
        post: tuple[Rung, str],
        *,
        deputy: int | None = None,
        mood: Mood | None = None,
    ) -> int:
        number = len(self.world.people) + 1
        officer = Officer(
            name=f"Petugas {number}",
            duty="pimpasa" if duty == "wakil" else duty,
            deputy_id=deputy,
            created_at=self.now,
            # All of them answered the last test alert, also those whose number is now another's.
            answered_at=self.now,
        )
        self.db.add(officer)
        self.db.flush()
        assert officer.id is not None
        self.db.add(Posting(officer_id=officer.id, rung=post[0], code=post[1]))
        address = f"petugas:{number}"
        contact = contacts.find_or_add(
            self.db,
            channel=CHANNEL,
            address=address,
            sealer=self.app.resources.sealer,
            now=self.now,
        )
        assert contact.id is not None
        link(self.db, officer, contact_id=contact.id, now=self.now)
        mood = mood or self.chance.choices(list(SHARES), list(SHARES.values()))[0]
        if mood == Mood.AWAY:
            officer.away_until = self.now + timedelta(days=30)
            self.db.add(officer)
        self.world.people[address] = Person(officer.id, address, mood)
        return officer.id


class Post:
    """The channel: refuses as each officer's mood says, and notes what went out in which order."""

    def __init__(self, app: App, world: World) -> None:
        """Take whom to deliver to."""
        self.name = CHANNEL
        self.limits: Limits = app.channels[CHANNEL].limits
        self._app, self._world = app, world
        self.delivered: list[tuple[datetime, Delivery]] = []
        self.overtaken = 0
        self.sent = 0
        self._urgent: frozenset[int] = frozenset()

    async def send(self, delivery: Delivery) -> str:
        """Accept or refuse one message."""
        now = self._app.clock()
        person = self._world.people.get(delivery.address)
        if not delivery.urgent and self._urgent:
            self.overtaken += bool(self._urgent & self._urgent_waiting(now))
        if person is not None and person.mood == Mood.BLOCKED:
            raise PermanentSendError("blocked")
        if person is not None and person.mood == Mood.FLAKY and now.minute % 20 < 15:
            raise TemporarySendError("timeout")
        self.sent += 1
        if person is not None:
            self.delivered.append((now, delivery))
        return f"p{delivery.outbox_id}"

    def note_claim(self) -> None:
        """Note which emergency notices may go at the moment in which the next are claimed."""
        self._urgent = self._urgent_waiting(self._app.clock())

    async def acknowledge(self, message: InboundMessage) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""

    def take(self) -> list[tuple[datetime, Delivery]]:
        """Give what officers received since the last look."""
        found, self.delivered = self.delivered, []
        return found

    def _urgent_waiting(self, now: datetime) -> frozenset[int]:
        """Give the emergency notices that are due and in nobody's hands.

        Of several to one officer the first only: those keep their order.
        """
        first = (
            select(func.min(col(OutboxItem.id)))
            .where(
                col(OutboxItem.priority) == Priority.URGENT,
                col(OutboxItem.status) == OutboxStatus.WAITING,
            )
            .group_by(col(OutboxItem.contact_id))
        )
        with self._app.database.read() as db:
            due = db.exec(
                select(OutboxItem.id).where(
                    col(OutboxItem.id).in_(first),
                    col(OutboxItem.due_at) <= now,
                    col(OutboxItem.lease_owner).is_(None),
                    col(OutboxItem.status) == OutboxStatus.WAITING,
                )
            ).all()
        return frozenset(id for id in due if id is not None)
