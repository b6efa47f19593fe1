"""Presence: when officers were asked and last answered, and routes nobody answers from

Revision: 0003, after 0002, 2026-11-24
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("officer", schema=None) as batch_op:
        for name in ("answered_at", "tested_at"):
            batch_op.add_column(sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    with op.batch_alter_table("officer_route", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_one_way", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("officer_route", schema=None) as batch_op:
        batch_op.drop_column("is_one_way")
    with op.batch_alter_table("officer", schema=None) as batch_op:
        for name in ("tested_at", "answered_at"):
            batch_op.drop_column(name)
