"""Tools around the FAQ: the try-out box, import and export as YAML and XLSX."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import FaqViewer, FormDep
from api.deps import SiteDep
from api.pages import go, in_words, render, render_room
from handlers import faq_transfer
from handlers.tryout import try_out, with_edition
from knowledge import editions, store
from knowledge.entries import ContentError

router = APIRouter(prefix="/admin/faq")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/coba", response_class=HTMLResponse)
def try_it(
    request: Request,
    site: SiteDep,
    viewer: FaqViewer,
    teks: Annotated[str, Query(max_length=1_000)] = "",
    untuk: Annotated[str, Query(max_length=60)] = "",
) -> HTMLResponse:
    """Show what a villager would get for a text, as published and with a draft, and why."""
    tried: list[tuple[str, Any]] = []
    resources, now = site.resources, site.clock()
    if teks.strip():
        today = resources.knowledge
        with site.database.read() as db:
            companies = resources.companies(db)
            draft = editions.draft_of(db, untuk) if untuk else None
            variants = store.load_variants(db) if draft else ()
        sides = [("terbit", today)]
        if draft is not None:
            sides.append(("draf", with_edition(today, draft, variants=variants)))
        for name, side in sides:
            found = try_out(teks, resources=resources, knowledge=side, companies=companies, now=now)
            tried.append((name, found))
    values = {
        "text": teks,
        "slug": untuk,
        "tried": tried,
        "entries": resources.knowledge.faq.entries,
    }
    if request.headers.get("hx-request"):
        return render(request, "faq_tried.html", {"viewer": viewer, **values})
    return render_room(request, viewer, "faq_try.html", values)


@router.get("/berkas", response_class=HTMLResponse)
def show_files(request: Request, site: SiteDep, viewer: FaqViewer) -> HTMLResponse:
    """Show the ways in and out."""
    return render_room(request, viewer, "faq_files.html", {"faults": []})


@router.post("/berkas")
def bring_in(request: Request, site: SiteDep, viewer: FaqViewer, form: FormDep) -> Response:
    """Take a file in as drafts, all of it or nothing, with every fault by its row."""
    name, data = form.file("file")
    try:
        count = faq_transfer.bring_in(
            site.database,
            name=name,
            data=data,
            by=viewer.account,
            resources=site.resources,
            now=site.clock(),
        )
    except ContentError as error:
        faults = [
            {"line": p.line, "slug": p.slug or "", "message": in_words(p.message)}
            for p in error.problems
        ]
        return render_room(request, viewer, "faq_files.html", {"faults": faults}, status=422)
    return go("/admin/faq", told="impor" if count else "impor_sama", saring="draf")


@router.get("/jawaban.xlsx")
def sheet(site: SiteDep, viewer: FaqViewer) -> Response:
    """Give the published entries as a spreadsheet."""
    data = faq_transfer.sheet(
        site.database, by=viewer.account, resources=site.resources, now=site.clock()
    )
    return _download(data, XLSX, "jawaban.xlsx")


@router.get("/jawaban.zip")
def folder(site: SiteDep, viewer: FaqViewer) -> Response:
    """Give the published entries and phrasings as the YAML files that `faq import` reads."""
    with tempfile.TemporaryDirectory() as place:
        faq_transfer.folder(site.database, Path(place), by=viewer.account, now=site.clock())
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(Path(place).iterdir()):
                archive.write(file, file.name)
    return _download(out.getvalue(), "application/zip", "jawaban.zip")


def _download(data: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=kind, headers=headers)
