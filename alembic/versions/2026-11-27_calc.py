"""Calculations that a seller keeps, and the links that let others read them.

Revision: 2026_11_27_calc, after 2026_11_27_long
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_calc"
down_revision = "2026_11_27_long"
branch_labels = None
depends_on = None

TABLE = "saved_calculations"
KINDS = "kind IN ('penalty', 'tax-penalty', 'tax', 'duty', 'unit')"
SHARE = "num_nonnulls(share_hash, share_token, shared_at) IN (0, 3)"


def _moment(name: str) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("input", postgresql.JSONB(), nullable=False),
        sa.Column("figures_on", sa.Date(), nullable=False),
        sa.Column("share_hash", sa.LargeBinary(), nullable=True),
        sa.Column("share_token", sa.String(), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f(f"ck_{TABLE}_kind_known")),
        sa.CheckConstraint(
            "length(title) BETWEEN 1 AND 120", name=op.f(f"ck_{TABLE}_title_length")
        ),
        sa.CheckConstraint(SHARE, name=op.f(f"ck_{TABLE}_share_whole")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f(f"fk_{TABLE}_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("share_hash", name=op.f(f"uq_{TABLE}_share_hash")),
    )
    op.create_index(op.f(f"ix_{TABLE}_user_id"), TABLE, ["user_id"])
    op.create_index(
        f"ix_{TABLE}_newest",
        TABLE,
        ["user_id", "created_at"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_updated_at BEFORE UPDATE ON {TABLE} FOR EACH ROW"
        " EXECUTE FUNCTION update_updated_at_column()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(TABLE)
