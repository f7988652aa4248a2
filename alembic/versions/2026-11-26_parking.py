"""Parking: due goods of stores that cannot be served leave the index of due ones; open sends by product.

Revision: 2026_11_26_parking, after 2026_11_26_chase
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_parking"
down_revision = "2026_11_26_chase"
branch_labels = None
depends_on = None

DUE = "bot_active AND external_kaspi_id IS NOT NULL"
OPEN = "status IN ('queued', 'sending', 'sent', 'unknown')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("products", sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_products_due", table_name="products")
    op.create_index(
        "ix_products_due",
        "products",
        ["shard_key", "next_check_at"],
        unique=False,
        postgresql_where=sa.text(f"{DUE} AND parked_at IS NULL"),
    )
    op.create_index(
        "ix_products_parked",
        "products",
        ["store_id", sa.literal_column("coalesce(bot_enabled_at, created_at)"), "id"],
        unique=False,
        postgresql_where=sa.text("parked_at IS NOT NULL"),
    )
    op.create_index(
        "ix_price_history_open",
        "price_history",
        ["product_id"],
        unique=False,
        postgresql_where=sa.text(OPEN),
    )
    # A claim writes a row twice without touching an index: with room on its page that costs no index.
    op.execute("ALTER TABLE products SET (fillfactor = 85)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE products RESET (fillfactor)")
    op.drop_index("ix_price_history_open", table_name="price_history")
    op.drop_index("ix_products_parked", table_name="products")
    op.drop_index("ix_products_due", table_name="products")
    op.create_index(
        "ix_products_due",
        "products",
        ["shard_key", "next_check_at"],
        unique=False,
        postgresql_where=sa.text(DUE),
    )
    op.drop_column("products", "parked_at")
