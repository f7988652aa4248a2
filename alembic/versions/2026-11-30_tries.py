"""How often a charge was tried while the gateway was away.

Revision: 2026_11_30_tries, after 2026_11_30_support
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_tries"
down_revision = "2026_11_30_support"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "charge_attempts", sa.Column("tries", sa.Integer(), server_default="1", nullable=False)
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("charge_attempts", "tries")
