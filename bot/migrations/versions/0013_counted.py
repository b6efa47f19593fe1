"""Counted: pages and the sweep read what they count from indexes; late answers

Revision: 0013, after 0012
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COUNTED = ["at", "area_code", "ending", "slug", "topic", "language", "helpful"]


def upgrade() -> None:
    op.create_index("ix_question_counted", "question", COUNTED)
    op.drop_index("ix_question_at", "question")
    op.create_index("ix_inbox_status", "inbox", ["status", "ending", "received_at"])
    op.create_index("ix_outbox_status", "outbox", ["status", "created_at", "lost_answers"])
    op.create_table(
        "late_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("queued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inbox_id"),
    )
    op.create_index("ix_late_wish_contact_id", "late_wish", ["contact_id"])
    op.create_index("ix_late_wish_open", "late_wish", ["queued_at", "ended_at", "slug"])


def downgrade() -> None:
    op.drop_table("late_wish")
    op.drop_index("ix_outbox_status", "outbox")
    op.drop_index("ix_inbox_status", "inbox")
    op.create_index("ix_question_at", "question", ["at"])
    op.drop_index("ix_question_counted", "question")
