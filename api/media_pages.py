"""Files of a case: pictures and sounds are shown where the case is shown, papers are downloaded."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from fastapi.responses import Response

from api.auth import CasesViewer
from api.deps import SiteDep
from api.pages import NO_STORE
from api.wiring import Site
from handlers.case_file import CaseHidden
from handlers.media_file import OpenedFile, open_file
from handlers.media_types import MediaType

router = APIRouter(prefix="/petugas")

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""Databases take no greater number for the id of a row."""

SAFE = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Opened by itself, a file runs nothing and loads nothing."""


@router.get("/kasus/{case_id}/berkas/{media_id}")
def show(case_id: Id, media_id: Id, site: SiteDep, viewer: CasesViewer) -> Response:
    """Give one file to be shown on the case's page; papers are downloaded."""
    file = _opened(site, viewer, case_id, media_id)
    return _answer(file, way="attachment" if file.media_type == MediaType.PDF else "inline")


@router.get("/kasus/{case_id}/berkas/{media_id}/unduh")
def save(case_id: Id, media_id: Id, site: SiteDep, viewer: CasesViewer) -> Response:
    """Give one file to be saved: phones play some sounds only in a program of their own."""
    return _answer(_opened(site, viewer, case_id, media_id), way="attachment")


def _opened(site: Site, viewer: CasesViewer, case_id: int, media_id: int) -> OpenedFile:
    """Open a file. Whoever may not read the villager's words is told that there is none."""
    try:
        return open_file(
            site.database,
            case_id,
            media_id,
            by=viewer.account,
            resources=site.resources,
            now=site.clock(),
        )
    except CaseHidden as error:
        raise HTTPException(404) from error


def _answer(file: OpenedFile, *, way: str) -> Response:
    headers = {
        "Cache-Control": NO_STORE,
        "Content-Disposition": f'{way}; filename="{file.name}"',
        "Content-Security-Policy": SAFE,
        "Referrer-Policy": "no-referrer",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
