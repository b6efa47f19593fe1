"""Namings: numbers and companies that cases and offers name, as keyed hashes in rows

Revision: 0015, after 0014
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OFFERS = sa.table("offer_tip", sa.column("id", sa.Integer), sa.column("link_keys", sa.JSON))


def upgrade() -> None:
    naming = op.create_table(
        "naming",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["offer_id"], ["offer_tip.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", "case_id", name="uq_naming_case"),
        sa.UniqueConstraint("key", "offer_id", name="uq_naming_offer"),
    )
    op.create_index("ix_naming_case_id", "naming", ["case_id"])
    kept = op.get_bind().execute(sa.select(OFFERS.c.id, OFFERS.c.link_keys)).all()
    rows = [{"key": key, "offer_id": id} for id, keys in kept for key in keys]
    if rows:
        op.bulk_insert(naming, rows)
    with op.batch_alter_table("offer_tip", schema=None) as batch_op:
        batch_op.drop_column("link_keys")


def downgrade() -> None:
    with op.batch_alter_table("offer_tip", schema=None) as batch_op:
        batch_op.add_column(sa.Column("link_keys", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("offer_tip", schema=None) as batch_op:
        batch_op.alter_column("link_keys", server_default=None)
    op.drop_table("naming")
