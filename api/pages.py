"""Rendering pages: one template environment, no inline script, no other host."""

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from handlers.cards import local_time

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    # Not "no-referrer": browsers would then send forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
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
    return made


def render(
    request: Request, template: str, values: dict[str, Any], *, status: int = 200
) -> HTMLResponse:
    """Give a page. Pages with personal content are never kept by a cache."""
    text = environment().get_template(template).render(request=request, **values)
    return HTMLResponse(text, status_code=status, headers={"Cache-Control": NO_STORE})


def static_folder() -> str:
    """Give the folder of stylesheets and scripts."""
    return str(files("api") / "static")
