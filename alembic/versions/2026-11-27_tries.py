"""When a price that is tried twice left first.

Revision: 2026_11_27_tries, after 2026_11_27_econ
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_tries"
down_revision = "2026_11_27_econ"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("price_history", sa.Column("first_send_id", sa.Uuid(), nullable=True))
    op.add_column(
        "price_history", sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_price_history_first_sent",
        "price_history",
        ["store_id", "first_sent_at"],
        postgresql_where=sa.text("first_sent_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_price_history_first_sent", table_name="price_history")
    op.drop_column("price_history", "first_sent_at")
    op.drop_column("price_history", "first_send_id")
