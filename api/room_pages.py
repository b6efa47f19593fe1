"""Sign-in and the first rooms: the officers' open cases, the admins' overview."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadSignature, TimestampSigner

from api.deps import SameOrigin, SiteDep
from api.pages import render
from api.wiring import Site
from escalation import cases
from handlers import accounts, balance, outbox
from handlers.accounts import Role, SignInRefused
from handlers.models import Account
from handlers.officers import place_of

router = APIRouter()

SESSION_COOKIE = "masuk"
SESSION_LIVES = timedelta(hours=12)
ROOMS = {"petugas": Role.OFFICER, "admin": Role.ADMIN}


def signed_in(request: Request, site: SiteDep) -> Account | None:
    """Give the account behind the session cookie, if it still holds."""
    try:
        value = _signer(site).unsign(
            request.cookies.get(SESSION_COOKIE, ""), max_age=int(SESSION_LIVES.total_seconds())
        )
    except BadSignature:
        return None
    account_id, _, mark = value.decode().partition(":")
    with site.database.read() as db:
        account = accounts.get(db, int(account_id))
    return account if account is not None and _mark(account) == mark else None


SignedIn = Annotated[Account | None, Depends(signed_in)]


@router.get("/{room}", response_class=HTMLResponse)
def show(room: str, request: Request, site: SiteDep, account: SignedIn) -> HTMLResponse:
    """Show a room, or its sign-in page to whoever may not enter."""
    role = ROOMS.get(room)
    if role is None:
        raise HTTPException(404)
    if account is None or account.role not in (role, Role.ADMIN):
        return render(request, "sign_in.html", {"room": room, "fault": "", "until": None})
    values = _officer_room(site) if room == "petugas" else _admin_room(site)
    return render(request, f"room_{room}.html", {"account": account, **values})


@router.post("/{room}/masuk", dependencies=[SameOrigin])
def enter(
    room: str,
    request: Request,
    site: SiteDep,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Sign in, or say kindly what is wrong."""
    if room not in ROOMS:
        raise HTTPException(404)
    with site.database.write() as work:
        try:
            account = accounts.sign_in(work.db, login=login, password=password, now=site.clock())
        except SignInRefused as refused:
            work.commit()
            values = {"room": room, "fault": "salah", "until": refused.until}
            return render(request, "sign_in.html", values, status=403)
        work.commit()
    response = RedirectResponse(f"/{room}", status_code=303)
    response.set_cookie(
        SESSION_COOKIE,
        _signer(site).sign(f"{account.id}:{_mark(account)}").decode(),
        max_age=int(SESSION_LIVES.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


@router.post("/{room}/keluar", dependencies=[SameOrigin])
def leave(room: str) -> Response:
    """Sign out."""
    response = RedirectResponse(f"/{room}" if room in ROOMS else "/", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def _officer_room(site: Site) -> dict[str, object]:
    resources = site.resources
    with site.database.read() as db:
        found = cases.open_cases(db)
        rows = [
            {"case": case, "place": place_of(case, resources.places, resources.texts)}
            for case in found
        ]
    return {"rows": rows}


def _admin_room(site: Site) -> dict[str, object]:
    faq = site.resources.knowledge.faq
    with site.database.read() as db:
        taken = balance.take_balance(db)
        deliveries = outbox.summary(db)
        waiting = len(cases.open_cases(db))
    unchecked = [entry for slug, entry in faq.entries.items() if slug not in faq.checked_on]
    return {
        "balance": taken,
        "deliveries": deliveries,
        "waiting": waiting,
        "topics": faq.topics,
        "unchecked": unchecked,
        "entries": faq.entries,
    }


def _signer(site: Site) -> TimestampSigner:
    return TimestampSigner(site.session_key, salt="session")


def _mark(account: Account) -> str:
    """Give what ends every session when the password changes."""
    return account.password_hash[-12:]
