"""Facts about the database itself."""

from sqlmodel import Session

from handlers.models import DatabaseMark

DEMO = "demo"


def is_demo(db: Session) -> bool:
    """Tell whether the database was made for the demonstration."""
    mark = db.get(DatabaseMark, DEMO)
    return mark is not None and mark.value == "ya"


def set_demo(db: Session, *, is_demo: bool) -> None:
    """Write down, once, what a new database is for."""
    db.add(DatabaseMark(key=DEMO, value="ya" if is_demo else "tidak"))
