"""Plans as data, payments, refunds, the ledger, papers, dunning, allotted proxies.

Revision: 2026_11_29_money, after 2026_11_28_orders6
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_money"
down_revision = "2026_11_28_orders6"
branch_labels = None
depends_on = None


PLANS = "'free', 'basic', 'pro'"
LANDINGS = "'stay', 'floor', 'base'"
TABLES = (
    "plans", "billing_requisites", "dunning_cases", "payments", "dunning_steps", "invoices",
    "landed_prices", "refunds", "ledger_entries",
)  # fmt: skip
# SPEC §8.1: code, title, price in tiyn, goods, features, priority, trial days.
SOLD = (
    ("free", "FREE", 0, 100, "monitoring", 0, 0),
    ("basic", "BASIC", 999900, 500, "monitoring,repricing,whatsapp,priority_support", 1, 0),
    (
        "pro", "PRO", 2999900, 5000,
        "monitoring,repricing,whatsapp,priority_support,analytics,ai,integrations", 2, 14,
    ),
)  # fmt: skip


def _moment(name: str) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _common() -> tuple[sa.Column, ...]:
    key = sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    return key, _moment("created_at"), _moment("updated_at")


def _keep_updated_at() -> None:
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION update_updated_at_column()"
        )


def _guard_the_ledger() -> None:
    op.execute(
        """
        CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'ledger_entries is append-only: book the opposite instead'
                USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries"
        " FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()"
    )
    op.execute(
        """
        CREATE FUNCTION ledger_posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE total numeric;
        BEGIN
            SELECT sum(amount) INTO total FROM ledger_entries WHERE posting_id = NEW.posting_id;
            IF total <> 0 THEN
                RAISE EXCEPTION 'posting % sums to % tiyn and not to zero', NEW.posting_id, total
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_posting_balances()"
    )


def _fill_plans() -> None:
    plans = sa.table(
        "plans",
        *(sa.column(name) for name in ("code", "title", "price", "bot_limit")),
        sa.column("features", sa.ARRAY(sa.Text())),
        *(sa.column(name) for name in ("priority", "is_sold", "trial_days")),
    )
    op.bulk_insert(
        plans,
        [
            {
                "code": code, "title": title, "price": price, "bot_limit": limit,
                "features": features.split(","), "priority": priority, "is_sold": True,
                "trial_days": days,
            }
            for code, title, price, limit, features, priority, days in SOLD
        ],
    )  # fmt: skip


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "plans",
        *_common(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("bot_limit", sa.Integer(), nullable=False),
        sa.Column("features", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("is_sold", sa.Boolean(), nullable=False),
        sa.Column("trial_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("code IN ('free', 'basic', 'pro')", name=op.f("ck_plans_code_known")),
        sa.CheckConstraint("bot_limit >= 0", name=op.f("ck_plans_bot_limit")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_plans_price")),
        sa.CheckConstraint("trial_days >= 0", name=op.f("ck_plans_trial_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("code", name=op.f("uq_plans_code")),
    )
    op.create_table(
        "billing_requisites",
        *_common(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("bin", sa.String(), nullable=False),
        sa.Column("address", sa.String(), server_default="", nullable=False),
        sa.Column("iban", sa.String(), server_default="", nullable=False),
        sa.Column("bank", sa.String(), server_default="", nullable=False),
        sa.Column("bik", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_billing_requisites_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_requisites")),
        sa.UniqueConstraint("user_id", name=op.f("uq_billing_requisites_user_id")),
    )
    op.create_table(
        "dunning_cases",
        *_common(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("landing", sa.String(), server_default="stay", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recovered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("goods", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("at_risk", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "landing IN ('stay', 'floor', 'base')", name=op.f("ck_dunning_cases_landing_known")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'landing', 'landed', 'recovered', 'closed')",
            name=op.f("ck_dunning_cases_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_dunning_cases_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_dunning_cases_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_cases")),
        sa.UniqueConstraint("subscription_id", name=op.f("uq_dunning_cases_subscription_id")),
    )
    op.create_index(
        "ix_dunning_cases_user",
        "dunning_cases",
        ["user_id", sa.literal_column("opened_at DESC")],
        unique=False,
    )
    op.create_table(
        "payments",
        *_common(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("from_balance", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("refunded", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.String(), server_default="KZT", nullable=False),
        sa.Column("invoice_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        sa.Column("gateway_transaction_id", sa.String(), nullable=True),
        sa.Column("gateway_order_id", sa.String(), nullable=True),
        sa.Column("pay_url", sa.String(), nullable=True),
        sa.Column("failure_code", sa.String(), nullable=True),
        sa.Column("failure_words", sa.String(), nullable=True),
        sa.Column("is_test", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_credited", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("service_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("service_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quote", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "(method = 'balance') = (from_balance = amount)", name=op.f("ck_payments_balance_alone")
        ),
        sa.CheckConstraint("currency = 'KZT'", name=op.f("ck_payments_currency")),
        sa.CheckConstraint(
            "method IN ('card', 'bank_invoice', 'kaspi_transfer', 'balance')",
            name=op.f("ck_payments_method_known"),
        ),
        sa.CheckConstraint("plan IN ('free', 'basic', 'pro')", name=op.f("ck_payments_plan_known")),
        sa.CheckConstraint(
            "purpose IN ('subscribe', 'renew', 'upgrade')", name=op.f("ck_payments_purpose_known")
        ),
        sa.CheckConstraint(
            "status IN ('created', 'authorized', 'paid', 'failed', 'cancelled', 'expired', 'partly_refunded', 'refunded')",
            name=op.f("ck_payments_status_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount")),
        sa.CheckConstraint(
            "from_balance BETWEEN 0 AND amount", name=op.f("ck_payments_from_balance")
        ),
        sa.CheckConstraint("refunded BETWEEN 0 AND amount", name=op.f("ck_payments_refunded")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_payments_subscription_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_payments_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint(
            "gateway_transaction_id", name=op.f("uq_payments_gateway_transaction_id")
        ),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_payments_invoice_id")),
    )
    op.create_index(
        "ix_payments_expiring",
        "payments",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('created', 'authorized')"),
    )
    op.create_index(
        "ix_payments_latest", "payments", [sa.literal_column("created_at DESC")], unique=False
    )
    op.create_index("ix_payments_subscription", "payments", ["subscription_id"], unique=False)
    op.create_index(
        "ix_payments_user",
        "payments",
        ["user_id", sa.literal_column("created_at DESC")],
        unique=False,
    )
    op.create_index(
        "uq_payments_open",
        "payments",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('created', 'authorized')"),
    )
    op.create_table(
        "dunning_steps",
        *_common(),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('remind', 'retry', 'grace', 'land')", name=op.f("ck_dunning_steps_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["payments.id"],
            name=op.f("fk_dunning_steps_payment_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_dunning_steps_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_steps")),
        sa.UniqueConstraint(
            "subscription_id", "name", name=op.f("uq_dunning_steps_subscription_id_name")
        ),
    )
    op.create_table(
        "invoices",
        *_common(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("requisites", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("kind IN ('invoice', 'act')", name=op.f("ck_invoices_kind_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_invoices_amount")),
        sa.CheckConstraint("number > 0", name=op.f("ck_invoices_number")),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["payments.id"],
            name=op.f("fk_invoices_payment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_invoices_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("kind", "year", "number", name=op.f("uq_invoices_kind_year_number")),
        sa.UniqueConstraint("payment_id", "kind", name=op.f("uq_invoices_payment_id_kind")),
    )
    op.create_index(
        "ix_invoices_user",
        "invoices",
        ["user_id", sa.literal_column("issued_at DESC")],
        unique=False,
    )
    op.create_table(
        "landed_prices",
        *_common(),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.String(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("rival_price", sa.BigInteger(), nullable=True),
        sa.Column("is_at_risk", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("history_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["dunning_cases.id"],
            name=op.f("fk_landed_prices_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_landed_prices_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landed_prices")),
        sa.UniqueConstraint(
            "case_id",
            "product_id",
            "city_id",
            name=op.f("uq_landed_prices_case_id_product_id_city_id"),
        ),
    )
    op.create_index(
        op.f("ix_landed_prices_product_id"), "landed_prices", ["product_id"], unique=False
    )
    op.create_table(
        "refunds",
        *_common(),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("to_balance", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("gateway_refund_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_words", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('requested', 'sent', 'done', 'refused')",
            name=op.f("ck_refunds_status_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount")),
        sa.CheckConstraint("to_balance BETWEEN 0 AND amount", name=op.f("ck_refunds_to_balance")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["users.id"],
            name=op.f("fk_refunds_requested_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("gateway_refund_id", name=op.f("uq_refunds_gateway_refund_id")),
        sa.UniqueConstraint("request_id", name=op.f("uq_refunds_request_id")),
    )
    op.create_index(
        "ix_refunds_open",
        "refunds",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('requested', 'sent')"),
    )
    op.create_index("ix_refunds_payment", "refunds", ["payment_id"], unique=False)
    op.create_table(
        "ledger_entries",
        *_common(),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(account = 'customer') = (user_id IS NOT NULL)", name=op.f("ck_ledger_entries_whose")
        ),
        sa.CheckConstraint(
            "(account LIKE 'partner%') = (partner_id IS NOT NULL)",
            name=op.f("ck_ledger_entries_partners"),
        ),
        sa.CheckConstraint(
            "account IN ('gateway', 'bank', 'kaspi', 'customer', 'revenue', 'referral_cost', 'partner_cost', 'partner_held', 'partner_payable')",
            name=op.f("ck_ledger_entries_account_known"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_entries_amount")),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["payments.id"],
            name=op.f("fk_ledger_entries_payment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"],
            ["refunds.id"],
            name=op.f("fk_ledger_entries_refund_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("posting_id", "line", name=op.f("uq_ledger_entries_posting_id_line")),
    )
    op.create_index(
        "ix_ledger_entries_partner",
        "ledger_entries",
        ["partner_id", sa.literal_column("at DESC")],
        unique=False,
        postgresql_where=sa.text("partner_id IS NOT NULL"),
    )
    op.create_index("ix_ledger_entries_payment", "ledger_entries", ["payment_id"], unique=False)
    op.create_index(
        "ix_ledger_entries_user",
        "ledger_entries",
        ["user_id", sa.literal_column("at DESC")],
        unique=False,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.add_column("proxies", sa.Column("user_id", sa.Uuid(), nullable=True))
    op.add_column("proxies", sa.Column("allotted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_proxies_user",
        "proxies",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_proxies_user_id"), "proxies", "users", ["user_id"], ["id"], ondelete="SET NULL"
    )
    op.add_column("subscriptions", sa.Column("price", sa.BigInteger(), nullable=True))
    op.add_column("subscriptions", sa.Column("next_plan", sa.String(), nullable=True))
    op.add_column("subscriptions", sa.Column("first_plan", sa.String(), nullable=True))
    op.add_column(
        "subscriptions", sa.Column("first_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "subscriptions",
        sa.Column(
            "cancel_at_period_end", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
    )
    op.add_column("subscriptions", sa.Column("card_id", sa.Uuid(), nullable=True))
    op.add_column(
        "subscriptions", sa.Column("grace_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "subscriptions", sa.Column("landing", sa.String(), server_default="stay", nullable=False)
    )
    op.add_column(
        "subscriptions", sa.Column("landed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("subscriptions", _moment("next_step_at"))
    for name, words in (("next_plan", PLANS), ("first_plan", PLANS), ("landing", LANDINGS)):
        op.create_check_constraint(
            op.f(f"ck_subscriptions_{name}_known"), "subscriptions", f"{name} IN ({words})"
        )
    op.create_check_constraint(op.f("ck_subscriptions_price"), "subscriptions", "price >= 0")
    op.create_check_constraint(
        op.f("ck_subscriptions_grace"), "subscriptions", "grace_until >= current_period_end"
    )
    op.create_index(
        "ix_subscriptions_due",
        "subscriptions",
        ["next_step_at"],
        unique=False,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index(
        "ix_subscriptions_latest",
        "subscriptions",
        ["user_id", sa.literal_column("current_period_start DESC")],
        unique=False,
    )
    op.create_check_constraint(
        op.f("ck_subscriptions_first"),
        "subscriptions",
        "(first_plan IS NULL) = (first_until IS NULL)",
    )
    _keep_updated_at()
    _guard_the_ledger()
    _fill_plans()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_subscriptions_latest", table_name="subscriptions")
    op.drop_index(
        "ix_subscriptions_due",
        table_name="subscriptions",
        postgresql_where=sa.text("status = 'active'"),
    )
    op.drop_column("subscriptions", "next_step_at")
    op.drop_column("subscriptions", "landed_at")
    op.drop_column("subscriptions", "landing")
    op.drop_column("subscriptions", "grace_until")
    op.drop_column("subscriptions", "card_id")
    op.drop_column("subscriptions", "cancel_at_period_end")
    op.drop_column("subscriptions", "first_until")
    op.drop_column("subscriptions", "first_plan")
    op.drop_column("subscriptions", "next_plan")
    op.drop_column("subscriptions", "price")
    op.drop_constraint(op.f("fk_proxies_user_id"), "proxies", type_="foreignkey")
    op.drop_index(
        "ix_proxies_user", table_name="proxies", postgresql_where=sa.text("user_id IS NOT NULL")
    )
    op.drop_column("proxies", "allotted_at")
    op.drop_column("proxies", "user_id")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION ledger_posting_balances()")
    op.execute("DROP FUNCTION ledger_is_append_only()")
