"""Where a pimpasa is missing: counts, lists, a map, and offices that an admin vouches for."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import FormDep, RosterKeeper, RosterViewer, Viewer
from api.deps import SiteDep
from api.pages import go
from api.roster_forms import doing_of, roster_room
from api.wiring import Site
from escalation.coverage import Cover
from escalation.roster_edit import OfficerChanged, RosterRefused
from handlers import roster_office
from handlers.roster_gaps import Gaps, take_gaps
from knowledge.outlines import frame_of, regency_outlines

router = APIRouter(prefix="/admin/petugas")

Province = Annotated[str, Query(pattern=r"^(\d\d)?$")]


@router.get("/celah", response_class=HTMLResponse)
def show_gaps(request: Request, site: SiteDep, viewer: RosterViewer) -> HTMLResponse:
    """Show each province with what is missing there."""
    return roster_room(request, viewer, "roster_gaps.html", {"gaps": _gaps(site, viewer)})


@router.get("/celah/{province}", response_class=HTMLResponse)
def show_province(
    province: str, request: Request, site: SiteDep, viewer: RosterViewer
) -> HTMLResponse:
    """Show the regencies of one province, their offices, and the districts without anybody."""
    return _province(request, site, viewer, province)


@router.post("/celah/{regency}")
def confirm_office(
    regency: str, request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep
) -> Response:
    """Note which office serves a regency, by the name of this admin, or take that back."""
    office = "" if form.text("tarik", most=3) else form.text("office", most=60)
    try:
        roster_office.confirm_office(
            doing_of(site, viewer),
            regency,
            office=office,
            shown=form.text("shown", most=60),
        )
    except RosterRefused as refused:
        return _province(request, site, viewer, regency[:2], fault=str(refused))
    except OfficerChanged:
        return go(f"/admin/petugas/celah/{regency[:2]}", told="kantor_berubah")
    return go(
        f"/admin/petugas/celah/{regency[:2]}", told="kantor_pasti" if office else "kantor_tarik"
    )


@router.get("/peta", response_class=HTMLResponse)
def show_map(
    request: Request, site: SiteDep, viewer: RosterViewer, provinsi: Province = ""
) -> HTMLResponse:
    """Draw the regencies in colours, all or those of one province; the list says the same."""
    gaps = _gaps(site, viewer)
    shown = [row for row in gaps.regencies if row.cover.code.startswith(provinsi)]
    if not shown:
        raise HTTPException(404)
    own = viewer.account.area_code[:2]
    only = next((row for row in gaps.provinces if row.code == provinsi), None)
    values = {
        "gaps": gaps,
        "province": only,
        "counts": Gaps(gaps.provinces, shown).by_cover(),
        "covers": list(Cover),
        "frame": frame_of(provinsi or own),
        "paths": regency_outlines(),
        "shown": shown,
    }
    return roster_room(request, viewer, "roster_map.html", values)


def _gaps(site: Site, viewer: Viewer) -> Gaps:
    with site.database.read() as db:
        return take_gaps(db, by=viewer.account, resources=site.resources, now=site.clock())


def _province(
    request: Request, site: Site, viewer: Viewer, province: str, *, fault: str = ""
) -> HTMLResponse:
    gaps = _gaps(site, viewer)
    found = next((row for row in gaps.provinces if row.code == province), None)
    if found is None:
        raise HTTPException(404)
    places = site.resources.places
    rows = [row for row in gaps.regencies if row.cover.code.startswith(f"{province}.")]
    bare = {
        code: area.name for row in rows for code in row.cover.bare if (area := places.area(code))
    }
    values = {
        "province": found,
        "rows": rows,
        "names": bare,
        "offices": sorted(site.resources.offices.by_code.values(), key=lambda one: one.name),
        "fault": fault,
    }
    return roster_room(
        request, viewer, "roster_province.html", values, status=422 if fault else 200
    )
