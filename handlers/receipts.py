"""Receipts: what a provider says later of deliveries it accepted."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from handlers import alerts, outbox
from handlers.channel import Receipt
from handlers.models import OutboxItem, OutboxKind, OutboxStatus
from handlers.resources import Resources
from handlers.windows import open_window

DELIVERED, READ, FAILED = "delivered", "read", "failed"
WINDOW_CLOSED = "window-closed"
TEMPORARY = ("temporary", "account", "token")
"""First words of codes that are worth another try. Other states ("sent") tell nothing new."""


def apply(
    db: Session,
    channel: str,
    receipts: Sequence[Receipt],
    *,
    resources: Resources,
    now: datetime,
) -> int:
    """Record receipts, in whatever order and however often they come; give how many were known.

    A delivery that failed after all is treated as refused: a card goes to the next officer.
    """
    known = 0
    for receipt in receipts:
        item = db.exec(
            select(OutboxItem)
            .where(
                col(OutboxItem.channel) == channel,
                col(OutboxItem.provider_id) == receipt.provider_id,
            )
            .with_for_update()
        ).first()
        if item is not None:
            known += 1
            _record(db, item, receipt, resources=resources, now=now)
    return known


def _record(
    db: Session, item: OutboxItem, receipt: Receipt, *, resources: Resources, now: datetime
) -> None:
    if receipt.state in (DELIVERED, READ):
        item.delivered_at = item.delivered_at or receipt.at
    if receipt.state == READ:
        item.read_at = item.read_at or receipt.at
    db.add(item)
    # Once it reached the phone, a late "failed" speaks of another device.
    late = item.delivered_at is not None or item.status != OutboxStatus.SENT
    if receipt.state != FAILED or late:
        return
    code = receipt.code or "failed-later"
    if code == WINDOW_CLOSED:
        open_window(db, item, resources=resources, now=now)
        return
    if code.startswith(TEMPORARY):
        item.status = OutboxStatus.WAITING
        outbox.mark_retry(item, code=code, now=now, retry_after=None)
        db.add(item)
        return
    outbox.mark_failed(db, item, code=code, now=now)
    if item.kind == OutboxKind.NOTICE:
        alerts.notice_failed(db, item, code=code, resources=resources, now=now)
