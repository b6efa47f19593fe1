"""What the forms of the roster hold, read and checked, for the pages of the list and of one."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.auth import Posted, Viewer
from api.pages import render_room
from api.wiring import Site
from escalation import roster
from escalation.roster_edit import Details
from escalation.roster_import import DUTIES
from handlers.access import may_change_roster
from handlers.area_naming import name_area
from handlers.roster_office import Doing
from knowledge.places import Area

ID_DIGITS = 9


class Unnamed(Exception):
    """A place that fits no area, or several: `candidates`. The message is Indonesian."""

    def __init__(self, message: str, candidates: tuple[Area, ...] = ()) -> None:
        """Keep what may have been meant."""
        self.candidates = candidates
        super().__init__(message)


def doing_of(site: Site, viewer: Viewer) -> Doing:
    """Give an admin at work."""
    return Doing(site.database, viewer.account, site.resources, site.clock())


def details(form: Posted) -> Details:
    """Give what a form says of one officer."""
    deputy = form.text("deputy_id", most=ID_DIGITS)
    return Details(
        name=" ".join(form.text("name", most=200).split()),
        duty=form.text("duty", most=40),
        office=form.text("office", most=60),
        deputy_id=int(deputy) if deputy.isdecimal() else None,
        is_at_desk=bool(form.text("meja", most=3)),
    )


def named_area(site: Site, form: Posted) -> Area:
    """Give the area that was chosen or typed. Raises Unnamed."""
    typed = form.text("kode", most=13) or form.text("tempat", most=100)
    if not typed:
        raise Unnamed("Tulis nama atau kode tempat tugasnya.")
    named = name_area(typed, places=site.resources.places)
    if named.area is not None:
        return named.area
    if len(named.candidates) == 1:
        raise Unnamed("Apakah ini yang dimaksud? Pilih, lalu simpan lagi.", named.candidates)
    if named.candidates:
        raise Unnamed("Ada beberapa tempat bernama itu. Pilih salah satu.", named.candidates)
    raise Unnamed("Tempat itu tidak ketemu. Sebut juga kecamatan atau kabupatennya, atau kodenya.")


def choices(site: Site, given: Details) -> dict[str, Any]:
    """Give what the lists of the form offer."""
    offices = sorted(site.resources.offices.by_code.values(), key=lambda office: office.name)
    with site.database.read() as db:
        officers = roster.all_officers(db)
    return {
        "duties": DUTIES,
        "offices": offices,
        "deputies": [one for one in officers if one.is_active or one.id == given.deputy_id],
    }


def roster_room(
    request: Request,
    viewer: Viewer,
    template: str,
    values: dict[str, Any],
    *,
    status: int = 200,
) -> HTMLResponse:
    """Give a page of the roster; `may_change` tells it whether to show forms."""
    may_change = may_change_roster(viewer.account.role, viewer.account.area_code)
    return render_room(
        request, viewer, template, values | {"may_change": may_change}, status=status
    )
