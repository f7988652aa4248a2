"""What the admin app steers by: days of statistics, dated prices of plans, switches, announcements.

Revision: 2026_11_30_pages, after 2026_11_30_admin
"""

from alembic import op

revision = "2026_11_30_pages"
down_revision = "2026_11_30_admin"
branch_labels = None
depends_on = None

PLANS = "plan IN ('free', 'basic', 'pro')"
ROW = """
    id UUID NOT NULL DEFAULT gen_random_uuid() CONSTRAINT pk_{table} PRIMARY KEY,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
"""
TABLES = {
    "statistics_days": """
        day DATE NOT NULL CONSTRAINT uq_statistics_days_day UNIQUE,
        changed INTEGER NOT NULL,
        refused INTEGER NOT NULL,
        suggested INTEGER NOT NULL,
        errors JSONB NOT NULL DEFAULT '{}',
        stores INTEGER,
        bots INTEGER,
        goods INTEGER,
        paying INTEGER,
        trials INTEGER,
        mrr BIGINT
    """,
    "plan_prices": f"""
        plan VARCHAR NOT NULL CONSTRAINT ck_plan_prices_plan_known CHECK ({PLANS}),
        price BIGINT NOT NULL CONSTRAINT ck_plan_prices_price CHECK (price >= 0 AND price % 100 = 0),
        begins_at TIMESTAMPTZ NOT NULL,
        applied_at TIMESTAMPTZ,
        CONSTRAINT uq_plan_prices_plan_begins_at UNIQUE (plan, begins_at)
    """,
    "feature_flags": """
        code VARCHAR NOT NULL CONSTRAINT uq_feature_flags_code UNIQUE
            CONSTRAINT ck_feature_flags_code_known
            CHECK (code IN ('registration', 'price_sending', 'broadcasts', 'card_payments')),
        is_on BOOLEAN NOT NULL,
        reason VARCHAR NOT NULL
    """,
    "announcements": f"""
        title VARCHAR NOT NULL,
        body VARCHAR NOT NULL,
        link VARCHAR NOT NULL,
        plan VARCHAR CONSTRAINT ck_announcements_plan_known CHECK ({PLANS}),
        tone VARCHAR NOT NULL
            CONSTRAINT ck_announcements_tone_known CHECK (tone IN ('blue', 'amber', 'red')),
        starts_at TIMESTAMPTZ NOT NULL,
        ends_at TIMESTAMPTZ NOT NULL,
        told_at TIMESTAMPTZ,
        told INTEGER NOT NULL,
        withdrawn_at TIMESTAMPTZ,
        CONSTRAINT ck_announcements_span CHECK (ends_at > starts_at)
    """,
}
INDEXES = {
    "ix_plan_prices_due": "plan_prices (begins_at) WHERE applied_at IS NULL",
    "ix_announcements_latest": "announcements (starts_at DESC)",
    "ix_payments_paid": "payments (paid_at) WHERE paid_at IS NOT NULL",
    "ix_products_failing": "products (last_error) WHERE bot_active AND check_failures > 0",
    "ix_price_history_refused": "price_history (created_at) WHERE status = 'refused'",
    "ix_users_seen": "users (last_seen_at)",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({ROW.format(table=table)}, {columns})")
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )
    for name, what in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {what}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, what in INDEXES.items():
        if what.split()[0] not in TABLES:
            op.execute(f"DROP INDEX {name}")
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
