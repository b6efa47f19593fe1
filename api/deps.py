"""Dependencies, named once: the site, who chats, who is signed in."""

import secrets
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Query, Request

from api.wiring import Site

CHAT_COOKIE = "obrolan"
CHAT_TOKEN_BYTES = 24
CHAT_TOKEN_CHARS = 32
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Chatter:
    """Who uses the chat page. `role` is "" for a villager, else the value of `?as=`."""

    address: str
    role: str
    name: str
    is_new: bool


def get_site(request: Request) -> Site:
    """Give the parts this app was built with."""
    site: Site = request.app.state.site
    return site


SiteDep = Annotated[Site, Depends(get_site)]


def get_chatter(
    request: Request, site: SiteDep, as_: Annotated[str, Query(alias="as")] = ""
) -> Chatter:
    """Give the person behind the cookie, or the demonstration officer that `?as=` names."""
    if as_:
        if as_ not in site.demo_officers:
            raise HTTPException(404)
        address, name = site.demo_officers[as_]
        return Chatter(address, as_, name, is_new=False)
    if not site.shows_web_chat:
        raise HTTPException(404)
    token = request.cookies.get(CHAT_COOKIE, "")
    # Only our own tokens are taken as an address: never one that a demonstration officer has.
    if len(token) == CHAT_TOKEN_CHARS and token.replace("-", "").replace("_", "").isalnum():
        return Chatter(token, "", "", is_new=False)
    return Chatter(secrets.token_urlsafe(CHAT_TOKEN_BYTES), "", "", is_new=True)


ChatterDep = Annotated[Chatter, Depends(get_chatter)]


def require_same_origin(request: Request) -> None:
    """Refuse a form that another site sent with this person's cookie."""
    origin = request.headers.get("origin")
    if origin is None:
        return
    if urlsplit(origin).netloc != request.headers.get("host", ""):
        raise HTTPException(403)


SameOrigin = Depends(require_same_origin)
