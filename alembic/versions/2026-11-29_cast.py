"""Broadcasts to a seller's own buyers, and the people of each.

Revision: 2026_11_29_cast, after 2026_11_29_money
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_cast"
down_revision = "2026_11_29_wa6"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STATUSES = ("draft", "running", "paused", "stopped", "done")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_broadcasts()
    _create_people()
    for table in ("broadcasts", "broadcast_people"):
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def _row() -> tuple[sa.Column, ...]:
    now = sa.text("now()")
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=now, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=now, nullable=False),
    )


def _key(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _create_broadcasts() -> None:
    listed = ", ".join(f"'{word}'" for word in STATUSES)
    op.create_table(
        "broadcasts",
        *_row(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text_ru", sa.String(), server_default="", nullable=False),
        sa.Column("text_kk", sa.String(), server_default="", nullable=False),
        sa.Column("audience", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("status", sa.String(), server_default="draft", nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("consented_at", INSTANT, nullable=True),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("fed_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"status IN ({listed})", name=op.f("ck_broadcasts_status_known")),
        _key("broadcasts", "user_id", "users", "CASCADE"),
        _key("broadcasts", "session_id", "whatsapp_sessions", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    op.create_index(
        "ix_broadcasts_list", "broadcasts", ["user_id", sa.text("written_at DESC"), "id"]
    )
    op.create_index(
        "uq_broadcasts_running",
        "broadcasts",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("status = 'running'"),
    )


def _create_people() -> None:
    table = "broadcast_people"
    op.create_table(
        table,
        *_row(),
        sa.Column("broadcast_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("queued_at", INSTANT, nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        _key(table, "broadcast_id", "broadcasts", "CASCADE"),
        _key(table, "contact_id", "whatsapp_contacts", "CASCADE"),
        _key(table, "order_id", "orders", "SET NULL"),
        _key(table, "message_id", "scheduled_messages", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_people")),
        sa.UniqueConstraint(
            "broadcast_id", "contact_id", name=op.f("uq_broadcast_people_broadcast_id_contact_id")
        ),
    )
    op.create_index(
        "ix_broadcast_people_next",
        table,
        ["broadcast_id", "position"],
        postgresql_where=sa.text("queued_at IS NULL AND reason IS NULL"),
    )
    op.create_index("ix_broadcast_people_contact", table, ["contact_id"])
    op.create_index("ix_broadcast_people_message", table, ["message_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("broadcast_people")
    op.drop_table("broadcasts")
