"""Partners' clicks are counted by day, cards are found by token and by face, a block and a new account have dates.

Revision: 2026_11_30_partner_figures, after 2026_11_30_money2
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_partner_figures"
down_revision = "2026_11_30_money2"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
VERDICTS = ("counted", "bot", "preview", "prefetch", "own", "repeat")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("partners", sa.Column("blocked_at", INSTANT))
    op.add_column("partners", sa.Column("payee_changed_at", INSTANT))
    op.add_column("partner_payouts", sa.Column("not_before", INSTANT))
    op.execute("UPDATE partners SET blocked_at = updated_at WHERE is_blocked")
    op.create_index("ix_payment_cards_token_hash", "payment_cards", ["token_hash"])
    op.create_index("ix_payment_cards_face", "payment_cards", ["last_four", "expires", "first_six"])
    _create_days()
    op.execute(
        "INSERT INTO partner_click_days (partner_id, link_id, day, verdict, clicks) "
        "SELECT partner_id, link_id, (at AT TIME ZONE 'Asia/Almaty')::date, verdict, count(*) "
        "FROM partner_clicks GROUP BY 1, 2, 3, 4"
    )


def _create_days() -> None:
    table, now = "partner_click_days", sa.text("now()")
    known = ", ".join(f"'{it}'" for it in VERDICTS)
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=now, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=now, nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"verdict IN ({known})", name=op.f(f"ck_{table}_verdict_known")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f(f"fk_{table}_partner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["partner_links.id"], name=op.f(f"fk_{table}_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"uq_{table}", table, ["link_id", "day", "verdict"], unique=True)
    op.create_index(f"ix_{table}_day", table, ["partner_id", "day"])
    op.execute(
        f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("partner_click_days")
    op.drop_index("ix_payment_cards_face", table_name="payment_cards")
    op.drop_index("ix_payment_cards_token_hash", table_name="payment_cards")
    op.drop_column("partner_payouts", "not_before")
    op.drop_column("partners", "payee_changed_at")
    op.drop_column("partners", "blocked_at")
