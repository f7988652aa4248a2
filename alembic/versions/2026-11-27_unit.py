"""What goods were bought for: batches that came in, pieces that went out.

Revision: 2026_11_27_unit, after 2026_11_27_rates
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_unit"
down_revision = "2026_11_27_rates"
branch_labels = None
depends_on = None

TABLES = ("cost_batches", "cost_issues")
METHODS = "cost_method IN ('manual', 'fifo', 'average')"
REASONS = "reason IN ('sale', 'write_off', 'supplier_return')"


def _movements(table: str, day: str, *own: sa.Column | sa.CheckConstraint) -> None:
    moments = [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        *moments,
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column(day, sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        *own,
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f(f"ck_{table}_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f(f"fk_{table}_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_product", table, ["product_id", day])
    op.execute(
        f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION update_updated_at_column()"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "products", sa.Column("cost_method", sa.String(), server_default="manual", nullable=False)
    )
    op.create_check_constraint(op.f("ck_products_cost_method_known"), "products", METHODS)
    _movements(
        "cost_batches",
        "bought_on",
        sa.Column("unit_cost", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("unit_cost >= 0", name=op.f("ck_cost_batches_unit_cost")),
    )
    _movements(
        "cost_issues",
        "issued_on",
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(REASONS, name=op.f("ck_cost_issues_reason_known")),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_products_cost_method_known"), "products")
    op.drop_column("products", "cost_method")
