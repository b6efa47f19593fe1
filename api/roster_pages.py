"""The roster: who answers where, and for admins of the whole country what they change on it."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import FormDep, Posted, RosterKeeper, RosterViewer, Viewer
from api.deps import SiteDep
from api.pages import go, render_room
from api.wiring import Site
from escalation import roster, roster_edit
from escalation.officer_states import OfficerState
from escalation.roster_edit import Details, OfficerChanged, RosterRefused
from escalation.roster_import import DUTIES
from handlers import roster_office, roster_view
from handlers.access import may_change_roster
from handlers.area_naming import name_area
from handlers.roster_office import Doing
from handlers.roster_view import OfficerHidden, Wanted
from knowledge.places import Area

router = APIRouter(prefix="/admin/petugas")

BLANK = Details(name="", duty="pimpasa", office="", deputy_id=None, is_at_desk=False)
UNREADABLE_DAY = "Tanggalnya tidak ada. Tulis tahun-bulan-hari, contoh 2026-12-31."


class Unnamed(Exception):
    """A place that fits no area, or several: `candidates`. The message is Indonesian."""

    def __init__(self, message: str, candidates: tuple[Area, ...] = ()) -> None:
        """Keep what may have been meant."""
        self.candidates = candidates
        super().__init__(message)


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
    return _room(request, viewer, "roster.html", values)


@router.get("/baru", response_class=HTMLResponse)
def show_new(request: Request, site: SiteDep, viewer: RosterKeeper) -> HTMLResponse:
    """Show an empty form."""
    return _new(request, site, viewer, BLANK)


@router.post("/baru")
def add(request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep) -> Response:
    """Put a new officer on the roster."""
    given, typed = _details(form), form.text("tempat", most=100)
    try:
        area = _area(site, form) if typed or form.text("kode") else None
        officer_id = roster_office.add(_doing(site, viewer), given, area=area)
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


@router.get("/{officer_id:int}", response_class=HTMLResponse)
def show_one(
    officer_id: int, request: Request, site: SiteDep, viewer: RosterViewer
) -> HTMLResponse:
    """Show one officer, with the forms for who may change them."""
    return _one(request, site, viewer, officer_id)


@router.post("/{officer_id:int}")
def change(
    officer_id: int, request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep
) -> Response:
    """Change name, duty, office, deputy and the seat at the national desk."""
    given = _details(form)
    doing = _doing(site, viewer)
    try:
        is_new = roster_office.change(doing, officer_id, given, mark=form.text("mark", most=40))
    except RosterRefused as refused:
        return _one(request, site, viewer, officer_id, fault=str(refused), given=given)
    except OfficerChanged:
        return _one(request, site, viewer, officer_id, given=given, is_stale=True)
    return go(f"/admin/petugas/{officer_id}", told="petugas" if is_new else "petugas_sama")


@router.post("/{officer_id:int}/tempat")
def add_place(
    officer_id: int, request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep
) -> Response:
    """Post an officer to an area, by its name or code."""
    typed = form.text("tempat", most=100)
    try:
        is_new = roster_office.add_post(_doing(site, viewer), officer_id, _area(site, form))
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


@router.post("/{officer_id:int}/lepas")
def remove_place(
    officer_id: int, request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep
) -> Response:
    """Take a posting away."""
    try:
        roster_office.remove_post(
            _doing(site, viewer),
            officer_id,
            rung=form.text("rung", most=20),
            code=form.text("code", most=13),
        )
    except RosterRefused as refused:
        return _one(request, site, viewer, officer_id, place_fault=str(refused))
    return go(f"/admin/petugas/{officer_id}", told="tempat_lepas")


@router.post("/{officer_id:int}/cuti")
def leave(
    officer_id: int, request: Request, site: SiteDep, viewer: RosterKeeper, form: FormDep
) -> Response:
    """Note a leave."""
    first, back = form.text("mulai", most=20), form.text("kembali", most=20)
    try:
        roster_office.set_leave(
            _doing(site, viewer),
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


@router.post("/{officer_id:int}/undangan")
def invite(
    officer_id: int, request: Request, site: SiteDep, viewer: RosterKeeper, _form: FormDep
) -> Response:
    """Make an invitation code and show it, once."""
    try:
        code = roster_office.invite(_doing(site, viewer), officer_id)
    except RosterRefused as refused:
        return _one(request, site, viewer, officer_id, fault=str(refused))
    return _one(request, site, viewer, officer_id, code=code)


@router.post("/{officer_id:int}/{step}")
def do(
    officer_id: int,
    step: str,
    request: Request,
    site: SiteDep,
    viewer: RosterKeeper,
    _form: FormDep,
) -> Response:
    """End a leave, take an officer off duty, or put them back on."""
    doing = _doing(site, viewer)
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


def _doing(site: Site, viewer: Viewer) -> Doing:
    return Doing(site.database, viewer.account, site.resources, site.clock())


def _details(form: Posted) -> Details:
    deputy = form.text("deputy_id", most=18)
    return Details(
        name=" ".join(form.text("name", most=200).split()),
        duty=form.text("duty", most=40),
        office=form.text("office", most=60),
        deputy_id=int(deputy) if deputy.isdecimal() else None,
        is_at_desk=bool(form.text("meja", most=3)),
    )


def _area(site: Site, form: Posted) -> Area:
    """Give the area that was chosen or typed. Raises Unnamed."""
    typed = form.text("kode", most=13) or form.text("tempat", most=100)
    if not typed:
        raise Unnamed("Tulis nama atau kode tempat tugasnya.")
    named = name_area(typed, places=site.resources.places)
    if named.area is not None:
        return named.area
    if len(named.candidates) == 1:
        raise Unnamed("Apakah ini yang dimaksud? Pilih, lalu simpan lagi.", named.candidates)
    if named.candidates:
        raise Unnamed("Ada beberapa tempat bernama itu. Pilih salah satu.", named.candidates)
    raise Unnamed("Tempat itu tidak ketemu. Sebut juga kecamatan atau kabupatennya, atau kodenya.")


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
    officer_id: int,
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
        **_choices(site, given or now_there),
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
    return _room(request, viewer, "officer.html", values, status=status)


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
        **_choices(site, given),
        "fields": asdict(given),
        "fault": fault,
        "typed": typed,
        "candidates": candidates,
    }
    return _room(request, viewer, "officer_new.html", values, status=422 if fault else 200)


def _choices(site: Site, given: Details) -> dict[str, Any]:
    offices = sorted(site.resources.offices.by_code.values(), key=lambda office: office.name)
    with site.database.read() as db:
        officers = roster.all_officers(db)
    return {
        "duties": DUTIES,
        "offices": offices,
        "deputies": [one for one in officers if one.is_active or one.id == given.deputy_id],
    }


def _room(
    request: Request,
    viewer: Viewer,
    template: str,
    values: dict[str, Any],
    *,
    status: int = 200,
) -> HTMLResponse:
    may_change = may_change_roster(viewer.account.role, viewer.account.area_code)
    return render_room(
        request, viewer, template, values | {"may_change": may_change}, status=status
    )
