"""The roster: who answers where, and for admins of the whole country what they change on it."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import FormDep, RosterKeeper, RosterViewer, Viewer
from api.deps import SiteDep
from api.pages import go
from api.roster_forms import Unnamed, choices, details, doing_of, named_area, roster_room
from api.wiring import Site
from escalation.officer_states import OfficerState
from escalation.roster_edit import Details, RosterRefused
from handlers import roster_office, roster_view
from handlers.roster_view import Wanted
from knowledge.places import Area

router = APIRouter(prefix="/admin/petugas")

BLANK = Details(name="", duty="pimpasa", office="", deputy_id=None, is_at_desk=False)


@router.get("", response_class=HTMLResponse)
def show(
    request: Request,
    site: SiteDep,
    viewer: RosterViewer,
    cari: Annotated[str, Query(max_length=100)] = "",
    kantor: Annotated[str, Query(max_length=60)] = "",
    keadaan: Annotated[str, Query(max_length=30)] = "",
    wilayah: Annotated[str, Query(max_length=13)] = "",
    hal: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Show the officers this account sees, searched and parted into pages."""
    wanted = Wanted(cari.strip(), kantor, keadaan, wilayah, hal)
    with site.database.read() as db:
        found = roster_view.listed(
            db, wanted, by=viewer.account, resources=site.resources, now=site.clock()
        )
    area = site.resources.places.area(wilayah) if wilayah else None
    values = {
        "listed": found,
        "wanted": wanted,
        "area": area.label if area else "",
        "states": list(OfficerState),
    }
    return roster_room(request, viewer, "roster.html", values)


@router.get("/baru", response_class=HTMLResponse)
def show_new(request: Request, site: SiteDep, viewer: RosterKeeper) -> HTMLResponse:
    """Show an empty form."""
    return _new(request, site, viewer, BLANK)


@router.post("/baru")
def add(request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep) -> Response:
    """Put a new officer on the roster."""
    given, typed = details(form), form.text("tempat", most=100)
    try:
        area = named_area(site, form) if typed or form.text("kode") else None
        officer_id = roster_office.add(doing_of(site, viewer), given, area=area)
    except RosterRefused as refused:
        return _new(request, site, viewer, given, fault=str(refused), typed=typed)
    except Unnamed as unnamed:
        return _new(
            request,
            site,
            viewer,
            given,
            fault=str(unnamed),
            typed=typed,
            candidates=unnamed.candidates,
        )
    return go(f"/admin/petugas/{officer_id}", told="petugas_baru")


def _new(
    request: Request,
    site: Site,
    viewer: Viewer,
    given: Details,
    *,
    fault: str = "",
    typed: str = "",
    candidates: tuple[Area, ...] = (),
) -> HTMLResponse:
    values = {
        **choices(site, given),
        "fields": asdict(given),
        "fault": fault,
        "typed": typed,
        "candidates": candidates,
    }
    return roster_room(request, viewer, "officer_new.html", values, status=422 if fault else 200)
