"""People for tests: they write, tap and read through the real inbox, workers and transcript."""

import asyncio
import itertools
from typing import Any

from sqlmodel import Session, select

from bot.app import App
from escalation.assignment import Rung
from escalation.models import Case, Officer, Posting
from escalation.roster import link
from handlers import contacts, inbox, transcript
from handlers.messages import Choice, InboundKind, InboundMessage, OutboundMessage
from handlers.models import Contact

_numbers = itertools.count(1)


class Person:
    """Somebody on the web channel."""

    def __init__(self, app: App, name: str) -> None:
        self.app = app
        self.name = name
        self._seen = 0

    def send(self, **fields: Any) -> int:
        """Store a message without anybody working on it; give its id."""
        given: dict[str, Any] = {
            "channel": "web",
            "external_id": f"{self.name}:{next(_numbers)}",
            "sender": self.name,
            "sent_at": self.app.clock(),
        }
        with self.app.database.write() as work:
            receipt = inbox.store(
                work.db,
                InboundMessage(**(given | fields)),
                sealer=self.app.resources.sealer,
                now=self.app.clock(),
                shown=True,
            )
            work.commit()
        return receipt.inbox_id

    def say(self, text: str) -> list[OutboundMessage]:
        """Write something and read what comes back."""
        self.send(text=text)
        settle(self.app)
        return self.read()

    def tap(self, button_id: str) -> list[OutboundMessage]:
        """Tap a button and read what comes back."""
        self.send(kind=InboundKind.BUTTON, button_id=button_id)
        settle(self.app)
        return self.read()

    def read(self) -> list[OutboundMessage]:
        """Read what is new."""
        with self.app.database.read() as db:
            found = transcript.lines(
                db,
                contact_id=self.contact(db).id or 0,
                after=self._seen,
                sealer=self.app.resources.sealer,
            )
        if found:
            self._seen = found[-1].id
        return [line.told for line in found if line.told is not None]

    def contact(self, db: Session) -> Contact:
        """Give this person's row."""
        return contacts.find_or_add(
            db,
            channel="web",
            address=self.name,
            sealer=self.app.resources.sealer,
            now=self.app.clock(),
        )


def settle(app: App) -> None:
    """Work until nothing is due."""
    asyncio.run(app.workers.settle())


def seat(app: App, name: str, *posts: tuple[Rung, str]) -> Person:
    """Register an officer with these posts, who reads on the web channel."""
    person = Person(app, f"petugas:{name}")
    with app.database.write() as work:
        officer = Officer(
            name=name, duty="pimpasa", created_at=app.clock(), answered_at=app.clock()
        )
        work.db.add(officer)
        work.db.flush()
        assert officer.id is not None
        for rung, code in posts or ((Rung.NASIONAL, ""),):
            work.db.add(Posting(officer_id=officer.id, rung=rung, code=code))
        contact = person.contact(work.db)
        assert contact.id is not None
        link(work.db, officer, contact_id=contact.id, now=app.clock())
        work.commit()
    return person


def text_of(messages: list[OutboundMessage]) -> str:
    """Give all texts in one."""
    return "\n".join(message.text for message in messages)


def choices_of(messages: list[OutboundMessage]) -> list[Choice]:
    """Give all choices in order."""
    return [choice for message in messages for choice in message.choices]


def only_case(app: App) -> Case:
    """Give the one case there is."""
    with app.database.read() as db:
        return db.exec(select(Case)).one()
