"""Who is signed in, what they may open, and forms that only our own pages can send."""

import re
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import UploadFile

from api.deps import SiteDep, require_same_origin
from api.wiring import Site
from handlers import sessions, signing_in
from handlers.access import Room, may_change_roster, may_open, rooms_of
from handlers.models import Account
from handlers.sessions import Signed

SESSION_COOKIE = "masuk"
VISIT_COOKIE = "kunjungan"
"""Ties the forms of somebody who is not signed in yet to their own browser."""

CSRF_FIELD = "csrf"
CSRF_LIVES_SECONDS = int(sessions.LIVES.total_seconds())
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
MAX_FIELDS = 2_000
MAX_FIELD_BYTES = 1_000_000
"""Room for a whole sheet that was pasted, or is sent back after its preview."""


class SignInNeeded(Exception):
    """Somebody who is not signed in, or not completely, asked for a room."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody signed in who may open the room they asked for."""

    signed: Signed
    csrf: str

    @property
    def account(self) -> Account:
        """Give the account."""
        return self.signed.account

    @property
    def rooms(self) -> tuple[Room, ...]:
        """Give the rooms of the menu."""
        return rooms_of(self.account.role)


class Posted:
    """The fields of a form that came from one of our own pages."""

    def __init__(self, form: Any) -> None:
        """Take the parsed form."""
        self._form = form

    def text(self, name: str, *, most: int = 10_000) -> str:
        """Give one field, "" where it is missing."""
        value = self._form.get(name, "")
        return _tidy(value)[:most] if isinstance(value, str) else ""

    def secret(self, name: str) -> str:
        """Give a password just as it was typed."""
        value = self._form.get(name, "")
        return value[:200] if isinstance(value, str) else ""

    def fields(self) -> dict[str, list[str]]:
        """Give every text field with all its values."""
        found: dict[str, list[str]] = {}
        for name, value in self._form.multi_items():
            if isinstance(value, str):
                found.setdefault(name, []).append(_tidy(value))
        return found

    def number(self, name: str) -> int:
        """Give a whole number. Raises HTTPException 422."""
        value = self.text(name, most=18)
        if not value.isdecimal():
            raise HTTPException(422)
        return int(value)

    def file(self, name: str) -> tuple[str, bytes]:
        """Give an uploaded file's name and content, both empty where none was chosen."""
        value = self._form.get(name)
        if not isinstance(value, UploadFile):
            return "", b""
        return value.filename or "", value.file.read()


def _tidy(value: str) -> str:
    """Give a text as it is kept: neither databases nor spreadsheets take signs that control."""
    # Word processors break lines with a sign of their own.
    return CONTROL.sub("", value.replace("\r\n", "\n").replace("\v", "\n")).strip()


def find_signed(request: Request, site: SiteDep) -> Signed | None:
    """Give who is behind the session cookie."""
    token = request.cookies.get(SESSION_COOKIE, "")
    return signing_in.find(site.database, token, sealer=site.resources.sealer, now=site.clock())


SignedDep = Annotated[Signed | None, Depends(find_signed)]


def allow(room: Room | None) -> Callable[..., Viewer]:
    """Give the dependency that lets in who may open a room; None lets in everybody signed in."""

    def viewer(request: Request, site: SiteDep, signed: SignedDep) -> Viewer:
        if signed is None or not signed.is_complete:
            raise SignInNeeded
        if room is not None and not may_open(signed.account.role, room):
            raise HTTPException(403)
        return Viewer(signed, csrf_token(site, request, signed))

    return viewer


AnyViewer = Annotated[Viewer, Depends(allow(None))]
OverviewViewer = Annotated[Viewer, Depends(allow(Room.OVERVIEW))]
FaqViewer = Annotated[Viewer, Depends(allow(Room.FAQ))]
GapsViewer = Annotated[Viewer, Depends(allow(Room.GAPS))]
ConfirmingViewer = Annotated[Viewer, Depends(allow(Room.CONFIRMING))]
CasesViewer = Annotated[Viewer, Depends(allow(Room.CASES))]
RosterViewer = Annotated[Viewer, Depends(allow(Room.ROSTER))]
CompaniesViewer = Annotated[Viewer, Depends(allow(Room.COMPANIES))]
AccountsViewer = Annotated[Viewer, Depends(allow(Room.ACCOUNTS))]
SettingsViewer = Annotated[Viewer, Depends(allow(Room.SETTINGS))]
AuditViewer = Annotated[Viewer, Depends(allow(Room.AUDIT))]


def allow_roster_change(viewer: RosterViewer) -> Viewer:
    """Let in who changes officers, not who only looks at those of an area."""
    if not may_change_roster(viewer.account.role, viewer.account.area_code):
        raise HTTPException(403)
    return viewer


RosterKeeper = Annotated[Viewer, Depends(allow_roster_change)]


async def read_form(request: Request, site: SiteDep, signed: SignedDep) -> AsyncIterator[Posted]:
    """Give the fields of a form that one of our pages made for this person or browser."""
    require_same_origin(request)
    form = await request.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)
    try:
        try:
            given = str(form.get(CSRF_FIELD, ""))
            binding = str(_signer(site).loads(given, max_age=CSRF_LIVES_SECONDS))
        except BadSignature as error:
            raise HTTPException(403) from error
        expected = _binding(request, signed)
        if not expected or not secrets.compare_digest(binding, expected):
            raise HTTPException(403)
        yield Posted(form)
    finally:
        await form.close()


FormDep = Annotated[Posted, Depends(read_form)]


def csrf_token(site: Site, request: Request, signed: Signed | None) -> str:
    """Give the token that this person's forms carry."""
    return _signer(site).dumps(_binding(request, signed))


def visit(request: Request) -> str:
    """Give the value of the visit cookie, a fresh one where there is none."""
    return request.cookies.get(VISIT_COOKIE, "") or secrets.token_urlsafe(16)


def visit_token(site: Site, value: str) -> str:
    """Give the token for the forms of a browser with this visit cookie."""
    return _signer(site).dumps(f"v:{value}")


def keep(response: Response, request: Request, name: str, value: str) -> None:
    """Set a cookie that scripts and other sites cannot read."""
    response.set_cookie(
        name,
        value,
        max_age=CSRF_LIVES_SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def _binding(request: Request, signed: Signed | None) -> str:
    if signed is not None:
        # By account: a form that outlived its session still goes in after signing in again.
        return f"a:{signed.account.id}"
    value = request.cookies.get(VISIT_COOKIE, "")
    return f"v:{value}" if value else ""


def _signer(site: Site) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site.session_key, salt="csrf")
