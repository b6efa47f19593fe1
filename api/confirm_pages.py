"""Confirming, for admins: the list that waits for a person, and the register of helplines."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import ConfirmingViewer, FormDep
from api.deps import SiteDep
from api.pages import go, in_words, render_room
from api.wiring import Site
from handlers import confirming
from handlers.confirming import WrongNumber, items_of
from knowledge import confirmations
from knowledge.confirmations import ChangedMeanwhile
from knowledge.entries import Source
from knowledge.forms import SOURCE_FIELDS
from knowledge.render import first_screen, rest
from knowledge.todo import load_groups

router = APIRouter(prefix="/admin/pastikan")

PAGE = 20
HELPLINE_FIELDS = ("phone", "whatsapp", "email", *SOURCE_FIELDS)
Group = Annotated[int, Query(ge=0, le=100)]
"""The place of a group of things that the same people can confirm; 0 is all."""


@router.get("", response_class=HTMLResponse)
def show(
    request: Request,
    site: SiteDep,
    viewer: ConfirmingViewer,
    hal: Annotated[int, Query(ge=1, le=10_000)] = 1,
    kelompok: Group = 0,
) -> HTMLResponse:
    """Show what waits, all of it or what the same people can confirm, a page at a time."""
    todo = confirming.waiting(site.database, resources=site.resources, now=site.clock())
    groups = load_groups()
    rows = [
        (entry, items_of(entry, kelompok, groups=groups) if kelompok else entry.perlu_dicek)
        for entry in todo.entries
    ]
    rows = [row for row in rows if row[1] or not kelompok]
    pages = max(1, -(-len(rows) // PAGE))
    page = min(hal, pages)
    values = {
        "todo": todo,
        "rows": rows[(page - 1) * PAGE : page * PAGE],
        "total": len(rows),
        "place": kelompok,
        "group": next((group for group in groups if group.place == kelompok), None),
        "page": page,
        "pages": pages,
    }
    return render_room(request, viewer, "confirm.html", values)


@router.get("/entri/{slug}", response_class=HTMLResponse)
def show_entry(
    slug: str,
    request: Request,
    site: SiteDep,
    viewer: ConfirmingViewer,
    kelompok: Group = 0,
) -> HTMLResponse:
    """Show one entry as villagers read it, with its sources and what to check."""
    faq = site.resources.knowledge.faq
    with site.database.read() as db:
        number = confirmations.published_numbers(db).get(slug)
    entry = faq.entries.get(slug)
    if entry is None or number is None:
        raise HTTPException(404)
    groups = load_groups()
    items = [
        (group, items_of(entry, group.place, groups=groups))
        for group in sorted(groups, key=lambda group: group.place)
    ]
    values = {
        "entry": entry,
        "number": number,
        "place": kelompok,
        "items": [(group, found) for group, found in items if found],
        "checked_on": faq.checked_on.get(slug),
        "screen": first_screen(entry, checked_on=faq.checked_on.get(slug)),
        "rest": rest(entry, helplines=faq.helplines, confirmed=faq.confirmed),
    }
    return render_room(request, viewer, "confirm_entry.html", values)


@router.post("/entri/{slug}")
def confirm_entry(slug: str, site: SiteDep, viewer: ConfirmingViewer, form: FormDep) -> Response:
    """Note that this admin checked the version that was shown, and go on to the next entry."""
    place = form.text("kelompok", most=3)
    group = int(place) if place.isdecimal() else 0
    try:
        confirming.confirm_entry(
            site.database,
            slug,
            number=form.number("number"),
            by=viewer.account,
            resources=site.resources,
            now=site.clock(),
        )
    except ChangedMeanwhile:
        return go(f"/admin/pastikan/entri/{slug}", told="berubah")
    groups = load_groups()
    todo = confirming.waiting(site.database, resources=site.resources, now=site.clock())
    for entry in todo.entries:
        if not group or items_of(entry, group, groups=groups):
            path = f"/admin/pastikan/entri/{entry.slug}"
            return go(path, told="pasti_entri", kelompok=str(group or ""))
    return go("/admin/pastikan", told="pasti_semua")


@router.get("/nomor", response_class=HTMLResponse)
def show_helplines(request: Request, site: SiteDep, viewer: ConfirmingViewer) -> HTMLResponse:
    """Show the whole register."""
    with site.database.read() as db:
        found = confirmations.helplines(db, now=site.clock())
    return render_room(request, viewer, "helplines.html", {"lines": found})


@router.get("/nomor/{id}", response_class=HTMLResponse)
def show_helpline(
    id: str, request: Request, site: SiteDep, viewer: ConfirmingViewer
) -> HTMLResponse:
    """Show one helpline, to be called or corrected."""
    return _helpline(request, site, viewer, id)


@router.post("/nomor/{id}")
def change_helpline(
    id: str, request: Request, site: SiteDep, viewer: ConfirmingViewer, form: FormDep
) -> Response:
    """Correct a number and its source."""
    source = Source(
        title=form.text("title", most=300),
        publisher=form.text("publisher", most=200),
        date=form.text("date", most=20),
        url=form.text("url", most=500) or None,
    )
    try:
        confirming.change_helpline(
            site.database,
            id,
            phone=form.text("phone", most=60),
            whatsapp=form.text("whatsapp", most=60),
            email=form.text("email", most=200),
            source=source,
            by=viewer.account,
            resources=site.resources,
            now=site.clock(),
        )
    except WrongNumber as wrong:
        typed = {key: form.text(key) for key in HELPLINE_FIELDS}
        return _helpline(request, site, viewer, id, fault=in_words(str(wrong)), typed=typed)
    except ChangedMeanwhile as error:
        raise HTTPException(404) from error
    return go(f"/admin/pastikan/nomor/{id}", told="nomor")


@router.post("/nomor/{id}/pastikan")
def confirm_helpline(id: str, site: SiteDep, viewer: ConfirmingViewer, form: FormDep) -> Response:
    """Note that this admin called the number that was shown."""
    try:
        confirming.confirm_helpline(
            site.database,
            id,
            dialled=form.text("dialled", most=60),
            by=viewer.account,
            resources=site.resources,
            now=site.clock(),
        )
    except ChangedMeanwhile:
        return go(f"/admin/pastikan/nomor/{id}", told="berubah")
    return go("/admin/pastikan", told="pasti_nomor")


def _helpline(
    request: Request,
    site: Site,
    viewer: ConfirmingViewer,
    id: str,
    *,
    fault: str = "",
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:
    with site.database.read() as db:
        found = confirmations.helpline(db, id, now=site.clock())
    if found is None:
        raise HTTPException(404)
    entries = site.resources.knowledge.faq.entries.values()
    used = [entry for entry in entries if id in entry.contacts]
    one = found.helpline
    fields = typed or {
        **{"phone": one.phone or "", "whatsapp": one.whatsapp or "", "email": one.email or ""},
        **{"title": one.source.title, "publisher": one.source.publisher},
        **{"date": one.source.date, "url": one.source.url or ""},
    }
    values = {"line": found, "used": used, "fault": fault, "fields": fields}
    return render_room(request, viewer, "helpline.html", values, status=422 if fault else 200)
