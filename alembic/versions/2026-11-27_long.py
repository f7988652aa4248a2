"""A file of goods is of a kind: terms, or batches with the way they make costs.

Revision: 2026_11_27_long, after 2026_11_27_orders
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_long"
down_revision = "2026_11_27_orders"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("kind", "terms", "kind IN ('terms', 'batches')"),
    ("cost_method", "manual", "cost_method IN ('manual', 'fifo', 'average')"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, usual, known in _COLUMNS:
        op.add_column(
            "goods_imports", sa.Column(name, sa.String(), server_default=usual, nullable=False)
        )
        op.create_check_constraint(op.f(f"ck_goods_imports_{name}_known"), "goods_imports", known)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, _, _ in reversed(_COLUMNS):
        op.drop_constraint(op.f(f"ck_goods_imports_{name}_known"), "goods_imports", type_="check")
        op.drop_column("goods_imports", name)
