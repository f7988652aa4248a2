"""A bonus for a friend may be doubted; friends of a seller are found without walking all users.

Revision: 2026_11_30_friends, after 2026_11_30_partner_figures
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_friends"
down_revision = "2026_11_30_partner_figures"
branch_labels = None
depends_on = None

TABLE = "referral_transactions"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index("ix_users_referred_by", "users", ["referred_by"])
    op.add_column(
        TABLE,
        sa.Column(
            "doubts",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column(TABLE, sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column("denied_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column("note", sa.String(), server_default="", nullable=False))
    op.drop_index("ix_referral_transactions_due", TABLE)
    op.create_index(
        "ix_referral_transactions_due",
        TABLE,
        ["hold_until"],
        postgresql_where=sa.text("kind = 'bonus' AND released_at IS NULL AND denied_at IS NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_referral_transactions_due", TABLE)
    op.create_index(
        "ix_referral_transactions_due",
        TABLE,
        ["hold_until"],
        postgresql_where=sa.text("kind = 'bonus' AND released_at IS NULL"),
    )
    for name in ("note", "denied_at", "cleared_at", "doubts"):
        op.drop_column(TABLE, name)
    op.drop_index("ix_users_referred_by", "users")
