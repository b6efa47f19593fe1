"""`case`: open cases as JSON Lines, a case's history, passing it on, and drills. No words of anybody."""

import argparse
import json
from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot import training
from bot.app import App, assemble, load_thinking, open_database
from bot.clock import utc_now
from bot.settings import Settings
from escalation import case_moves, cases
from escalation.case_states import CaseState, IllegalTransition
from escalation.models import Case, Officer
from escalation.notices import NoticeKind
from escalation.risk import Level
from handlers import alerts
from handlers.drills import LEVELS, start_drill

Adder = Callable[..., argparse.ArgumentParser]


class CaseRefused(Exception):
    """A case that is not there or not in a state for this; an Indonesian sentence."""


def add_commands(verb: argparse.ArgumentParser) -> None:
    """Add what `case` can do."""
    actions = verb.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="open cases, one JSON line each").set_defaults(run=_list)
    showing = actions.add_parser("show", help="one case with its history, without any words")
    showing.add_argument("number", type=int)
    showing.set_defaults(run=_show)
    passing = actions.add_parser("hand-over", help="pass a case to the next on its ladder")
    passing.add_argument("number", type=int)
    passing.set_defaults(run=_hand_over)
    drill = actions.add_parser("drill", help="send a made-up case through the whole chain")
    drill.add_argument("--area", required=True, help="area code, such as 35.04.01.1001")
    drill.add_argument("--level", choices=[level.value for level in LEVELS], default="darurat")
    drill.set_defaults(run=_drill)


def _list(settings: Settings, _options: argparse.Namespace) -> int:
    with open_database(settings).read() as db:
        for case in cases.open_cases(db, with_drills=True):
            print(json.dumps(_row(db, case)))
    return 0


def _show(settings: Settings, options: argparse.Namespace) -> int:
    with open_database(settings).read() as db:
        case = _find(db, options.number)
        events = [
            {
                "at": event.at.isoformat(),
                "kind": event.kind,
                "by": _name(db, event.officer_id),
                "to": _name(db, event.to_officer_id),
                "state": event.to_state,
                "detail": event.detail,
            }
            for event in cases.history(db, options.number)
        ]
        print(json.dumps(_row(db, case) | {"history": events}, ensure_ascii=False, indent=1))
    return 0


def _hand_over(settings: Settings, options: argparse.Namespace) -> int:
    app, now = _app(settings), utc_now()
    with app.database.write() as work:
        case = _find(work.db, options.number)
        try:
            case_moves.hand_over(work.db, case, by=None, offices=app.resources.offices, now=now)
        except IllegalTransition as error:
            raise CaseRefused(f"Kasus {options.number} sudah selesai.") from error
        work.db.flush()
        alerts.notify(work.db, case, NoticeKind.HANDED_OVER, resources=app.resources, now=now)
        work.commit()
        print(json.dumps(_row(work.db, case)))
    return 0


def _drill(settings: Settings, options: argparse.Namespace) -> int:
    app = _app(settings)
    with app.database.write() as work:
        case = start_drill(
            work.db,
            options.area,
            Level(options.level),
            resources=app.resources,
            now=utc_now(),
        )
        work.commit()
        print(json.dumps(_row(work.db, case)))
    return 0


def _app(settings: Settings) -> App:
    training.ensure_models(settings.models_dir)
    database = open_database(settings)
    thinking = load_thinking(settings.models_dir, database=database, clock=utc_now)
    return assemble(settings, database=database, thinking=thinking, clock=utc_now)


def _find(db: Session, number: int) -> Case:
    case = db.get(Case, number)
    if case is None:
        raise CaseRefused(f"Kasus {number} tidak ada. Lihat daftarnya dengan `case list`.")
    return case


def _row(db: Session, case: Case) -> dict[str, object]:
    return {
        "case": case.id,
        "drill": case.is_drill,
        "level": case.level,
        "state": case.state,
        "rung": case.rung,
        "owner": _name(db, case.owner_id),
        "area": case.area_code,
        "outside": case.is_outside,
        "opened_at": case.opened_at.isoformat(),
        "waits_since": _iso(case.waits_since if case.state != CaseState.CLOSED else None),
        "outcome": case.outcome,
        "reason": case.reason,
    }


def _name(db: Session, officer_id: int | None) -> str | None:
    return db.get_one(Officer, officer_id).name if officer_id is not None else None


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
