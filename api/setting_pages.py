"""The settings, for admins: times of the ladder and numbers in danger, with their history."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from api import setting_forms
from api.auth import FormDep, SettingsViewer
from api.deps import SiteDep
from api.pages import go, render_room
from api.wiring import Site
from escalation import case_watch
from escalation.policy_limits import TimeLimits
from escalation.policy_values import Values
from handlers import in_force, setting_changes, setting_versions
from handlers.hotlines import Hotlines, may_stand
from handlers.proving import PasswordRefused
from handlers.refresh import refresh
from handlers.setting_changes import SettingRefused, Standing
from handlers.setting_sheets import Sheet, changes, sheet_of
from handlers.setting_versions import Section, SettingChanged
from knowledge import confirmations

router = APIRouter(prefix="/admin/setelan")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Values that somebody wants in force, seen from the version they had before them."""

    section: Section
    values: Values
    seen: int
    restored: int | None = None


@router.get("", response_class=HTMLResponse)
def show(request: Request, site: SiteDep, viewer: SettingsViewer) -> HTMLResponse:
    """Show what is in force, and what differs from the packaged values."""
    refresh(site.database, site.resources, now=site.clock())
    in_force.refresh(site.database, site.resources)
    with site.database.read() as db:
        found = {
            section: setting_changes.standing(db, section, sheet=sheet_of(section, site.resources))
            for section in Section
        }
    lapsed = site.resources.hotlines.lapsed(site.resources.knowledge.faq)
    values = {"standing": found, "lapsed": lapsed, "may_change": _may_change(viewer)}
    return render_room(request, viewer, "settings.html", values)


@router.get("/{section}", response_class=HTMLResponse)
def edit(section: Section, request: Request, site: SiteDep, viewer: SettingsViewer) -> HTMLResponse:
    """Show the form of one section."""
    standing = _standing(site, section)
    fields = setting_forms.fields_of(section, standing.values, limits=TimeLimits.load())
    return _form(request, site, viewer, section, standing=standing, fields=fields)


@router.post("/{section}")
def preview(
    section: Section, request: Request, site: SiteDep, viewer: SettingsViewer, form: FormDep
) -> Response:
    """Show what would change; nothing is stored."""
    _refuse_others(viewer)
    limits = TimeLimits.load()
    values = setting_forms.read_values(section, form, limits=limits)
    if faults := _sheet(site, section).faults(values):
        fields = setting_forms.typed(values, form)
        standing = _standing(site, section)
        return _form(
            request,
            site,
            viewer,
            section,
            standing=standing,
            fields=fields,
            faults=faults,
            mark=form.number("mark"),
        )
    return _preview(request, site, viewer, Proposal(section, values, form.number("mark")))


@router.get("/{section}/riwayat", response_class=HTMLResponse)
def history(
    section: Section, request: Request, site: SiteDep, viewer: SettingsViewer
) -> HTMLResponse:
    """Show every version of a section with who, when and what."""
    sheet = _sheet(site, section)
    with site.database.read() as db:
        kept = setting_changes.history(db, section, sheet=sheet)
        standing = setting_changes.standing(db, section, sheet=sheet)
    values = {
        "section": section,
        "kept": kept,
        "standing": standing,
        "may_change": _may_change(viewer),
    }
    return render_room(request, viewer, "setting_history.html", values)


@router.get("/{section}/versi/{number}", response_class=HTMLResponse)
def restore(
    section: Section, number: int, request: Request, site: SiteDep, viewer: SettingsViewer
) -> Response:
    """Show what an earlier version would change; number 0 are the packaged values."""
    _refuse_others(viewer)
    with site.database.read() as db:
        found = setting_versions.numbered(db, section, number) if number else None
    if number and found is None:
        raise HTTPException(404)
    try:
        values = setting_versions.values_in(found) if found else {}
    except ValueError as error:
        raise HTTPException(404) from error
    values = {**_sheet(site, section).defaults(), **values}
    seen = _standing(site, section).number
    return _preview(request, site, viewer, Proposal(section, values, seen, restored=number))


@router.post("/{section}/berlakukan")
def put(
    section: Section, request: Request, site: SiteDep, viewer: SettingsViewer, form: FormDep
) -> Response:
    """Put the values of the preview in force, with the admin's password."""
    _refuse_others(viewer)
    values = setting_forms.read_values(section, form, limits=TimeLimits.load())
    restored = form.number("dari") if form.text("dari") else None
    wanted = Proposal(section, values, form.number("mark"), restored)
    try:
        setting_changes.put_in_force(
            site.database,
            section,
            values,
            seen=wanted.seen,
            restored=restored,
            password=form.secret("password"),
            by=viewer.account,
            resources=site.resources,
            now=site.clock(),
        )
    except SettingRefused:
        return _preview(request, site, viewer, wanted)
    except PasswordRefused as refused:
        return _preview(request, site, viewer, wanted, fault=str(refused))
    except SettingChanged as changed:
        return _preview(request, site, viewer, wanted, clash=changed)
    return go("/admin/setelan", told=f"setelan_{section}")


def _form(
    request: Request,
    site: Site,
    viewer: SettingsViewer,
    section: Section,
    *,
    standing: Standing,
    fields: dict[str, list[str]],
    faults: list[str] | None = None,
    mark: int | None = None,
) -> HTMLResponse:
    limits, faq = TimeLimits.load(), site.resources.knowledge.faq
    sheet = _sheet(site, section)
    defaults = setting_forms.fields_of(section, sheet.defaults(), limits=limits)
    values: dict[str, Any] = {
        "section": section,
        "standing": standing,
        "fields": fields,
        "defaults": defaults,
        "faults": faults or [],
        "mark": standing.number if mark is None else mark,
        "may_change": _may_change(viewer),
    }
    if section == Section.TIMES:
        values |= {"limits": limits}
        name = "setting_times.html"
    else:
        with site.database.read() as db:
            vouched = {
                line.helpline.id: line for line in confirmations.helplines(db, now=site.clock())
            }
        values |= {
            "dangers": Hotlines.load().dangers.values(),
            "vouched": vouched,
            "may_stand": {id for id in vouched if may_stand(id, faq)},
        }
        name = "setting_numbers.html"
    return render_room(request, viewer, name, values, status=422 if faults else 200)


def _preview(
    request: Request,
    site: Site,
    viewer: SettingsViewer,
    wanted: Proposal,
    *,
    fault: str = "",
    clash: SettingChanged | None = None,
) -> HTMLResponse:
    section, sheet = wanted.section, _sheet(site, wanted.section)
    with site.database.read() as db:
        standing = setting_changes.standing(db, section, sheet=sheet)
        waiting = case_watch.open_count(db)
    version = standing.version
    if clash is None and version is not None and version.number != wanted.seen:
        clash = SettingChanged(version.who, version.at)
    faults = sheet.faults(wanted.values)
    samples = {}
    if section == Section.NUMBERS and not faults:
        samples = setting_changes.samples(wanted.values, resources=site.resources)
    values = {
        "section": section,
        "standing": standing,
        "changes": changes(sheet, standing.values, wanted.values),
        "fields": setting_forms.fields_of(section, wanted.values, limits=TimeLimits.load()),
        "restored": wanted.restored,
        "open_cases": waiting,
        "samples": samples,
        "faults": faults,
        "fault": fault,
        "clash": clash,
    }
    status = 409 if clash else 422 if fault or faults else 200
    return render_room(request, viewer, "setting_preview.html", values, status=status)


def _standing(site: Site, section: Section) -> Standing:
    with site.database.read() as db:
        return setting_changes.standing(db, section, sheet=_sheet(site, section))


def _sheet(site: Site, section: Section) -> Sheet:
    refresh(site.database, site.resources, now=site.clock())
    return sheet_of(section, site.resources)


def _may_change(viewer: SettingsViewer) -> bool:
    """Tell whether this admin answers for the whole country, as the settings do."""
    return not viewer.account.area_code


def _refuse_others(viewer: SettingsViewer) -> None:
    if not _may_change(viewer):
        raise HTTPException(403)
