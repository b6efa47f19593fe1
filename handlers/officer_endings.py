"""How an officer ends a case in chat: refer it, or close it with outcome and reason."""

from escalation import case_moves, cases
from escalation.case_states import CaseState, EventKind, Outcome, Reason
from escalation.models import Case
from handlers.cards import actions
from handlers.messages import Choice
from handlers.officer_acting import Acting
from handlers.referrals import referral_text
from handlers.turn import Turn


def refer(acting: Acting, case: Case, key: str | None) -> Turn:
    """Ask where a case goes on to, then give a text for that office."""
    if case.state != CaseState.ACCEPTED:
        return acting.say_of(case, "terima_dulu")
    resources = acting.resources
    referral = resources.referrals.get(key or "")
    if referral is None:
        rows = tuple(
            Choice(f"k:{case.id}:rujuk:{one.key}", one.title)
            for one in resources.referrals.values()
        )
        return acting.say_of(case, "rujuk_pilih", choices=rows)
    text = referral_text(
        case,
        acting.facts(case),
        referral,
        faq=resources.knowledge.faq,
        countries=resources.names.countries,
        texts=resources.texts,
        zone=acting.zone(),
        officer=acting.name(),
    )
    case_moves.officer_acted(acting.db, case, now=acting.now)
    cases.record(
        acting.db,
        case,
        EventKind.REFERRED,
        officer_id=acting.officer_id,
        detail=referral.key,
        now=acting.now,
    )
    return acting.tell(text, actions(case, texts=resources.texts))


def close(acting: Acting, case: Case, first: str | None, second: str | None) -> Turn:
    """Ask for outcome and reason in two taps, then close."""
    if case.state != CaseState.ACCEPTED:
        return acting.say_of(case, "terima_dulu")
    if first is None or first not in Outcome.__members__:
        rows = tuple(
            Choice(f"k:{case.id}:selesai:{outcome.name}", outcome.capitalize())
            for outcome in Outcome
        )
        return acting.say_of(case, "selesai_hasil", choices=rows)
    outcome = Outcome[first]
    offered = {reason.name: reason for reason in Reason if reason != Reason.DRILL}
    reason = offered.get(second or "")
    if reason is None:
        rows = tuple(
            Choice(f"k:{case.id}:selesai:{first}:{name}", one.capitalize())
            for name, one in offered.items()
        )
        return acting.say_of(case, "selesai_alasan", hasil=outcome, choices=rows)
    cases.close(
        acting.db,
        case,
        officer_id=acting.officer_id,
        outcome=outcome,
        reason=reason,
        now=acting.now,
    )
    return acting.say_of(case, "selesai", hasil=outcome, alasan=reason)
