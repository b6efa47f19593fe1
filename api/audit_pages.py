"""The audit log, for admins."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.auth import AuditViewer
from api.deps import SiteDep
from api.pages import render_room
from handlers import audit
from handlers.audit import Action

router = APIRouter(prefix="/admin/catatan")

PAGE = 50


@router.get("", response_class=HTMLResponse)
def show(
    request: Request,
    site: SiteDep,
    viewer: AuditViewer,
    apa: Annotated[str, Query(max_length=60)] = "",
    perihal: Annotated[str, Query(max_length=100)] = "",
    hal: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """Show who did or read what, newest first."""
    with site.database.read() as db:
        lines, total = audit.page(
            db, start=(hal - 1) * PAGE, count=PAGE, action=apa, subject=perihal
        )
    values = {
        "lines": lines,
        "total": total,
        "page": hal,
        "pages": max(1, -(-total // PAGE)),
        "actions": list(Action),
        "action": apa,
        "subject": perihal,
    }
    return render_room(request, viewer, "audit.html", values)
