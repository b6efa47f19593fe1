"""One route for every messenger: verify, parse, store, and only then say 200."""

import asyncio

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from api.deps import SiteDep
from api.wiring import Site
from handlers.channel import Malformed, NotAuthentic, WebhookChannel
from handlers.intake import take_in
from handlers.messages import InboundMessage

router = APIRouter()

_acknowledging: set[asyncio.Task[None]] = set()
"""Kept here because the event loop itself holds tasks only weakly."""


@router.post("/webhooks/{channel}", status_code=200)
async def receive(channel: str, request: Request, site: SiteDep) -> dict[str, int]:
    """Take a provider's call. 403 unsigned, 400 malformed, 503 while nothing can be stored."""
    found = _webhook(site, channel)
    body = await request.body()
    try:
        found.verify(request.headers, body)
        parsed = found.parse(body, now=site.clock())
    except NotAuthentic as error:
        count(site, channel, "unauthentic")
        raise HTTPException(403) from error
    except Malformed as error:
        count(site, channel, "malformed")
        raise HTTPException(400) from error
    if parsed.ignored:
        count(site, channel, "ignored", parsed.ignored)
    taken = await run_in_threadpool(
        lambda: take_in(
            site.database, parsed, channel=channel, resources=site.resources, now=site.clock()
        )
    )
    if taken.messages or taken.receipts:
        site.wake()
    for message in taken.messages:
        _acknowledge(found, message)
    return {"stored": len(taken.messages)}


@router.get("/webhooks/{channel}")
def confirm(channel: str, request: Request, site: SiteDep) -> PlainTextResponse:
    """Answer a provider that checks this address before it uses it."""
    found = _webhook(site, channel)
    try:
        return PlainTextResponse(found.handshake(dict(request.query_params)))
    except NotAuthentic as error:
        count(site, channel, "unauthentic")
        raise HTTPException(403) from error


def count(site: Site, channel: str, what: str, number: int = 1) -> None:
    """Count a call that led to nothing, for the metrics."""
    site.refused[channel, what] += number


def _webhook(site: Site, channel: str) -> WebhookChannel:
    found = site.channels.get(channel)
    if not isinstance(found, WebhookChannel):
        raise HTTPException(404)
    return found


def _acknowledge(channel: WebhookChannel, message: InboundMessage) -> None:
    task = asyncio.create_task(channel.acknowledge(message))
    _acknowledging.add(task)
    task.add_done_callback(_acknowledging.discard)
