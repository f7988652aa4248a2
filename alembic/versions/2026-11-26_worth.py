"""Queued changes get their worth; sends remember the last look that did not see them.

Revision: 2026_11_26_worth, after 2026_11_26_rivals
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_worth"
down_revision = "2026_11_26_rivals"
branch_labels = None
depends_on = None

QUEUED = sa.text("status = 'queued'")
WANTED = sa.text("queued_at IS NOT NULL")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "price_history",
        sa.Column("worth", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    )
    for name in ("queued_at", "unseen_at"):
        op.add_column("price_history", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_price_history_queue", table_name="price_history", postgresql_where=QUEUED)
    op.create_index(
        "ix_price_history_queue",
        "price_history",
        ["store_id", sa.literal_column("worth DESC")],
        unique=False,
        postgresql_where=QUEUED,
    )
    op.create_index(
        "ix_price_history_wanted",
        "price_history",
        ["store_id", "created_at"],
        unique=False,
        postgresql_where=WANTED,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_price_history_wanted", table_name="price_history", postgresql_where=WANTED)
    op.drop_index("ix_price_history_queue", table_name="price_history", postgresql_where=QUEUED)
    op.create_index(
        "ix_price_history_queue",
        "price_history",
        ["store_id", "created_at"],
        unique=False,
        postgresql_where=QUEUED,
    )
    for name in ("unseen_at", "queued_at", "worth"):
        op.drop_column("price_history", name)
