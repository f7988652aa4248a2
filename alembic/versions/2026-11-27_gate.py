"""WhatsApp: numbers, people, texts, messages and the queue of the send gate.

Revision: 2026_11_27_gate, after 2026_11_27_econ
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_gate"
down_revision = "2026_11_27_doing"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TABLES = (
    "whatsapp_settings",
    "whatsapp_sessions",
    "whatsapp_stores",
    "whatsapp_rules",
    "whatsapp_templates",
    "whatsapp_contacts",
    "whatsapp_messages",
    "scheduled_messages",
    "whatsapp_days",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "whatsapp_settings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("consented_at", INSTANT, nullable=True),
        sa.Column("consent_version", sa.String(), server_default="", nullable=False),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_whatsapp_settings_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_settings")),
        sa.UniqueConstraint("user_id", name=op.f("uq_whatsapp_settings_user_id")),
    )
    op.create_table(
        "whatsapp_sessions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label", sa.String(), server_default="", nullable=False),
        sa.Column(
            "shard_key",
            sa.SmallInteger(),
            sa.Computed("hashtext(id::text) & 1023", persisted=True),
            nullable=False,
        ),
        sa.Column("status", sa.String(), server_default="STOPPED", nullable=False),
        sa.Column("status_at", INSTANT, nullable=True),
        sa.Column("engine", sa.String(), server_default="", nullable=False),
        sa.Column("hmac_key", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("push_name", sa.String(), server_default="", nullable=False),
        sa.Column("lid", sa.String(), nullable=True),
        sa.Column("linked_at", INSTANT, nullable=True),
        sa.Column("working_at", INSTANT, nullable=True),
        sa.Column("away_since", INSTANT, nullable=True),
        sa.Column("paused_at", INSTANT, nullable=True),
        sa.Column("pause_reason", sa.String(), nullable=True),
        sa.Column("paused_until", INSTANT, nullable=True),
        sa.Column("capping", sa.String(), nullable=True),
        sa.Column("quota_total", sa.Integer(), nullable=True),
        sa.Column("quota_used", sa.Integer(), nullable=True),
        sa.Column("quota_ends_at", INSTANT, nullable=True),
        sa.Column("capping_at", INSTANT, nullable=True),
        sa.Column("refusals", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("in_use_since", sa.Date(), nullable=True),
        sa.Column("is_warm", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("daily_limit", sa.Integer(), server_default=sa.text("100"), nullable=False),
        sa.Column("quiet_start", sa.Time(), server_default="21:00", nullable=False),
        sa.Column("quiet_end", sa.Time(), server_default="09:00", nullable=False),
        sa.Column("free_at", INSTANT, nullable=True),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "pause_reason IN ('seller', 'failed', 'capped', 'timelock', 'refused', 'outage')",
            name=op.f("ck_whatsapp_sessions_pause_reason_known"),
        ),
        sa.CheckConstraint(
            "daily_limit BETWEEN 1 AND 100", name=op.f("ck_whatsapp_sessions_daily_limit")
        ),
        sa.CheckConstraint(
            "quiet_start <> quiet_end", name=op.f("ck_whatsapp_sessions_quiet_hours")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_whatsapp_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_sessions")),
        sa.UniqueConstraint("name", name=op.f("uq_whatsapp_sessions_name")),
    )
    op.create_index(
        "ix_whatsapp_sessions_due",
        "whatsapp_sessions",
        ["shard_key", "next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_whatsapp_sessions_user_id"), "whatsapp_sessions", ["user_id"], unique=False
    )
    op.create_table(
        "whatsapp_stores",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("is_enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("language", sa.String(), server_default="ru", nullable=False),
        sa.CheckConstraint(
            "language IN ('ru', 'kk')", name=op.f("ck_whatsapp_stores_language_known")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["whatsapp_sessions.id"],
            name=op.f("fk_whatsapp_stores_session_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_whatsapp_stores_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_stores")),
        sa.UniqueConstraint("store_id", name=op.f("uq_whatsapp_stores_store_id")),
    )
    op.create_index(
        op.f("ix_whatsapp_stores_session_id"), "whatsapp_stores", ["session_id"], unique=False
    )
    op.create_table(
        "whatsapp_rules",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("trigger_event", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("delay_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "trigger_event IN ('order_approved', 'order_shipped', 'order_delivered', 'order_completed', 'review_request', 'review_bonus')",
            name=op.f("ck_whatsapp_rules_trigger_event_known"),
        ),
        sa.CheckConstraint(
            "delay_minutes BETWEEN 0 AND 43200", name=op.f("ck_whatsapp_rules_delay")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_whatsapp_rules_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_rules")),
        sa.UniqueConstraint(
            "store_id", "trigger_event", name=op.f("uq_whatsapp_rules_store_id_trigger_event")
        ),
    )
    op.create_table(
        "whatsapp_templates",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("trigger_event", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.CheckConstraint(
            "language IN ('ru', 'kk')", name=op.f("ck_whatsapp_templates_language_known")
        ),
        sa.CheckConstraint(
            "trigger_event IN ('order_approved', 'order_shipped', 'order_delivered', 'order_completed', 'review_request', 'review_bonus')",
            name=op.f("ck_whatsapp_templates_trigger_event_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_whatsapp_templates_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_templates")),
        sa.UniqueConstraint(
            "user_id",
            "trigger_event",
            "language",
            name=op.f("uq_whatsapp_templates_user_id_trigger_event_language"),
        ),
    )
    op.create_table(
        "whatsapp_contacts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("lid", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("chat_id", sa.String(), nullable=True),
        sa.Column("is_on_whatsapp", sa.Boolean(), nullable=True),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("opted_out_at", INSTANT, nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("heard_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "language IN ('ru', 'kk')", name=op.f("ck_whatsapp_contacts_language_known")
        ),
        sa.CheckConstraint(
            "num_nonnulls(phone_hash, lid) > 0", name=op.f("ck_whatsapp_contacts_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_whatsapp_contacts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_contacts")),
        sa.UniqueConstraint("user_id", "lid", name=op.f("uq_whatsapp_contacts_user_id_lid")),
        sa.UniqueConstraint(
            "user_id", "phone_hash", name=op.f("uq_whatsapp_contacts_user_id_phone_hash")
        ),
    )
    op.create_table(
        "whatsapp_messages",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("order_code", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("trigger_event", sa.String(), nullable=True),
        sa.Column("is_outgoing", sa.Boolean(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column(
            "media", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("short_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("happened_at", INSTANT, nullable=False),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('test', 'reply', 'order', 'review', 'salesman', 'broadcast')",
            name=op.f("ck_whatsapp_messages_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('sending', 'unknown', 'failed', 'sent', 'delivered', 'read', 'received')",
            name=op.f("ck_whatsapp_messages_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["whatsapp_contacts.id"],
            name=op.f("fk_whatsapp_messages_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_whatsapp_messages_order_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["whatsapp_sessions.id"],
            name=op.f("fk_whatsapp_messages_session_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_whatsapp_messages_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_messages")),
        sa.UniqueConstraint(
            "session_id", "short_id", name=op.f("uq_whatsapp_messages_session_id_short_id")
        ),
    )
    op.create_index(
        "ix_whatsapp_messages_created",
        "whatsapp_messages",
        [sa.literal_column("created_at DESC")],
        unique=False,
    )
    op.create_index("ix_whatsapp_messages_order", "whatsapp_messages", ["order_id"], unique=False)
    op.create_index(
        "ix_whatsapp_messages_thread",
        "whatsapp_messages",
        ["contact_id", sa.literal_column("happened_at DESC")],
        unique=False,
    )
    op.create_index(
        op.f("ix_whatsapp_messages_user_id"), "whatsapp_messages", ["user_id"], unique=False
    )
    op.create_table(
        "scheduled_messages",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("order_code", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("trigger_event", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("scheduled_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("status", sa.String(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("text_hash", sa.LargeBinary(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("begun_at", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('test', 'reply', 'order', 'review', 'salesman', 'broadcast')",
            name=op.f("ck_scheduled_messages_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'sending', 'sent', 'unknown', 'failed', 'dropped')",
            name=op.f("ck_scheduled_messages_status_known"),
        ),
        sa.CheckConstraint(
            "trigger_event IN ('order_approved', 'order_shipped', 'order_delivered', 'order_completed', 'review_request', 'review_bonus')",
            name=op.f("ck_scheduled_messages_trigger_event_known"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["whatsapp_contacts.id"],
            name=op.f("fk_scheduled_messages_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["whatsapp_messages.id"],
            name=op.f("fk_scheduled_messages_message_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_scheduled_messages_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["whatsapp_sessions.id"],
            name=op.f("fk_scheduled_messages_session_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_scheduled_messages_store_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_scheduled_messages_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_scheduled_messages_message_id")),
        sa.UniqueConstraint(
            "user_id", "dedupe_key", name=op.f("uq_scheduled_messages_user_id_dedupe_key")
        ),
    )
    op.create_index(
        "ix_scheduled_messages_due",
        "scheduled_messages",
        ["session_id", "priority", "scheduled_at"],
        unique=False,
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_index(
        "ix_scheduled_messages_list",
        "scheduled_messages",
        ["user_id", "status", sa.literal_column("scheduled_at DESC"), "id"],
        unique=False,
    )
    op.create_index(
        "ix_scheduled_messages_open",
        "scheduled_messages",
        ["session_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('sending', 'unknown')"),
    )
    op.create_index("ix_scheduled_messages_order", "scheduled_messages", ["order_id"], unique=False)
    op.create_index(
        op.f("ix_scheduled_messages_store_id"), "scheduled_messages", ["store_id"], unique=False
    )
    op.create_index(
        "uq_scheduled_messages_text",
        "scheduled_messages",
        ["contact_id", "text_hash"],
        unique=True,
        postgresql_where=sa.text("text_hash IS NOT NULL"),
    )
    op.create_table(
        "whatsapp_days",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("new_chats", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_days")),
        sa.UniqueConstraint("phone_hash", "day", name=op.f("uq_whatsapp_days_phone_hash_day")),
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
