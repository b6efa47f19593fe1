"""What comes next is what the clock then does."""

from datetime import UTC, datetime, timedelta

import pytest

from escalation.assignment import Owner, Post, Roster, Rung
from escalation.case_states import EventKind
from escalation.climbing import DESK_ITSELF
from escalation.deadlines import Cause, Deed, Standing, Step, due
from escalation.offices import load_offices
from escalation.outlook import outlook
from escalation.policy import Policy
from escalation.risk import Level

# Tuesday, 10.00 in Jakarta.
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
AREA = "35.04.12.2001"
OFFICES = load_offices()
POLICY = Policy.load()
OFFICE = OFFICES.office_code(AREA) or ""
PIMPASA, HEAD, DESK = 1, 2, 3
ROSTER = Roster(
    posts=(
        Post(PIMPASA, Rung.KABUPATEN, "35.04"),
        Post(HEAD, Rung.KANTOR, OFFICE),
        Post(DESK, Rung.NASIONAL, ""),
    ),
    reachable=frozenset({PIMPASA, HEAD, DESK}),
    routed=frozenset({PIMPASA, HEAD, DESK}),
    heads=frozenset({HEAD}),
)
OWNER = Owner(Rung.KABUPATEN, PIMPASA)


def standing(level: Level, *, taken: bool = False, owner: Owner = OWNER) -> Standing:
    return Standing(
        level=level,
        is_request=False,
        is_accepted=taken,
        owner=owner,
        area_code=AREA,
        is_outside=False,
        opened_at=NOW,
        waits_since=NOW,
        zone="Asia/Jakarta",
    )


def opened(holder: int | None = PIMPASA) -> list[Step]:
    return [Step(NOW, EventKind.OPENED, holder)]


@pytest.mark.parametrize(
    ("level", "after", "to"),
    [
        pytest.param(Level.TINGGI, timedelta(minutes=30), HEAD, id="tinggi climbs a rung"),
        pytest.param(Level.DARURAT, timedelta(minutes=10), None, id="darurat ends at the desk"),
    ],
)
def test_an_untaken_case_goes_to_the_next_at_its_time(
    level: Level, after: timedelta, to: int | None
) -> None:
    case = standing(level)
    found = outlook(case, opened(), policy=POLICY, roster=ROSTER, offices=OFFICES)
    assert found is not None
    assert (found.at, found.due.to and found.due.to.officer_id) == (NOW + after, to)
    # Just before, the clock lets the owner have it; at the time, it does what was said.
    seen = [Step(NOW + timedelta(minutes=5), EventKind.SPREAD)] if level == Level.DARURAT else []
    for moment, deed in ((found.at - timedelta(seconds=1), None), (found.at, Deed.CLIMB)):
        told = due(
            case, [*opened(), *seen], policy=POLICY, roster=ROSTER, offices=OFFICES, now=moment
        )
        assert told.deed == deed


def test_a_mild_case_counts_working_hours_from_the_digest_on() -> None:
    found = outlook(standing(Level.SEDANG), opened(), policy=POLICY, roster=ROSTER, offices=OFFICES)
    assert found is not None
    assert found.at - NOW > timedelta(hours=20)


def test_a_taken_case_climbs_past_a_reminder_for_want_of_an_answer() -> None:
    case = standing(Level.TINGGI, taken=True)
    history = [*opened(), Step(NOW, EventKind.ACCEPTED, PIMPASA)]
    found = outlook(case, history, policy=POLICY, roster=ROSTER, offices=OFFICES)
    assert found is not None
    assert found.due.cause == Cause.UNANSWERED
    assert found.at == NOW + POLICY.rule(Level.TINGGI, is_request=False).silent


def test_an_owner_out_of_reach_is_passed_at_once() -> None:
    away = Roster(ROSTER.posts, frozenset({HEAD, DESK}), heads=ROSTER.heads)
    found = outlook(standing(Level.TINGGI), opened(), policy=POLICY, roster=away, offices=OFFICES)
    assert found is not None
    assert (found.at, found.due.cause) == (NOW, Cause.UNREACHABLE)


def test_the_desk_is_reminded_and_nobody_comes_after_it() -> None:
    case = standing(Level.TINGGI, owner=DESK_ITSELF)
    found = outlook(case, opened(None), policy=POLICY, roster=ROSTER, offices=OFFICES)
    assert found is not None
    assert (found.due.deed, found.due.to) == (Deed.REMIND, None)
    mild = standing(Level.SEDANG, owner=DESK_ITSELF)
    assert outlook(mild, opened(None), policy=POLICY, roster=ROSTER, offices=OFFICES) is None
