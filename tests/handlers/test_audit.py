"""Whoever is shown a villager's words stands in the log; the words themselves do not."""

from sqlmodel import select

from bot.app import App
from handlers.room_models import AuditEvent
from tests.people import Person, only_case, seat, text_of

STORY = (
    "anak tetangga saya umur 15 mau dibawa orang ke batam nanti malam, katanya kerja di kafe, "
    "ktp nya dipalsu"
)


def log(app: App) -> list[tuple[str, str, str]]:
    with app.database.read() as db:
        return [(line.who, line.action, line.subject) for line in db.exec(select(AuditEvent)).all()]


def test_every_read_of_a_conversation_is_noted_with_who(app: App) -> None:
    officer = seat(app, "Sari")
    Person(app, "warga").say(STORY)
    case = only_case(app)
    officer.read()
    assert log(app) == []
    assert "anak tetangga" in text_of(officer.tap(f"k:{case.id}:terima"))
    officer.tap(f"k:{case.id}:lihat")
    assert log(app) == [("Sari", "percakapan dibaca", f"kasus-{case.id}")] * 2
    with app.database.read() as db:
        for line in db.exec(select(AuditEvent)).all():
            assert "anak" not in repr(line)
