"""When the gateway was last asked what became of a refund.

Revision: 2026_11_30_money2, after 2026_11_29_cast
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_money2"
down_revision = "2026_11_29_cast"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "refund_attempts", sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("refund_attempts", "looked_at")
