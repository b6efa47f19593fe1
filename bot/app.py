"""The composition root: builds everything once and passes it down. Two apps fit in one process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import schema, training
from bot.channels import make_channels, make_paces
from bot.clock import utc_now
from bot.demo import make_demo
from bot.keys import load_key
from bot.pacing import Pacer
from bot.settings import Settings, SettingsError
from bot.workers import Workers
from escalation.entities import EntityReader
from escalation.offices import load_offices
from escalation.risk import RiskEngine
from escalation.risk_indicators import IndicatorBook
from handlers import in_force, marks
from handlers.channel import Channel
from handlers.database import Database
from handlers.flow_data import FlowBook
from handlers.refresh import refresh_offices
from handlers.resources import CardNames, Knowledge, Resources
from handlers.sealing import Sealer
from handlers.texts import Texts
from knowledge import faq_files, store
from knowledge.countries import load_countries
from knowledge.index import index_of
from knowledge.lint import Content
from knowledge.matcher import Matcher
from knowledge.packaged import read_content
from knowledge.places import Gazetteer
from knowledge.text import Words
from knowledge.variants import Variant, load_variants

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Thinking:
    """What understands messages, loaded once: seconds to load, never written to."""

    words: Words
    places: Gazetteer
    knowledge: Knowledge
    risk: RiskEngine
    names: CardNames
    flows: FlowBook


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs, built and wired."""

    settings: Settings
    database: Database
    resources: Resources
    channels: Mapping[str, Channel]
    workers: Workers
    clock: Clock

    def close(self) -> None:
        """Close what was opened."""
        self.database.close()


def build(settings: Settings, *, clock: Clock = utc_now) -> App:
    """Open the database, made and filled where it is new, and wire everything on it.

    Raises SettingsError, DatabaseUnusable, DatabaseUnavailable, TrainingFailed.
    """
    database = open_database(settings)
    seed(database, clock=clock)
    thinking = load_thinking(settings.models_dir, database=database, clock=clock)
    app = assemble(settings, database=database, thinking=thinking, clock=clock)
    if settings.is_demo:
        make_demo(database, sealer=app.resources.sealer, now=clock())
    return app


def open_database(settings: Settings) -> Database:
    """Give the database, migrated to the newest schema and meant for this use."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"DATA_DIR {settings.data_dir} tidak bisa dibuat ({error.strerror}); pilih tempat lain"
        ) from error
    database = Database(settings.url)
    is_new = schema.current(database) is None
    schema.upgrade(database)
    check_mark(database, settings, is_new=is_new)
    return database


def assemble(settings: Settings, *, database: Database, thinking: Thinking, clock: Clock) -> App:
    """Wire what thinks to a database that is ready."""
    sealer = Sealer(load_key(settings))
    resources = Resources(
        knowledge=thinking.knowledge,
        words=thinking.words,
        places=thinking.places,
        risk=thinking.risk,
        names=thinking.names,
        offices=load_offices(),
        texts=Texts.load(),
        flows=thinking.flows,
        sealer=sealer,
        is_unstaffed=settings.unstaffed == "ya",
        has_mail=settings.smtp_host is not None,
        public_url=(settings.public_url or "").rstrip("/"),
    )
    with database.read() as db:
        in_force.load(db, resources)
        refresh_offices(db, resources)
    channels = make_channels(settings, database=database, sealer=sealer, clock=clock)
    workers = Workers(
        database=database,
        channels=channels,
        resources=resources,
        clock=clock,
        pacer=Pacer(make_paces(settings)),
    )
    return App(settings, database, resources, channels, workers, clock)


def check_mark(database: Database, settings: Settings, *, is_new: bool) -> None:
    """Keep demonstration and real use on databases apart. Raises SettingsError."""
    with database.write() as work:
        if is_new:
            marks.set_demo(work.db, is_demo=settings.is_demo)
            work.commit()
            return
        was_demo = marks.is_demo(work.db)
    if was_demo and not settings.is_demo:
        raise SettingsError(
            "Basis data ini dibuat untuk peragaan (DEMO=ya); pakai DATABASE_URL atau DATA_DIR lain"
        )
    if settings.is_demo and not was_demo:
        raise SettingsError(
            "DEMO=ya butuh basis data sendiri; kosongkan DATABASE_URL atau arahkan ke yang baru"
        )


def seed(
    database: Database,
    *,
    clock: Clock,
    content: Content | None = None,
    variants: tuple[Variant, ...] | None = None,
) -> store.ImportReport:
    """Bring content (the packaged FAQ by default) into the database, all of it or nothing.

    What editors changed stays theirs. Raises ContentError, VariantError.
    """
    if content is None or variants is None:
        content, variants = faq_files.read_checked(None)
    with database.write() as work:
        report = store.import_content(work.db, content, variants, now=clock())
        work.commit()
    return report


def load_thinking(models_dir: Path, *, database: Database | None, clock: Clock) -> Thinking:
    """Load what understands messages; the FAQ of a database, or the packaged one.

    Trains first where no fitting model is there. Raises TrainingFailed.
    """
    matcher_model, risk_model = training.load_models(training.ensure_models(models_dir))
    if database is None:
        content, _ = read_content()
        faq, variants = index_of(content), load_variants()
    else:
        with database.read() as db:
            faq, variants = store.load_index(db, now=clock()), store.load_variants(db)
    words = Words.load()
    book = IndicatorBook.load(words=words)
    return Thinking(
        words=words,
        places=Gazetteer.load(),
        knowledge=Knowledge(faq, Matcher(matcher_model, words, variants)),
        risk=RiskEngine(book, entities=EntityReader.load(), model=risk_model),
        names=CardNames(
            indicators={id: item.name for id, item in book.indicators.items()}
            | dict(Texts.load().mapping("petugas.tanda_lain")),
            countries=load_countries(),
        ),
        flows=FlowBook.load(weights={id: item.weight for id, item in book.indicators.items()}),
    )
