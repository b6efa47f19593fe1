"""Contacts: one row per person and channel; the address is sealed and found by keyed hash."""

from datetime import datetime

from sqlmodel import Session, col, select

from handlers.database import insert_once
from handlers.models import Contact
from handlers.sealing import Sealer

ADDRESS = "address"
STATE = "state"


def id_of(
    db: Session,
    *,
    channel: str,
    address: str,
    sealer: Sealer,
    now: datetime,
    aliases: tuple[str, ...] = (),
) -> int:
    """Give the contact of an address, made where it is new.

    Somebody reached until now under one of the `aliases` is reached under `address` from now on.
    An address that was given up leads to nobody: the next holder of a telephone number must not
    get another person's case.
    """
    key = key_of(channel, address, sealer=sealer)
    by_key = (col(Contact.channel) == channel, col(Contact.address_key) == key)
    # One column: this stands between a provider's call and its answer.
    found = db.exec(select(Contact.id).where(*by_key)).one_or_none()
    for alias in aliases:
        if found is None:
            known = find(db, channel=channel, address=alias, sealer=sealer)
            if known is not None:
                move(db, known, address, sealer=sealer)
                found = known.id
    if found is None:
        found = insert_once(
            db,
            Contact(
                channel=channel,
                address_key=key,
                address_sealed=sealer.seal(address.encode(), purpose=ADDRESS),
                created_at=now,
                last_seen_at=now,
            ),
        )
    if found is None:
        # Somebody else made it between the question and the insert.
        found = db.exec(select(Contact.id).where(*by_key)).one()
    assert found is not None
    return found


def find_or_add(
    db: Session,
    *,
    channel: str,
    address: str,
    sealer: Sealer,
    now: datetime,
    aliases: tuple[str, ...] = (),
) -> Contact:
    """Give the contact of an address as `id_of` does, read whole."""
    id = id_of(db, channel=channel, address=address, sealer=sealer, now=now, aliases=aliases)
    return db.get_one(Contact, id)


def find(db: Session, *, channel: str, address: str, sealer: Sealer) -> Contact | None:
    """Give the contact that is reached under this address now, if there is one."""
    return db.exec(
        select(Contact).where(
            col(Contact.channel) == channel,
            col(Contact.address_key) == key_of(channel, address, sealer=sealer),
        )
    ).one_or_none()


def move(db: Session, contact: Contact, address: str, *, sealer: Sealer) -> None:
    """Reach a contact under another address from now on.

    Where somebody else has that address already, nothing is moved.
    """
    holder = find(db, channel=contact.channel, address=address, sealer=sealer)
    if holder is not None and holder.id != contact.id:
        return
    contact.address_key = key_of(contact.channel, address, sealer=sealer)
    contact.address_sealed = sealer.seal(address.encode(), purpose=ADDRESS)
    db.add(contact)
    db.flush()


def key_of(channel: str, address: str, *, sealer: Sealer) -> str:
    """Give the keyed hash under which an address of a channel is looked up."""
    return sealer.lookup(address, purpose=f"{ADDRESS}:{channel}")


def address_of(contact: Contact, *, sealer: Sealer) -> str:
    """Open the address, for the channel that sends and for nobody else."""
    return sealer.open(contact.address_sealed, purpose=ADDRESS).decode()


def person_of(contact: Contact) -> int:
    """Give the id under which cases and question records know whoever writes from a contact."""
    assert contact.id is not None
    return contact.person_id or contact.id


def of_person(db: Session, person_id: int) -> list[int]:
    """Give all contacts of a person, the one they wrote from last first."""
    query = (
        select(Contact.id)
        .where((col(Contact.id) == person_id) | (col(Contact.person_id) == person_id))
        .order_by(col(Contact.last_seen_at).desc(), col(Contact.id))
    )
    return [id for id in db.exec(query).all() if id is not None]


def pseudonym(contact_id: int, *, sealer: Sealer) -> str:
    """Give the name under which question records know a contact; it leads nowhere by itself."""
    return sealer.lookup(str(contact_id), purpose="pseudonym")[:16]
