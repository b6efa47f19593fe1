"""`converse`: turns through the real conversation, with a fresh contact each and no network."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot import schema
from bot.app import App, assemble, load_thinking, seed
from bot.batch import BadLine, text_of
from bot.clock import utc_now
from bot.settings import Settings
from handlers import contacts, inbox
from handlers.database import Database
from handlers.messages import InboundMessage
from handlers.models import Contact, Ending
from handlers.process import process
from handlers.replies import answer_id
from handlers.turn import Turn
from handlers.views import state_of
from knowledge.answer import DecisionKind

CHANNEL = "terminal"
BETWEEN_TURNS = timedelta(seconds=20)
OTHER = "other"


@contextmanager
def temporary_app(settings: Settings) -> Iterator[App]:
    """Give an app on a database that is gone afterwards; models come from DATA_DIR."""
    with TemporaryDirectory(prefix="tanya-pimpasa-") as folder:
        own = settings.model_copy(
            update={"database_url": f"sqlite:///{Path(folder) / 'sementara.sqlite3'}"}
        )
        database = Database(own.url)
        schema.upgrade(database)
        seed(database, clock=utc_now)
        thinking = load_thinking(own.models_dir, database=database, clock=utc_now)
        app = assemble(own, database=database, thinking=thinking, clock=utc_now)
        try:
            yield app
        finally:
            app.close()


class Conversations:
    """Plays conversations on one app."""

    def __init__(self, app: App) -> None:
        """Take an app whose database nobody else uses."""
        self.app = app
        self._numbers = itertools.count(1)

    def answer(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Play `{"id", "turns": [{"user", "offered"?}]}` and give what each turn led to."""
        turns = raw.get("turns")
        if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
            raise BadLine('"turns" must be a list of objects')
        person = f"percakapan-{next(self._numbers)}"
        now = self.app.clock()
        told = []
        for number, turn in enumerate(turns):
            if offered := turn.get("offered"):
                self._offer(person, [str(slug) for slug in offered])
            moment = now + number * BETWEEN_TURNS
            told.append(self._say(person, text_of(turn, "user"), f"{person}:{number}", moment))
        return {"id": raw.get("id"), "turns": told}

    def _say(self, person: str, text: str, external_id: str, now: Any) -> dict[str, Any]:
        app = self.app
        message = InboundMessage(CHANNEL, external_id, person, sent_at=now, text=text)
        with app.database.write() as work:
            receipt = inbox.store(work.db, message, sealer=app.resources.sealer, now=now)
            inbox.claim_due(work.db, owner=CHANNEL, now=now, limit=1)
            work.commit()
        turn = process(
            app.database, receipt.inbox_id, owner=CHANNEL, resources=app.resources, now=now
        )
        assert turn is not None
        return _report(turn, app)

    def _offer(self, person: str, slugs: list[str]) -> None:
        app = self.app
        with app.database.write() as work:
            contact = contacts.find_or_add(
                work.db,
                channel=CHANNEL,
                address=person,
                sealer=app.resources.sealer,
                now=app.clock(),
            )
            state = state_of(contact, resources=app.resources)
            offered = tuple(answer_id(slug) for slug in slugs)
            state = replace(state, offered=offered, awaiting=None)
            _keep(contact, state.to_json(), app)
            work.db.add(contact)
            work.commit()


def _keep(contact: Contact, state: dict[str, Any], app: App) -> None:
    contact.state_sealed = app.resources.sealer.seal_json(state, purpose=contacts.STATE)
    contact.state_version += 1


def _report(turn: Turn, app: App) -> dict[str, Any]:
    decision = turn.decision
    kind, slug = OTHER, None
    if turn.ending == Ending.ANSWERED and turn.state.last_slug:
        kind, slug = DecisionKind.ANSWER.value, turn.state.last_slug
    elif decision is not None and turn.ending != Ending.COMMAND:
        kind = decision.kind.value
    candidates = [
        {"slug": candidate.slug, "score": round(candidate.score, 4)}
        for candidate in (decision.candidates if decision else ())
    ]
    return {
        "reply": "\n\n".join(reply.text for reply in turn.replies),
        "kind": kind,
        "slug": slug,
        "candidates": candidates,
        "level": str(turn.level or turn.state.level or "tidak"),
    }
