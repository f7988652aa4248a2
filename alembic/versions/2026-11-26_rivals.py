"""Price wars, moves of sellers between looks, profiles of rivals.

Revision: 2026_11_26_rivals, after 2026_11_26_parking
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_26_rivals"
down_revision = "2026_11_26_parking"
branch_labels = None
depends_on = None

TABLES = ("price_wars", "market_looks", "market_moves", "store_rivals")


def _instant(name: str, *, nullable: bool = False, is_now: bool = False) -> sa.Column:
    default = sa.text("now()") if is_now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def _row() -> list[sa.Column]:
    key = sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    return [key, _instant("created_at", is_now=True), _instant("updated_at", is_now=True)]


def _text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=nullable)


def _int(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _tiyn(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _belongs(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("kaspi_stores", _instant("rivals_counted_at", nullable=True))
    op.create_table(
        "price_wars",
        *_row(),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        _text("city_id"),
        _text("rival_id"),
        _text("rival_name"),
        _int("falls"),
        _instant("began_at"),
        _instant("called_at"),
        _instant("ends_at"),
        _text("end_reason", nullable=True),
        _tiyn("start_price"),
        _tiyn("rest_price"),
        _tiyn("lowest_price"),
        _tiyn("cost"),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "end_reason IN ('rival_gone', 'by_seller')",
            name=op.f("ck_price_wars_end_reason_known"),
        ),
        _belongs("price_wars", "product_id", "products"),
        _belongs("price_wars", "store_id", "kaspi_stores"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_wars")),
        sa.UniqueConstraint(
            "product_id",
            "city_id",
            "called_at",
            name=op.f("uq_price_wars_product_id_city_id_called_at"),
        ),
    )
    op.create_index("ix_price_wars_store", "price_wars", ["store_id", "ends_at"])
    op.create_table(
        "market_looks",
        _text("card"),
        _text("city_id"),
        _instant("seen_at"),
        sa.Column("prices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _instant("updated_at", is_now=True),
        sa.PrimaryKeyConstraint("card", "city_id", name=op.f("pk_market_looks")),
    )
    op.create_table(
        "market_moves",
        _text("card"),
        _text("city_id"),
        _instant("seen_at"),
        _text("merchant_id"),
        _text("name"),
        _instant("seen_after", nullable=True),
        _tiyn("old_price", nullable=True),
        _tiyn("new_price", nullable=True),
        _instant("updated_at", is_now=True),
        sa.PrimaryKeyConstraint(
            "card", "city_id", "seen_at", "merchant_id", name=op.f("pk_market_moves")
        ),
    )
    op.create_index("ix_market_moves_seen", "market_moves", ["seen_at"], postgresql_using="brin")
    op.create_table(
        "store_rivals",
        *_row(),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        _text("merchant_id"),
        _text("name"),
        _int("goods"),
        _int("ahead_percent", nullable=True),
        _int("chances"),
        _int("answers"),
        _int("answer_percent", nullable=True),
        _tiyn("delay_seconds", nullable=True),
        _int("deepest_percent", nullable=True),
        _int("moves"),
        _text("behaviour"),
        sa.Column(
            "profile",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        _instant("counted_at"),
        _belongs("store_rivals", "store_id", "kaspi_stores"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_rivals")),
        sa.UniqueConstraint(
            "store_id", "merchant_id", name=op.f("uq_store_rivals_store_id_merchant_id")
        ),
    )
    # A look is written over and over: room on the page keeps the updates in place.
    op.execute("ALTER TABLE market_looks SET (fillfactor = 70)")
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("kaspi_stores", "rivals_counted_at")
