"""Partners and what they earn; what a seller earns by bringing friends.

Revision: 2026_11_29_partner, after 2026_11_29_tiptop
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_partner"
down_revision = "2026_11_29_tiptop"
branch_labels = None
depends_on = None

TABLES = (
    "partners", "partner_tokens", "partner_terms", "partner_links", "partner_clicks", "partner_leads",
    "partner_payouts", "partner_transactions", "referral_transactions",
)  # fmt: skip


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "partner_terms",
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
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touch", sa.String(), nullable=False),
        sa.Column("cookie_days", sa.Integer(), nullable=False),
        sa.Column("hold_days", sa.Integer(), nullable=False),
        sa.Column("min_payout", sa.BigInteger(), nullable=False),
        sa.Column("referral_percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("touch IN ('first', 'last')", name=op.f("ck_partner_terms_touch_known")),
        sa.CheckConstraint("cookie_days BETWEEN 1 AND 365", name=op.f("ck_partner_terms_cookie")),
        sa.CheckConstraint("hold_days BETWEEN 0 AND 180", name=op.f("ck_partner_terms_hold")),
        sa.CheckConstraint("min_payout >= 0", name=op.f("ck_partner_terms_min_payout")),
        sa.CheckConstraint(
            "referral_percent BETWEEN 0 AND 100", name=op.f("ck_partner_terms_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_terms")),
        sa.UniqueConstraint("begins_at", name=op.f("uq_partner_terms_begins_at")),
    )
    op.create_table(
        "partners",
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
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("commission_percent", sa.Integer(), server_default=sa.text("20"), nullable=False),
        sa.Column("is_blocked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("payee", sa.String(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "commission_percent BETWEEN 0 AND 100", name=op.f("ck_partners_percent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("code", name=op.f("uq_partners_code")),
    )
    op.create_index(
        "uq_partners_email_lower", "partners", [sa.literal_column("lower(email)")], unique=True
    )
    op.create_table(
        "partner_links",
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
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
            name=op.f("fk_partner_links_partner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_links")),
        sa.UniqueConstraint("code", name=op.f("uq_partner_links_code")),
    )
    op.create_index(
        op.f("ix_partner_links_partner_id"), "partner_links", ["partner_id"], unique=False
    )
    op.create_table(
        "partner_payouts",
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
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("account_end", sa.String(length=4), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("bank_note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "status IN ('requested', 'approved', 'paid', 'refused')",
            name=op.f("ck_partner_payouts_status_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_partner_payouts_amount")),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
            name=op.f("fk_partner_payouts_partner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_payouts")),
    )
    op.create_index(
        "ix_partner_payouts_list",
        "partner_payouts",
        ["partner_id", sa.literal_column("requested_at DESC")],
        unique=False,
    )
    op.create_index(
        "uq_partner_payouts_open",
        "partner_payouts",
        ["partner_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('requested', 'approved')"),
    )
    op.create_table(
        "partner_tokens",
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
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('login', 'reset')", name=op.f("ck_partner_tokens_kind_known")),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
            name=op.f("fk_partner_tokens_partner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_partner_tokens_token_hash")),
    )
    op.create_index(
        op.f("ix_partner_tokens_partner_id"), "partner_tokens", ["partner_id"], unique=False
    )
    op.create_table(
        "partner_clicks",
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
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("visitor_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('counted', 'bot', 'preview', 'prefetch', 'own', 'repeat')",
            name=op.f("ck_partner_clicks_verdict_known"),
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["partner_links.id"],
            name=op.f("fk_partner_clicks_link_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
            name=op.f("fk_partner_clicks_partner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_clicks")),
    )
    op.create_index("ix_partner_clicks_day", "partner_clicks", ["partner_id", "at"], unique=False)
    op.create_index("ix_partner_clicks_old", "partner_clicks", ["at"], unique=False)
    op.create_index(
        "ix_partner_clicks_visitor",
        "partner_clicks",
        ["link_id", "visitor_hash", "at"],
        unique=False,
    )
    op.create_table(
        "partner_leads",
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
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("clicked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "doubts", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("way IN ('link', 'code')", name=op.f("ck_partner_leads_way_known")),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["partner_links.id"],
            name=op.f("fk_partner_leads_link_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
            name=op.f("fk_partner_leads_partner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_partner_leads_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_leads")),
        sa.UniqueConstraint("user_id", name=op.f("uq_partner_leads_user_id")),
    )
    op.create_index(
        "ix_partner_leads_address", "partner_leads", ["partner_id", "address_hash"], unique=False
    )
    op.create_index(op.f("ix_partner_leads_link_id"), "partner_leads", ["link_id"], unique=False)
    op.create_index(
        "ix_partner_leads_list",
        "partner_leads",
        ["partner_id", sa.literal_column("signed_up_at DESC")],
        unique=False,
    )
    op.create_table(
        "referral_transactions",
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
        sa.Column("referred_user_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'bonus') = (amount >= 0)", name=op.f("ck_referral_transactions_sign")
        ),
        sa.CheckConstraint(
            "kind IN ('bonus', 'take_back')", name=op.f("ck_referral_transactions_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["referred_user_id"],
            ["users.id"],
            name=op.f("fk_referral_transactions_referred_user_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_referral_transactions_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_transactions")),
    )
    op.create_index(
        "ix_referral_transactions_due",
        "referral_transactions",
        ["hold_until"],
        unique=False,
        postgresql_where=sa.text("kind = 'bonus' AND released_at IS NULL"),
    )
    op.create_index(
        "ix_referral_transactions_list",
        "referral_transactions",
        ["user_id", sa.literal_column("at DESC")],
        unique=False,
    )
    op.create_index(
        op.f("ix_referral_transactions_payment_id"),
        "referral_transactions",
        ["payment_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_referral_transactions_referred_user_id"),
        "referral_transactions",
        ["referred_user_id"],
        unique=False,
    )
    op.create_index(
        "uq_referral_transactions_bonus",
        "referral_transactions",
        ["referred_user_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'bonus'"),
    )
    op.create_table(
        "partner_transactions",
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
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("base", sa.BigInteger(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "doubts", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('commission', 'payout_returned')) = (amount >= 0)",
            name=op.f("ck_partner_transactions_sign"),
        ),
        sa.CheckConstraint(
            "kind IN ('commission', 'take_back', 'payout', 'payout_returned')",
            name=op.f("ck_partner_transactions_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('held', 'doubted', 'released', 'denied')",
            name=op.f("ck_partner_transactions_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"],
            ["partner_leads.id"],
            name=op.f("fk_partner_transactions_lead_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
            name=op.f("fk_partner_transactions_partner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["partner_payouts.id"], name=op.f("fk_partner_transactions_payout_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_transactions")),
    )
    op.create_index(
        "ix_partner_transactions_due",
        "partner_transactions",
        ["hold_until"],
        unique=False,
        postgresql_where=sa.text("status = 'held'"),
    )
    op.create_index(
        op.f("ix_partner_transactions_lead_id"), "partner_transactions", ["lead_id"], unique=False
    )
    op.create_index(
        "ix_partner_transactions_list",
        "partner_transactions",
        ["partner_id", sa.literal_column("at DESC")],
        unique=False,
    )
    op.create_index(
        op.f("ix_partner_transactions_payment_id"),
        "partner_transactions",
        ["payment_id"],
        unique=False,
    )
    op.create_index(
        "uq_partner_transactions_commission",
        "partner_transactions",
        ["payment_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'commission'"),
    )
    op.create_index(
        "uq_partner_transactions_payout",
        "partner_transactions",
        ["payout_id", "kind"],
        unique=True,
        postgresql_where=sa.text("payout_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_user_sessions_partner_id"), "user_sessions", ["partner_id"], unique=False
    )
    op.create_foreign_key(
        op.f("fk_user_sessions_partner_id"),
        "user_sessions",
        "partners",
        ["partner_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(op.f("ix_users_partner_id"), "users", ["partner_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_users_partner_id"),
        "users",
        "partners",
        ["partner_id"],
        ["id"],
        ondelete="SET NULL",
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM user_sessions WHERE partner_id IS NOT NULL")
    op.execute("UPDATE users SET partner_id = NULL WHERE partner_id IS NOT NULL")
    op.drop_constraint(op.f("fk_users_partner_id"), "users", type_="foreignkey")
    op.drop_index(op.f("ix_users_partner_id"), table_name="users")
    op.drop_constraint(op.f("fk_user_sessions_partner_id"), "user_sessions", type_="foreignkey")
    op.drop_index(op.f("ix_user_sessions_partner_id"), table_name="user_sessions")
    op.drop_index(
        "uq_partner_transactions_payout",
        table_name="partner_transactions",
        postgresql_where=sa.text("payout_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_partner_transactions_commission",
        table_name="partner_transactions",
        postgresql_where=sa.text("kind = 'commission'"),
    )
    op.drop_index(op.f("ix_partner_transactions_payment_id"), table_name="partner_transactions")
    op.drop_index("ix_partner_transactions_list", table_name="partner_transactions")
    op.drop_index(op.f("ix_partner_transactions_lead_id"), table_name="partner_transactions")
    op.drop_index(
        "ix_partner_transactions_due",
        table_name="partner_transactions",
        postgresql_where=sa.text("status = 'held'"),
    )
    op.drop_table("partner_transactions")
    op.drop_index(
        "uq_referral_transactions_bonus",
        table_name="referral_transactions",
        postgresql_where=sa.text("kind = 'bonus'"),
    )
    op.drop_index(
        op.f("ix_referral_transactions_referred_user_id"), table_name="referral_transactions"
    )
    op.drop_index(op.f("ix_referral_transactions_payment_id"), table_name="referral_transactions")
    op.drop_index("ix_referral_transactions_list", table_name="referral_transactions")
    op.drop_index(
        "ix_referral_transactions_due",
        table_name="referral_transactions",
        postgresql_where=sa.text("kind = 'bonus' AND released_at IS NULL"),
    )
    op.drop_table("referral_transactions")
    op.drop_index("ix_partner_leads_list", table_name="partner_leads")
    op.drop_index(op.f("ix_partner_leads_link_id"), table_name="partner_leads")
    op.drop_index("ix_partner_leads_address", table_name="partner_leads")
    op.drop_table("partner_leads")
    op.drop_index("ix_partner_clicks_visitor", table_name="partner_clicks")
    op.drop_index("ix_partner_clicks_old", table_name="partner_clicks")
    op.drop_index("ix_partner_clicks_day", table_name="partner_clicks")
    op.drop_table("partner_clicks")
    op.drop_index(op.f("ix_partner_tokens_partner_id"), table_name="partner_tokens")
    op.drop_table("partner_tokens")
    op.drop_index(
        "uq_partner_payouts_open",
        table_name="partner_payouts",
        postgresql_where=sa.text("status IN ('requested', 'approved')"),
    )
    op.drop_index("ix_partner_payouts_list", table_name="partner_payouts")
    op.drop_table("partner_payouts")
    op.drop_index(op.f("ix_partner_links_partner_id"), table_name="partner_links")
    op.drop_table("partner_links")
    op.drop_index("uq_partners_email_lower", table_name="partners")
    op.drop_table("partners")
    op.drop_table("partner_terms")
