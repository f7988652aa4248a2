"""Orders of stores, their items and history, and where the reading of each store stands.

Revision: 2026_11_27_orders, after 2026_11_27_unit
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "2026_11_27_orders"
down_revision = "2026_11_27_unit"
branch_labels = None
depends_on = None

TABLES = ("orders", "order_items", "order_status_history", "orders_polls")
STATUSES = (
    "'APPROVED', 'ACCEPTED_BY_MERCHANT', 'DELIVERY', 'DELIVERED', 'COMPLETED', 'CANCELLED',"
    " 'RETURNED', 'UNKNOWN'"
)
SOURCES = "'api', 'cabinet'"
STEPS = "'first', 'forward', 'backward', 'unclear'"
PROBLEMS = "'token', 'signed_out', 'no_right', 'silent', 'crowded', 'changed'"
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_orders()
    _create_items()
    _create_history()
    _create_polls()
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_orders() -> None:
    op.create_table(
        "orders",
        *_row(),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        _word("kaspi_order_code", is_needed=True),
        _word("kaspi_order_id"),
        _word("status", is_needed=True),
        _word("previous_status"),
        _moment("status_changed_at", is_needed=True),
        _word("kaspi_state", is_needed=True),
        _word("kaspi_status", is_needed=True),
        _flag("is_clear", "true"),
        _word("source", is_needed=True),
        sa.Column("total_price", sa.BigInteger(), nullable=False),
        sa.Column("delivery_cost", sa.BigInteger(), nullable=True),
        sa.Column("seller_delivery_cost", sa.BigInteger(), nullable=True),
        _word("payment_mode"),
        sa.Column("credit_term", sa.Integer(), nullable=True),
        _word("delivery_mode"),
        sa.Column("is_kaspi_delivery", sa.Boolean(), nullable=True),
        *(
            _flag(f"is_{name}", "false")
            for name in ("express", "pre_order", "assembled", "signature_required")
        ),
        _word("pickup_point_id"),
        _word("city_name"),
        _word("delivery_address"),
        _word("customer_name"),
        _word("customer_phone"),
        sa.Column("customer_phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column(
            "customer_name_hashes",
            ARRAY(sa.LargeBinary()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        _word("cancellation_reason"),
        _word("waybill_url"),
        _word("waybill_number"),
        _moment("ordered_at", is_needed=True),
        *(_moment(f"{name}_at") for name in ("approved", "planned_delivery")),
        _moment("reserved_until"),
        *(
            _moment(f"{name}_at")
            for name in (
                "courier_planned",
                "accepted",
                "handed_over",
                "delivered",
                "completed",
                "cancelled",
                "returned",
            )
        ),
        _moment("seen_at", is_needed=True),
        _moment("missing_since"),
        *(
            _moment(f"wa_{name}_sent_at")
            for name in ("approved", "shipped", "delivered", "completed", "review")
        ),
        _known("orders", "status", STATUSES),
        _known("orders", "previous_status", STATUSES),
        _known("orders", "source", SOURCES),
        sa.CheckConstraint("total_price >= 0", name=op.f("ck_orders_total_price")),
        _of("orders", "store_id", "kaspi_stores"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint(
            "store_id", "kaspi_order_code", name=op.f("uq_orders_store_id_kaspi_order_code")
        ),
        sa.UniqueConstraint(
            "store_id", "kaspi_order_id", name=op.f("uq_orders_store_id_kaspi_order_id")
        ),
    )
    _index_orders()


def _index_orders() -> None:
    newest = sa.text("ordered_at DESC")
    op.create_index("ix_orders_list", "orders", ["store_id", newest, "id"])
    op.create_index("ix_orders_status", "orders", ["store_id", "status", newest])
    op.create_index(
        "ix_orders_completed",
        "orders",
        ["store_id", "completed_at"],
        postgresql_where=sa.text("completed_at IS NOT NULL"),
    )
    op.create_index("ix_orders_created", "orders", [sa.text("created_at DESC")])
    op.create_index(
        "ix_orders_code",
        "orders",
        ["kaspi_order_code"],
        postgresql_ops={"kaspi_order_code": "text_pattern_ops"},
    )
    op.create_index("ix_orders_phone", "orders", ["customer_phone_hash"])
    op.create_index("ix_orders_name", "orders", ["customer_name_hashes"], postgresql_using="gin")
    op.create_index(
        "ix_orders_unclear", "orders", ["store_id"], postgresql_where=sa.text("NOT is_clear")
    )


def _create_items() -> None:
    op.create_table(
        "order_items",
        *_row(),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("entry_number", sa.Integer(), nullable=False),
        _word("kaspi_entry_id"),
        _word("sku"),
        _word("card_id"),
        _word("name", is_needed=True),
        _word("category_code"),
        _word("category_name"),
        _word("unit_type"),
        sa.Column("quantity", sa.Numeric(12, 3), nullable=False),
        sa.Column("base_price", sa.BigInteger(), nullable=True),
        sa.Column("total_price", sa.BigInteger(), nullable=False),
        sa.Column("delivery_cost", sa.BigInteger(), nullable=True),
        sa.Column("weight", sa.Numeric(12, 3), nullable=True),
        _flag("is_imei_required", "false"),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_order_items_quantity")),
        sa.CheckConstraint("total_price >= 0", name=op.f("ck_order_items_total_price")),
        _of("order_items", "order_id", "orders"),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_order_items_product_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_items")),
        sa.UniqueConstraint(
            "order_id", "entry_number", name=op.f("uq_order_items_order_id_entry_number")
        ),
    )
    op.create_index("ix_order_items_product", "order_items", ["product_id"])


def _create_history() -> None:
    table = "order_status_history"
    op.create_table(
        table,
        *_row(),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        _word("old_status"),
        _word("new_status", is_needed=True),
        _word("step", is_needed=True),
        _word("kaspi_state", is_needed=True),
        _word("kaspi_status", is_needed=True),
        _word("source", is_needed=True),
        _moment("changed_at", is_needed=True),
        _moment("seen_at", is_needed=True),
        _known(table, "old_status", STATUSES),
        _known(table, "new_status", STATUSES),
        _known(table, "step", STEPS),
        _known(table, "source", SOURCES),
        _of(table, "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_order_status_history_order", table, ["order_id", "changed_at"])


def _create_polls() -> None:
    table = "orders_polls"
    op.create_table(
        table,
        *_row(),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column(
            "shard_key",
            sa.SmallInteger(),
            sa.Computed("hashtext(store_id::text) & 1023", persisted=True),
            nullable=False,
        ),
        _moment("next_poll_at", is_needed=True),
        _moment("claimed_until"),
        _word("source"),
        _moment("polled_at"),
        _moment("swept_at"),
        sa.Column("orders_seen", sa.Integer(), nullable=True),
        *(_moment(f"import_{name}") for name in ("since", "cursor", "started_at", "finished_at")),
        sa.Column("imported", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _word("problem"),
        _moment("problem_since"),
        _known(table, "source", SOURCES),
        _known(table, "problem", PROBLEMS),
        sa.CheckConstraint("failures >= 0 AND imported >= 0", name=op.f(f"ck_{table}_progress")),
        _of(table, "store_id", "kaspi_stores"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("store_id", name=op.f(f"uq_{table}_store_id")),
    )
    op.create_index("ix_orders_polls_due", table, ["shard_key", "next_poll_at"])


def _row() -> list[sa.Column]:
    now = sa.text("now()")
    return [
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=now, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=now, nullable=False),
    ]


def _word(name: str, *, is_needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=not is_needed)


def _moment(name: str, *, is_needed: bool = False) -> sa.Column:
    return sa.Column(name, INSTANT, nullable=not is_needed)


def _flag(name: str, default: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)


def _known(table: str, column: str, values: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({values})", name=op.f(f"ck_{table}_{column}_known"))


def _of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )
