"""The orders token of a store, and one more reason why a sign-in ends.

Revision: 2026_11_27_token, after 2026_11_27_bulk
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_token"
down_revision = "2026_11_27_bulk"
branch_labels = None
depends_on = None

REFUSALS = (
    "'wrong_password', 'wrong_code', 'flood', 'expired', 'no_shops', 'other_store', 'taken',"
    " 'unreachable', 'contract_changed'"
)
ORIGINS = "'cabinet', 'pasted'"
TASKS = "'fetch', 'try', 'recheck'"
PROBLEMS = "'wrong', 'other_store', 'taken', 'no_right', 'signed_out', 'unreachable', 'no_answer'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    instant, now = sa.DateTime(timezone=True), sa.text("now()")
    op.create_table(
        "orders_tokens",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", instant, server_default=now, nullable=False),
        sa.Column("updated_at", instant, server_default=now, nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("tail", sa.String(), server_default="", nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("accepted_at", instant, nullable=True),
        sa.Column("checked_at", instant, nullable=True),
        sa.Column("rejected_at", instant, nullable=True),
        sa.Column("orders_seen", sa.Integer(), nullable=True),
        sa.Column("is_matched", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("offered", sa.String(), nullable=True),
        sa.Column("offered_tail", sa.String(), server_default="", nullable=False),
        sa.Column("task", sa.String(), nullable=True),
        sa.Column("asked_at", instant, nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.CheckConstraint(f"origin IN ({ORIGINS})", name=op.f("ck_orders_tokens_origin_known")),
        sa.CheckConstraint(f"task IN ({TASKS})", name=op.f("ck_orders_tokens_task_known")),
        sa.CheckConstraint(f"problem IN ({PROBLEMS})", name=op.f("ck_orders_tokens_problem_known")),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_orders_tokens_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders_tokens")),
        sa.UniqueConstraint("store_id", name=op.f("uq_orders_tokens_store_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_orders_tokens_token_hash")),
    )
    op.execute(
        "CREATE TRIGGER orders_tokens_updated_at BEFORE UPDATE ON orders_tokens"
        " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    )
    _know_refusals(f"{REFUSALS}, 'interrupted'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("UPDATE kaspi_logins SET refusal = 'expired' WHERE refusal = 'interrupted'")
    _know_refusals(REFUSALS)
    op.drop_table("orders_tokens")


def _know_refusals(refusals: str) -> None:
    name = op.f("ck_kaspi_logins_refusal_known")
    op.drop_constraint(name, "kaspi_logins", type_="check")
    op.create_check_constraint(name, "kaspi_logins", f"refusal IN ({refusals})")
