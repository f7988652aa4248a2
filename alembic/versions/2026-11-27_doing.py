"""What sellers do with orders, and the waybills they print.

Revision: 2026_11_27_doing, after 2026_11_27_econ
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_doing"
down_revision = "2026_11_27_tries"
branch_labels = None
depends_on = None

TABLES = ("order_actions", "waybill_prints")
KINDS = "kind IN ('accept', 'assemble', 'send_code', 'complete', 'cancel', 'reduce')"
STATUSES = "status IN ('requested', 'sent', 'unknown', 'confirmed', 'refused', 'dropped')"
REFUSALS = (
    "refusal IN ('wrong_code', 'code_spent', 'code_unsure', 'cancelled', 'completed', 'unsigned',"
    " 'moved_on', 'no_token', 'no_right', 'unreachable', 'not_done', 'other')"
)
OPEN = sa.text("status IN ('requested', 'sent', 'unknown')")
LAYOUTS = "layout IN ('a4_1', 'a4_2', 'a4_4', 'thermal')"
PRINTS = "status IN ('making', 'ready', 'failed')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _actions()
    _prints()
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)


def _actions() -> None:
    table = "order_actions"
    op.create_table(
        table,
        *_row(),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        _word("kind", is_needed=True),
        _word("status", is_needed=True),
        sa.Column("spaces", sa.Integer(), nullable=True),
        _word("reason"),
        _text("comment"),
        sa.Column("entry_number", sa.Integer(), nullable=True),
        sa.Column("remained", sa.Numeric(12, 3), nullable=True),
        _word("code"),
        _moment("asked_at", is_needed=True),
        _moment("next_try_at", is_needed=True),
        _moment("claimed_until"),
        _count("attempts"),
        _count("failures"),
        _moment("sent_at"),
        _moment("done_at"),
        _word("refusal"),
        _text("said"),
        _known(table, "kind", KINDS),
        _known(table, "status", STATUSES),
        _known(table, "refusal", REFUSALS),
        sa.CheckConstraint("spaces > 0", name=op.f("ck_order_actions_spaces")),
        sa.CheckConstraint("remained >= 0", name=op.f("ck_order_actions_remained")),
        _of(table, "store_id", "kaspi_stores"),
        _of(table, "order_id", "orders"),
        _of(table, "asked_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_actions")),
    )
    op.create_index(
        "uq_order_actions_open", table, ["order_id"], unique=True, postgresql_where=OPEN
    )
    op.create_index("ix_order_actions_due", table, ["next_try_at"], postgresql_where=OPEN)
    op.create_index("ix_order_actions_order", table, ["order_id", sa.text("asked_at DESC")])
    op.create_index("ix_order_actions_batch", table, ["batch_id"])


def _prints() -> None:
    table = "waybill_prints"
    op.create_table(
        table,
        *_row(),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        _word("layout", is_needed=True),
        _word("status", is_needed=True),
        _json("order_ids"),
        sa.Column("total", sa.Integer(), nullable=False),
        _count("fetched"),
        _json("missing"),
        _count("pages"),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        _moment("ready_at"),
        _moment("expires_at"),
        _known(table, "layout", LAYOUTS),
        _known(table, "status", PRINTS),
        _of(table, "owner_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waybill_prints")),
    )
    op.create_index("ix_waybill_prints_owner", table, ["owner_id", sa.text("created_at DESC")])


def _row() -> list[sa.Column]:
    moments = [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]
    key = sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    return [key, *moments]


def _word(name: str, *, is_needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=not is_needed)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), server_default="", nullable=False)


def _moment(name: str, *, is_needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not is_needed)


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _json(name: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), nullable=False)


def _known(table: str, column: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{column}_known"))


def _of(table: str, column: str, other: str, rule: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=rule
    )
