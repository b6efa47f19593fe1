"""Coming in: password, second factor, one-time links; and one's own account."""

import io
from typing import Any
from urllib.parse import urlsplit

import segno
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.auth import (
    SESSION_COOKIE,
    VISIT_COOKIE,
    AnyViewer,
    FormDep,
    SignedDep,
    SignInNeeded,
    csrf_token,
    keep,
    visit,
    visit_token,
)
from api.deps import SiteDep
from api.pages import go, render, render_room
from api.wiring import Site
from handlers import account_office, links, sessions, signing_in
from handlers.access import Room, rooms_of
from handlers.accounts import MIN_PASSWORD_CHARS, SignInRefused, WeakPassword
from handlers.links import LinkRefused
from handlers.proving import PasswordRefused
from handlers.sessions import Signed
from handlers.signing_in import CodeRefused

router = APIRouter()

HOMES = {Room.OVERVIEW: "/admin", Room.CASES: "/petugas"}


@router.get("/masuk", response_class=HTMLResponse)
def show(request: Request, site: SiteDep, signed: SignedDep, ke: str = "") -> Response:
    """Show the sign-in page, or send on who is in already."""
    if signed is not None:
        return go(home(signed) if signed.is_complete else "/masuk/kode")
    values = {"fault": "", "until": None, "ke": _own_path(ke), "login": ""}
    return _form(request, site, values)


@router.post("/masuk")
def enter(request: Request, site: SiteDep, form: FormDep) -> Response:
    """Sign in, or say kindly what is wrong."""
    to, login = _own_path(form.text("ke")), form.text("login", most=200)
    try:
        entered = signing_in.enter(
            site.database,
            login=login,
            password=form.secret("password"),
            sealer=site.resources.sealer,
            now=site.clock(),
            is_demo=site.is_demo,
        )
    except SignInRefused as refused:
        values = {"fault": "salah", "until": refused.until, "ke": to, "login": login}
        return _form(request, site, values, status=403)
    response = go("/masuk/kode", ke=to) if entered.needs_code else go(to or "/masuk")
    keep(response, request, SESSION_COOKIE, entered.token)
    return response


@router.get("/masuk/kode", response_class=HTMLResponse)
def show_code(request: Request, site: SiteDep, signed: SignedDep, ke: str = "") -> Response:
    """Ask for the code of the second factor, or help to set it up."""
    if signed is None:
        raise SignInNeeded
    return _code_form(request, site, signed, {"fault": "", "until": None, "ke": _own_path(ke)})


@router.post("/masuk/kode")
def prove(request: Request, site: SiteDep, signed: SignedDep, form: FormDep) -> Response:
    """Take the code."""
    if signed is None:
        raise SignInNeeded
    to = _own_path(form.text("ke"))
    try:
        token = signing_in.prove(
            site.database,
            signed,
            form.text("code", most=20),
            sealer=site.resources.sealer,
            now=site.clock(),
        )
    except CodeRefused as refused:
        values = {"fault": "salah", "until": refused.until, "ke": to}
        return _code_form(request, site, signed, values, status=403)
    response = go(to or "/masuk")
    keep(response, request, SESSION_COOKIE, token)
    return response


@router.post("/keluar")
def leave(site: SiteDep, signed: SignedDep, _form_: FormDep) -> Response:
    """Sign out."""
    if signed is not None:
        signing_in.leave(site.database, signed, now=site.clock())
    response = go("/masuk")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/undangan/{token}", response_class=HTMLResponse)
def show_link(token: str, request: Request, site: SiteDep) -> Response:
    """Let the holder of a one-time link choose a password."""
    return _link_form(request, site, token, fault="")


@router.post("/undangan/{token}")
def use_link(token: str, request: Request, site: SiteDep, form: FormDep) -> Response:
    """Take the chosen password; the link is used up."""
    password = form.secret("password")
    if password != form.secret("again"):
        return _link_form(request, site, token, fault="Kedua sandi belum sama. Ketik lagi.")
    try:
        signing_in.use_link(
            site.database,
            token,
            password=password,
            sealer=site.resources.sealer,
            now=site.clock(),
        )
    except WeakPassword as weak:
        return _link_form(request, site, token, fault=f"{weak}.")
    except LinkRefused:
        return _link_form(request, site, token, fault="")
    response = go("/masuk")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/akun", response_class=HTMLResponse)
def own(request: Request, site: SiteDep, viewer: AnyViewer) -> Response:
    """Show one's own account: password, second factor, open sessions."""
    return _own(request, site, viewer, fault="")


@router.post("/akun/sandi")
def own_password(request: Request, site: SiteDep, viewer: AnyViewer, form: FormDep) -> Response:
    """Change one's password."""
    try:
        account_office.change_own_password(
            site.database,
            viewer.signed,
            old=form.secret("old"),
            new=form.secret("password"),
            now=site.clock(),
        )
    except (PasswordRefused, WeakPassword) as error:
        return _own(request, site, viewer, fault=str(error))
    return go("/akun", told="sandi")


@router.post("/akun/sesi/{session_id}/akhiri")
def end_session(session_id: int, site: SiteDep, viewer: AnyViewer, _form_: FormDep) -> Response:
    """End one of one's sessions."""
    account_office.end_own_session(site.database, viewer.signed, session_id, now=site.clock())
    return go("/akun", told="sesi")


def home(signed: Signed) -> str:
    """Give the first page of an account."""
    rooms = rooms_of(signed.account.role)
    return next((path for room, path in HOMES.items() if room in rooms), "/akun")


def _own(request: Request, site: Site, viewer: AnyViewer, *, fault: str) -> HTMLResponse:
    assert viewer.account.id is not None
    with site.database.read() as db:
        found = sessions.open_ones(db, viewer.account.id, now=site.clock())
    values = {"sessions": found, "fault": fault, "least": MIN_PASSWORD_CHARS}
    return render_room(request, viewer, "own_account.html", values, status=422 if fault else 200)


def _form(
    request: Request, site: Site, values: dict[str, Any], *, status: int = 200
) -> HTMLResponse:
    value = visit(request)
    shared = {"csrf": visit_token(site, value)}
    response = render(request, "sign_in.html", shared | values, status=status)
    keep(response, request, VISIT_COOKIE, value)
    return response


def _code_form(
    request: Request,
    site: Site,
    signed: Signed,
    values: dict[str, Any],
    *,
    status: int = 200,
) -> HTMLResponse:
    shared: dict[str, Any] = {"csrf": csrf_token(site, request, signed), "secret": "", "qr": ""}
    if signed.account.totp_since is None:
        secret, address = signing_in.offer_second_factor(
            site.database, signed, sealer=site.resources.sealer
        )
        shared |= {"secret": secret, "qr": _qr(address)}
    return render(request, "sign_in_code.html", shared | values, status=status)


def _link_form(request: Request, site: Site, token: str, *, fault: str) -> HTMLResponse:
    value = visit(request)
    try:
        with site.database.read() as db:
            account = links.holder(db, token, sealer=site.resources.sealer, now=site.clock())
    except LinkRefused:
        return render(request, "link_refused.html", {}, status=410)
    values = {
        "csrf": visit_token(site, value),
        "account": account,
        "token": token,
        "fault": fault,
        "least": MIN_PASSWORD_CHARS,
    }
    response = render(request, "link.html", values, status=422 if fault else 200)
    keep(response, request, VISIT_COOKIE, value)
    # Somebody else may be signed in on this browser: the form is for the holder of the link.
    response.delete_cookie(SESSION_COOKIE)
    return response


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=5, border=3, xmldecl=False, svgns=True, light="white"
    )
    return out.getvalue().decode()


def _own_path(path: str) -> str:
    """Give a path of this site, "" for anything that could lead elsewhere."""
    parts = urlsplit(path)
    is_own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_own and not parts.netloc and "\\" not in path else ""


def to_sign_in(request: Request) -> RedirectResponse:
    """Send somebody who must sign in first, and back afterwards."""
    wanted = request.url.path if request.method == "GET" else ""
    return go("/masuk", ke=wanted if wanted != "/" else "")
