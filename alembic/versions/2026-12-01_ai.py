"""Calls to language models and what plans give for them.

Revision: 2026_12_01_ai, after 2026_11_30_texts
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_ai"
down_revision = "2026_11_30_texts"
branch_labels = None
depends_on = None

# About 600 cited answers of the lawyer, or 2,000 offers of the salesman.
TOKENS = 3_000_000


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "plans",
        sa.Column("ai_tokens", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.create_check_constraint(op.f("ck_plans_ai_tokens"), "plans", "ai_tokens >= 0")
    given = sa.text("UPDATE plans SET ai_tokens = :tokens WHERE 'ai' = ANY(features)")
    op.execute(given.bindparams(tokens=TOKENS))
    op.create_table(
        "ai_calls",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("reply_tokens", sa.Integer(), nullable=False),
        sa.Column("thought_tokens", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "staff IN ('lawyer', 'salesman', 'accountant')", name=op.f("ck_ai_calls_staff_known")
        ),
        sa.CheckConstraint(
            "verdict IN ('running', 'accepted', 'rejected', 'blocked', 'failed', 'cancelled', 'lost')",
            name=op.f("ck_ai_calls_verdict_known"),
        ),
        sa.CheckConstraint("tokens >= 0", name=op.f("ck_ai_calls_tokens")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ai_calls_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_ai_calls_store_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_calls")),
    )
    op.create_index("ix_ai_calls_spent", "ai_calls", ["user_id", "started_at"])
    op.create_index(op.f("ix_ai_calls_store_id"), "ai_calls", ["store_id"])
    op.create_index(
        "ix_ai_calls_running",
        "ai_calls",
        ["user_id"],
        postgresql_where=sa.text("verdict = 'running'"),
    )
    op.execute(
        "CREATE TRIGGER ai_calls_updated_at BEFORE UPDATE ON ai_calls "
        "FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("ai_calls")
    op.drop_constraint(op.f("ck_plans_ai_tokens"), "plans", type_="check")
    op.drop_column("plans", "ai_tokens")
