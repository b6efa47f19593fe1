"""Who sees a case and who reads its words, role by role."""

from datetime import UTC, datetime
from typing import Any

import pytest

from escalation.assignment import Post, Roster, Rung
from escalation.case_states import CaseState
from escalation.models import Case
from escalation.offices import load_offices
from handlers.case_sight import reads_words, sees
from handlers.models import Account

AT = datetime(2026, 11, 24, tzinfo=UTC)
ROSTER = Roster(
    posts=(
        Post(1, Rung.DESA, "35.04.12.2001"),
        Post(2, Rung.KABUPATEN, "35.04"),
        Post(3, Rung.NASIONAL, ""),
        Post(4, Rung.KABUPATEN, "52.01"),
    ),
    reachable=frozenset({1, 2, 3, 4}),
    routed=frozenset({1, 2, 3, 4}),
)


def make_case(**more: Any) -> Case:
    given: dict[str, Any] = {
        "id": 7,
        "contact_id": 1,
        "area_code": "35.04.12.2001",
        "level": "tinggi",
        "facts_sealed": b"",
        "state": CaseState.NEW,
        "rung": Rung.DESA,
        "owner_id": 1,
        "opened_at": AT,
        "last_message_at": AT,
    }
    return Case(**(given | more))


def make_account(role: str, area_code: str = "", officer_id: int | None = None) -> Account:
    return Account(
        login="x",
        name="X",
        role=role,
        password_hash="",
        area_code=area_code,
        officer_id=officer_id,
        created_at=AT,
    )


@pytest.mark.parametrize(
    ("account", "inside", "outside"),
    [
        pytest.param(make_account("admin"), True, True, id="admin of the country"),
        pytest.param(make_account("admin", "35.04"), True, False, id="admin of the regency"),
        pytest.param(make_account("admin", "52.01"), False, False, id="admin of another regency"),
        pytest.param(make_account("kepala_kantor", "35.04"), True, False, id="head of the office"),
        pytest.param(make_account("kepala_kantor"), False, False, id="head without an area"),
        pytest.param(make_account("pimpasa", "35.0"), False, False, id="half a code is no area"),
        pytest.param(make_account("pimpasa", "", 1), True, False, id="the village's officer"),
        pytest.param(make_account("pimpasa", "35.04", 1), True, False, id="the same with area"),
        pytest.param(make_account("pimpasa", "", 3), True, True, id="the national desk"),
        pytest.param(make_account("pimpasa", "", 4), False, False, id="officer elsewhere"),
        pytest.param(make_account("pimpasa"), False, False, id="nobody's officer"),
    ],
)
def test_who_opens_a_case(account: Account, inside: bool, outside: bool) -> None:
    offices = load_offices()
    assert sees(account, make_case(), roster=ROSTER, offices=offices) is inside
    gone = make_case(is_outside=True, owner_id=3, rung=Rung.NASIONAL)
    assert sees(account, gone, roster=ROSTER, offices=offices) is outside


@pytest.mark.parametrize(
    ("account", "state", "expected"),
    [
        pytest.param(make_account("pimpasa", "", 1), CaseState.NEW, False, id="before Terima"),
        pytest.param(make_account("admin"), CaseState.NEW, False, id="admin before Terima"),
        pytest.param(make_account("pimpasa", "", 1), CaseState.ACCEPTED, True, id="holder"),
        pytest.param(make_account("pimpasa", "35.04", 2), CaseState.ACCEPTED, False, id="other"),
        pytest.param(make_account("kepala_kantor", "35.04"), CaseState.CLOSED, True, id="head"),
        pytest.param(make_account("pimpasa", "35.04"), CaseState.CLOSED, False, id="no officer"),
    ],
)
def test_who_reads_words(account: Account, state: CaseState, expected: bool) -> None:
    assert reads_words(account, make_case(state=state)) is expected
