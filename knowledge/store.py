"""The FAQ and the registers in the database; every version and every list is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col, func, select

from knowledge.companies import Company, CompanyStatus, Register
from knowledge.entries import Entry, Source, Topic
from knowledge.helplines import Helpline, is_confirmed
from knowledge.index import FaqIndex
from knowledge.lint import Content
from knowledge.models import (
    CompanyList,
    CompanyRow,
    FaqTopic,
    FaqVariant,
    FaqVersion,
    HelplineRow,
    Origin,
    VersionState,
)
from knowledge.variants import Variant

PACKAGE_AUTHOR = "paket"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, by slug. `kept` were edited here and stay as the editor left them.

    `variants` counts the phrasings that are new or were marked anew.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]
    variants: int


def import_content(
    db: Session, content: Content, variants: Sequence[Variant], *, now: datetime
) -> ImportReport:
    """Bring packaged content into the database; entries that an editor changed are left alone."""
    current = {row.slug: row for row in _published(db)}
    withdrawn = _withdrawn(db) - current.keys()
    newest = newest_numbers(db)
    added, updated, kept = [], [], []
    for topic in content.topics:
        db.merge(FaqTopic(id=topic.id, title=topic.title, position=topic.order))
        for position, entry in enumerate(topic.entries):
            row = current.get(entry.slug)
            raw = entry_to_json(entry)
            if row is None and entry.slug in withdrawn:
                kept.append(entry.slug)
                continue
            if row is None:
                added.append(entry.slug)
            elif row.content == raw:
                row.position = position
                db.add(row)
                continue
            elif row.origin == Origin.EDITOR:
                kept.append(entry.slug)
                continue
            else:
                updated.append(entry.slug)
                row.state = VersionState.ARCHIVED
                db.add(row)
            number = newest.get(entry.slug, 0) + 1
            db.add(_version(entry, raw, position=position, number=number, now=now))
    _import_helplines(db, content.contacts.values())
    count = _import_variants(db, variants)
    return ImportReport(tuple(added), tuple(updated), tuple(kept), count)


def load_index(db: Session, *, now: datetime) -> FaqIndex:
    """Give the published FAQ with what was confirmed by people."""
    by_topic: dict[str, list[Entry]] = {}
    checked: dict[str, date] = {}
    for row in _published(db):
        by_topic.setdefault(row.topic, []).append(entry_from_json(row.content))
        if row.checked_by and row.checked_on:
            checked[row.slug] = row.checked_on
    topics = [
        Topic(topic.id, topic.title, tuple(by_topic.get(topic.id, ())), topic.position)
        for topic in db.exec(select(FaqTopic).order_by(col(FaqTopic.position), FaqTopic.id)).all()
    ]
    rows = db.exec(select(HelplineRow).order_by(col(HelplineRow.id))).all()
    return FaqIndex(
        topics=tuple(topics),
        entries={entry.slug: entry for topic in topics for entry in topic.entries},
        helplines={row.id: helpline_from_json(row.content) for row in rows},
        checked_on=checked,
        confirmed=frozenset(row.id for row in rows if is_confirmed(row.confirmed_at, now=now)),
    )


def load_variants(db: Session) -> tuple[Variant, ...]:
    """Give every phrasing, in a stable order."""
    rows = db.exec(
        select(FaqVariant)
        .where(col(FaqVariant.is_withdrawn).is_(False))
        .order_by(col(FaqVariant.slug), col(FaqVariant.id))
    ).all()
    return tuple(_variant(row) for row in rows)


def is_empty(db: Session) -> bool:
    """Tell whether no content was ever imported."""
    return db.exec(select(func.count()).select_from(FaqVersion)).one() == 0


def version_mark(db: Session) -> tuple[int, ...]:
    """Give a mark that changes when an entry is published or withdrawn or phrasings change."""
    published = select(func.max(FaqVersion.id), func.count()).where(
        col(FaqVersion.state) == VersionState.PUBLISHED
    )
    return (*_numbers(db.exec(published).one()), *phrasings_mark(db))


def phrasings_mark(db: Session) -> tuple[int, ...]:
    """Give a mark that changes when phrasings are added or taken away."""
    # SQLite gives the id of a removed last row again, so the letters count, too.
    phrasings = (
        select(func.max(FaqVariant.id), func.count(), func.sum(func.length(FaqVariant.text)))
        .select_from(FaqVariant)
        .where(col(FaqVariant.is_withdrawn).is_(False))
    )
    return _numbers(db.exec(phrasings).one())


def _numbers(row: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(int(value or 0) for value in row)


def put_companies(
    db: Session, companies: Sequence[Company], *, as_of: date, by: str, now: datetime
) -> None:
    """Put a new list of placement companies in force; the one before stays as history."""
    current = CompanyList(as_of=as_of, imported_at=now, imported_by=by)
    db.add(current)
    db.flush()
    assert current.id is not None
    for company in companies:
        fields = asdict(company) | {"id": None, "status": company.status.value}
        db.add(CompanyRow(list_id=current.id, **fields))


def company_list_id(db: Session) -> int | None:
    """Give the list of placement companies in force, None before the first import."""
    return db.exec(select(func.max(CompanyList.id))).one()


def company_lists(db: Session) -> Sequence[tuple[CompanyList, int]]:
    """Give all lists that were imported with how many companies each has, newest first."""
    counted = select(CompanyRow.list_id, func.count()).group_by(col(CompanyRow.list_id))
    counts = dict(db.exec(counted).all())
    lists = db.exec(select(CompanyList).order_by(col(CompanyList.id).desc())).all()
    return [(one, counts.get(one.id or 0, 0)) for one in lists]


def load_register(db: Session, list_id: int | None) -> Register:
    """Give one list of placement companies; an empty register for None."""
    if list_id is None:
        return Register()
    current = db.get_one(CompanyList, list_id)
    rows = db.exec(
        select(CompanyRow).where(col(CompanyRow.list_id) == list_id).order_by(col(CompanyRow.id))
    ).all()
    companies = tuple(
        Company(**row.model_dump(exclude={"list_id", "status"}), status=CompanyStatus(row.status))
        for row in rows
    )
    return Register(current.as_of, companies)


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """Give an entry as plain JSON."""
    raw = asdict(entry) | {"review_by": entry.review_by.isoformat()}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in raw.items()}


def entry_from_json(raw: dict[str, Any]) -> Entry:
    """Rebuild what `entry_to_json` gave."""
    lists = ("steps", "bring", "warnings", "contacts", "perlu_dicek", "related")
    fixed: dict[str, Any] = {key: tuple(raw[key]) for key in lists}
    fixed["sources"] = tuple(Source(**source) for source in raw["sources"])
    fixed["review_by"] = date.fromisoformat(raw["review_by"])
    return Entry(**(raw | fixed))


def helpline_to_json(helpline: Helpline) -> dict[str, Any]:
    """Give a helpline as plain JSON."""
    return asdict(helpline) | {"perlu_dicek": list(helpline.perlu_dicek)}


def helpline_from_json(raw: dict[str, Any]) -> Helpline:
    """Rebuild a helpline from plain JSON."""
    fixed: dict[str, Any] = {
        "source": Source(**raw["source"]),
        "perlu_dicek": tuple(raw["perlu_dicek"]),
    }
    return Helpline(**(raw | fixed))


def _published(db: Session) -> Sequence[FaqVersion]:
    return db.exec(
        select(FaqVersion)
        .where(col(FaqVersion.state) == VersionState.PUBLISHED)
        .order_by(col(FaqVersion.topic), col(FaqVersion.position))
    ).all()


def _withdrawn(db: Session) -> set[str]:
    """Give the entries of which an editor once published a version: gone is gone on purpose."""
    rows = db.exec(
        select(FaqVersion.slug).where(
            col(FaqVersion.origin) == Origin.EDITOR,
            col(FaqVersion.state) == VersionState.ARCHIVED,
        )
    )
    return set(rows.all())


def newest_numbers(db: Session) -> dict[str, int]:
    """Give the highest number of each slug: a draft or a withdrawn version holds one, too."""
    newest = func.max(FaqVersion.number)
    rows = db.exec(select(FaqVersion.slug, newest).group_by(FaqVersion.slug)).all()
    return dict(rows)


def _version(
    entry: Entry, raw: dict[str, Any], *, position: int, number: int, now: datetime
) -> FaqVersion:
    return FaqVersion(
        slug=entry.slug,
        topic=entry.topic,
        position=position,
        number=number,
        state=VersionState.PUBLISHED,
        content=raw,
        origin=Origin.PACKAGE,
        created_at=now,
        created_by=PACKAGE_AUTHOR,
    )


def _import_helplines(db: Session, helplines: Iterable[Helpline]) -> None:
    for helpline in helplines:
        raw = helpline_to_json(helpline)
        row = db.get(HelplineRow, helpline.id)
        if row is None:
            db.add(HelplineRow(id=helpline.id, content=raw, origin=Origin.PACKAGE))
        elif row.content != raw and row.origin == Origin.PACKAGE:
            row.content = raw
            # Another number was never called: what vouched for the old one does not vouch for it.
            row.confirmed_by = row.confirmed_at = None
            db.add(row)


def _variant(row: FaqVariant) -> Variant:
    return Variant(row.slug, row.text, row.lang, row.register_name, row.is_reviewed)


def _import_variants(db: Session, variants: Sequence[Variant]) -> int:
    wanted = {(variant.slug, variant.text): variant for variant in variants}
    stored = {row.id: _variant(row) for row in db.exec(select(FaqVariant)).all()}
    packaged = set(
        db.exec(select(FaqVariant.id).where(col(FaqVariant.origin) == Origin.PACKAGE)).all()
    )
    gone = [
        id
        for id, variant in stored.items()
        if id in packaged and wanted.get((variant.slug, variant.text)) != variant
    ]
    present = {(stored[id].slug, stored[id].text) for id in stored.keys() - set(gone)}
    for start in range(0, len(gone), 500):
        db.execute(delete(FaqVariant).where(col(FaqVariant.id).in_(gone[start : start + 500])))
    new = [
        {
            "slug": variant.slug,
            "text": variant.text,
            "lang": variant.lang,
            "register_name": variant.register,
            "is_reviewed": variant.reviewed,
            "origin": Origin.PACKAGE,
        }
        for key, variant in wanted.items()
        if key not in present
    ]
    if new:
        db.execute(insert(FaqVariant), new)
    return len(new)
