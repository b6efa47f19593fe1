"""A drill goes through the whole chain, says so everywhere, and counts nowhere."""

from bot.app import App
from escalation import cases
from escalation.assignment import Rung
from escalation.case_states import CaseState
from escalation.case_watch import ladder_state
from escalation.outcomes import closed_cases
from escalation.risk import Level
from handlers.drills import start_drill
from tests.conftest import FixedClock
from tests.handlers.test_clockwork import REGENCY, VILLAGE, pass_time
from tests.people import only_case, seat, settle, text_of


def start(app: App, level: Level = Level.DARURAT) -> int:
    with app.database.write() as work:
        case = start_drill(work.db, VILLAGE, level, resources=app.resources, now=app.clock())
        work.commit()
    settle(app)
    assert case.id is not None
    return case.id


def test_the_whole_chain_is_marked(app: App) -> None:
    owner = seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    seat(app, "Budi")
    number = start(app)
    texts = [text_of(owner.read())]
    for action in ("terima", "urus", "rujuk", "rujuk:polisi", "balas"):
        texts.append(text_of(owner.tap(f"k:{number}:{action}")))
    texts.append(text_of(owner.say("Ini hanya latihan.")))
    assert "Tidak ada warga" in texts[-1]
    texts.append(text_of(owner.tap(f"k:{number}:selesai:UNKNOWN:OTHER")))
    assert [text for text in texts if "LATIHAN" not in text] == []
    assert only_case(app).state == CaseState.CLOSED


def test_a_drill_nobody_takes_climbs_like_a_real_case_and_closes_by_itself(
    app: App, clock: FixedClock
) -> None:
    seat(app, "Sari", (Rung.KABUPATEN, REGENCY))
    desk = seat(app, "Budi")
    start(app, Level.TINGGI)
    pass_time(app, clock, 30)
    assert only_case(app).rung == Rung.NASIONAL
    assert "LATIHAN" in text_of(desk.read())
    pass_time(app, clock, 30)
    closed = only_case(app)
    assert (closed.state, closed.reason) == (CaseState.CLOSED, "latihan")


def test_a_drill_counts_nowhere(app: App, clock: FixedClock) -> None:
    start(app)
    clock.now = clock.now.replace(minute=59)
    with app.database.read() as db:
        state = ladder_state(db, now=clock())
        assert (state.oldest_untaken_seconds, state.at_desk, state.unreachable) == (0, 0, 0)
        assert cases.open_cases(db) == []
        assert len(cases.open_cases(db, with_drills=True)) == 1
    pass_time(app, clock, 60)
    with app.database.read() as db:
        assert closed_cases(db) == []
