"""Roster rooms: leaves with a beginning, and offices that an admin vouched for

Revision: 0014, after 0013
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("away_from", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
    texts = ("regency_code", "office_code", "confirmed_by")
    op.create_table(
        "office_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False) for name in texts),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("office_confirmation")
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.drop_column("away_from")
