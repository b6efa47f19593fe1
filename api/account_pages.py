"""The accounts, for admins: who may come in, with which role, and where."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import AccountsViewer, FormDep, Posted
from api.deps import SiteDep
from api.pages import go, render_room
from api.wiring import Site
from escalation import roster
from handlers import account_office, accounts
from handlers.access import Role
from handlers.account_office import AccountRefused
from handlers.models import Account

router = APIRouter(prefix="/admin/akun")

BLANK = {"login": "", "name": "", "role": "editor", "area_code": "", "officer_id": None}
STEPS = {
    "tutup": account_office.close,
    "buka": account_office.reopen,
    "kode": account_office.remove_second_factor,
    "sesi": account_office.end_sessions,
}


@router.get("", response_class=HTMLResponse)
def show(request: Request, site: SiteDep, viewer: AccountsViewer) -> Response:
    """Show all accounts and the form for a new one."""
    return _page(request, site, viewer)


@router.post("")
def add(request: Request, site: SiteDep, viewer: AccountsViewer, form: FormDep) -> Response:
    """Make an account and show its one-time link, once."""
    fields = {
        "login": form.text("login", most=60),
        "name": form.text("name", most=100),
        "role": form.text("role"),
        "area_code": form.text("area_code", most=13),
    }
    officer_id = _officer(form)
    try:
        account, token = account_office.add(
            site.database,
            by=viewer.account,
            places=site.resources.places,
            sealer=site.resources.sealer,
            now=site.clock(),
            officer_id=officer_id,
            **fields,
        )
    except AccountRefused as refused:
        return _page(
            request, site, viewer, fault=str(refused), fields=fields | {"officer_id": officer_id}
        )
    return _page(request, site, viewer, link=_link(request, token), account=account)


@router.post("/{account_id}/tautan")
def link(
    account_id: int, request: Request, site: SiteDep, viewer: AccountsViewer, _form: FormDep
) -> Response:
    """Make a one-time link for a new password and show it, once."""
    try:
        account, token = account_office.make_link(
            site.database,
            account_id,
            by=viewer.account,
            sealer=site.resources.sealer,
            now=site.clock(),
        )
    except AccountRefused as refused:
        return _page(request, site, viewer, fault=str(refused))
    return _page(request, site, viewer, link=_link(request, token), account=account)


@router.post("/{account_id}/peran")
def role(
    account_id: int, request: Request, site: SiteDep, viewer: AccountsViewer, form: FormDep
) -> Response:
    """Give an account another role or area."""
    try:
        account_office.change(
            site.database,
            account_id,
            by=viewer.account,
            role=form.text("role"),
            area_code=form.text("area_code", most=13),
            officer_id=_officer(form),
            places=site.resources.places,
            now=site.clock(),
        )
    except AccountRefused as refused:
        return _page(request, site, viewer, fault=str(refused))
    return go("/admin/akun", told="akun")


@router.post("/{account_id}/{step}")
def do(
    account_id: int,
    step: str,
    request: Request,
    site: SiteDep,
    viewer: AccountsViewer,
    _form: FormDep,
) -> Response:
    """Close or reopen an account, forget its second factor, or end its sessions."""
    if step not in STEPS:
        raise HTTPException(404)
    try:
        STEPS[step](site.database, account_id, by=viewer.account, now=site.clock())
    except AccountRefused as refused:
        return _page(request, site, viewer, fault=str(refused))
    return go("/admin/akun", told="akun")


def _officer(form: Posted) -> int | None:
    return form.number("officer_id") if form.text("officer_id") else None


def _page(
    request: Request,
    site: Site,
    viewer: AccountsViewer,
    *,
    fault: str = "",
    link: str = "",
    account: Account | None = None,
    fields: dict[str, Any] | None = None,
) -> HTMLResponse:
    with site.database.read() as db:
        found = accounts.everyone(db)
        officers = roster.all_officers(db)
    values = {
        "accounts": found,
        "officers": officers,
        "roles": list(Role),
        "fault": fault,
        "link": link,
        "account": account,
        "fields": fields or BLANK,
    }
    return render_room(request, viewer, "accounts.html", values, status=422 if fault else 200)


def _link(request: Request, token: str) -> str:
    return f"{request.base_url}undangan/{token}"
