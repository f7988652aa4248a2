"""The chase: pulses of cards, habits of rivals, the tempo, and what the census counts.

Revision: 2026_11_26_chase, after 2026_11_22_core
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_26_chase"
down_revision = "2026_11_22_core"
branch_labels = None
depends_on = None

TABLES = ("card_pulses", "look_tempo", "rival_habits")


def _moment(name: str) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _reals(name: str) -> sa.Column:
    return sa.Column(name, postgresql.ARRAY(sa.REAL()), nullable=False)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "card_pulses",
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("city_id", sa.String(), nullable=False),
        _reals("levels"),
        _reals("moves"),
        _reals("watched"),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True)),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("card", "city_id", name=op.f("pk_card_pulses")),
    )
    op.create_table(
        "rival_habits",
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("tried", sa.REAL(), server_default=sa.text("0"), nullable=False),
        sa.Column("together", sa.REAL(), server_default=sa.text("0"), nullable=False),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("merchant_id", name=op.f("pk_rival_habits")),
    )
    op.create_table(
        "look_tempo",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tempo", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_tempo")),
        sa.UniqueConstraint("name", name=op.f("uq_look_tempo_name")),
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION update_updated_at_column()"
        )
    op.add_column("products", sa.Column("competitor_id", sa.String()))
    op.add_column("products", sa.Column("pace", sa.SmallInteger()))
    op.add_column(
        "products", sa.Column("look_share", sa.REAL(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column("products", sa.Column("looked_for", sa.String()))
    op.create_index(
        "ix_products_rival",
        "products",
        ["competitor_id"],
        postgresql_where=sa.text("bot_active"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_products_rival", table_name="products")
    for column in ("looked_for", "look_share", "pace", "competitor_id"):
        op.drop_column("products", column)
    for table in TABLES:
        op.drop_table(table)
