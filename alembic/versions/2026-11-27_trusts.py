"""Notifications of managers: whose business each is.

Revision: 2026_11_27_trusts, after 2026_11_27_bulk
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_trusts"
down_revision = "2026_11_27_token"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("notifications", sa.Column("owner_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notifications_owner_id_users"),
        "notifications",
        "users",
        ["owner_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(op.f("ix_notifications_owner_id"), "notifications", ["owner_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM notifications WHERE owner_id IS NOT NULL")
    op.drop_index(op.f("ix_notifications_owner_id"), table_name="notifications")
    op.drop_constraint(op.f("fk_notifications_owner_id_users"), "notifications", type_="foreignkey")
    op.drop_column("notifications", "owner_id")
