"""What a report leads to in the rows: card fields, its number, its status, what is added later."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, func, select

from escalation import cases
from escalation.case_states import CaseState
from escalation.models import Case
from handlers import contacts, enclosures, evidence, relay, report_codes
from handlers.cards import FACTS, Facts, local_time
from handlers.flow_state import FlowState
from handlers.messages import Choice, InboundMessage, OutboundMessage
from handlers.models import Contact, InboxItem
from handlers.report_flow import CODE_BLANK
from handlers.resources import Resources
from handlers.state import FLOW_CHOICE
from handlers.turn import AddEvidence, AskStatus, GiveReportCode, OpenCase, Turn

STATUS = {
    CaseState.NEW: "nomor.baru",
    CaseState.ACCEPTED: "nomor.diterima",
    CaseState.CLOSED: "nomor.selesai",
}


@dataclass(frozen=True, slots=True)
class Filing:
    """Works on the reports of one contact, inside the unit of work of one message."""

    db: Session
    item: InboxItem
    contact: Contact
    resources: Resources
    now: datetime

    def joined_facts(self, facts: Facts, intent: OpenCase) -> Facts:
        """Give the fields of a card with those that its case has already."""
        case = self._open_case()
        if case is None:
            return facts | dict(intent.facts)
        before: Facts = self.resources.sealer.open_json(case.facts_sealed, purpose=FACTS)
        return before | facts | dict(intent.facts)

    def carry(
        self, turn: Turn, intent: GiveReportCode | AskStatus | AddEvidence, message: InboundMessage
    ) -> Turn:
        """Draw a number, tell a status, or keep what is added to a case."""
        match intent:
            case GiveReportCode():
                return self._numbered(turn)
            case AskStatus(code):
                return self._status(turn, code)
            case AddEvidence(case_id):
                return self._added(turn, case_id, message)

    def _open_case(self) -> Case | None:
        person = contacts.person_of(self.contact)
        return cases.open_case_of(self.db, person, now=self.now)

    def _last_case(self) -> Case | None:
        """Give the case that a report stopped days ago went to, though nobody holds it open."""
        whose = col(Case.contact_id) == contacts.person_of(self.contact)
        return self.db.exec(select(Case).where(whose).order_by(col(Case.id).desc())).first()

    def _numbered(self, turn: Turn) -> Turn:
        case = self._open_case() or self._last_case()
        if case is None or case.id is None:
            # It stayed with the channel that this one is no longer joined to.
            told = OutboundMessage(self.resources.texts.say("batal"))
            return replace(turn, replies=(told,))
        sealer = self.resources.sealer
        code = report_codes.new_code(self.db, case.id, sealer=sealer, now=self.now)
        replies = tuple(
            replace(reply, text=reply.text.replace(CODE_BLANK, code)) for reply in turn.replies
        )
        return replace(turn, replies=replies)

    def _added(self, turn: Turn, case_id: int, message: InboundMessage) -> Turn:
        say = self.resources.texts.say
        case = self.db.get(Case, case_id, with_for_update=True)
        if case is None or case.state == CaseState.CLOSED:
            return replace(turn, replies=(OutboundMessage(say("nomor.sudah_selesai")),))
        self.item.case_id = case_id
        if case.state == CaseState.ACCEPTED:
            text = enclosures.in_chat(message, case_id=case_id, resources=self.resources)
            relay.forward(
                self.db, case, text, inbox_id=self.item.id, resources=self.resources, now=self.now
            )
        return turn

    def _status(self, turn: Turn, code: str) -> Turn:
        """Say how far a report has come: a neutral line, more only to whoever filed it."""
        say = self.resources.texts.say
        found = report_codes.find(
            self.db,
            code,
            contact_id=self.contact.id or 0,
            sealer=self.resources.sealer,
            now=self.now,
        )
        case = found.case
        if case is None:
            text = say("nomor.terlalu_sering" if found.is_barred else "nomor.tidak_ada")
            return replace(turn, replies=(OutboundMessage(text),))
        text = say(STATUS[CaseState(case.state)], kode=code)
        if case.contact_id == contacts.person_of(self.contact):
            text = f"{text}\n{self._own(case)}"
        if case.state == CaseState.CLOSED:
            return replace(turn, replies=(OutboundMessage(text),))
        add = Choice(f"{FLOW_CHOICE}{evidence.ADD}", say("tombol.tambah"))
        flow = replace(turn.state.flow or FlowState(evidence.ADD), case_id=case.id)
        state = replace(turn.state, flow=flow, offered=(add.id,))
        return replace(turn, state=state, replies=(OutboundMessage(text, (add,)),))

    def _own(self, case: Case) -> str:
        say, zone = self.resources.texts.say, self.contact.zone
        kept = self.db.exec(
            select(func.count()).select_from(InboxItem).where(col(InboxItem.case_id) == case.id)
        ).one()
        told = say("nomor.punya_sendiri", waktu=local_time(case.opened_at, zone=zone), jumlah=kept)
        if case.accepted_at is None or case.state != CaseState.ACCEPTED:
            return told
        accepted = say("nomor.diterima_pada", waktu=local_time(case.accepted_at, zone=zone))
        return f"{told}\n{accepted}"
