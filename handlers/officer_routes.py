"""The officer's own routes: a second messenger by code, a mail address, their order."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from escalation import roster
from escalation.mail_address import is_mail_address
from escalation.models import Officer
from handlers import contacts
from handlers.channel import EMAIL
from handlers.messages import Choice, OutboundMessage
from handlers.models import Contact, Ending
from handlers.presence import PRESENT
from handlers.resources import Resources
from handlers.sealing import Sealer
from handlers.state import ConversationState
from handlers.texts import Texts
from handlers.turn import Turn

INVITATION = re.compile(r"(?:daftar\s+)?([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})", re.IGNORECASE)
INVITATION_PURPOSE = "invitation"
MAIL = re.compile(r"(?:surel|email|e-mail|imel)\s+(\S+@\S+)", re.IGNORECASE)
BUTTON = re.compile(r"jalan:(utama|lepas):(\d{1,18})")
COMMANDS = frozenset({"kode", "jalan", "hadir"})


def hashed(resources: Resources) -> Callable[[str], str]:
    """Give the function under which invitation codes are stored."""
    return lambda code: resources.sealer.lookup(code, purpose=INVITATION_PURPOSE)


def handles_text(text: str, *, texts: Texts) -> bool:
    """Tell whether an officer's text is about their routes."""
    is_command = texts.command(text, group="petugas.perintah") in COMMANDS
    return is_command or MAIL.fullmatch(text.strip()) is not None


def handles_button(button_id: str) -> bool:
    """Tell whether a button is about an officer's routes."""
    return button_id == PRESENT or BUTTON.fullmatch(button_id) is not None


def register(
    db: Session,
    contact: Contact,
    code: str,
    state: ConversationState,
    *,
    resources: Resources,
    now: datetime,
) -> Turn:
    """Link a contact to the officer whose one-time code was typed."""
    assert contact.id is not None
    try:
        officer = roster.redeem(db, code, contact_id=contact.id, hashed=hashed(resources), now=now)
    except roster.InvitationRefused:
        told = resources.texts.say("petugas.kode_ditolak")
    else:
        told = resources.texts.say("petugas.terdaftar", nama=officer.name)
    return Turn(state, Ending.COMMAND, (OutboundMessage(told),))


def add_mail(db: Session, officer: Officer, address: str, *, sealer: Sealer, now: datetime) -> None:
    """Make a mail address the last route of an officer. Raises ValueError for no mail address."""
    if not is_mail_address(address):
        raise ValueError("no mail address")
    contact = contacts.find_or_add(
        db, channel=EMAIL, address=address.lower(), sealer=sealer, now=now
    )
    assert contact.id is not None
    roster.link(db, officer, contact_id=contact.id, now=now, is_last=True)


class Routes:
    """What one officer does with their routes in one message."""

    def __init__(
        self,
        db: Session,
        officer_id: int,
        state: ConversationState,
        resources: Resources,
        now: datetime,
    ) -> None:
        """Take the open unit of work and who acts in it."""
        self.db = db
        self.officer_id = officer_id
        self.state = state
        self.resources = resources
        self.now = now

    def read(self, text: str) -> Turn:
        """Do what a text says that `handles_text` took."""
        if mail := MAIL.fullmatch(text.strip()):
            return self._mail(mail[1])
        name = self.resources.texts.command(text, group="petugas.perintah")
        if name == "kode":
            code = roster.invite(
                self.db, self.officer_id, hashed=hashed(self.resources), now=self.now
            )
            return self._say("kode_baru", kode=code, hari=roster.INVITATION_LIVES.days)
        if name == "hadir":
            return self._say("hadir")
        return self._list()

    def press(self, button_id: str) -> Turn:
        """Do what a button says that `handles_button` took."""
        found = BUTTON.fullmatch(button_id)
        if found is None:
            return self._say("hadir")
        change = roster.prefer_route if found[1] == "utama" else roster.drop_route
        if not change(self.db, self.officer_id, int(found[2])):
            return self._say("jalan_tetap")
        self.db.flush()
        return self._list()

    def _mail(self, address: str) -> Turn:
        officer = self.db.get_one(Officer, self.officer_id)
        try:
            add_mail(self.db, officer, address, sealer=self.resources.sealer, now=self.now)
        except ValueError:
            return self._say("surel_salah")
        return self._say("surel_dicatat")

    def _list(self) -> Turn:
        texts = self.resources.texts
        lines, rows = [], []
        routes = roster.all_routes(self.db, self.officer_id)
        for number, route in enumerate(routes, 1):
            channel = self.db.get_one(Contact, route.contact_id).channel
            name = texts.say(f"petugas.saluran.{channel}")
            broken = f" {texts.say('petugas.jalan_putus')}" if route.broken_code else ""
            lines.append(f"{number}. {name}{broken}")
            if number > 1 and channel != EMAIL:
                title = texts.say("petugas.jalan_utama", saluran=name)
                rows.append(Choice(f"jalan:utama:{route.contact_id}", title))
            if len(routes) > 1:
                title = texts.say("petugas.jalan_lepas", saluran=name)
                rows.append(Choice(f"jalan:lepas:{route.contact_id}", title))
        text = texts.say("petugas.jalan", daftar="\n".join(lines))
        return replace(self._turn(text), replies=(OutboundMessage(text, tuple(rows)),))

    def _say(self, key: str, **values: object) -> Turn:
        return self._turn(self.resources.texts.say(f"petugas.{key}", **values))

    def _turn(self, text: str) -> Turn:
        return Turn(self.state, Ending.COMMAND, (OutboundMessage(text),))
