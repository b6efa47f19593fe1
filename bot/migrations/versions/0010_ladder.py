"""Ladder: since when cases wait, who got them, drills

Revision: 0010, after 0009
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TIMES = ("held_since", "waits_since", "due_at")


def upgrade() -> None:
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        for name in TIMES:
            batch_op.add_column(sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("is_drill", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_officer_id", sa.Integer(), nullable=True))
    op.execute("UPDATE case_file SET held_since = opened_at")
    op.execute("UPDATE case_file SET waits_since = opened_at WHERE state = 'baru'")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.alter_column("is_drill", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_column("to_officer_id")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_column("is_drill")
        for name in reversed(TIMES):
            batch_op.drop_column(name)
