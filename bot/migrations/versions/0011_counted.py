"""Counted: pages and the sweep read what they count from indexes

Revision: 0011, after 0010
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COUNTED = ["at", "area_code", "ending", "slug", "topic", "language", "helpful"]


def upgrade() -> None:
    op.create_index("ix_question_counted", "question", COUNTED)
    op.drop_index("ix_question_at", "question")
    op.create_index("ix_inbox_status", "inbox", ["status", "ending", "received_at"])
    op.create_index("ix_outbox_status", "outbox", ["status", "created_at", "lost_answers"])


def downgrade() -> None:
    op.drop_index("ix_outbox_status", "outbox")
    op.drop_index("ix_inbox_status", "inbox")
    op.create_index("ix_question_at", "question", ["at"])
    op.drop_index("ix_question_counted", "question")
