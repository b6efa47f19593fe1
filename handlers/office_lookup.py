"""The immigration office of a place: as the lists have it, and saying what they lack."""

from collections.abc import Iterable

from escalation.offices import Office, regency_of
from handlers.turn import View
from knowledge.helplines import Helpline
from knowledge.places import Area, Located
from knowledge.render import helpline_lines

SLUGS = frozenset({"paspor-lokasi", "kontak-imigrasi"})
"""Entries that ask which office."""

REGENCIES_SHOWN = 5
"""A name that fits more regencies than this is asked for more exactly."""

NUMBERS_SHOWN = 2


def told(located: Located, view: View) -> str | None:
    """Give the office for the place that a text names, else for the contact's; None for neither."""
    named = _regencies(located)
    own = regency_of(view.area.code) if view.area else None
    if own and ((not named and not _names_province(located, own)) or own in named):
        named = [own]
    if not named or len(named) > REGENCIES_SHOWN:
        return None
    areas = [area for code in named if (area := view.places.area(code))]
    return _told(areas, view)


def of_area(area: Area, view: View) -> str | None:
    """Give the office of an area; None for a province, which has many."""
    code = regency_of(area.code)
    regency = view.places.area(code) if code else None
    return _told([regency], view) if regency else None


def is_known(area_code: str | None) -> bool:
    """Tell whether a code is exact enough to have an office."""
    return area_code is not None and regency_of(area_code) is not None


def _regencies(located: Located) -> list[str]:
    """Give the regencies that a text may mean, each once; none for nothing but a province."""
    codes = [area.code for area in located.candidates] if located.ambiguous else [located.code]
    found = [regency_of(code) for code in codes if code]
    return list(dict.fromkeys(code for code in found if code))


def _names_province(located: Located, own: str) -> bool:
    """Tell whether a text names a province that is not the contact's."""
    return located.code is not None and not own.startswith(located.code[:2])


def _told(regencies: Iterable[Area], view: View) -> str | None:
    places: dict[tuple[tuple[Office, ...], bool], list[str]] = {}
    for regency in regencies:
        known = view.offices.serving(regency.code), view.offices.is_estimate(regency.code)
        places.setdefault(known, []).append(regency.kabupaten or regency.name)
    lines = [
        line
        for (offices, is_estimate), names in places.items()
        for line in _lines(offices, names, view, is_estimate=is_estimate)
    ]
    named = {office.code: office for offices, _ in places for office in offices}
    if not named:
        return None
    lines += [
        view.texts.say("cari.kantor.baru", kantor=office.name, tahun=office.opened)
        for office in named.values()
        if office.opened
    ]
    numbers = [line for code in list(named)[:NUMBERS_SHOWN] for line in _helplines(code, view)]
    parts = [
        "\n".join(lines),
        helpline_lines(numbers, confirmed=view.faq.confirmed),
        view.texts.say("cari.kantor.celah"),
    ]
    return "\n\n".join(part for part in parts if part)


def _lines(
    offices: tuple[Office, ...], places: list[str], view: View, *, is_estimate: bool
) -> list[str]:
    """Say which offices serve these regencies."""
    if not offices:
        return []
    own, *others = offices
    key = "perkiraan" if is_estimate else "milik"
    names = ", ".join(places)
    said = view.texts.say(f"cari.kantor.{key}", tempat=names, kantor=own.name, kota=own.city)
    return [
        said,
        *(
            view.texts.say("cari.kantor.lain", kantor=other.name, kota=other.city)
            for other in others
        ),
    ]


def _helplines(office_code: str, view: View) -> list[Helpline]:
    """Give an office's numbers: that of the list, and one published apart."""
    ids = (office_code, office_code.replace("kanim-", "imigrasi-", 1))
    return [view.faq.helplines[id] for id in ids if id in view.faq.helplines]
