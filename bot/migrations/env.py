"""Alembic's entry: runs on the connection that `bot.schema` hands over."""

import sqlmodel
from alembic import context

from bot.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="sqlmodel.sql.sqltypes.",
)
assert sqlmodel
with context.begin_transaction():
    context.run_migrations()
