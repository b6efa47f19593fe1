"""The overview: what came in, how it was answered, what waits for whom."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.auth import OverviewViewer
from api.deps import SiteDep
from api.pages import render_room
from handlers import balance, confirming, overview
from handlers.access import Room

router = APIRouter()

HOME_ZONE = "Asia/Jakarta"
BALANCED = timedelta(days=1)
"""How far back the page takes the balance; the command `balance` takes it of everything."""


@router.get("/admin", response_class=HTMLResponse)
def admins(request: Request, site: SiteDep, viewer: OverviewViewer) -> HTMLResponse:
    """Show the figures of this account's area, each leading to what stands behind it."""
    resources, now = site.resources, site.clock()
    own = viewer.account.area_code
    zone = resources.places.zone(own) if own else HOME_ZONE
    with site.database.read() as db:
        figures = overview.take(
            db, by=viewer.account, offices=resources.offices, zone=zone, now=now
        )
        # The balance is of all messages: there is none of an area.
        todo = None
        if Room.CONFIRMING in viewer.rooms:
            todo = confirming.count_waiting(db, resources=resources, now=now)
        taken = None if own else balance.take_balance(db, since=now - BALANCED)
        companies = resources.companies(db) if Room.COMPANIES in viewer.rooms else None
    area = resources.places.area(own) if own else None
    values: dict[str, Any] = {
        "figures": figures,
        "balance": taken,
        "todo": todo,
        "companies": companies,
        "now": now,
        "area": area.label if area else "",
        "most": max((count for _, count in figures.days), default=0) or 1,
        "places": [(_place(site, code), count) for code, count in figures.places],
        "topics": {topic.id: topic.title for topic in resources.knowledge.faq.topics},
        "entries": resources.knowledge.faq.entries,
    }
    return render_room(request, viewer, "overview.html", values)


def _place(site: SiteDep, code: str) -> str:
    area = site.resources.places.area(code) if code else None
    return area.label if area else ""
