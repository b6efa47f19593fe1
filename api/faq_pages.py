"""The FAQ for editors: the list, a new entry, and the editor with its live preview."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.auth import FaqViewer, FormDep
from api.deps import SiteDep
from api.pages import go, in_words, render, render_room
from api.wiring import Site
from handlers import draft_forms, editing, faq_list
from handlers.draft_forms import BadName
from handlers.editing import Work
from handlers.faq_list import Filter, Order, Wanted
from handlers.phrasings import remarks
from knowledge import editions
from knowledge.compare import changes
from knowledge.editions import DraftChanged, Edition
from knowledge.entries import Entry
from knowledge.forms import problems_of
from knowledge.lint import texts_of
from knowledge.readability import MEAN_SENTENCE_WORDS, MEAN_SYLLABLES, SENTENCE_WORDS, read
from knowledge.render import first_screen, rest

router = APIRouter(prefix="/admin/faq")

SPARE_SOURCES = 2
PHRASINGS_SHOWN = 200
READING_LIMITS = {
    "longest": SENTENCE_WORDS,
    "mean": MEAN_SENTENCE_WORDS,
    "syllables": MEAN_SYLLABLES,
}


@router.get("", response_class=HTMLResponse)
def show_list(
    request: Request,
    site: SiteDep,
    viewer: FaqViewer,
    cari: Annotated[str, Query(max_length=200)] = "",
    topik: Annotated[str, Query(max_length=60)] = "",
    saring: Filter = Filter.ALL,
    urut: Order = Order.MENU,
    hal: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Show the entries that were looked for."""
    wanted = Wanted(cari, topik, saring, urut, hal)
    listed = faq_list.find(site.database, wanted, resources=site.resources, now=site.clock())
    values = {
        "listed": listed,
        "wanted": wanted,
        "topics": site.resources.knowledge.faq.topics,
        "filters": list(Filter),
        "orders": list(Order),
    }
    return render_room(request, viewer, "faq_list.html", values)


@router.get("/baru", response_class=HTMLResponse)
def show_new(request: Request, site: SiteDep, viewer: FaqViewer) -> HTMLResponse:
    """Ask for the name of a new entry."""
    values = {"topics": site.resources.knowledge.faq.topics, "fault": "", "slug": "", "topic": ""}
    return render_room(request, viewer, "faq_new.html", values)


@router.post("/baru")
def make_new(request: Request, site: SiteDep, viewer: FaqViewer, form: FormDep) -> Response:
    """Begin a new entry as an empty draft."""
    slug, topic = form.text("slug", most=60), form.text("topic", most=60)
    faq = site.resources.knowledge.faq
    try:
        draft_forms.check_name(slug, topic, faq=faq)
    except BadName as bad:
        values = {"topics": faq.topics, "fault": str(bad), "slug": slug, "topic": topic}
        return render_room(request, viewer, "faq_new.html", values, status=422)
    work = Work(draft_forms.blank(slug, topic))
    try:
        editing.save(site.database, work, mark="", by=viewer.account, now=site.clock())
    except DraftChanged:
        return go(f"/admin/faq/{slug}", told="draf_ada")
    return go(f"/admin/faq/{slug}", told="draf_baru")


@router.get("/{slug}", response_class=HTMLResponse)
def show(slug: str, request: Request, site: SiteDep, viewer: FaqViewer) -> HTMLResponse:
    """Show an entry in the editor: its draft where there is one, else what is published."""
    values = _editor(site, slug)
    return render_room(request, viewer, "faq_edit.html", values)


@router.post("/{slug}")
def save(slug: str, request: Request, site: SiteDep, viewer: FaqViewer, form: FormDep) -> Response:
    """Save the draft; `lanjut` goes straight on to the check."""
    topic = form.text("topic", most=60) or _stored(site, slug).entry.topic
    work = draft_forms.read_work(form.fields(), slug=slug, topic=topic, words=site.resources.words)
    mark = form.text("mark", most=40)
    try:
        editing.save(site.database, work, mark=mark, by=viewer.account, now=site.clock())
    except DraftChanged as changed:
        theirs = changes(_stored(site, slug).entry, work.entry)
        values = _editor(site, slug, typed=work) | {"clash": changed, "theirs": theirs}
        return render_room(request, viewer, "faq_edit.html", values, status=409)
    if form.text("lanjut"):
        return go(f"/admin/faq/{slug}/terbit")
    return go(f"/admin/faq/{slug}", told="draf")


@router.post("/{slug}/pratinjau", response_class=HTMLResponse)
def preview(
    slug: str, request: Request, site: SiteDep, viewer: FaqViewer, form: FormDep
) -> HTMLResponse:
    """Give the phone's picture of what stands in the form now; nothing is saved."""
    topic = form.text("topic", most=60)
    entry = draft_forms.read_entry(form.fields(), slug=slug, topic=topic)
    return render(request, "faq_preview.html", {"viewer": viewer, **_preview(site, entry)})


@router.post("/{slug}/kalimat", response_class=HTMLResponse)
def check_phrasings(
    slug: str, request: Request, site: SiteDep, viewer: FaqViewer, form: FormDep
) -> HTMLResponse:
    """Say what is to be known of pasted phrasings: language, repeats, clashes."""
    topic = form.text("topic", most=60)
    resources = site.resources
    work = draft_forms.read_work(form.fields(), slug=slug, topic=topic, words=resources.words)
    values = {
        "viewer": viewer,
        "remarks": remarks(work.added, resources=resources),
        "entries": resources.knowledge.faq.entries,
        "slug": slug,
    }
    return render(request, "faq_remarks.html", values)


@router.post("/{slug}/buang")
def discard(slug: str, site: SiteDep, viewer: FaqViewer, _form: FormDep) -> Response:
    """Throw the draft away."""
    editing.discard(site.database, slug, by=viewer.account, now=site.clock())
    with site.database.read() as db:
        is_left = editions.published_of(db, slug) is not None
    return go(f"/admin/faq/{slug}" if is_left else "/admin/faq", told="buang")


def _stored(site: Site, slug: str) -> Edition:
    """Give the draft, else what is published. Raises HTTPException 404."""
    with site.database.read() as db:
        found = editions.draft_of(db, slug) or editions.published_of(db, slug)
    if found is None:
        raise HTTPException(404)
    return found


def _editor(site: Site, slug: str, *, typed: Work | None = None) -> dict[str, Any]:
    """Give what the editor's page shows: what is stored, or what was typed and is not saved."""
    resources, now = site.resources, site.clock()
    shown = _stored(site, slug)
    with site.database.read() as db:
        draft, published = editions.draft_of(db, slug), editions.published_of(db, slug)
        phrasings = editions.phrasings_of(db, slug)
        golden = tuple(row.text for row in editions.golden(db, slug))
    added, removed = (draft.added, draft.removed) if draft else ((), ())
    work = typed or Work(shown.entry, added=added, removed=removed, golden=golden)
    faq = resources.knowledge.faq
    sources = [
        {"title": s.title, "publisher": s.publisher, "date": s.date, "url": s.url or ""}
        for s in work.entry.sources
    ]
    sources += [{"title": "", "publisher": "", "date": "", "url": ""}] * SPARE_SOURCES
    return {
        "slug": slug,
        "entry": work.entry,
        "draft": draft,
        "published": published,
        "mark": shown.mark,
        "phrasings": phrasings[:PHRASINGS_SHOWN],
        "phrasings_count": len(phrasings),
        "removed": set(work.removed),
        "added": work.added,
        "remarks": remarks(work.added, resources=resources),
        "golden": work.golden,
        "sources": sources,
        "topic_choices": [(topic.id, topic.title) for topic in faq.topics],
        "entries": faq.entries,
        "helplines": faq.helplines,
        "review_by": "" if work.entry.review_by.year == 1 else work.entry.review_by.isoformat(),
        "is_overdue": now.date() > work.entry.review_by,
        "clash": None,
        **_preview(site, work.entry),
    }


def _preview(site: Site, entry: Entry) -> dict[str, Any]:
    faq = site.resources.knowledge.faq
    problems = problems_of(entry, slugs=faq.entries.keys(), helplines=faq.helplines)
    known = [id for id in entry.contacts if id in faq.helplines]
    screen = first_screen(entry, today=site.clock().date())
    parts = rest(
        replace(entry, contacts=tuple(known)), helplines=faq.helplines, confirmed=faq.confirmed
    )
    return {
        "screen": screen,
        "rest": parts,
        "problems": [in_words(problem) for problem in problems],
        "limits": READING_LIMITS,
        "reading": read([text for _, text in texts_of(entry)]),
        "entry": entry,
    }
