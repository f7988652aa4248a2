"""Saved cards, tries to charge and to refund, webhooks of the card gateway.

Revision: 2026_11_29_tiptop, after 2026_11_29_money
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_tiptop"
down_revision = "2026_11_29_money"
branch_labels = None
depends_on = None

TABLES = ("payment_cards", "charge_attempts", "refund_attempts", "gateway_events")
CHARGES = "'sent', 'approved', 'declined', 'three_ds', 'unknown', 'absent', 'not_sent'"


def _moment(name: str) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _common() -> tuple[sa.Column, ...]:
    key = sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    return key, _moment("created_at"), _moment("updated_at")


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), server_default="", nullable=False)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "payment_cards",
        *_common(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        *map(_text, ("first_six", "last_four", "brand", "expires")),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _at("removed_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], ondelete="CASCADE", name=op.f("fk_payment_cards_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_cards")),
        sa.UniqueConstraint(
            "user_id", "token_hash", name=op.f("uq_payment_cards_user_id_token_hash")
        ),
    )
    op.create_index(
        "uq_payment_cards_default",
        "payment_cards",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "charge_attempts",
        *_common(),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        _at("started_at"),
        sa.Column("outcome", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=True)
            for name in ("transaction_id", "code", "words")
        ),
        sa.CheckConstraint(
            f"outcome IN ({CHARGES})", name=op.f("ck_charge_attempts_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["payments.id"],
            ondelete="RESTRICT",
            name=op.f("fk_charge_attempts_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["payment_cards.id"],
            ondelete="SET NULL",
            name=op.f("fk_charge_attempts_card_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_attempts")),
        sa.UniqueConstraint("request_id", name=op.f("uq_charge_attempts_request_id")),
    )
    op.create_index(
        "uq_charge_attempts_open",
        "charge_attempts",
        ["payment_id"],
        unique=True,
        postgresql_where=sa.text("outcome IN ('sent', 'unknown')"),
    )
    op.create_index("ix_charge_attempts_payment", "charge_attempts", ["payment_id", "started_at"])
    op.create_table(
        "refund_attempts",
        *_common(),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        _at("started_at"),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('sent', 'unknown', 'not_sent', 'done', 'refused')",
            name=op.f("ck_refund_attempts_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"],
            ["refunds.id"],
            ondelete="RESTRICT",
            name=op.f("fk_refund_attempts_refund_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_attempts")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_refund_attempts_refund_id")),
    )
    op.create_table(
        "gateway_events",
        *_common(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=False),
        _text("invoice_id"),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        _text("reason"),
        _at("received_at"),
        _at("handled_at", nullable=True),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "standing IN ('applied', 'waiting', 'refused')",
            name=op.f("ck_gateway_events_standing_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_events")),
        sa.UniqueConstraint(
            "kind", "transaction_id", name=op.f("uq_gateway_events_kind_transaction_id")
        ),
    )
    op.create_index("ix_gateway_events_invoice", "gateway_events", ["invoice_id"])
    for standing in ("waiting", "refused"):
        op.create_index(
            f"ix_gateway_events_{standing}",
            "gateway_events",
            ["received_at"],
            postgresql_where=sa.text(f"standing = '{standing}'"),
        )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
