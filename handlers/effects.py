"""What a turn's intents do to the rows, inside the message's unit of work."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from escalation import cases
from escalation.case_states import CaseState
from escalation.models import Case
from escalation.notices import NoticeKind
from escalation.risk import Level
from handlers import (
    alerts,
    contacts,
    enclosures,
    late_answers,
    linking,
    media,
    namings,
    offers,
    outbox,
    privacy,
    questions,
    relay,
)
from handlers.cards import FACTS, facts_of
from handlers.filing import Filing
from handlers.messages import InboundKind, InboundMessage, OutboundMessage
from handlers.models import Contact, Ending, InboxItem, OutboxKind
from handlers.resources import Resources
from handlers.turn import (
    AddEvidence,
    AskStatus,
    Erase,
    ForwardToOfficer,
    GiveCode,
    GiveReportCode,
    Helpful,
    Intent,
    JoinPerson,
    MoveOutside,
    OpenCase,
    PartChannels,
    RecordOffer,
    SafetyAnswer,
    SetArea,
    Turn,
    WantLateAnswer,
)

AREA_COUNTS_BACK = timedelta(hours=24)
"""A village that somebody names also belongs to what they asked in this time before."""


class Effects:
    """Carries out what one message of one contact leads to."""

    def __init__(
        self, db: Session, item: InboxItem, contact: Contact, resources: Resources, now: datetime
    ) -> None:
        """Take the open unit of work and the message it is about."""
        self.db = db
        self.item = item
        self.contact = contact
        self.resources = resources
        self.now = now
        self.filing = Filing(db, item, contact, resources, now)
        self.wants_answer = True

    @property
    def person_id(self) -> int:
        """Give whose cases these are, on whatever channel they write."""
        return contacts.person_of(self.contact)

    def carry_out(self, turn: Turn, message: InboundMessage) -> Turn:
        """Do all that a turn asks for, and give it with the replies that this led to."""
        # Somebody who only says thanks waits for nobody.
        self.wants_answer = turn.ending != Ending.SOCIAL
        for intent in turn.intents:
            self._carry(intent, message)
        if any(isinstance(intent, Erase) for intent in turn.intents):
            turn = self._erased(turn)
        for intent in turn.intents:
            if isinstance(intent, GiveCode | JoinPerson | PartChannels):
                told = OutboundMessage(self._link(intent))
                turn = replace(turn, replies=(told,))
            if isinstance(intent, GiveReportCode | AskStatus | AddEvidence):
                turn = self.filing.carry(turn, intent, message)
            if isinstance(intent, WantLateAnswer):
                turn = replace(turn, replies=(self._late(intent),))
        self._keep_with_case(turn, message)
        media.want(self.db, self.item, message, now=self.now)
        return late_answers.with_number(turn, self.item.id or 0)

    def _carry(self, intent: Intent, message: InboundMessage) -> None:
        db, resources, now = self.db, self.resources, self.now
        case = cases.open_case_of(db, self.person_id, now=now, lock=True)
        match intent:
            case SetArea(code):
                self._set_area(code)
                if case is not None:
                    relay.area_known(db, case, code, resources=resources, now=now)
            case OpenCase():
                self._report(intent)
            case MoveOutside() if case is not None and not case.is_outside:
                cases.move_outside(db, case, offices=resources.offices, now=now)
                alerts.notify(db, case, NoticeKind.HANDED_OVER, resources=resources, now=now)
            case SafetyAnswer(is_safe) if case is not None:
                relay.safety_told(db, case, is_safe=is_safe, resources=resources, now=now)
            case ForwardToOfficer() if case is not None:
                self._forward(case, message)
            case Helpful(slug, yes):
                questions.mark_helpful(db, self.contact, slug, yes=yes, sealer=resources.sealer)
            case RecordOffer():
                offers.record(
                    db,
                    intent,
                    contact=self.contact,
                    inbox_id=self.item.id or 0,
                    sealer=resources.sealer,
                    now=now,
                )

    def _set_area(self, code: str) -> None:
        self.contact.area_code = code
        self.contact.zone = self.resources.places.zone(code)
        self.db.add(self.contact)
        since = self.now - AREA_COUNTS_BACK
        questions.set_area(self.db, self.contact, since=since, sealer=self.resources.sealer)

    def _report(self, intent: OpenCase) -> None:
        danger, resources = intent.assessment, self.resources
        code = self.contact.area_code or intent.place
        facts = facts_of(
            danger,
            area=resources.places.area(code) if code else None,
            names=resources.names.indicators,
            countries=resources.names.countries,
        )
        facts = self.filing.joined_facts(facts, intent)
        if danger.level.rank > Level.SEDANG.rank:
            # Graver by what was written: where the person lives has raised nothing.
            facts.pop("daerah", None)
        ids = tuple(indication.id for indication in danger.indications)
        change = cases.report(
            self.db,
            cases.Report(
                contact_id=self.person_id,
                area_code=code,
                level=danger.level,
                kind=danger.kind,
                indicators=ids,
                facts_sealed=resources.sealer.seal_json(facts, purpose=FACTS),
                outside=intent.outside or cases.OFFICIALS_INVOLVED in ids,
                since=self.item.received_at,
            ),
            offices=resources.offices,
            now=self.now,
        )
        if intent.facts:
            change.case.facts_sealed = resources.sealer.seal_json(facts, purpose=FACTS)
        self.db.flush()
        namings.keep_of_case(self.db, change.case.id or 0, danger.entities, sealer=resources.sealer)
        if change.is_new or change.is_raised:
            kind = NoticeKind.NEW if change.is_new else NoticeKind.RAISED
            alerts.notify(self.db, change.case, kind, resources=resources, now=self.now)

    def _erased(self, turn: Turn) -> Turn:
        kept = privacy.erase(self.db, self.contact, sealer=self.resources.sealer)
        key = "hapus_kecuali" if kept else "hapus_sudah"
        return replace(turn, replies=(OutboundMessage(self.resources.texts.say(key)),))

    def _late(self, intent: WantLateAnswer) -> OutboundMessage:
        """Note the wish to be told; give what the person reads of it."""
        is_noted = late_answers.agree(
            self.db, self.contact, intent.inbox_id, sealer=self.resources.sealer, now=self.now
        )
        return OutboundMessage(
            self.resources.texts.say("kabari_ya" if is_noted else "kabari_lewat")
        )

    def _link(self, intent: GiveCode | JoinPerson | PartChannels) -> str:
        """Join or part channels; give what the person reads of it."""
        db, sealer, say = self.db, self.resources.sealer, self.resources.texts.say
        match intent:
            case GiveCode():
                code = linking.new_code(db, self.contact, sealer=sealer, now=self.now)
                minutes = int(linking.LIVES.total_seconds() // 60)
                return say("hubungkan_kode", kode=code, menit=minutes)
            case PartChannels():
                is_parted = linking.part(db, self.contact)
                return say("putuskan_sudah" if is_parted else "putuskan_kosong")
            case JoinPerson(code):
                other = linking.join(db, self.contact, code, sealer=sealer, now=self.now)
                if other is None:
                    return say("hubungkan_gagal")
                self._tell_of_joining(other)
                return say("hubungkan_sudah")

    def _tell_of_joining(self, other: Contact) -> None:
        """Let the first channel know, so that nobody is joined behind their back."""
        assert other.id is not None
        draft = outbox.Draft(
            contact_id=other.id,
            message=OutboundMessage(self.resources.texts.say("hubungkan_kabar")),
            dedupe_key=f"joined:{self.item.id}",
            kind=OutboxKind.RELAY,
        )
        outbox.queue(self.db, draft, sealer=self.resources.sealer, now=self.now)

    def _keep_with_case(self, turn: Turn, message: InboundMessage) -> None:
        """Put a message with its person's open case, so that whoever takes it reads all of it.

        Where an officer took the case while this message was thought over, it is passed on now.
        """
        if any(isinstance(intent, AddEvidence) for intent in turn.intents):
            return
        case = cases.open_case_of(self.db, self.person_id, now=self.now)
        if case is None or message.kind == InboundKind.BUTTON:
            return
        self.item.case_id = case.id
        told = (ForwardToOfficer, SafetyAnswer)
        passed_on = any(isinstance(intent, told) for intent in turn.intents)
        if case.state == CaseState.ACCEPTED and not passed_on:
            self._forward(case, message)

    def _forward(self, case: Case, message: InboundMessage) -> None:
        relay.forward(
            self.db,
            case,
            enclosures.in_chat(message, case_id=case.id or 0, resources=self.resources),
            inbox_id=self.item.id,
            resources=self.resources,
            now=self.now,
            wants_answer=self.wants_answer,
        )
