"""One officer of the roster: shown to who may see them, changed by admins of the whole country."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import FormDep, RosterKeeper, RosterViewer, Viewer
from api.deps import SiteDep
from api.pages import go
from api.roster_forms import Unnamed, choices, details, doing_of, named_area, roster_room
from api.wiring import Site
from escalation import roster, roster_edit
from escalation.roster_edit import Details, OfficerChanged, RosterRefused
from handlers import roster_office, roster_view
from handlers.roster_view import OfficerHidden
from knowledge.places import Area

router = APIRouter(prefix="/admin/petugas/{officer_id:int}")

UNREADABLE_DAY = "Tanggalnya tidak ada. Tulis tahun-bulan-hari, contoh 2026-12-31."
OfficerId = Annotated[int, Path(ge=1, lt=10**9)]


@router.get("", response_class=HTMLResponse)
def show_one(
    officer_id: OfficerId, request: Request, site: SiteDep, viewer: RosterViewer
) -> HTMLResponse:
    """Show one officer, with the forms for who may change them."""
    return _one(request, site, viewer, officer_id)


@router.post("")
def change(
    officer_id: OfficerId, request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep
) -> Response:
    """Change name, duty, office, deputy and the seat at the national desk."""
    given = details(form)
    doing = doing_of(site, viewer)
    try:
        is_new = roster_office.change(doing, officer_id, given, mark=form.text("mark", most=40))
    except RosterRefused as refused:
        return _one(request, site, viewer, officer_id, fault=str(refused), given=given)
    except OfficerChanged:
        return _one(request, site, viewer, officer_id, given=given, is_stale=True)
    return go(f"/admin/petugas/{officer_id}", told="petugas" if is_new else "petugas_sama")


@router.post("/tempat")
def add_place(
    officer_id: OfficerId, request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep
) -> Response:
    """Post an officer to an area, by its name or code."""
    typed = form.text("tempat", most=100)
    try:
        is_new = roster_office.add_post(doing_of(site, viewer), officer_id, named_area(site, form))
    except RosterRefused as refused:
        return _one(request, site, viewer, officer_id, place_fault=str(refused), typed=typed)
    except Unnamed as unnamed:
        return _one(
            request,
            site,
            viewer,
            officer_id,
            place_fault=str(unnamed),
            typed=typed,
            candidates=unnamed.candidates,
        )
    return go(f"/admin/petugas/{officer_id}", told="tempat" if is_new else "tempat_ada")


@router.post("/lepas")
def remove_place(
    officer_id: OfficerId, request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep
) -> Response:
    """Take a posting away."""
    try:
        roster_office.remove_post(
            doing_of(site, viewer),
            officer_id,
            rung=form.text("rung", most=20),
            code=form.text("code", most=13),
        )
    except RosterRefused as refused:
        return _one(request, site, viewer, officer_id, place_fault=str(refused))
    return go(f"/admin/petugas/{officer_id}", told="tempat_lepas")


@router.post("/cuti")
def leave(
    officer_id: OfficerId, request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep
) -> Response:
    """Note a leave."""
    first, back = form.text("mulai", most=20), form.text("kembali", most=20)
    try:
        roster_office.set_leave(
            doing_of(site, viewer),
            officer_id,
            first=_day(first) if first else None,
            back=_day(back),
            zone=_file(site, viewer, officer_id).row.zone,
            mark=form.text("mark", most=40),
        )
    except RosterRefused as refused:
        return _one(request, site, viewer, officer_id, leave_fault=str(refused), days=(first, back))
    except OfficerChanged:
        return _one(request, site, viewer, officer_id, is_stale=True, days=(first, back))
    return go(f"/admin/petugas/{officer_id}", told="cuti")


@router.post("/undangan")
def invite(
    officer_id: OfficerId, request: Request, site: SiteDep, viewer: RosterKeeper, _form: FormDep
) -> Response:
    """Make an invitation code and show it, once."""
    try:
        code = roster_office.invite(doing_of(site, viewer), officer_id)
    except RosterRefused as refused:
        return _one(request, site, viewer, officer_id, fault=str(refused))
    return _one(request, site, viewer, officer_id, code=code)


@router.post("/{step}")
def do(
    officer_id: OfficerId,
    step: str,
    request: Request,
    site: SiteDep,
    viewer: RosterKeeper,
    _form: FormDep,
) -> Response:
    """End a leave, take an officer off duty, or put them back on."""
    doing = doing_of(site, viewer)
    told = {"kembali": "cuti_selesai", "berhenti": "berhenti", "aktif": "aktif"}.get(step)
    if told is None:
        raise HTTPException(404)
    try:
        if step == "kembali":
            roster_office.end_leave(doing, officer_id)
        else:
            roster_office.set_active(doing, officer_id, to=step == "aktif")
    except RosterRefused as refused:
        return _one(request, site, viewer, officer_id, fault=str(refused))
    return go(f"/admin/petugas/{officer_id}", told=told)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RosterRefused(UNREADABLE_DAY) from None


def _file(site: Site, viewer: Viewer, officer_id: int) -> roster_view.OfficerFile:
    with site.database.read() as db:
        try:
            return roster_view.open_file(
                db, officer_id, by=viewer.account, resources=site.resources, now=site.clock()
            )
        except OfficerHidden as error:
            raise HTTPException(404) from error


def _one(  # noqa: PLR0913 (what a refused form brings back)
    request: Request,
    site: Site,
    viewer: Viewer,
    officer_id: OfficerId,
    *,
    given: Details | None = None,
    fault: str = "",
    place_fault: str = "",
    leave_fault: str = "",
    typed: str = "",
    candidates: tuple[Area, ...] = (),
    days: tuple[str, str] = ("", ""),
    code: str = "",
    is_stale: bool = False,
) -> HTMLResponse:
    file = _file(site, viewer, officer_id)
    now_there = roster_edit.details_of(file.row.officer, file.posts)
    values = {
        **choices(site, given or now_there),
        "file": file,
        "fields": asdict(given or now_there),
        "mark": roster_edit.mark_of(file.row.officer, file.posts),
        "fault": fault,
        "place_fault": place_fault,
        "leave_fault": leave_fault,
        "typed": typed,
        "candidates": candidates,
        "days": days,
        "code": code,
        "code_lives": roster.INVITATION_LIVES.days,
        "is_stale": is_stale,
        "now": site.clock(),
    }
    faulty = fault or place_fault or leave_fault
    status = 409 if is_stale else 422 if faulty else 200
    return roster_room(request, viewer, "officer.html", values, status=status)
