"""Rendering pages: one template environment, no inline script, no other host."""

from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

import yaml
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from api.auth import Viewer
from handlers.cards import local_time
from knowledge.render import spoken_date

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    # Not "no-referrer": browsers would then send forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}
NO_STORE = "no-store"


@cache
def environment() -> Environment:
    """Give the template environment of this package."""
    made = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["local_time"] = lambda at, zone="Asia/Jakarta": local_time(at, zone=zone)
    made.filters["clock_time"] = clock_time
    made.filters["spoken_date"] = spoken_date
    made.filters["decimal"] = lambda number: f"{number:.1f}".replace(".", ",")
    made.filters["span"] = span
    made.filters["percent"] = lambda share: f"{round(share * 100)}%"
    made.globals["words"] = words()
    return made


def clock_time(at: datetime, zone: str, now: datetime) -> str:
    """Give a time near to now: without its day where that is today in this zone."""
    told = local_time(at, zone=zone)
    day, _, rest = told.partition(" ")
    return rest if local_time(now, zone=zone).startswith(day) else told


def span(length: timedelta) -> str:
    """Give a length of time in its largest whole unit."""
    minutes = max(0, int(length.total_seconds() // 60))
    for size, name in ((1_440, "hari"), (60, "jam"), (1, "menit")):
        if minutes >= size:
            return f"{minutes // size} {name}"
    return "baru saja"


@cache
def words() -> dict[str, Any]:
    """Give the Indonesian words for roles, rooms, fields, actions and messages of the pages."""
    text = (files("api") / "templates" / "words.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def render(
    request: Request, template: str, values: dict[str, Any], *, status: int = 200
) -> HTMLResponse:
    """Give a page. Pages with personal content are never kept by a cache."""
    text = environment().get_template(template).render(request=request, **values)
    return HTMLResponse(text, status_code=status, headers={"Cache-Control": NO_STORE})


def render_room(
    request: Request,
    viewer: Viewer,
    template: str,
    values: dict[str, Any],
    *,
    status: int = 200,
) -> HTMLResponse:
    """Give a page of somebody signed in, with the menu and what their last step led to."""
    told = words()["kabar"].get(request.query_params.get("kabar", ""), "")
    shared = {"viewer": viewer, "csrf": viewer.csrf, "told": told}
    return render(request, template, shared | values, status=status)


def go(path: str, *, told: str = "", **query: str) -> RedirectResponse:
    """Send the browser on after a step; `told` names the message shown there."""
    given = {key: value for key, value in ({"kabar": told} | query).items() if value}
    return RedirectResponse(f"{path}?{urlencode(given)}" if given else path, status_code=303)


def in_words(message: str) -> str:
    """Give a fault with the fields' own names where it names them by key: `cost` is "Biaya"."""
    for key, label in words()["isian"].items():
        message = message.replace(f"`{key}`", f"“{label}”")
    return message


def static_folder() -> str:
    """Give the folder of stylesheets and scripts."""
    return str(files("api") / "static")
