"""The start page: what this is, and in a demonstration how to live the whole story."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.deps import SiteDep
from api.pages import render

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def start(request: Request, site: SiteDep) -> HTMLResponse:
    """Show the way to the chat, the officers' room and the admins' room."""
    return render(
        request,
        "start.html",
        {
            "is_demo": site.is_demo,
            "is_unstaffed": site.is_unstaffed(),
            "shows_web_chat": site.shows_web_chat,
            "officers": site.demo_officers,
            "logins": site.demo_logins,
        },
    )
