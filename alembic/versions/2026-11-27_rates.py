"""Dated figures of law and of Kaspi.

Revision: 2026_11_27_rates, after 2026_11_27_trusts
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_rates"
down_revision = "2026_11_27_trusts"
branch_labels = None
depends_on = None

KINDS = "kind IN ('commission', 'delivery', 'fee', 'tax', 'base_rate', 'index', 'duty')"
CONFIDENCES = "confidence IN ('high', 'medium-high', 'medium', 'low')"


def _moment(name: str) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "rates",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("shipped_as", sa.String()),
        sa.Column("edited_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(KINDS, name=op.f("ck_rates_kind_known")),
        sa.CheckConstraint(CONFIDENCES, name=op.f("ck_rates_confidence_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rates")),
        sa.UniqueConstraint("shipped_as", name=op.f("uq_rates_shipped_as")),
    )
    op.execute(
        "CREATE TRIGGER rates_updated_at BEFORE UPDATE ON rates"
        " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("rates")
