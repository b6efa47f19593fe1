"""The account of the fake Graph server, and its webhooks: built, signed, posted."""

import hashlib
import hmac
import json
import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.fakes.whatsapp_person import Event, Item, Person, Stored
from tests.fakes.whatsapp_rules import Template

SECRETS = ("token", "phone_id", "app_secret", "verify_token")
Webhook = Callable[[bytes, Mapping[str, str]], int]
"""Takes a signed body, gives the HTTP status it was answered with."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request that came in. `wamid` where the message was accepted."""

    method: str
    path: str
    payload: Any
    status: int
    code: int | None = None
    wamid: str | None = None
    to: str | None = None


@dataclass(slots=True)
class Account:
    """What the fake is called with; the same values go into the settings of the bot."""

    token: str = "contoh-token"
    phone_id: str = "106540352242922"
    business_id: str = "102290129340398"
    app_secret: str = "contoh-rahasia"
    verify_token: str = "contoh-verifikasi"
    templates: dict[str, Template] = field(
        default_factory=lambda: {"ada_kabar": Template(), "ada_kasus": Template()}
    )
    webhook_url: str | None = None
    media_url: str | None = None
    """Where files are said to be; None: on this server."""

    window_closes: str = "now"
    """`now`: 131047 refuses the request; `later`: it comes as a status, as mostly in reality."""

    pair_burst: int | None = None
    """Messages to one person at once, then one every six seconds; None: no such limit."""

    with_statuses: bool = True


PAIR_EVERY = timedelta(seconds=6)


class PairRate:
    """How fast one person may be written to: a burst, then one message every six seconds."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[datetime]] = {}

    def allows(self, address: str, *, burst: int | None, at: datetime) -> bool:
        if burst is None:
            return True
        sent = self._sent.setdefault(address, deque())
        while sent and at - sent[0] >= PAIR_EVERY * burst:
            sent.popleft()
        if len(sent) >= burst:
            return False
        sent.append(at)
        return True


def post_to(url: str) -> Webhook:
    """Give a webhook that posts to a running server; one that is not there counts as 503."""

    def post(body: bytes, headers: Mapping[str, str]) -> int:
        try:
            return httpx.post(url, content=body, headers=dict(headers), timeout=20).status_code
        except httpx.HTTPError:
            return 503

    return post


def signed(body: bytes, *, app_secret: str) -> dict[str, str]:
    """Give the headers with Meta's signature over a body."""
    mac = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return {"content-type": "application/json", "x-hub-signature-256": f"sha256={mac}"}


def body_of(events: Sequence[Event], *, phone_id: str) -> bytes:
    """Give one body for events: messages in one change, statuses in another."""
    changes = []
    for name in ("messages", "statuses"):
        chosen = [event for event in events if event.field == name]
        if not chosen:
            continue
        value: Item = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550783881", "phone_number_id": phone_id},
        }
        found = {json.dumps(e.contact): e.contact for e in chosen if e.contact}
        if found:
            value["contacts"] = list(found.values())
        changes.append({"value": value | {name: [e.item for e in chosen]}, "field": "messages"})
    entry = {"id": "102290129340398", "changes": changes}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def statuses_of(
    wamid: str, person: Person | None, code: int | None, *, at: datetime
) -> list[Event]:
    """Give the statuses of an accepted message: sent and delivered, or failed with a number."""
    events = []
    for state in ("failed",) if code else ("sent", "delivered"):
        item: Item = {"id": wamid, "status": state, "timestamp": str(int(at.timestamp()))}
        if person is not None and person.phone:
            item["recipient_id"] = person.phone
        if person is not None and person.user_id:
            item["recipient_user_id"] = person.user_id
        if code:
            item["errors"] = [{"code": code, "title": "failed", "message": "failed"}]
        # Contacts are left out of the statuses of failed messages.
        contact = person.contact() if person is not None and not code else None
        events.append(Event("statuses", item, contact))
    return events


def phone_number_of(account: Account) -> Item:
    """Give the business number as the phone number endpoint shows it."""
    number: Item = {
        "id": account.phone_id,
        "display_phone_number": "+1 555-078-3881",
        "verified_name": "Tanya Pimpasa",
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
    }
    if account.webhook_url:
        number["webhook_configuration"] = {"application": account.webhook_url}
    return number


def templates_of(account: Account, *, fields: Sequence[str], name: str) -> Item:
    """Give the templates whose name contains `name`, as the message templates edge lists them."""
    data = []
    for number, (each, template) in enumerate(account.templates.items()):
        shown = {
            "id": str(5_000_000_000 + number),
            "name": each,
            "status": template.status,
            "language": template.language,
            "category": "UTILITY",
            "rejected_reason": "NONE",
        }
        if name in each:
            data.append({field: shown[field] for field in fields})
    return {"data": data, "paging": {"cursors": {"before": "MAZDZD", "after": "MjQZD"}}}


def described(media_id: str, stored: Stored, *, url: str) -> Item:
    """Give a file as the media endpoint describes it."""
    return {
        "messaging_product": "whatsapp",
        "id": media_id,
        "url": url,
        "mime_type": stored.mime_type,
        "sha256": hashlib.sha256(stored.content).hexdigest(),
        "file_size": len(stored.content),
    }


def account_of_environment() -> Account:
    """Give an account with the bot's own values where they are set, for trying by hand."""
    account = Account()
    for name in SECRETS:
        given = os.environ.get(f"WHATSAPP_{name.upper()}")
        if given:
            setattr(account, name, given)
    return account
