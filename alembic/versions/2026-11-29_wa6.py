"""Numbers of WhatsApp keep room on their pages: a turn writes a row four times and touches no index.

Revision: 2026_11_29_wa6, after 2026_11_29_money
"""

from alembic import op

revision = "2026_11_29_wa6"
down_revision = "2026_11_29_partner"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE whatsapp_sessions SET (fillfactor = 70)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE whatsapp_sessions RESET (fillfactor)")
