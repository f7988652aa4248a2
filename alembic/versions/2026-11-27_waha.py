"""How WhatsApp numbers are being linked.

Revision: 2026_11_27_waha, after 2026_11_27_gate
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_waha"
down_revision = "2026_11_27_gate"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "whatsapp_links",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("wish", sa.String(), server_default="on", nullable=False),
        sa.Column("qr", sa.String(), nullable=True),
        sa.Column("qr_until", INSTANT, nullable=True),
        sa.Column("qr_asked_at", INSTANT, nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("code_until", INSTANT, nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("trouble_since", INSTANT, nullable=True),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "wish IN ('on', 'off', 'gone')", name=op.f("ck_whatsapp_links_wish_known")
        ),
        sa.CheckConstraint(
            "trouble IN ('unreachable', 'rejected_key', 'refused', 'lost')",
            name=op.f("ck_whatsapp_links_trouble_known"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["whatsapp_sessions.id"],
            name=op.f("fk_whatsapp_links_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_links")),
        sa.UniqueConstraint("session_id", name=op.f("uq_whatsapp_links_session_id")),
    )
    op.execute(
        "CREATE TRIGGER whatsapp_links_updated_at BEFORE UPDATE ON whatsapp_links "
        "FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("whatsapp_links")
