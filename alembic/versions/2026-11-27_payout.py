"""Kaspi's payout reports: files, lines, differences, remembered columns.

Revision: 2026_11_27_payout, after 2026_11_27_calc
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_payout"
down_revision = "2026_11_27_calc"
branch_labels = None
depends_on = None

TABLES = ("payout_reports", "payout_lines", "payout_differences", "payout_layouts")
STATUSES = "status IN ('reading', 'columns', 'matching', 'ready', 'refused')"
OPERATIONS = "operation IN ('purchase', 'return', 'other')"
KINDS = (
    "kind IN ('commission_higher', 'commission_lower', 'delivery', 'amount', 'line_sum',"
    " 'missing', 'awaited', 'unknown_order', 'other_charge', 'twice', 'cancelled_paid',"
    " 'return_missing', 'return_unexpected', 'total', 'currency', 'date', 'unreadable')"
)


def _text(name: str, *, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.String(), server_default=default, nullable=False)


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _sum(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _flag(name: str, *, default: str = "false") -> sa.Column:
    return sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)


def _json(name: str, *, default: str | None = None) -> sa.Column:
    value = None if default is None else sa.text(f"'{default}'")
    return sa.Column(name, postgresql.JSONB(), server_default=value, nullable=False)


def _instant(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _create(table: str, owner: str, *parts: sa.Column | sa.Constraint) -> None:
    column = "store_id" if owner == "kaspi_stores" else "report_id"
    moments = [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        *moments,
        sa.Column(column, sa.Uuid(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(
            [column], [f"{owner}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.execute(
        f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION update_updated_at_column()"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _reports()
    _lines()
    _differences()
    _create(
        "payout_layouts",
        "kaspi_stores",
        _json("columns"),
        sa.UniqueConstraint("store_id", name=op.f("uq_payout_layouts_store_id")),
    )


def _reports() -> None:
    _create(
        "payout_reports",
        "kaspi_stores",
        _text("file_name", default=None),
        sa.Column("file_hash", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        _text("status", default=None),
        _text("note"),
        _json("columns", default="{}"),
        _json("headings", default="[]"),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        _sum("stated_total", nullable=True),
        _flag("is_total_net", default="true"),
        _count("total"),
        _count("done"),
        _instant("matched_at"),
        sa.CheckConstraint(STATUSES, name=op.f("ck_payout_reports_status_known")),
        sa.UniqueConstraint(
            "store_id", "file_hash", name=op.f("uq_payout_reports_store_id_file_hash")
        ),
    )
    op.create_index("ix_payout_reports_period", "payout_reports", ["store_id", "period_to"])


def _lines() -> None:
    _create(
        "payout_lines",
        "payout_reports",
        sa.Column("number", sa.Integer(), nullable=False),
        _text("order_code", default=None),
        _text("operation", default=None),
        sa.Column("operated_on", sa.Date(), nullable=True),
        *(_sum(name) for name in ("gross", "commission", "kaspi_pay", "delivery", "bonus")),
        _sum("net", nullable=True),
        *(_text(name) for name in ("currency", "document", "details", "trouble")),
        _json("raw"),
        _sum("expected_commission", nullable=True),
        _sum("expected_delivery", nullable=True),
        _flag("is_estimate"),
        _flag("is_fine"),
        sa.CheckConstraint(OPERATIONS, name=op.f("ck_payout_lines_operation_known")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_payout_lines_report_id_number")),
    )
    op.create_index("ix_payout_lines_order", "payout_lines", ["report_id", "order_code", "number"])
    op.create_index("ix_payout_lines_code", "payout_lines", ["order_code"])


def _differences() -> None:
    _create(
        "payout_differences",
        "payout_reports",
        _text("kind", default=None),
        _text("subject", default=None),
        _count("number"),
        _text("order_code", default=None),
        _sum("ours", nullable=True),
        _sum("theirs", nullable=True),
        _sum("amount"),
        _flag("is_estimate"),
        _json("facts"),
        _instant("resolved_at"),
        _text("note"),
        sa.CheckConstraint(KINDS, name=op.f("ck_payout_differences_kind_known")),
        sa.UniqueConstraint(
            "report_id",
            "kind",
            "subject",
            name=op.f("uq_payout_differences_report_id_kind_subject"),
        ),
    )
    op.create_index(
        "ix_payout_differences_kind", "payout_differences", ["report_id", "kind", "number"]
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
