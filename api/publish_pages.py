"""From draft to published: the gate, the version history, and what takes an entry away."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import FaqViewer, FormDep
from api.deps import SiteDep
from api.pages import go, in_words, render_room
from api.wiring import Site
from handlers import editing
from handlers.access import Role
from handlers.editing import Blocked, NothingThere
from handlers.publishing import Check
from knowledge import editions
from knowledge.compare import changes
from knowledge.editions import DraftChanged

router = APIRouter(prefix="/admin/faq/{slug}")


@router.get("/terbit", response_class=HTMLResponse)
def show_gate(slug: str, request: Request, site: SiteDep, viewer: FaqViewer) -> Response:
    """Show what would change and what stands against publishing."""
    try:
        found = editing.check_draft(
            site.database, slug, by=viewer.account, resources=site.resources, now=site.clock()
        )
    except NothingThere:
        return go(f"/admin/faq/{slug}", told="tanpa_draf")
    return _gate(request, site, viewer, slug, found)


@router.post("/terbit")
def publish(
    slug: str, request: Request, site: SiteDep, viewer: FaqViewer, form: FormDep
) -> Response:
    """Publish the draft that was shown, if nothing stands against it."""
    mark = form.text("mark", most=40)
    try:
        editing.publish(
            site.database,
            slug,
            mark=mark,
            is_checked=bool(form.text("checked")),
            by=viewer.account,
            resources=site.resources,
            now=site.clock(),
        )
    except Blocked as blocked:
        return _gate(request, site, viewer, slug, blocked.check, status=409)
    except DraftChanged:
        return go(f"/admin/faq/{slug}/terbit", told="draf_berubah")
    except NothingThere:
        if not editing.is_published(site.database, slug, mark=mark):
            return go(f"/admin/faq/{slug}", told="tanpa_draf")
    return go(f"/admin/faq/{slug}", told="terbit")


@router.get("/riwayat", response_class=HTMLResponse)
def show_history(slug: str, request: Request, site: SiteDep, viewer: FaqViewer) -> HTMLResponse:
    """Show every version with what it changed."""
    with site.database.read() as db:
        found = editions.history(db, slug)
    if not found:
        raise HTTPException(404)
    older = [*found[1:], None]
    versions = [
        {"edition": new, "changes": changes(old.entry if old else None, new.entry) if old else []}
        for new, old in zip(found, older, strict=True)
    ]
    values = {"slug": slug, "entry": found[0].entry, "versions": versions}
    return render_room(request, viewer, "faq_history.html", values)


@router.post("/riwayat/{number}/kembalikan")
def restore(slug: str, number: int, site: SiteDep, viewer: FaqViewer, _form: FormDep) -> Response:
    """Make an old version the draft."""
    try:
        editing.restore(site.database, slug, number, by=viewer.account, now=site.clock())
    except NothingThere as error:
        raise HTTPException(404) from error
    except DraftChanged:
        return go(f"/admin/faq/{slug}", told="draf_menunggu")
    return go(f"/admin/faq/{slug}/terbit", told="kembali")


@router.get("/tarik", response_class=HTMLResponse)
def ask_withdraw(slug: str, request: Request, site: SiteDep, viewer: FaqViewer) -> HTMLResponse:
    """Ask once more before an entry is taken away."""
    entry = site.resources.knowledge.faq.entries.get(slug)
    if entry is None:
        raise HTTPException(404)
    return render_room(request, viewer, "faq_withdraw.html", {"slug": slug, "entry": entry})


@router.post("/tarik")
def withdraw(slug: str, site: SiteDep, viewer: FaqViewer, _form: FormDep) -> Response:
    """Take an entry away from villagers."""
    try:
        editing.withdraw(
            site.database, slug, by=viewer.account, resources=site.resources, now=site.clock()
        )
    except NothingThere as error:
        raise HTTPException(404) from error
    return go("/admin/faq", told="tarik")


def _gate(
    request: Request,
    site: Site,
    viewer: FaqViewer,
    slug: str,
    found: Check,
    *,
    status: int = 200,
) -> HTMLResponse:
    with site.database.read() as db:
        draft, published = editions.draft_of(db, slug), editions.published_of(db, slug)
    if draft is None:
        raise HTTPException(404)
    values: dict[str, Any] = {
        "slug": slug,
        "entry": draft.entry,
        "draft": draft,
        "published": published,
        "changes": changes(published.entry if published else None, draft.entry),
        "check": found,
        "problems": [in_words(problem) for problem in found.problems],
        "entries": site.resources.knowledge.faq.entries,
        "may_vouch": viewer.account.role == Role.ADMIN,
    }
    return render_room(request, viewer, "faq_gate.html", values, status=status)
