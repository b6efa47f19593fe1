"""Case media: pictures, voice notes and papers that people sent with their cases, sealed

Revision: 0012, after 0011
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

Text = sqlmodel.sql.sqltypes.AutoString
Time = sqlmodel.sql.sqltypes.UTCDateTime
STILL_OPEN = sa.text("status = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "case_media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("status", Text(), nullable=False),
        sa.Column("media_type", Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reason", Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", Time(), nullable=False),
        sa.Column("due_at", Time(), nullable=False),
        sa.Column("lease_until", Time(), nullable=True),
        sa.Column("lease_owner", Text(), nullable=True),
        sa.Column("finished_at", Time(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inbox_id"),
    )
    with op.batch_alter_table("case_media", schema=None) as batch_op:
        batch_op.create_index("ix_case_media_case", ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_media_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_case_media_open",
            ["due_at"],
            unique=False,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        )


def downgrade() -> None:
    op.drop_table("case_media")
