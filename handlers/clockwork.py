"""The clock's round: what is due on every case, and the digests; one process at a time."""

from collections.abc import Sequence
from datetime import datetime

from escalation import cases
from escalation.case_watch import due_cases
from escalation.roster import load_roster
from handlers import deeds, in_force, leases
from handlers.database import Database
from handlers.digest import queue_digests
from handlers.fault_log import log_error
from handlers.resources import Resources

JOB = "deadlines"


def make_round(database: Database, *, owner: str, resources: Resources, now: datetime) -> int:
    """Do what is due, each case in a unit of work of its own; give how many deeds that was.

    Nothing is remembered between rounds but what stands in the database. Two rounds at once
    would do no harm: each case is locked and judged anew.
    """
    with database.write() as work:
        is_mine = leases.take(work.db, JOB, owner=owner, now=now)
        work.commit()
    if not is_mine:
        return 0
    in_force.refresh(database, resources)
    with database.read() as db:
        ids = due_cases(db, roster=load_roster(db, now=now), now=now)
    done = _carry_out(database, ids, resources=resources, now=now)
    with database.write() as work:
        queued = queue_digests(work.db, resources=resources, now=now)
        if queued:
            work.commit()
    return done + queued


def climb_past(database: Database, officer_id: int, *, resources: Resources, now: datetime) -> None:
    """Give an officer's cases to others at once, if the last way to reach this officer broke."""
    with database.read() as db:
        if officer_id in load_roster(db, now=now).reachable:
            return
        held = cases.open_cases(db, officer_id=officer_id, with_drills=True)
    ids = [case.id for case in held if case.id is not None]
    _carry_out(database, ids, resources=resources, now=now)


def _carry_out(
    database: Database, ids: Sequence[int], *, resources: Resources, now: datetime
) -> int:
    done = 0
    for id in ids:
        try:
            with database.write() as work:
                done += deeds.carry_out(work.db, id, resources=resources, now=now)
                work.commit()
        except Exception as error:
            # A case that cannot be read is tried again; it holds up no other.
            log_error("case", id, error)
    return done
