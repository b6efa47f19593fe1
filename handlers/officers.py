"""The officer's side of the chat: cards, Terima, Balas warga, Alihkan, Selesai, the list."""

import re
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from escalation import cases, roster
from escalation.case_states import CaseState, EventKind, IllegalTransition, Outcome, Reason
from escalation.models import Case, Officer
from escalation.notices import NoticeKind, may_take
from handlers import alerts, audit, relay
from handlers.cards import FACTS, actions, card, case_line
from handlers.messages import Choice, InboundKind, InboundMessage, OutboundMessage
from handlers.models import Contact, Ending
from handlers.officer_routes import INVITATION, Routes, handles_button, handles_text, register
from handlers.resources import Resources
from handlers.state import ConversationState
from handlers.texts import Texts, tidy
from handlers.turn import Turn
from knowledge.places import Gazetteer

CASE_BUTTON = re.compile(r"k:(\d{1,9}):(\w+)(?::(\w+))?(?::(\w+))?")
CASE_WORD = re.compile(r"(?:kasus|/kasus)\s+#?(\d{1,9})")
LIST_LENGTH = 9


def handles(
    message: InboundMessage, state: ConversationState, *, officer_id: int | None, texts: Texts
) -> bool:
    """Tell whether a message is an officer's business; anything else is answered like a question."""
    if message.kind == InboundKind.TEXT and INVITATION.fullmatch(message.text.strip()):
        return True
    if officer_id is None:
        return False
    if message.kind == InboundKind.BUTTON:
        id = message.button_id or ""
        return CASE_BUTTON.fullmatch(id) is not None or handles_button(id)
    if message.kind != InboundKind.TEXT:
        return False
    if state.replying_to_case is not None:
        return True
    text = message.text.strip()
    if handles_text(text, texts=texts):
        return True
    command = texts.command(text, group="petugas.perintah")
    return command is not None or CASE_WORD.fullmatch(tidy(text)) is not None


def handle(
    db: Session,
    contact: Contact,
    message: InboundMessage,
    state: ConversationState,
    *,
    officer_id: int | None,
    resources: Resources,
    now: datetime,
) -> Turn:
    """Do what an officer asks for, inside the message's unit of work."""
    state = replace(state, awaiting=None, offered=())
    invitation = INVITATION.fullmatch(message.text.strip())
    if invitation and message.kind == InboundKind.TEXT:
        return register(db, contact, invitation[1], state, resources=resources, now=now)
    assert officer_id is not None
    desk = Desk(db, officer_id, state, message, resources, now)
    routes = Routes(db, officer_id, state, resources, now)
    if message.kind == InboundKind.BUTTON:
        if handles_button(message.button_id or ""):
            return routes.press(message.button_id or "")
        found = CASE_BUTTON.fullmatch(message.button_id or "")
        assert found is not None
        return desk.press(int(found[1]), found[2], found[3], found[4])
    if state.replying_to_case is not None:
        return desk.send_reply(state.replying_to_case)
    if handles_text(message.text, texts=resources.texts):
        return routes.read(message.text)
    if named := CASE_WORD.fullmatch(tidy(message.text)):
        return desk.show(int(named[1]))
    if resources.texts.command(message.text, group="petugas.perintah") == "kasus":
        return desk.list_cases()
    return desk.say("bantuan")


class Desk:
    """What one officer does with cases in one message."""

    def __init__(
        self,
        db: Session,
        officer_id: int,
        state: ConversationState,
        message: InboundMessage,
        resources: Resources,
        now: datetime,
    ) -> None:
        """Take the open unit of work and who acts in it."""
        self.db = db
        self.officer_id = officer_id
        self.state = state
        self.message = message
        self.resources = resources
        self.now = now

    def say(self, key: str, *, choices: tuple[Choice, ...] = (), **values: object) -> Turn:
        """Tell the officer a sentence."""
        text = self.resources.texts.say(f"petugas.{key}", **values)
        return Turn(self.state, Ending.COMMAND, (OutboundMessage(text, choices),))

    def press(self, number: int, action: str, first: str | None, second: str | None) -> Turn:
        """Do what a button on a card says."""
        case = self.db.get(Case, number, with_for_update=True)
        if case is None or not self._may_take(case):
            return self.say("tidak_ada", nomor=number)
        if action == "terima":
            return self._accept(case)
        if action == "lihat":
            return self.show(number)
        if case.owner_id != self.officer_id and not (action == "alihkan" and not case.owner_id):
            return self.say("bukan_pemegang", nomor=number)
        if action == "balas":
            return self._start_reply(case)
        if action == "alihkan":
            return self._hand_over(case)
        if action == "selesai":
            return self._close(case, first, second)
        return self.say("bantuan")

    def _may_take(self, case: Case) -> bool:
        found = roster.load_roster(self.db, now=self.now)
        return may_take(case, self.officer_id, roster=found, offices=self.resources.offices)

    def _accept(self, case: Case) -> Turn:
        try:
            cases.accept(self.db, case, officer_id=self.officer_id, now=self.now)
        except IllegalTransition:
            if case.state == CaseState.CLOSED:
                return self.say("sudah_selesai", nomor=case.id)
            if case.owner_id != self.officer_id:
                return self.say("sudah_diambil", nomor=case.id)
            buttons = actions(case, texts=self.resources.texts)
            return self.say("sudah_di_tangan", nomor=case.id, choices=buttons)
        return self._story(case)

    def _story(self, case: Case) -> Turn:
        told = relay.story(self.db, case, resources=self.resources)
        officer = self.db.get_one(Officer, self.officer_id)
        audit.note_read(self.db, case_id=case.id or 0, who=officer.name, now=self.now)
        buttons = actions(case, texts=self.resources.texts)
        if not told:
            return self.say("diterima_tanpa_teks", nomor=case.id, choices=buttons)
        return self.say("diterima", nomor=case.id, isi=told, choices=buttons)

    def _start_reply(self, case: Case) -> Turn:
        if case.state != CaseState.ACCEPTED:
            return self.say("terima_dulu", nomor=case.id)
        self.state = replace(self.state, replying_to_case=case.id)
        return self.say("balas_mulai", nomor=case.id)

    def send_reply(self, number: int) -> Turn:
        """Send what the officer wrote to the villager of a case."""
        self.state = replace(self.state, replying_to_case=None)
        text = self.message.text.strip()
        command = self.resources.texts.command(text, group="petugas.perintah")
        if command == "batal" or not text:
            return self.say("balas_batal")
        case = self.db.get(Case, number, with_for_update=True)
        if case is None or case.owner_id != self.officer_id or case.state != CaseState.ACCEPTED:
            return self.say("bukan_pemegang", nomor=number)
        held = relay.reply(
            self.db,
            case,
            text,
            mark=mark_of(self.message),
            resources=self.resources,
            now=self.now,
        )
        cases.record(self.db, case, EventKind.ANSWERED, officer_id=self.officer_id, now=self.now)
        buttons = actions(case, texts=self.resources.texts)
        key = "balas_menunggu" if held else "balas_terkirim"
        return self.say(key, nomor=number, choices=buttons)

    def _hand_over(self, case: Case) -> Turn:
        try:
            owner = cases.hand_over(
                self.db, case, by=self.officer_id, offices=self.resources.offices, now=self.now
            )
        except IllegalTransition:
            return self.say("bukan_pemegang", nomor=case.id)
        self.db.flush()
        alerts.notify(self.db, case, NoticeKind.HANDED_OVER, resources=self.resources, now=self.now)
        name = self.resources.texts.say("petugas.dialihkan_meja")
        if owner.officer_id is not None:
            name = self.db.get_one(Officer, owner.officer_id).name
        return self.say("dialihkan", nomor=case.id, kepada=name)

    def _close(self, case: Case, first: str | None, second: str | None) -> Turn:
        if case.state != CaseState.ACCEPTED:
            return self.say("terima_dulu", nomor=case.id)
        if first is None or first not in Outcome.__members__:
            rows = tuple(
                Choice(f"k:{case.id}:selesai:{outcome.name}", outcome.capitalize())
                for outcome in Outcome
            )
            return self.say("selesai_hasil", nomor=case.id, choices=rows)
        outcome = Outcome[first]
        if second is None or second not in Reason.__members__:
            rows = tuple(
                Choice(f"k:{case.id}:selesai:{first}:{reason.name}", reason.capitalize())
                for reason in Reason
            )
            return self.say("selesai_alasan", nomor=case.id, hasil=outcome, choices=rows)
        reason = Reason[second]
        cases.close(
            self.db,
            case,
            officer_id=self.officer_id,
            outcome=outcome,
            reason=reason,
            now=self.now,
        )
        return self.say("selesai", nomor=case.id, hasil=outcome, alasan=reason)

    def list_cases(self) -> Turn:
        """Give the officer's open cases, the most pressing first."""
        found = cases.open_cases(self.db, officer_id=self.officer_id)[:LIST_LENGTH]
        if not found:
            return self.say("kasus_kosong")
        texts = self.resources.texts
        lines = [
            case_line(case, place=place_of(case, self.resources.places, texts), texts=texts)
            for case in found
        ]
        rows = tuple(
            Choice(f"k:{case.id}:lihat", f"Kasus {case.id}", line)
            for case, line in zip(found, lines, strict=True)
        )
        turn = self.say("kasus_daftar", choices=rows)
        text = "\n".join([turn.replies[0].text, *lines])
        return replace(turn, replies=(OutboundMessage(text, rows),))

    def show(self, number: int) -> Turn:
        """Show one case: its card, and once accepted by this officer the villager's words."""
        case = self.db.get(Case, number)
        if case is None or not self._may_take(case):
            return self.say("tidak_ada", nomor=number)
        if case.owner_id not in (self.officer_id, None):
            return self.say("bukan_pemegang", nomor=number)
        if case.state == CaseState.ACCEPTED:
            return self._story(case)
        officer = self.db.get_one(Officer, self.officer_id)
        facts = self.resources.sealer.open_json(case.facts_sealed, purpose=FACTS)
        message = card(
            case,
            facts,
            NoticeKind.NEW,
            texts=self.resources.texts,
            zone="Asia/Jakarta",
            addressee=officer.name,
        )
        return Turn(self.state, Ending.COMMAND, (message,))


def mark_of(message: InboundMessage) -> str:
    """Give what tells an officer's message from every other, so that its words go out once."""
    return f"{message.channel}:{message.external_id}"


def place_of(case: Case, places: Gazetteer, texts: Texts) -> str:
    """Give where a case comes from, as a list shows it."""
    area = places.area(case.area_code) if case.area_code else None
    return area.label if area else texts.say("petugas.belum_diketahui")
