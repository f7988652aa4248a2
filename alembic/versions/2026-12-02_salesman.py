"""The AI salesman: a store's switch and his messages.

Revision: 2026_12_02_salesman, after 2026_12_01_ai
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_02_salesman"
down_revision = "2026_12_01_ai"
branch_labels = None
depends_on = None

TABLES = ("ai_salesman_settings", "ai_salesman_messages")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "ai_salesman_settings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("mode", sa.String(), server_default="approve", nullable=False),
        sa.Column(
            "triggers",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{new_order,repeat_customer,review_request}'"),
            nullable=False,
        ),
        sa.Column(
            "holdout_percent", sa.SmallInteger(), server_default=sa.text("10"), nullable=False
        ),
        sa.CheckConstraint(
            "mode IN ('approve', 'auto')", name=op.f("ck_ai_salesman_settings_mode_known")
        ),
        sa.CheckConstraint(
            "holdout_percent BETWEEN 0 AND 50", name=op.f("ck_ai_salesman_settings_holdout_percent")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_ai_salesman_settings_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_salesman_settings")),
        sa.UniqueConstraint("store_id", name=op.f("uq_ai_salesman_settings_store_id")),
    )
    op.create_table(
        "ai_salesman_messages",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("template", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("skus", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "prices", sa.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "discount_percent", sa.SmallInteger(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queue_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('planned', 'held_out', 'waiting', 'queued', 'rejected', 'handed_over', 'skipped', 'declined')",
            name=op.f("ck_ai_salesman_messages_status_known"),
        ),
        sa.CheckConstraint(
            "trigger IN ('new_order', 'repeat_customer', 'review_request', 'reply')",
            name=op.f("ck_ai_salesman_messages_trigger_known"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["whatsapp_contacts.id"],
            name=op.f("fk_ai_salesman_messages_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_ai_salesman_messages_order_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["queue_id"],
            ["scheduled_messages.id"],
            name=op.f("fk_ai_salesman_messages_queue_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_ai_salesman_messages_store_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_ai_salesman_messages_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_salesman_messages")),
        sa.UniqueConstraint("queue_id", name=op.f("uq_ai_salesman_messages_queue_id")),
        sa.UniqueConstraint(
            "user_id", "dedupe_key", name=op.f("uq_ai_salesman_messages_user_id_dedupe_key")
        ),
    )
    op.create_index(
        "ix_ai_salesman_messages_contact",
        "ai_salesman_messages",
        ["contact_id", sa.literal_column("created_at DESC")],
        unique=False,
    )
    op.create_index(
        "ix_ai_salesman_messages_list",
        "ai_salesman_messages",
        ["user_id", "status", sa.literal_column("created_at DESC"), "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ai_salesman_messages_order_id"), "ai_salesman_messages", ["order_id"], unique=False
    )
    op.create_index(
        "ix_ai_salesman_messages_store_day",
        "ai_salesman_messages",
        ["store_id", "written_at"],
        unique=False,
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("ai_salesman_messages")
    op.drop_table("ai_salesman_settings")
