"""Offers that were checked: counted, their entities sealed."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from handlers import contacts, namings
from handlers.database import insert_once
from handlers.models import Contact, OfferTip
from handlers.sealing import Sealer
from handlers.turn import RecordOffer

NAMED = "offer"
ERASED = b""


def record(
    db: Session,
    offer: RecordOffer,
    *,
    contact: Contact,
    inbox_id: int,
    sealer: Sealer,
    now: datetime,
) -> None:
    """Write down one checked offer, once."""
    assert contact.id is not None
    id = insert_once(
        db,
        OfferTip(
            inbox_id=inbox_id,
            pseudonym=contacts.pseudonym(contact.id, sealer=sealer),
            at=now,
            area_code=contact.area_code,
            level=offer.level,
            indicators=sorted(offer.indicators),
            named_sealed=sealer.seal_json([list(pair) for pair in offer.named], purpose=NAMED),
        ),
    )
    if id is not None:
        namings.keep_of_offer(db, id, offer.named, sealer=sealer)


def erase(db: Session, pseudonyms: list[str]) -> None:
    """Delete what people's offers named; counts and keyed hashes are left, no words or person."""
    db.execute(
        update(OfferTip)
        .where(col(OfferTip.pseudonym).in_(pseudonyms))
        .values(pseudonym="", named_sealed=ERASED)
    )
