"""What an officer does with a case in chat: take it, read it, keep it, pass it on, list them."""

from escalation import case_moves, case_watch, cases
from escalation.case_states import CaseState, EventKind, IllegalTransition
from escalation.models import Case
from escalation.notices import NoticeKind, rung_of
from handlers import alerts, audit, relay
from handlers.cards import actions, card, case_line, place_of
from handlers.deeds import trail_of
from handlers.messages import Choice
from handlers.models import Ending
from handlers.officer_acting import Acting
from handlers.turn import Turn

LIST_LENGTH = 9


def accept(acting: Acting, case: Case) -> Turn:
    """Let the officer take a case, and tell those who were called to the same emergency."""
    offices = acting.resources.offices
    rung = rung_of(case, acting.officer_id, roster=acting.roster(), offices=offices)
    try:
        cases.accept(acting.db, case, officer_id=acting.officer_id, rung=rung, now=acting.now)
    except IllegalTransition:
        if case.owner_id != acting.officer_id:
            return acting.say_of(case, "sudah_diambil")
        # A second tap: the story stands above already, and phones lie open on tables.
        buttons = actions(case, texts=acting.resources.texts)
        return acting.say_of(case, "sudah_di_tangan", choices=buttons)
    alerts.taken(acting.db, case, by=acting.officer_id, resources=acting.resources, now=acting.now)
    return story(acting, case)


def story(acting: Acting, case: Case) -> Turn:
    """Show the villager's words in a case the officer has taken."""
    told = relay.story(acting.db, case, resources=acting.resources)
    audit.note_read(acting.db, case_id=case.id or 0, who=acting.name(), now=acting.now)
    buttons = actions(case, texts=acting.resources.texts)
    if not told:
        return acting.say_of(case, "diterima_tanpa_teks", choices=buttons)
    return acting.say_of(case, "diterima", isi=told, choices=buttons)


def keep(acting: Acting, case: Case) -> Turn:
    """Note that the officer is still at work on a case, outside this chat."""
    if case.state != CaseState.ACCEPTED:
        return acting.say_of(case, "terima_dulu")
    case_moves.officer_acted(acting.db, case, now=acting.now)
    cases.record(acting.db, case, EventKind.HANDLING, officer_id=acting.officer_id, now=acting.now)
    return acting.say_of(case, "diurus", choices=actions(case, texts=acting.resources.texts))


def hand_over(acting: Acting, case: Case) -> Turn:
    """Pass a case to the next person on its ladder."""
    db, resources, now = acting.db, acting.resources, acting.now
    trail = trail_of(
        cases.history(db, case.id or 0),
        resources=resources,
        db=db,
        zone=acting.zone(),
        by_hand=True,
    )
    try:
        owner = case_moves.hand_over(
            db, case, by=acting.officer_id, offices=resources.offices, now=now
        )
    except IllegalTransition:
        return acting.say_of(case, "bukan_pemegang")
    db.flush()
    alerts.notify(db, case, NoticeKind.HANDED_OVER, resources=resources, now=now, trail=trail)
    name = resources.texts.say("petugas.dialihkan_meja")
    if owner.officer_id is not None:
        name = acting.name(owner.officer_id)
    return acting.say_of(case, "dialihkan", kepada=name)


def list_cases(acting: Acting) -> Turn:
    """Give the officer's open cases, the most pressing first."""
    resources, texts = acting.resources, acting.resources.texts
    mine = cases.open_cases(acting.db, officer_id=acting.officer_id, with_drills=True)
    shared = case_watch.desk_cases(acting.db) if acting.is_at_desk() else ()
    found = [*mine, *shared][:LIST_LENGTH]
    if not found:
        return acting.say("kasus_kosong")
    lines = [
        case_line(case, place=place_of(case, resources.places, texts), texts=texts)
        for case in found
    ]
    rows = tuple(
        Choice(f"k:{case.id}:lihat", texts.say("petugas.kasus_nomor", nomor=case.id), line)
        for case, line in zip(found, lines, strict=True)
    )
    return acting.tell("\n".join([texts.say("petugas.kasus_daftar"), *lines]), rows)


def show(acting: Acting, number: int) -> Turn:
    """Show one case: its card, and once accepted by this officer the villager's words."""
    case = acting.db.get(Case, number)
    if case is None or not acting.may_take(case):
        return acting.say("tidak_ada", nomor=number)
    if case.state == CaseState.CLOSED:
        return acting.say_of(case, "sudah_selesai")
    if case.state == CaseState.ACCEPTED:
        is_mine = case.owner_id == acting.officer_id
        return story(acting, case) if is_mine else acting.say_of(case, "sudah_diambil")
    message = card(
        case,
        acting.facts(case),
        NoticeKind.NEW,
        texts=acting.resources.texts,
        zone=acting.zone(),
        addressee=acting.name(),
    )
    return Turn(acting.state, Ending.COMMAND, (message,))
