"""What the register of placement companies says of a name, in words that promise nothing."""

from handlers.messages import Choice
from handlers.state import COMPANY_CHOICE
from handlers.turn import View
from knowledge.companies import Company, Match, look_up
from knowledge.render import spoken_date

CHECK = "pmi-cek-p3mi"
"""The entry on checking a company; it also says where to look."""


def told(asked: str, view: View, *, says_where: bool) -> tuple[str, tuple[Choice, ...]]:
    """Give the finding for a name, and the companies to choose from where several are alike.

    `says_where`: add where to check, for answers that do not say it.
    """
    finding = look_up(asked, view.companies)
    day = _day(view)
    choices: tuple[Choice, ...] = ()
    if finding.match == Match.NO_LIST:
        parts = [view.texts.say("cari.p3mi.kosong", nama=asked)]
    elif finding.match == Match.NONE:
        parts = [view.texts.say("cari.p3mi.tidak_ada", nama=asked, tanggal=day)]
    elif finding.match == Match.EXACT:
        parts = [_status(finding.candidates[0], view)]
    elif finding.match == Match.SIMILAR:
        company = finding.candidates[0]
        alike = view.texts.say("cari.p3mi.mirip", nama=asked, tanggal=day, ditemukan=company.name)
        parts = [alike, _status(company, view)]
    else:
        parts = [view.texts.say("cari.p3mi.beberapa", nama=asked, tanggal=day)]
        choices = tuple(_choice(company) for company in finding.candidates)
    if says_where:
        parts.append(view.texts.say("cari.p3mi.cek_di"))
    return "\n".join([*_stale(view), *parts]), choices


def chosen(company: Company, view: View) -> str:
    """Give what the list says of a company that was chosen from several."""
    compare = view.texts.say("cari.p3mi.cocokkan")
    return "\n".join([*_stale(view), _status(company, view), compare])


def _status(company: Company, view: View) -> str:
    told = view.texts.say(
        f"cari.p3mi.status.{company.status}", nama=company.name, tanggal=_day(view)
    )
    where = ", ".join(part for part in (company.address, company.city) if part)
    if where:
        told += "\n" + view.texts.say("cari.p3mi.kantor", alamat=where)
    return told


def _stale(view: View) -> list[str]:
    """Warn of an old list before anything else: what it says may have changed."""
    today = view.now.date()
    if not view.companies.is_stale(today):
        return []
    return [view.texts.say("cari.p3mi.lama", hari=view.companies.days_old(today))]


def _day(view: View) -> str:
    day = view.companies.as_of
    return spoken_date(day.isoformat()) if day else ""


def _choice(company: Company) -> Choice:
    about = f"{company.name}, {company.city}" if company.city else company.name
    return Choice(f"{COMPANY_CHOICE}{company.id}", company.name, about)
