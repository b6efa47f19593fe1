"""One route for every messenger: verify, parse, store, and only then say 200."""

from collections.abc import Sequence

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from api.deps import SiteDep
from api.wiring import Site
from handlers import inbox
from handlers.channel import Malformed, NotAuthentic, WebhookChannel
from handlers.messages import InboundMessage

router = APIRouter()


@router.post("/webhooks/{channel}", status_code=200)
async def receive(channel: str, request: Request, site: SiteDep) -> dict[str, int]:
    """Take a provider's call. 403 unsigned, 400 malformed, 503 while nothing can be stored."""
    found = site.channels.get(channel)
    if not isinstance(found, WebhookChannel):
        raise HTTPException(404)
    body = await request.body()
    try:
        found.verify(request.headers, body)
        parsed = found.parse(body, now=site.clock())
    except NotAuthentic as error:
        raise HTTPException(403) from error
    except Malformed as error:
        raise HTTPException(400) from error
    new = await run_in_threadpool(store_all, site, parsed.messages)
    if new:
        site.wake()
    return {"stored": new}


@router.get("/webhooks/{channel}")
def confirm(channel: str, request: Request, site: SiteDep) -> PlainTextResponse:
    """Answer a provider that checks this address before it uses it."""
    found = site.channels.get(channel)
    if not isinstance(found, WebhookChannel):
        raise HTTPException(404)
    try:
        return PlainTextResponse(found.handshake(dict(request.query_params)))
    except NotAuthentic as error:
        raise HTTPException(403) from error


def store_all(site: Site, messages: Sequence[InboundMessage], *, shown: bool = False) -> int:
    """Store every message of one call in one commit; give how many were new."""
    with site.database.write() as work:
        receipts = [
            inbox.store(
                work.db,
                message,
                sealer=site.resources.sealer,
                now=site.clock(),
                shown=shown,
            )
            for message in messages
        ]
        work.commit()
    return sum(receipt.is_new for receipt in receipts)
