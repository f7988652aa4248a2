"""Under what a store sells; a product's weight and its category in Kaspi's tariffs.

Revision: 2026_11_27_econ, after 2026_11_27_payout
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_econ"
down_revision = "2026_11_27_payout"
branch_labels = None
depends_on = None

REGIMES = "regime IN ('ip_simplified', 'ip_general', 'too_simplified', 'too_general')"
DELIVERIES = "delivery IN ('city', 'kazakhstan', 'express', 'pickup', 'own')"
SUMS = ("own_delivery", "packaging", "other", "advertising")
SHARES = ("advertising_percent", "bonus_percent", "returns_percent", "return_loss_percent")
RATES = ("tax_percent", "cost_vat_percent", "commission_percent")
FLAGS = (("is_top_rate", "false"), ("is_vat_payer", "false"), ("is_cost_deductible", "true"))


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("products", sa.Column("weight_g", sa.Integer(), nullable=True))
    op.add_column("products", sa.Column("tariff_category", sa.ARRAY(sa.Text()), nullable=True))
    op.create_check_constraint(
        op.f("ck_products_weight"), "products", "weight_g BETWEEN 1 AND 5000000"
    )
    moments = [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]
    op.create_table(
        "store_economics",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        *moments,
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("regime", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        *(sa.Column(name, sa.Numeric(5, 2), nullable=True) for name in RATES),
        *(
            sa.Column(name, sa.Boolean(), server_default=sa.text(value), nullable=False)
            for name, value in FLAGS
        ),
        sa.Column("delivery", sa.String(), server_default="city", nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False)
            for name in SUMS
        ),
        sa.Column("weight_g", sa.Integer(), nullable=True),
        sa.Column("category", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column(
            "categories",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        *(
            sa.Column(name, sa.Numeric(5, 2), server_default=sa.text("0"), nullable=False)
            for name in SHARES
        ),
        sa.Column(
            "agreed_figures", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.CheckConstraint(REGIMES, name=op.f("ck_store_economics_regime_known")),
        sa.CheckConstraint(DELIVERIES, name=op.f("ck_store_economics_delivery_known")),
        sa.CheckConstraint(
            "weight_g BETWEEN 1 AND 5000000", name=op.f("ck_store_economics_weight")
        ),
        sa.CheckConstraint(
            "least(own_delivery, packaging, other, advertising) >= 0",
            name=op.f("ck_store_economics_sums_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_store_economics_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_economics")),
        sa.UniqueConstraint("store_id", name=op.f("uq_store_economics_store_id")),
    )
    op.execute(
        "CREATE TRIGGER store_economics_updated_at BEFORE UPDATE ON store_economics"
        " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("store_economics")
    op.drop_constraint(op.f("ck_products_weight"), "products")
    op.drop_column("products", "tariff_category")
    op.drop_column("products", "weight_g")
