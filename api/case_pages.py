"""Cases on pages: the list, one case with its masked words, what an officer does, a print view."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import CasesViewer, FormDep
from api.deps import SiteDep
from api.pages import go, render_room
from api.wiring import Site
from escalation.assignment import Rung
from escalation.case_states import CaseState
from handlers import case_acts, case_file, case_list
from handlers.cards import actions
from handlers.case_acts import Act, NotAnOfficer, Told
from handlers.case_file import CaseHidden
from handlers.case_list import Wanted

router = APIRouter(prefix="/petugas")

MARK_BYTES = 12
MAX_WORDS = 3_000
NOT_PRESSED = ("balas",)
"""Buttons of chat that are a form of their own on the page."""


@router.get("", response_class=HTMLResponse)
def show_list(
    request: Request,
    site: SiteDep,
    viewer: CasesViewer,
    keadaan: Annotated[str, Query(max_length=20)] = "",
    tangga: Annotated[str, Query(max_length=20)] = "",
    kantor: Annotated[str, Query(max_length=40)] = "",
    hal: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Show the cases this account sees, the most pressing first, with their deadlines."""
    wanted = Wanted(state=keadaan, rung=tangga, office=kantor, page=hal)
    now = site.clock()
    found = case_list.find(
        site.database, wanted, by=viewer.account, resources=site.resources, now=now
    )
    office = site.resources.offices.by_code.get(kantor)
    values = {
        "found": found,
        "wanted": wanted,
        "office": office.name if office else "",
        "now": now,
        "rungs": list(Rung),
        "states": [CaseState.NEW, CaseState.ACCEPTED],
    }
    return render_room(request, viewer, "cases.html", values)


@router.get("/kasus/{case_id}", response_class=HTMLResponse)
def show(case_id: int, request: Request, site: SiteDep, viewer: CasesViewer) -> HTMLResponse:
    """Show one case; the audit log notes who looked."""
    return _page(request, site, viewer, case_id)


@router.get("/kasus/{case_id}/cetak", response_class=HTMLResponse)
def show_print(case_id: int, request: Request, site: SiteDep, viewer: CasesViewer) -> HTMLResponse:
    """Show one case as a sheet to be printed for a referral."""
    file = _read(site, viewer, case_id, detail="cetak")
    values = {"file": file, "case": file.row.case, "now": site.clock()}
    return render_room(request, viewer, "case_print.html", values)


@router.post("/kasus/{case_id}")
def act(
    case_id: int, request: Request, site: SiteDep, viewer: CasesViewer, form: FormDep
) -> Response:
    """Press a case's button, or send words to its villager."""
    button, words = form.text("tombol", most=60), form.text("kata", most=MAX_WORDS)
    if button and not case_acts.is_button_of(button, case_id):
        raise HTTPException(422)
    if not button and not words:
        return go(f"/petugas/kasus/{case_id}", told="balas_kosong")
    deed = Act(case_id, mark=form.text("tanda", most=40), button=button, words=words)
    resources, now = site.resources, site.clock()
    try:
        # Also who may not act must not learn whether a case is there.
        case_file.check_seen(
            site.database, case_id, by=viewer.account, resources=resources, now=now
        )
        told = case_acts.do(site.database, deed, by=viewer.account, resources=resources, now=now)
    except CaseHidden as error:
        raise HTTPException(404) from error
    except NotAnOfficer as error:
        raise HTTPException(403) from error
    if told is None:
        return go(f"/petugas/kasus/{case_id}", told="kasus_terima" if button else "balas_sudah")
    return _page(request, site, viewer, case_id, told=told)


def _page(
    request: Request, site: Site, viewer: CasesViewer, case_id: int, *, told: Told | None = None
) -> HTMLResponse:
    file = _read(site, viewer, case_id)
    case, account = file.row.case, viewer.account
    buttons = actions(case, texts=site.resources.texts) if account.officer_id else ()
    is_mine = account.officer_id is not None and case.owner_id == account.officer_id
    if not is_mine and case.state != CaseState.NEW:
        buttons = ()
    values: dict[str, Any] = {
        "file": file,
        "case": case,
        "now": site.clock(),
        "answer": told,
        "buttons": [one for one in buttons if one.id.split(":")[2] not in NOT_PRESSED],
        "may_reply": is_mine and case.state == CaseState.ACCEPTED,
        "mark": secrets.token_urlsafe(MARK_BYTES),
        "reads_later": case.state == CaseState.NEW,
    }
    return render_room(request, viewer, "case.html", values)


def _read(site: Site, viewer: CasesViewer, case_id: int, *, detail: str = "") -> case_file.File:
    try:
        return case_file.read(
            site.database,
            case_id,
            by=viewer.account,
            resources=site.resources,
            now=site.clock(),
            detail=detail,
        )
    except CaseHidden as error:
        raise HTTPException(404) from error
