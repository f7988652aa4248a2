"""Runs of the catalogue sync.

Revision: 2026_11_27_stores, after 2026_11_27_signin
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_stores"
down_revision = "2026_11_27_signin"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('queued', 'running')")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    zero = sa.text("0")
    op.create_table(
        "catalog_syncs",
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
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), server_default="queued", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_page", sa.Integer(), server_default=zero, nullable=False),
        sa.Column("is_list_read", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), server_default=zero, nullable=False)
            for name in ("goods_read", "added", "changed", "removed", "tries")
        ),
        sa.Column("trouble", sa.String(), server_default="", nullable=False),
        sa.Column("suspected", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'cancelled', 'failed')",
            name=op.f("ck_catalog_syncs_state_known"),
        ),
        sa.CheckConstraint(
            "next_page >= 0 AND goods_read >= 0", name=op.f("ck_catalog_syncs_progress")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_catalog_syncs_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_syncs")),
    )
    op.create_index("ix_catalog_syncs_store", "catalog_syncs", ["store_id", "created_at"])
    op.create_index(
        "uq_catalog_syncs_live", "catalog_syncs", ["store_id"], unique=True, postgresql_where=LIVE
    )
    op.execute(
        "CREATE TRIGGER catalog_syncs_updated_at BEFORE UPDATE ON catalog_syncs FOR EACH ROW"
        " EXECUTE FUNCTION update_updated_at_column()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("catalog_syncs")
