"""Changes of stock and pre-orders; which rivals count by delivery, for a whole store.

Revision: 2026_11_27_desk, after 2026_11_26_worth
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_desk"
down_revision = "2026_11_27_feed"
branch_labels = None
depends_on = None

QUEUED = sa.text("status = 'queued'")
IN_FLIGHT = sa.text("status IN ('sending', 'sent', 'unknown')")
STATUSES = (
    "'held', 'suggested', 'queued', 'sending', 'sent', 'confirmed', 'unknown', 'refused',"
    " 'superseded'"
)
FILTERS = "'today_tomorrow', 'till_3_days', 'till_5_days', 'same_or_faster'"


def _instant(name: str, *, is_now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if is_now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not is_now)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "supply_changes",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        _instant("created_at", is_now=True),
        _instant("updated_at", is_now=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("edits", postgresql.JSONB(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        _instant("try_at"),
        sa.Column("send_id", sa.Uuid(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _instant("sent_at"),
        _instant("confirm_at"),
        _instant("confirmed_at"),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_supply_changes_status_known")),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_supply_changes_product_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_supply_changes_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_changes")),
    )
    op.create_index(
        "ix_supply_changes_product",
        "supply_changes",
        ["product_id", sa.literal_column("created_at DESC")],
    )
    op.create_index(
        "uq_supply_changes_queued",
        "supply_changes",
        ["product_id"],
        unique=True,
        postgresql_where=QUEUED,
    )
    op.create_index(
        "ix_supply_changes_queue", "supply_changes", ["try_at"], postgresql_where=QUEUED
    )
    op.create_index(
        "ix_supply_changes_confirm", "supply_changes", ["confirm_at"], postgresql_where=IN_FLIGHT
    )
    op.create_index("ix_supply_changes_sent", "supply_changes", ["store_id", "sent_at"])
    op.execute(
        "CREATE TRIGGER supply_changes_updated_at BEFORE UPDATE ON supply_changes"
        " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    )
    op.add_column("demping_settings", sa.Column("delivery_filter", sa.String(), nullable=True))
    op.create_check_constraint(
        op.f("ck_demping_settings_delivery_filter_known"),
        "demping_settings",
        f"delivery_filter IN ({FILTERS}, 'any')",
    )
    op.drop_constraint(op.f("ck_products_delivery_filter_known"), "products")
    op.create_check_constraint(
        op.f("ck_products_delivery_filter_known"),
        "products",
        f"delivery_filter IN ({FILTERS}, 'any')",
    )
    op.add_column(
        "products",
        sa.Column("home_city_only", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "demping_settings",
        sa.Column("home_city_only", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("demping_settings", "home_city_only")
    op.drop_column("products", "home_city_only")
    op.execute("UPDATE products SET delivery_filter = NULL WHERE delivery_filter = 'any'")
    op.drop_constraint(op.f("ck_products_delivery_filter_known"), "products")
    op.create_check_constraint(
        op.f("ck_products_delivery_filter_known"), "products", f"delivery_filter IN ({FILTERS})"
    )
    op.drop_column("demping_settings", "delivery_filter")
    op.drop_table("supply_changes")
