"""The schema: every table of the layers below, and the migrations that make them."""

from collections.abc import Callable
from importlib.resources import as_file, files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import escalation.models
import handlers.late_models
import handlers.media_models
import handlers.models
import handlers.naming_models
import handlers.room_models
import handlers.setting_models
import knowledge.models
from handlers.database import Database

METADATA = SQLModel.metadata
LAYERS = (
    *(knowledge.models, escalation.models),
    *(handlers.models, handlers.late_models, handlers.media_models, handlers.room_models),
    *(handlers.naming_models, handlers.setting_models),
)
"""Imported for their tables."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring a database to a revision, from empty or from any earlier one."""
    _run(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str) -> None:
    """Take a database back to a revision."""
    _run(database, lambda config: command.downgrade(config, revision))


def revise(database: Database, message: str, *, revision: str) -> None:
    """Write a new migration from the difference between models and database."""
    _run(
        database,
        lambda config: command.revision(config, message, autogenerate=True, rev_id=revision),
    )


def current(database: Database) -> str | None:
    """Give the revision a database stands at; None where it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Give the newest revision."""
    with as_file(files("bot") / "migrations") as folder:
        found = ScriptDirectory(str(folder)).get_current_head()
    assert found is not None
    return found


def differences(database: Database) -> list[object]:
    """Give what differs between a database and the models; nothing after `upgrade`."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


def _run(database: Database, step: Callable[[Config], object]) -> None:
    with as_file(files("bot") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            step(config)
            connection.commit()
