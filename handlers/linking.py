"""One person on several channels: joined by a short code, only if the person wants it."""

import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from escalation import cases
from escalation.roster import CODE_LETTERS
from handlers import contacts
from handlers.models import Contact, LinkCode
from handlers.sealing import Sealer

LIVES = timedelta(minutes=30)
PURPOSE = "link"
GROUP = 4
DIGITS = "".join(filter(str.isdigit, CODE_LETTERS))
LETTERS = "".join(filter(str.isalpha, CODE_LETTERS))
_GROUP = r"(?=.{0,3}[2-9])(?=.{0,3}[A-Z])([A-Z2-9]{4})"
CODE = re.compile(f"{_GROUP}-?{_GROUP}", re.IGNORECASE)
"""Two groups with a letter and a digit in each: no village and no passport looks like one."""


def code_in(text: str) -> str | None:
    """Give the code that a text consists of, as it was shown; None where it is none."""
    found = CODE.fullmatch(text.strip())
    return f"{found[1]}-{found[2]}".upper() if found else None


def new_code(db: Session, contact: Contact, *, sealer: Sealer, now: datetime) -> str:
    """Make the code that another channel of this person types; an older one is void."""
    assert contact.id is not None
    db.execute(delete(LinkCode).where(col(LinkCode.contact_id) == contact.id))
    code = f"{_group()}-{_group()}"
    db.add(
        LinkCode(
            code_key=sealer.lookup(code, purpose=PURPOSE),
            contact_id=contact.id,
            expires_at=now + LIVES,
        )
    )
    return code


def join(
    db: Session, contact: Contact, code: str, *, sealer: Sealer, now: datetime
) -> Contact | None:
    """Make a contact one person with the contact that was given this code, and give that one.

    None where nobody was given it. Open cases of both are the person's from now on.
    """
    key = sealer.lookup(code, purpose=PURPOSE)
    given = db.exec(
        select(LinkCode).where(col(LinkCode.code_key) == key).with_for_update()
    ).one_or_none()
    if given is None or given.expires_at < now or given.contact_id == contact.id:
        return None
    db.delete(given)
    other = db.get_one(Contact, given.contact_id)
    before, person_id = contacts.person_of(contact), contacts.person_of(other)
    if before == person_id:
        return other
    db.execute(
        update(Contact)
        .where(col(Contact.id).in_(contacts.of_person(db, before)))
        .values(person_id=person_id)
    )
    db.refresh(contact)
    contact.area_code = contact.area_code or other.area_code
    contact.zone = contact.zone if contact.area_code != other.area_code else other.zone
    db.add(contact)
    cases.move_person(db, before, person_id)
    return other


def part(db: Session, contact: Contact) -> bool:
    """Part all channels of a person again; False where there is one only.

    Cases stay with the channel that gave the first code.
    """
    together = contacts.of_person(db, contacts.person_of(contact))
    db.execute(update(Contact).where(col(Contact.id).in_(together)).values(person_id=None))
    db.refresh(contact)
    return len(together) > 1


def _group() -> str:
    signs = [secrets.choice(DIGITS), secrets.choice(LETTERS)]
    signs += [secrets.choice(CODE_LETTERS) for _ in range(GROUP - len(signs))]
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs)
