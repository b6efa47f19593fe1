"""The settings in force: read from the database into the running process, or else packaged."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session

from escalation import case_watch
from escalation.policy import Policy, PolicyError
from escalation.policy_limits import TimeLimits
from escalation.policy_values import Values
from handlers import setting_versions
from handlers.database import Database
from handlers.fault_log import log_error
from handlers.hotlines import Hotlines
from handlers.resources import Resources
from handlers.setting_versions import Section

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class InForce:
    """What counts now. `unreadable`: sections whose stored version cannot count."""

    deadlines: Policy
    hotlines: Hotlines
    unreadable: tuple[Section, ...]
    mark: tuple[int, ...]


def read(db: Session) -> InForce:
    """Give what counts now; what is stored and does not hold never stops anything."""
    unreadable: list[Section] = []
    limits, hotlines = TimeLimits.load(), Hotlines.load()
    mark = setting_versions.mark(db)

    def made(section: Section, make: Callable[[Values], Made], default: Made) -> Made:
        row = setting_versions.newest(db, section)
        try:
            values = setting_versions.values_in(row) if row else {}
            return make(values) if values else default
        except (ValueError, PolicyError, LookupError, TypeError, AttributeError) as error:
            # Whatever is wrong with it, cases must go on climbing.
            log_error("setting", section, error)
            unreadable.append(section)
            return default

    return InForce(
        deadlines=made(Section.TIMES, lambda values: _policy(values, limits), Policy.load()),
        hotlines=made(Section.NUMBERS, _choices(hotlines), hotlines),
        unreadable=tuple(unreadable),
        mark=mark,
    )


def load(db: Session, resources: Resources) -> None:
    """Bring what is in force into a process that starts."""
    found = read(db)
    resources.deadlines, resources.hotlines = found.deadlines, found.hotlines
    resources.settings_mark = found.mark


def refresh(database: Database, resources: Resources) -> None:
    """Bring a change into this process, and let the clock look at every open case anew.

    Each process does so by itself: one that had yet to see the change may just have put a case
    off by the old times.
    """
    with database.read() as db:
        if setting_versions.mark(db) == resources.settings_mark:
            return
        found = read(db)
    resources.deadlines, resources.hotlines = found.deadlines, found.hotlines
    with database.write() as work:
        case_watch.look_at_all(work.db)
        work.commit()
    # Last: where this could not be stored, the next round tries again.
    resources.settings_mark = found.mark


def _policy(values: Values, limits: TimeLimits) -> Policy:
    if faults := limits.faults(values):
        raise PolicyError(faults[0])
    return limits.policy(values)


def _choices(hotlines: Hotlines) -> Callable[[Values], Hotlines]:
    return lambda values: hotlines.choosing({key: str(value) for key, value in values.items()})
