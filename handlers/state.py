"""What the conversation remembers of one contact between two messages; it survives a restart."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from handlers.flow_state import FlowState

ENTRY_CHOICE = "a:"
"""How the id of a choice begins that asks for an entry."""

COMPANY_CHOICE = "p3mi:"
"""How the id of a choice begins that means one company of the list in force."""

FLOW_CHOICE = "f:"
"""How the id of a choice begins that belongs to a row of questions."""

TOPICS_KEPT = 6
"""How many answered entries somebody may still go back to."""

RECENT_MESSAGES = 6
RECENT_FOR = timedelta(hours=24)
"""How far back messages count as one conversation, for follow-ups and for danger."""


class Awaiting(StrEnum):
    """What the last message to this person asked for."""

    VILLAGE = "village"
    VILLAGE_CONFIRM = "village_confirm"
    TIP = "tip"
    ERASE = "erase"
    SAFETY = "safety"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class ConversationState:
    """One contact's conversation.

    `offered` are ids of the choices shown last, in order, for people who answer with a number.
    `recent` are the person's last texts, oldest first; they are sealed with the rest.
    """

    greeted: bool = False
    awaiting: Awaiting | None = None
    offered: tuple[str, ...] = ()
    last_slug: str | None = None
    last_question: str = ""
    topics: tuple[str, ...] = ()
    """Entries answered in this conversation, the latest last: what "biayanya?" is about."""

    listed: tuple[str, ...] = ()
    """Entries of the list shown last, kept for "yang tengah tadi" after one was answered."""

    recent: tuple[str, ...] = ()
    level: str | None = None
    """The danger already spoken of, so that it is not repeated with every answer."""

    last_at: datetime | None = None
    villages_asked: int = 0
    within: str | None = None
    proposed_area: str | None = None
    replying_to_case: int | None = None
    """For an officer: the case whose villager the next text goes to."""

    flow: FlowState | None = None
    """A row of questions that is not finished yet, also while something else is talked about."""

    advert: FlowState | None = None
    """What the last advertisement that was passed on says, for checking it."""

    album: str = ""
    pictured_at: datetime | None = None
    """The picture that came last, if nothing else came since: more of them get no answer."""

    album_case: int | None = None
    """The case to which that picture was added by its number: more of them are added, too."""

    def to_json(self) -> dict[str, Any]:
        """Give the state as plain JSON, to be sealed."""
        times = {"last_at": self.last_at, "pictured_at": self.pictured_at}
        return asdict(self) | {name: at.isoformat() if at else None for name, at in times.items()}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "ConversationState":
        """Rebuild what `to_json` gave; keys of another version are left out."""
        known = {key: value for key, value in raw.items() if key in cls.__dataclass_fields__}
        for key in ("offered", "recent", "topics", "listed"):
            known[key] = tuple(known.get(key, ()))
        if known.get("awaiting"):
            known["awaiting"] = Awaiting(known["awaiting"])
        for key in ("last_at", "pictured_at"):
            if known.get(key):
                known[key] = datetime.fromisoformat(known[key])
        for key in ("flow", "advert"):
            known[key] = FlowState.from_json(known[key]) if known.get(key) else None
        return cls(**known)

    def entries_listed(self) -> tuple[str, ...]:
        """Give the entries of the list shown last, also where something was shown since."""
        return entries_of(self.offered) or self.listed

    def calm(self) -> "ConversationState":
        """Give the state with nothing pending: a new message ends what the bot asked before."""
        return replace(self, awaiting=None, offered=())

    def recent_at(self, now: datetime) -> tuple[str, ...]:
        """Give the texts that still belong to the conversation at `now`."""
        return self.recent if self._goes_on(now) else ()

    def advert_at(self, now: datetime) -> FlowState | None:
        """Give what an advertisement says that still belongs to the conversation at `now`."""
        return self.advert if self._goes_on(now) else None

    def _goes_on(self, now: datetime) -> bool:
        return self.last_at is not None and now - self.last_at <= RECENT_FOR


def entries_of(offered: tuple[str, ...]) -> tuple[str, ...]:
    """Give the entries of a list of choices, in order; none where something else was shown.

    Entries beneath an answer are only its neighbours; a list begins with one.
    """
    if not offered or not offered[0].startswith(ENTRY_CHOICE):
        return ()
    chosen = (id.removeprefix(ENTRY_CHOICE) for id in offered if id.startswith(ENTRY_CHOICE))
    return tuple(chosen)
