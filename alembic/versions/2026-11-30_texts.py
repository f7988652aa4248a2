"""Texts of WhatsApp for all who have none of their own, each version a row.

Revision: 2026_11_30_texts, after 2026_11_30_directory
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_texts"
down_revision = "2026_11_30_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "whatsapp_defaults",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("trigger_event", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "trigger_event IN ('order_approved', 'order_shipped', 'order_delivered',"
            " 'order_completed', 'review_request', 'review_bonus')",
            name=op.f("ck_whatsapp_defaults_trigger_event_known"),
        ),
        sa.CheckConstraint(
            "language IN ('ru', 'kk')", name=op.f("ck_whatsapp_defaults_language_known")
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_whatsapp_defaults_version")),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["users.id"],
            name=op.f("fk_whatsapp_defaults_written_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_defaults")),
        sa.UniqueConstraint(
            "trigger_event",
            "language",
            "version",
            name=op.f("uq_whatsapp_defaults_trigger_event_language_version"),
        ),
    )
    op.execute(
        "CREATE TRIGGER whatsapp_defaults_updated_at BEFORE UPDATE ON whatsapp_defaults "
        "FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("whatsapp_defaults")
