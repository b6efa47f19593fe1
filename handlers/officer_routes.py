"""The officer's own routes: a second messenger by code, a mail address, their order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
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
    return is_command or names_mail(text)


def names_mail(text: str) -> bool:
    """Tell whether a text gives a mail address as a route."""
    return MAIL.fullmatch(text.strip()) is not None


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
        assert officer.id is not None
        if home := roster.home_of(db, officer.id, offices=resources.offices):
            contact.zone = resources.places.zone(home)
        told = resources.texts.say("petugas.terdaftar", nama=officer.name)
    return Turn(state, Ending.COMMAND, (OutboundMessage(told),))


class MailTaken(Exception):
    """A mail address that is another officer's route."""


def add_mail(db: Session, officer: Officer, address: str, *, sealer: Sealer, now: datetime) -> None:
    """Make a mail address a one-way route of an officer. Raises MailTaken."""
    contact = contacts.find_or_add(
        db, channel=EMAIL, address=address.lower(), sealer=sealer, now=now
    )
    assert contact.id is not None
    if roster.holder_of(db, contact.id) not in (None, officer.id):
        raise MailTaken
    roster.link(db, officer, contact_id=contact.id, now=now, is_one_way=True)


@dataclass(frozen=True, slots=True)
class Routes:
    """What one officer does with their routes in one message, inside its unit of work."""

    db: Session
    officer_id: int
    state: ConversationState
    resources: Resources
    now: datetime

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
        if not self.resources.has_mail:
            return self._say("surel_belum_ada")
        if not is_mail_address(address):
            return self._say("surel_salah")
        officer = self.db.get_one(Officer, self.officer_id)
        try:
            add_mail(self.db, officer, address, sealer=self.resources.sealer, now=self.now)
        except MailTaken:
            return self._say("surel_dipakai")
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
        return Turn(self.state, Ending.COMMAND, (OutboundMessage(text, tuple(rows)),))

    def _say(self, key: str, **values: object) -> Turn:
        text = self.resources.texts.say(f"petugas.{key}", **values)
        return Turn(self.state, Ending.COMMAND, (OutboundMessage(text),))
