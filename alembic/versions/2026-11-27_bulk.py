"""Files with terms of goods that sellers send, and their rows.

Revision: 2026_11_27_bulk, after 2026_11_26_worth
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_bulk"
down_revision = "2026_11_27_desk"
branch_labels = None
depends_on = None

STATUSES = "reading ready applying applied undoing undone refused cancelled"
VERDICTS = "change same refused"


def _common() -> list[sa.Column]:
    moments = [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]
    key = sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    return [key, *moments]


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), server_default="", nullable=False)


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _one_of(column: str, words: str, table: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}_known"))


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "goods_imports",
        *_common(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("status", sa.String(), nullable=False),
        _text("note"),
        *(_count(name) for name in ("total", "done", "changed", "same", "refused", "kept")),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        _one_of("status", STATUSES, "goods_imports"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_goods_imports_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_imports")),
    )
    op.create_index(
        "ix_goods_imports_user", "goods_imports", ["user_id", sa.literal_column("created_at DESC")]
    )
    op.create_table(
        "goods_import_rows",
        *_common(),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("product_id", sa.Uuid()),
        sa.Column("verdict", sa.String(), nullable=False),
        _text("reason"),
        sa.Column("old", postgresql.JSONB(), nullable=False),
        sa.Column("new", postgresql.JSONB(), nullable=False),
        _one_of("verdict", VERDICTS, "goods_import_rows"),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["goods_imports.id"],
            name=op.f("fk_goods_import_rows_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_goods_import_rows_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_import_rows")),
        sa.UniqueConstraint(
            "import_id", "number", name=op.f("uq_goods_import_rows_import_id_number")
        ),
    )
    op.create_index(op.f("ix_goods_import_rows_product_id"), "goods_import_rows", ["product_id"])
    for table in ("goods_imports", "goods_import_rows"):
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("goods_import_rows")
    op.drop_table("goods_imports")
