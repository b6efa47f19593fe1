"""Nothing rests: whoever is silent is climbed past, upwards only, up to the national desk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.assignment import Owner, Post, Roster, Rung, owner_for
from escalation.case_states import EventKind
from escalation.climbing import DESK_ITSELF, RANKS, everyone_above, steps_above
from escalation.deadlines import Cause, Deed, Due, Standing, Step, due
from escalation.offices import load_offices
from escalation.policy import Policy
from escalation.risk import Level

OFFICES = load_offices()
POLICY = Policy.load()
VILLAGE = "35.04.01.2001"
OFFICE = OFFICES.of_regency["35.04"][0]
START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""A Tuesday, ten in the morning in Java."""

VILLAGE_OFFICER, DEPUTY, CLERK, HEAD, REGION, DESK_1, DESK_2 = 1, 2, 3, 4, 5, 6, 7
POSTS = (
    Post(VILLAGE_OFFICER, Rung.DESA, VILLAGE),
    Post(VILLAGE_OFFICER, Rung.KANTOR, OFFICE),
    Post(CLERK, Rung.KANTOR, OFFICE),
    Post(HEAD, Rung.KANTOR, OFFICE),
    Post(REGION, Rung.WILAYAH, "35"),
    Post(DESK_1, Rung.NASIONAL, ""),
    Post(DESK_2, Rung.NASIONAL, ""),
)
EVERYBODY = frozenset(range(1, 8))
ROSTER = Roster(POSTS, EVERYBODY, {VILLAGE_OFFICER: DEPUTY}, heads=frozenset({HEAD}))
OPENED = Step(START, EventKind.OPENED, VILLAGE_OFFICER)


def case(level: Level = Level.TINGGI, **fields: object) -> Standing:
    given_ = Standing(
        level=level,
        is_request=False,
        is_accepted=False,
        owner=Owner(Rung.DESA, VILLAGE_OFFICER),
        area_code=VILLAGE,
        is_outside=False,
        opened_at=START,
        waits_since=START,
        zone="Asia/Jakarta",
    )
    return replace(given_, **fields)  # type: ignore[arg-type]


def judge(
    standing: Standing,
    history: tuple[Step, ...] = (OPENED,),
    *,
    minutes: float,
    roster: Roster = ROSTER,
) -> Due:
    now = START + timedelta(minutes=minutes)
    return due(standing, history, policy=POLICY, roster=roster, offices=OFFICES, now=now)


@pytest.mark.parametrize(
    ("level", "minutes", "deed", "to"),
    [
        pytest.param(Level.DARURAT, 4.99, None, None, id="darurat: everybody near is told at once"),
        pytest.param(Level.DARURAT, 5, Deed.SPREAD, None, id="darurat: then everyone above"),
        pytest.param(Level.DARURAT, 10, Deed.CLIMB, None, id="darurat: at ten minutes the desk"),
        pytest.param(Level.TINGGI, 29.99, None, None, id="tinggi: within the half hour"),
        pytest.param(Level.TINGGI, 30, Deed.CLIMB, DEPUTY, id="tinggi: to the deputy"),
        pytest.param(Level.TINGGI, 120, Deed.CLIMB, None, id="tinggi: two hours in all, the desk"),
        pytest.param(Level.SEDANG, 600, None, None, id="sedang: waits for the digest"),
        pytest.param(
            Level.SEDANG, 30 * 60, Deed.CLIMB, DEPUTY, id="sedang: eight working hours after it"
        ),
    ],
)
def test_a_case_nobody_takes(
    level: Level, minutes: float, deed: Deed | None, to: int | None
) -> None:
    found = judge(case(level), minutes=minutes)
    assert found.deed == deed
    if deed == Deed.CLIMB:
        assert found.to is not None
        assert found.to.officer_id == to
    if deed is None:
        assert found.look_at is not None
        assert found.look_at > START + timedelta(minutes=minutes)


def test_tinggi_climbs_rung_by_rung() -> None:
    standing, path = case(), []
    history: tuple[Step, ...] = (OPENED,)
    for round_ in range(1, 5):
        found = judge(standing, history, minutes=30 * round_)
        assert (found.deed, found.cause) == (Deed.CLIMB, Cause.SILENT)
        assert found.to is not None
        path.append(found.to)
        step = Step(START + timedelta(minutes=30 * round_), EventKind.CLIMBED, found.to.officer_id)
        history, standing = (*history, step), replace(standing, owner=found.to)
    assert path == [
        Owner(Rung.DESA, DEPUTY),
        Owner(Rung.KANTOR, HEAD),
        Owner(Rung.WILAYAH, REGION),
        DESK_ITSELF,
    ]
    assert judge(standing, history, minutes=149).deed is None
    assert judge(standing, history, minutes=150).deed == Deed.REMIND


def test_everyone_above_is_told_once_and_the_desk_again_and_again() -> None:
    spread = Step(START + timedelta(minutes=5), EventKind.SPREAD)
    assert judge(case(Level.DARURAT), (OPENED, spread), minutes=6).deed is None
    above = everyone_above(
        Owner(Rung.DESA, VILLAGE_OFFICER), VILLAGE, roster=ROSTER, offices=OFFICES, outside=False
    )
    assert above == (DEPUTY, HEAD, REGION, DESK_1, DESK_2)
    at_desk = case(Level.DARURAT, owner=DESK_ITSELF)
    history: tuple[Step, ...] = (
        OPENED,
        Step(START + timedelta(minutes=10), EventKind.CLIMBED),
    )
    for minutes in (20, 30, 40, 50, 60, 70, 130, 190):
        assert judge(at_desk, history, minutes=minutes - 1).deed is None
        assert judge(at_desk, history, minutes=minutes).deed == Deed.REMIND
        history = (*history, Step(START + timedelta(minutes=minutes), EventKind.REMINDED))


@pytest.mark.parametrize("is_accepted", [False, True], ids=["new", "accepted"])
def test_an_owner_who_cannot_be_reached_is_climbed_past_at_once(is_accepted: bool) -> None:
    roster = replace(ROSTER, reachable=EVERYBODY - {VILLAGE_OFFICER})
    found = judge(case(is_accepted=is_accepted), minutes=0, roster=roster)
    assert (found.deed, found.cause) == (Deed.CLIMB, Cause.UNREACHABLE)
    assert found.to == Owner(Rung.DESA, DEPUTY)


@pytest.mark.parametrize(
    ("minutes", "deed", "cause"),
    [
        pytest.param(29, None, Cause.SILENT, id="busy"),
        pytest.param(30, Deed.REMIND, Cause.UNANSWERED, id="reminded half way"),
        pytest.param(60, Deed.CLIMB, Cause.UNANSWERED, id="accepted but silent climbs too"),
    ],
)
def test_an_officer_who_took_a_case_and_is_silent(
    minutes: int, deed: Deed | None, cause: Cause
) -> None:
    found = judge(case(is_accepted=True), minutes=minutes)
    assert found.deed == deed
    if deed:
        assert found.cause == cause


def test_the_reminder_comes_once() -> None:
    reminded = Step(START + timedelta(minutes=30), EventKind.REMINDED)
    assert judge(case(is_accepted=True), (OPENED, reminded), minutes=45).deed is None


def test_a_case_left_open_is_recalled_and_then_climbs() -> None:
    standing = case(is_accepted=True, waits_since=None)
    days = 24 * 60
    assert judge(standing, minutes=3 * days - 1).deed is None
    assert judge(standing, minutes=3 * days).deed == Deed.REMIND
    reminded = (OPENED, Step(START + timedelta(days=3), EventKind.REMINDED))
    assert judge(standing, reminded, minutes=5 * days).deed is None
    found = judge(standing, reminded, minutes=6 * days)
    assert (found.deed, found.cause) == (Deed.CLIMB, Cause.IDLE)
    alive = (OPENED, Step(START + timedelta(days=4), EventKind.ANSWERED))
    assert judge(standing, alive, minutes=6 * days).deed is None


def test_an_office_without_a_registered_head_lends_another_officer() -> None:
    roster = replace(ROSTER, heads=frozenset())
    steps = steps_above(
        Owner(Rung.DESA, VILLAGE_OFFICER), VILLAGE, roster=roster, offices=OFFICES, outside=False
    )
    assert [step.officer_id for step in steps] == [DEPUTY, REGION, None]
    steps = steps_above(Owner(Rung.DESA, 9), VILLAGE, roster=roster, offices=OFFICES, outside=False)
    assert [step.officer_id for step in steps] == [VILLAGE_OFFICER, REGION, None]


LEVELS = st.sampled_from([Level.DARURAT, Level.TINGGI, Level.SEDANG, Level.RENDAH])
CODES = {
    Rung.DESA: VILLAGE,
    Rung.KECAMATAN: VILLAGE[:8],
    Rung.KABUPATEN: VILLAGE[:5],
    Rung.KANTOR: OFFICE,
    Rung.WILAYAH: VILLAGE[:2],
    Rung.NASIONAL: "",
}
PEOPLE = st.integers(min_value=1, max_value=9)
ROSTERS = st.builds(
    Roster,
    posts=st.lists(
        st.builds(lambda id, rung: Post(id, rung, CODES[rung]), PEOPLE, st.sampled_from(Rung)),
        max_size=12,
    ).map(tuple),
    reachable=st.frozensets(PEOPLE),
    deputies=st.dictionaries(PEOPLE, PEOPLE, max_size=5),
    heads=st.frozensets(PEOPLE, max_size=3),
)


@given(
    level=LEVELS,
    rosters=st.lists(ROSTERS, min_size=1, max_size=4),
    outside=st.booleans(),
    area=st.sampled_from([VILLAGE, "35.04", "35", None]),
    looks=st.lists(st.integers(min_value=1, max_value=600), min_size=1, max_size=30),
)
def test_with_everybody_silent_a_case_always_has_an_owner_and_ends_at_the_desk(
    level: Level,
    rosters: list[Roster],
    outside: bool,
    area: str | None,
    looks: list[int],
) -> None:
    """The clock looks at odd times while the roster changes under it."""
    owner = owner_for(area, roster=rosters[0], offices=OFFICES, outside=outside)
    standing = case(
        level, owner=owner, area_code=area, is_outside=outside, is_request=level == Level.RENDAH
    )
    rule = POLICY.rule(level, is_request=standing.is_request)
    end = POLICY.later(START, rule.in_all, rule=rule, zone=standing.zone)
    history = [Step(START, EventKind.OPENED, owner.officer_id)]
    now, ranks, holders = START, [RANKS[owner.rung]], [owner.officer_id]
    times = [START + timedelta(minutes=sum(looks[: n + 1])) for n in range(len(looks))]
    for number, now in enumerate([*times, max(end, times[-1])]):
        roster = rosters[number % len(rosters)]
        for _ in range(20):
            found = due(standing, history, policy=POLICY, roster=roster, offices=OFFICES, now=now)
            if found.deed is None:
                break
            if found.deed == Deed.CLIMB:
                assert found.to is not None
                holder = found.to.officer_id
                assert holder is None or holder in roster.reachable
                assert holder is None or holder not in holders
                standing = replace(standing, owner=found.to)
                ranks.append(RANKS[found.to.rung])
                holders.append(holder)
                history.append(Step(now, EventKind.CLIMBED, holder))
            else:
                kind = EventKind.SPREAD if found.deed == Deed.SPREAD else EventKind.REMINDED
                history.append(Step(now, kind))
        else:
            raise AssertionError("the clock never comes to rest")
        current = standing.owner.officer_id
        assert current is None or current in roster.reachable
        if current is None:
            assert standing.owner == DESK_ITSELF
        elif not found.look_at:
            raise AssertionError("nobody looks again at a case that an officer holds")
    assert ranks == sorted(ranks)
    assert standing.owner == DESK_ITSELF


@given(roster=ROSTERS, outside=st.booleans(), rung=st.sampled_from(Rung), holder=PEOPLE)
def test_steps_never_lead_down_back_or_into_a_barred_office(
    roster: Roster, outside: bool, rung: Rung, holder: int
) -> None:
    steps = steps_above(
        Owner(rung, holder), VILLAGE, roster=roster, offices=OFFICES, outside=outside
    )
    local = {
        post.officer_id
        for post in roster.posts
        if post.rung in (Rung.DESA, Rung.KECAMATAN, Rung.KABUPATEN, Rung.KANTOR)
    }
    assert steps[-1] == DESK_ITSELF
    for step in steps[:-1]:
        assert RANKS[step.rung] >= RANKS[rung]
        assert step.officer_id in roster.reachable
        assert step.officer_id != holder
        assert not (outside and step.officer_id in local)
