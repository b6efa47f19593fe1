"""Importing the roster from a CSV file: preview first, then saved by one press."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import FormDep, Posted, RosterKeeper, Viewer
from api.deps import SiteDep
from api.pages import render_room
from api.roster_forms import doing_of
from api.wiring import Site
from escalation.roster_import import DUTIES, RosterError
from escalation.roster_plan import Effect, make_plan
from handlers import roster_transfer
from handlers.roster_transfer import PlanChanged
from handlers.roster_view import label_of
from handlers.sheets import MAX_BYTES, SheetRefused, pack, read_sheet, unpack

router = APIRouter(prefix="/admin/petugas/impor")

FAULTS_SHOWN = 50


@router.get("", response_class=HTMLResponse)
def show(request: Request, viewer: RosterKeeper) -> HTMLResponse:
    """Show the form and what a file looks like."""
    return _form(request, viewer)


@router.post("")
def preview(request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep) -> Response:
    """Show what a file would do; nothing is written."""
    try:
        text = sheet_of(form)
        return _preview(request, site, viewer, text)
    except SheetRefused as refused:
        return _form(request, viewer, faults=[str(refused)])
    except RosterError as error:
        return _form(request, viewer, faults=error.faults, pasted=form.text("teks", most=MAX_BYTES))


@router.post("/simpan")
def save(request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep) -> Response:
    """Write what the preview showed, and show the invitation codes, once."""
    doing = doing_of(site, viewer)
    try:
        text = unpack(form.text("isi", most=MAX_BYTES * 2))
        plan, imported = roster_transfer.bring_in(doing, text, mark=form.text("mark", most=40))
    except PlanChanged:
        return _preview(request, site, viewer, text, is_stale=True)
    except SheetRefused as refused:
        return _form(request, viewer, faults=[str(refused)])
    except RosterError as error:
        return _form(request, viewer, faults=error.faults)
    values = {
        "plan": plan,
        "codes": [one for one in imported if one.code],
        "effects": list(Effect),
        "offices": site.resources.offices.by_code,
    }
    return render_room(request, viewer, "roster_codes.html", values)


def sheet_of(form: Posted) -> str:
    """Give the text that was uploaded, else pasted. Raises SheetRefused."""
    name, data = form.file("file")
    if name:
        return read_sheet(data)
    return read_sheet(form.text("teks", most=MAX_BYTES + 1).encode())


def _preview(
    request: Request, site: Site, viewer: Viewer, text: str, *, is_stale: bool = False
) -> HTMLResponse:
    rows = roster_transfer.read_rows(text, resources=site.resources)
    with site.database.read() as db:
        plan = make_plan(db, rows)
    places, offices = site.resources.places, site.resources.offices

    def in_words(place: tuple[str, str]) -> str:
        return label_of(*place, places=places, offices=offices).label

    values: dict[str, Any] = {
        "plan": plan,
        "effects": list(Effect),
        "packed": pack(text),
        "label": in_words,
        "offices": offices.by_code,
        "is_stale": is_stale,
    }
    status = 409 if is_stale else 200
    return render_room(request, viewer, "roster_plan.html", values, status=status)


def _form(
    request: Request, viewer: Viewer, *, faults: list[str] | None = None, pasted: str = ""
) -> HTMLResponse:
    faults = faults or []
    values = {
        "faults": faults[:FAULTS_SHOWN],
        "count": len(faults),
        "duties": DUTIES,
        "pasted": pasted,
    }
    return render_room(request, viewer, "roster_import.html", values, status=422 if faults else 200)
