"""Core tables, subscriptions, outbox, audit, notifications; the `updated_at` trigger on all of them.

Revision: 2026_11_22_core, after nothing
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_core"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "audit_log",
    "demping_settings",
    "kaspi_logins",
    "kaspi_stores",
    "market_snapshots",
    "notifications",
    "outbox",
    "price_history",
    "pricing_memory",
    "product_city_prices",
    "products",
    "proxies",
    "subscriptions",
    "user_sessions",
    "user_tokens",
    "users",
    "worker_heartbeats",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "audit_log",
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
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_entity", "audit_log", ["entity", "entity_id"], unique=False)
    op.create_table(
        "market_snapshots",
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("city_id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("offers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("card", "city_id", "seen_at", name=op.f("pk_market_snapshots")),
        postgresql_partition_by="RANGE (seen_at)",
    )
    op.create_table(
        "outbox",
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
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "next_try_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("topic", "key", name=op.f("uq_outbox_topic_key")),
    )
    op.create_index(
        "ix_outbox_pending",
        "outbox",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "proxies",
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
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.CheckConstraint("port BETWEEN 1 AND 65535", name=op.f("ck_proxies_port")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxies")),
        sa.UniqueConstraint("label", name=op.f("uq_proxies_label")),
    )
    op.create_table(
        "users",
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
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("is_blocked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("referral_code", sa.String(length=8), nullable=False),
        sa.Column("referred_by", sa.Uuid(), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('user', 'admin', 'support')", name=op.f("ck_users_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["referred_by"], ["users.id"], name=op.f("fk_users_referred_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("referral_code", name=op.f("uq_users_referral_code")),
    )
    op.create_index(
        "uq_users_email_lower", "users", [sa.literal_column("lower(email)")], unique=True
    )
    op.create_table(
        "worker_heartbeats",
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
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("instance_index", sa.Integer(), nullable=False),
        sa.Column("instance_count", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pass_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pass_facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_heartbeats")),
        sa.UniqueConstraint(
            "name",
            "instance_index",
            "process",
            name=op.f("uq_worker_heartbeats_name_instance_index_process"),
        ),
    )
    op.create_table(
        "kaspi_stores",
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
        sa.Column("merchant_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column(
            "guid", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("kaspi_email", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("needs_reauth", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reauth_reason", sa.String(), nullable=True),
        sa.Column(
            "orders_polling_enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("home_city_id", sa.String(), nullable=False),
        sa.Column(
            "points",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("sends_blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ai_tone", sa.String(), nullable=True),
        sa.Column("ai_discount_percent", sa.Integer(), nullable=True),
        sa.Column("ai_promo_code", sa.String(), nullable=True),
        sa.Column("ai_review_bonus", sa.String(), nullable=True),
        sa.Column("ai_send_delay_minutes", sa.Integer(), nullable=False),
        sa.Column("ai_max_messages_per_day", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('cabinet', 'feed')", name=op.f("ck_kaspi_stores_channel_known")
        ),
        sa.CheckConstraint(
            "reauth_reason IN ('sms_required', 'invalid_credentials', 'credentials_missing')",
            name=op.f("ck_kaspi_stores_reauth_reason_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_kaspi_stores_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kaspi_stores")),
        sa.UniqueConstraint("merchant_id", name=op.f("uq_kaspi_stores_merchant_id")),
    )
    op.create_index(op.f("ix_kaspi_stores_user_id"), "kaspi_stores", ["user_id"], unique=False)
    op.create_table(
        "subscriptions",
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
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("is_trial", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("current_period_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_period_end", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "plan IN ('free', 'basic', 'pro')", name=op.f("ck_subscriptions_plan_known")
        ),
        sa.CheckConstraint(
            "status IN ('active', 'cancelled', 'expired')",
            name=op.f("ck_subscriptions_status_known"),
        ),
        sa.CheckConstraint(
            "current_period_end > current_period_start", name=op.f("ck_subscriptions_period")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_subscriptions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index(
        "uq_subscriptions_active",
        "subscriptions",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "user_sessions",
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
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("app", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("impersonated_by", sa.Uuid(), nullable=True),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "app IN ('seller', 'admin', 'support', 'partner')",
            name=op.f("ck_user_sessions_app_known"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(user_id, partner_id) = 1", name=op.f("ck_user_sessions_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["impersonated_by"],
            ["users.id"],
            name=op.f("fk_user_sessions_impersonated_by"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
    )
    op.create_index(op.f("ix_user_sessions_user_id"), "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "user_tokens",
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
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('email', 'reset', 'login')", name=op.f("ck_user_tokens_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_tokens_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_tokens_token_hash")),
    )
    op.create_index(op.f("ix_user_tokens_user_id"), "user_tokens", ["user_id"], unique=False)
    op.create_table(
        "demping_settings",
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
        sa.Column("is_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("mode", sa.String(), server_default="suggest", nullable=False),
        sa.Column("price_step", sa.BigInteger(), server_default=sa.text("100"), nullable=False),
        sa.Column(
            "check_interval_minutes", sa.Integer(), server_default=sa.text("15"), nullable=False
        ),
        sa.Column("work_hours_start", sa.Time(), server_default="09:00", nullable=True),
        sa.Column("work_hours_end", sa.Time(), server_default="21:00", nullable=True),
        sa.Column("min_profit", sa.BigInteger(), nullable=True),
        sa.Column(
            "excluded_merchant_ids",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "rival_filters",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "mode IN ('suggest', 'auto')", name=op.f("ck_demping_settings_mode_known")
        ),
        sa.CheckConstraint(
            "check_interval_minutes BETWEEN 1 AND 1440",
            name=op.f("ck_demping_settings_check_interval"),
        ),
        sa.CheckConstraint("min_profit >= 0", name=op.f("ck_demping_settings_min_profit")),
        sa.CheckConstraint(
            "num_nulls(work_hours_start, work_hours_end) IN (0, 2) AND work_hours_start IS DISTINCT FROM work_hours_end OR num_nulls(work_hours_start, work_hours_end) = 2",
            name=op.f("ck_demping_settings_work_hours"),
        ),
        sa.CheckConstraint(
            "price_step > 0 AND price_step % 100 = 0",
            name=op.f("ck_demping_settings_price_step_whole_tenge"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_demping_settings_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demping_settings")),
        sa.UniqueConstraint("store_id", name=op.f("uq_demping_settings_store_id")),
    )
    op.create_table(
        "kaspi_logins",
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
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_kaspi_logins_store_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_kaspi_logins_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kaspi_logins")),
    )
    op.create_index(op.f("ix_kaspi_logins_user_id"), "kaspi_logins", ["user_id"], unique=False)
    op.create_table(
        "notifications",
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
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_notifications_store_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notifications_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint(
            "user_id", "dedupe_key", name=op.f("uq_notifications_user_id_dedupe_key")
        ),
    )
    op.create_table(
        "products",
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
        sa.Column("kaspi_product_id", sa.String(), nullable=False),
        sa.Column("kaspi_sku", sa.String(), nullable=False),
        sa.Column("external_kaspi_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("image_url", sa.String(), nullable=True),
        sa.Column("is_on_sale", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("min_price", sa.BigInteger(), nullable=True),
        sa.Column("max_price", sa.BigInteger(), nullable=True),
        sa.Column("cost_price", sa.BigInteger(), nullable=True),
        sa.Column("base_price", sa.BigInteger(), nullable=True),
        sa.Column("bot_active", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("bot_enabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("price_step_override", sa.BigInteger(), nullable=True),
        sa.Column(
            "demping_strategy",
            sa.String(),
            server_default="standard",
            nullable=False,
        ),
        sa.Column(
            "strategy_params",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "rival_filters",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("delivery_filter", sa.String(), nullable=True),
        sa.Column("big_fall_allowed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terms_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "availabilities",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("pre_order_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("supply_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_priority", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "shard_key",
            sa.SmallInteger(),
            sa.Computed("hashtext(id::text) & 1023", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "next_check_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("last_check_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_reason", sa.String(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("check_failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("offers_count", sa.Integer(), nullable=True),
        sa.Column("competitor_price", sa.BigInteger(), nullable=True),
        sa.Column("competitor_name", sa.String(), nullable=True),
        sa.CheckConstraint(
            "NOT strategy_params ? 'top_n' OR (strategy_params->>'top_n')::int BETWEEN 1 AND 64",
            name=op.f("ck_products_top_n"),
        ),
        sa.CheckConstraint(
            "delivery_filter IN ('today_tomorrow', 'till_3_days', 'till_5_days', 'same_or_faster')",
            name=op.f("ck_products_delivery_filter_known"),
        ),
        sa.CheckConstraint(
            "demping_strategy IN ('standard', 'always_first', 'stay_top_n')",
            name=op.f("ck_products_demping_strategy_known"),
        ),
        sa.CheckConstraint(
            "NOT bot_active OR num_nonnulls(min_price, max_price) > 0",
            name=op.f("ck_products_bot_needs_bound"),
        ),
        sa.CheckConstraint(
            "base_price > 0 AND base_price % 100 = 0",
            name=op.f("ck_products_base_price_whole_tenge"),
        ),
        sa.CheckConstraint("cost_price >= 0", name=op.f("ck_products_cost_price")),
        sa.CheckConstraint(
            "max_price > 0 AND max_price % 100 = 0", name=op.f("ck_products_max_price_whole_tenge")
        ),
        sa.CheckConstraint("min_price <= max_price", name=op.f("ck_products_bounds_in_order")),
        sa.CheckConstraint(
            "min_price > 0 AND min_price % 100 = 0", name=op.f("ck_products_min_price_whole_tenge")
        ),
        sa.CheckConstraint(
            "pre_order_days BETWEEN 0 AND 30", name=op.f("ck_products_pre_order_days")
        ),
        sa.CheckConstraint("price > 0", name=op.f("ck_products_price_positive")),
        sa.CheckConstraint(
            "price_step_override > 0 AND price_step_override % 100 = 0",
            name=op.f("ck_products_price_step_override_whole_tenge"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["kaspi_stores.id"], name=op.f("fk_products_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("store_id", "kaspi_sku", name=op.f("uq_products_store_id_kaspi_sku")),
    )
    op.create_index(
        "ix_products_card",
        "products",
        ["external_kaspi_id"],
        unique=False,
        postgresql_where=sa.text("bot_active"),
    )
    op.create_index(
        "ix_products_due",
        "products",
        ["shard_key", "next_check_at"],
        unique=False,
        postgresql_where=sa.text("bot_active AND external_kaspi_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_products_store_id"), "products", ["store_id"], unique=False)
    op.create_table(
        "price_history",
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
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.String(), nullable=False),
        sa.Column("old_price", sa.BigInteger(), nullable=True),
        sa.Column("new_price", sa.BigInteger(), nullable=True),
        sa.Column("competitor_price", sa.BigInteger(), nullable=True),
        sa.Column("change_reason", sa.String(), nullable=False),
        sa.Column(
            "decision",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("send_id", sa.Uuid(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirm_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirm_looks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('held', 'suggested', 'queued', 'sending', 'sent', 'confirmed', 'unknown', 'refused', 'superseded')",
            name=op.f("ck_price_history_status_known"),
        ),
        sa.CheckConstraint(
            "new_price > 0 AND new_price % 100 = 0",
            name=op.f("ck_price_history_new_price_whole_tenge"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_price_history_product_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["kaspi_stores.id"],
            name=op.f("fk_price_history_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_history")),
    )
    op.create_index(
        "ix_price_history_confirm",
        "price_history",
        ["confirm_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('sending', 'sent', 'unknown')"),
    )
    op.create_index(
        "ix_price_history_created",
        "price_history",
        [sa.literal_column("created_at DESC")],
        unique=False,
    )
    op.create_index(
        "ix_price_history_product",
        "price_history",
        ["product_id", sa.literal_column("created_at DESC")],
        unique=False,
    )
    op.create_index(
        "ix_price_history_queue",
        "price_history",
        ["store_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index("ix_price_history_sent", "price_history", ["store_id", "sent_at"], unique=False)
    op.create_index(
        "uq_price_history_queued",
        "price_history",
        ["product_id", "city_id"],
        unique=True,
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_table(
        "pricing_memory",
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
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.String(), nullable=False),
        sa.Column(
            "memory",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_pricing_memory_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pricing_memory")),
    )
    op.create_index(
        "uq_pricing_memory_product_city", "pricing_memory", ["product_id", "city_id"], unique=True
    )
    op.create_table(
        "product_city_prices",
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
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.String(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("min_price", sa.BigInteger(), nullable=True),
        sa.Column("max_price", sa.BigInteger(), nullable=True),
        sa.Column("base_price", sa.BigInteger(), nullable=True),
        sa.Column("bot_active", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("competitor_price", sa.BigInteger(), nullable=True),
        sa.Column("last_check_time", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "base_price > 0 AND base_price % 100 = 0",
            name=op.f("ck_product_city_prices_base_price_whole_tenge"),
        ),
        sa.CheckConstraint(
            "max_price > 0 AND max_price % 100 = 0",
            name=op.f("ck_product_city_prices_max_price_whole_tenge"),
        ),
        sa.CheckConstraint(
            "min_price <= max_price", name=op.f("ck_product_city_prices_bounds_in_order")
        ),
        sa.CheckConstraint(
            "min_price > 0 AND min_price % 100 = 0",
            name=op.f("ck_product_city_prices_min_price_whole_tenge"),
        ),
        sa.CheckConstraint("price > 0", name=op.f("ck_product_city_prices_price_positive")),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_product_city_prices_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_city_prices")),
        sa.UniqueConstraint(
            "product_id", "city_id", name=op.f("uq_product_city_prices_product_id_city_id")
        ),
    )
    op.execute("CREATE TABLE market_snapshots_other PARTITION OF market_snapshots DEFAULT")
    op.execute(
        """
        CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at = now();
            RETURN NEW;
        END $$
        """
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("product_city_prices")
    op.drop_index("uq_pricing_memory_product_city", table_name="pricing_memory")
    op.drop_table("pricing_memory")
    op.drop_index(
        "uq_price_history_queued",
        table_name="price_history",
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.drop_index("ix_price_history_sent", table_name="price_history")
    op.drop_index(
        "ix_price_history_queue",
        table_name="price_history",
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.drop_index("ix_price_history_product", table_name="price_history")
    op.drop_index("ix_price_history_created", table_name="price_history")
    op.drop_index(
        "ix_price_history_confirm",
        table_name="price_history",
        postgresql_where=sa.text("status IN ('sending', 'sent', 'unknown')"),
    )
    op.drop_table("price_history")
    op.drop_index(op.f("ix_products_store_id"), table_name="products")
    op.drop_index(
        "ix_products_due",
        table_name="products",
        postgresql_where=sa.text("bot_active AND external_kaspi_id IS NOT NULL"),
    )
    op.drop_index("ix_products_card", table_name="products", postgresql_where=sa.text("bot_active"))
    op.drop_table("products")
    op.drop_table("notifications")
    op.drop_index(op.f("ix_kaspi_logins_user_id"), table_name="kaspi_logins")
    op.drop_table("kaspi_logins")
    op.drop_table("demping_settings")
    op.drop_index(op.f("ix_user_tokens_user_id"), table_name="user_tokens")
    op.drop_table("user_tokens")
    op.drop_index(op.f("ix_user_sessions_user_id"), table_name="user_sessions")
    op.drop_table("user_sessions")
    op.drop_index(
        "uq_subscriptions_active",
        table_name="subscriptions",
        postgresql_where=sa.text("status = 'active'"),
    )
    op.drop_table("subscriptions")
    op.drop_index(op.f("ix_kaspi_stores_user_id"), table_name="kaspi_stores")
    op.drop_table("kaspi_stores")
    op.drop_table("worker_heartbeats")
    op.drop_index("uq_users_email_lower", table_name="users")
    op.drop_table("users")
    op.drop_table("proxies")
    op.drop_index(
        "ix_outbox_pending", table_name="outbox", postgresql_where=sa.text("done_at IS NULL")
    )
    op.drop_table("outbox")
    op.drop_table("market_snapshots")
    op.drop_index("ix_audit_log_entity", table_name="audit_log")
    op.drop_table("audit_log")
    op.execute("DROP FUNCTION update_updated_at_column()")
