"""Contacts: one row per person and channel; the address is sealed and found by keyed hash."""

from datetime import datetime

from sqlmodel import Session, col, select

from handlers.database import insert_once
from handlers.models import Contact
from handlers.sealing import Sealer

ADDRESS = "address"
STATE = "state"


def find_or_add(
    db: Session, *, channel: str, address: str, sealer: Sealer, now: datetime
) -> Contact:
    """Give the contact of an address, made where it is new."""
    key = sealer.lookup(address, purpose=f"{ADDRESS}:{channel}")
    contact = find(db, channel=channel, address_key=key)
    if contact is None:
        insert_once(
            db,
            Contact(
                channel=channel,
                address_key=key,
                address_sealed=sealer.seal(address.encode(), purpose=ADDRESS),
                created_at=now,
                last_seen_at=now,
            ),
        )
        contact = find(db, channel=channel, address_key=key)
    assert contact is not None
    return contact


def find(db: Session, *, channel: str, address_key: str) -> Contact | None:
    """Give the contact with this hash, if there is one."""
    return db.exec(
        select(Contact).where(
            col(Contact.channel) == channel, col(Contact.address_key) == address_key
        )
    ).one_or_none()


def address_of(contact: Contact, *, sealer: Sealer) -> str:
    """Open the address, for the channel that sends and for nobody else."""
    return sealer.open(contact.address_sealed, purpose=ADDRESS).decode()


def pseudonym(contact_id: int, *, sealer: Sealer) -> str:
    """Give the name under which question records know a contact; it leads nowhere by itself."""
    return sealer.lookup(str(contact_id), purpose="pseudonym")[:16]
