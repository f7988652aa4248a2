"""Sign-ins to Kaspi: whose account, what the worker found, when it may go on.

Revision: 2026_11_27_signin, after 2026_11_26_worth
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_signin"
down_revision = "2026_11_26_worth"
branch_labels = None
depends_on = None

STEPS = "'opening', 'code', 'checking', 'shop', 'entering', 'done', 'refused', 'cancelled'"
REFUSALS = (
    "'wrong_password', 'wrong_code', 'flood', 'expired', 'no_shops', 'other_store', 'taken',"
    " 'unreachable', 'contract_changed'"
)
COLUMNS = (
    "account_hash",
    "account",
    "is_refresh",
    "details",
    "refusal",
    "retry_at",
    "claimed_until",
    "started_at",
    "ended_at",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Rows of before live ten minutes and no code ever wrote one: nothing is lost.
    op.execute("DELETE FROM kaspi_logins")
    instant = sa.DateTime(timezone=True)
    for column in (
        sa.Column("account_hash", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("is_refresh", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("details", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("retry_at", instant, nullable=True),
        sa.Column("claimed_until", instant, nullable=True),
        sa.Column("started_at", instant, nullable=False),
        sa.Column("ended_at", instant, nullable=True),
    ):
        op.add_column("kaspi_logins", column)
    op.create_check_constraint(
        op.f("ck_kaspi_logins_step_known"), "kaspi_logins", f"step IN ({STEPS})"
    )
    op.create_check_constraint(
        op.f("ck_kaspi_logins_refusal_known"), "kaspi_logins", f"refusal IN ({REFUSALS})"
    )
    op.create_index(
        "uq_kaspi_logins_open_account",
        "kaspi_logins",
        ["account_hash"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_kaspi_logins_tries", "kaspi_logins", ["account_hash", "started_at"], unique=False
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_kaspi_logins_tries", table_name="kaspi_logins")
    op.drop_index("uq_kaspi_logins_open_account", table_name="kaspi_logins")
    op.drop_constraint(op.f("ck_kaspi_logins_refusal_known"), "kaspi_logins", type_="check")
    op.drop_constraint(op.f("ck_kaspi_logins_step_known"), "kaspi_logins", type_="check")
    for name in reversed(COLUMNS):
        op.drop_column("kaspi_logins", name)
