"""The web chat: a phone-shaped page that works without JavaScript and updates itself with it."""

import asyncio
import secrets
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from api.deps import CHAT_COOKIE, YEAR_SECONDS, Chatter, ChatterDep, SameOrigin, SiteDep
from api.pages import render
from api.wiring import WEB, Site
from handlers import contacts, transcript
from handlers.channel import Parsed
from handlers.intake import take_in
from handlers.messages import MAX_TEXT_CHARS, InboundKind, InboundMessage
from handlers.models import Contact
from handlers.transcript import Line

router = APIRouter()

WAIT = timedelta(seconds=20)
"""How long a reader is kept waiting for a new line before the answer is "nothing yet"."""

LOOK_EVERY = 0.3
LINES_SHOWN = 100
MAX_ID_CHARS = 100


class Said(BaseModel):
    """What the form of the chat page sends."""

    text: str = ""
    button: str = ""
    latitude: str = ""
    longitude: str = ""
    nonce: str = ""


@router.get("/chat", response_class=HTMLResponse)
def show(request: Request, site: SiteDep, chatter: ChatterDep, desa: str = "") -> Response:
    """Show the conversation. `?desa=` is a poster's link code: the village is then known."""
    if chatter.is_new and desa:
        _store(site, chatter, InboundKind.TEXT, text=f"/start {desa[:64]}")
    response = render(request, "chat.html", _page(site, chatter))
    if chatter.is_new:
        _keep(response, chatter, request)
    return response


@router.post("/chat/send", dependencies=[SameOrigin])
def send(
    request: Request, site: SiteDep, chatter: ChatterDep, said: Annotated[Said, Form()]
) -> Response:
    """Store what was typed, tapped or shared, once for each nonce, then show the page again."""
    if said.button:
        title = _title_of(site, chatter, said.button)
        _store(
            site,
            chatter,
            InboundKind.BUTTON,
            text=title,
            button_id=said.button[:MAX_ID_CHARS],
            nonce=said.nonce,
        )
    elif (place := _place(said)) is not None:
        _store(site, chatter, InboundKind.LOCATION, place=place, nonce=said.nonce)
    else:
        _store(
            site,
            chatter,
            InboundKind.TEXT,
            text=said.text[:MAX_TEXT_CHARS],
            nonce=said.nonce,
        )
    response: Response
    if request.headers.get("x-requested-with") == "fetch":
        response = Response(status_code=204)
    else:
        response = RedirectResponse(_address("/chat", chatter) + "#akhir", status_code=303)
    if chatter.is_new:
        _keep(response, chatter, request)
    return response


@router.get("/chat/lines", response_class=HTMLResponse)
async def new_lines(
    request: Request, site: SiteDep, chatter: ChatterDep, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Give the lines after one, waiting up to 20 seconds for the first; 204 where none came."""
    rounds = int(WAIT.total_seconds() / LOOK_EVERY)
    for _ in range(rounds):
        lines = await run_in_threadpool(_lines, site, chatter, after)
        if lines:
            return render(request, "chat_lines.html", {"lines": lines, "chatter": chatter})
        if await request.is_disconnected():
            break
        await asyncio.sleep(LOOK_EVERY)
    return Response(status_code=204)


def _page(site: Site, chatter: Chatter) -> dict[str, object]:
    lines = _lines(site, chatter, 0)
    return {
        "lines": lines,
        "chatter": chatter,
        "last": lines[-1].id if lines else 0,
        "send_url": _address("/chat/send", chatter),
        "lines_url": _address("/chat/lines", chatter),
        "nonce": secrets.token_urlsafe(12),
        "max_chars": MAX_TEXT_CHARS,
        "is_demo": site.is_demo,
        "is_unstaffed": site.is_unstaffed(),
    }


def _lines(site: Site, chatter: Chatter, after: int) -> list[Line]:
    with site.database.read() as db:
        contact = _contact(site, chatter, db)
        if contact is None or contact.id is None:
            return []
        lines = transcript.lines(
            db,
            contact_id=contact.id,
            after=after,
            sealer=site.resources.sealer,
            limit=LINES_SHOWN,
        )
    if lines:
        with site.database.write() as work:
            transcript.mark_seen(work.db, [line.id for line in lines], now=site.clock())
            work.commit()
    return lines


def _contact(site: Site, chatter: Chatter, db: Session) -> Contact | None:
    sealer = site.resources.sealer
    return contacts.find(db, channel=WEB, address=chatter.address, sealer=sealer)


def _store(
    site: Site,
    chatter: Chatter,
    kind: InboundKind,
    *,
    text: str = "",
    button_id: str | None = None,
    place: tuple[float, float] | None = None,
    nonce: str = "",
) -> None:
    nonce = nonce[:MAX_ID_CHARS] or secrets.token_urlsafe(12)
    # The id is the person's own: nobody can take another's by guessing.
    owner = site.resources.sealer.lookup(chatter.address, purpose="web-nonce")[:16]
    message = InboundMessage(
        channel=WEB,
        external_id=f"{owner}:{nonce}",
        sender=chatter.address,
        sent_at=site.clock(),
        kind=kind,
        text=text,
        button_id=button_id,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
    )
    take_in(
        site.database,
        Parsed((message,)),
        channel=WEB,
        resources=site.resources,
        now=site.clock(),
        shown=True,
    )
    site.wake()


def _title_of(site: Site, chatter: Chatter, button_id: str) -> str:
    for line in reversed(_lines(site, chatter, 0)):
        for choice in line.told.choices if line.told else ():
            if choice.id == button_id:
                return choice.title
    return ""


def _place(said: Said) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(said.latitude), float(said.longitude)
    except ValueError:
        return None
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:
        return latitude, longitude
    return None


def _address(path: str, chatter: Chatter) -> str:
    return f"{path}?{urlencode({'as': chatter.role})}" if chatter.role else path


def _keep(response: Response, chatter: Chatter, request: Request) -> None:
    response.set_cookie(
        CHAT_COOKIE,
        chatter.address,
        max_age=YEAR_SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
