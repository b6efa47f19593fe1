"""The gap list: what was asked in vain, and what becomes of it."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import FormDep, GapsViewer
from api.deps import SiteDep
from api.pages import go, render_room
from handlers import gaps
from handlers.gaps import GapOutcome

router = APIRouter(prefix="/admin/celah")

MAX_IDS = 1_000


@router.get("", response_class=HTMLResponse)
def show(
    request: Request,
    site: SiteDep,
    viewer: GapsViewer,
    hal: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> HTMLResponse:
    """Show the groups, most people and danger first, with personal data masked."""
    found = gaps.read_list(
        site.database, by=viewer.account, resources=site.resources, now=site.clock(), page=hal
    )
    values = {
        "gaps": found.gaps,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "late": found.late,
        "entries": site.resources.knowledge.faq.entries,
    }
    return render_room(request, viewer, "gaps.html", values)


@router.post("")
def close(site: SiteDep, viewer: GapsViewer, form: FormDep) -> Response:
    """Note what became of a group, so that it leaves the list."""
    ids = [int(id) for id in form.text("ids").split(",") if id.isdecimal()][:MAX_IDS]
    named = form.text("outcome", most=20)
    if not ids or named not in list(GapOutcome):
        raise HTTPException(422)
    slug = form.text("slug", most=80).lower()
    try:
        gaps.close(
            site.database,
            ids,
            outcome=GapOutcome(named),
            by=viewer.account,
            now=site.clock(),
            slug=slug,
        )
    except gaps.UnknownEntry:
        return go("/admin/celah", told="celah_entri")
    return go("/admin/celah", told="celah")
