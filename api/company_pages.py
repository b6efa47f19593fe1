"""The register of placement companies (P3MI), for admins: its age, its history, a new list."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import CompaniesViewer, FormDep, Viewer
from api.deps import SiteDep
from api.pages import go, render_room
from api.roster_file_pages import FAULTS_SHOWN, sheet_of
from api.wiring import Site
from handlers import company_office
from handlers.company_office import ListChanged
from handlers.sheets import MAX_BYTES, SheetRefused, pack, unpack
from knowledge import store
from knowledge.companies import FRESH_FOR, CompanyStatus
from knowledge.company_list import CompanyListError

router = APIRouter(prefix="/admin/p3mi")

SHOWN = 100


@router.get("", response_class=HTMLResponse)
def show(request: Request, site: SiteDep, viewer: CompaniesViewer) -> HTMLResponse:
    """Show the list in force, the form for a new one, and all before."""
    return _page(request, site, viewer)


@router.post("")
def preview(request: Request, site: SiteDep, viewer: CompaniesViewer, form: FormDep) -> Response:
    """Show what a new list would change; nothing is written."""
    as_of, pasted = form.text("as_of", most=20), form.text("teks", most=MAX_BYTES)
    try:
        text = sheet_of(form)
        with site.database.read() as db:
            found = company_office.preview(
                db, text, as_of=as_of, resources=site.resources, now=site.clock()
            )
    except SheetRefused as refused:
        return _page(request, site, viewer, faults=[str(refused)], as_of=as_of, pasted=pasted)
    except CompanyListError as error:
        return _page(request, site, viewer, faults=error.faults, as_of=as_of, pasted=pasted)
    values = {
        "change": found,
        "packed": pack(text),
        "statuses": list(CompanyStatus),
        "shown": SHOWN,
        "age": (site.clock().date() - found.as_of).days,
        "fresh_days": FRESH_FOR.days,
    }
    return render_room(request, viewer, "companies_plan.html", values)


@router.post("/simpan")
def save(request: Request, site: SiteDep, viewer: CompaniesViewer, form: FormDep) -> Response:
    """Put the list in force that the preview showed."""
    as_of = form.text("as_of", most=20)
    try:
        company_office.put(
            site.database,
            unpack(form.text("isi", most=MAX_BYTES * 2)),
            as_of=as_of,
            mark=form.text("mark", most=20),
            by=viewer.account,
            now=site.clock(),
        )
    except ListChanged:
        return go("/admin/p3mi", told="p3mi_berubah")
    except SheetRefused as refused:
        return _page(request, site, viewer, faults=[str(refused)], as_of=as_of)
    except CompanyListError as error:
        return _page(request, site, viewer, faults=error.faults, as_of=as_of)
    return go("/admin/p3mi", told="p3mi")


def _page(
    request: Request,
    site: Site,
    viewer: Viewer,
    *,
    faults: list[str] | None = None,
    as_of: str = "",
    pasted: str = "",
) -> HTMLResponse:
    faults, today = faults or [], site.clock().date()
    with site.database.read() as db:
        register = site.resources.companies(db)
        lists = store.company_lists(db)
    values = {
        "register": register,
        "age": register.days_old(today),
        "is_stale": register.is_stale(today),
        "fresh_days": FRESH_FOR.days,
        "counts": company_office.count(register.companies),
        "statuses": list(CompanyStatus),
        "lists": lists,
        "faults": faults[:FAULTS_SHOWN],
        "count": len(faults),
        "as_of": as_of,
        "pasted": pasted,
    }
    return render_room(request, viewer, "companies.html", values, status=422 if faults else 200)
