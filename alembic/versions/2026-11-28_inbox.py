"""Threads of buyers: their order, what is unread, quick answers, files that go with messages.

Revision: 2026_11_28_inbox, after 2026_11_27_waha
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_28_inbox"
down_revision = "2026_11_27_waha"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
OLD_KINDS = ("test", "reply", "order", "review", "salesman", "broadcast")
NEW_KINDS = ("test", "reply", "letter", "order", "review", "salesman", "broadcast")
TABLES = ("whatsapp_quick_replies", "whatsapp_files")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _allow_kinds(NEW_KINDS)
    op.add_column(
        "scheduled_messages",
        sa.Column("media", postgresql.JSONB(none_as_null=True), nullable=True),
    )
    op.create_index(
        "ix_scheduled_messages_thread",
        "scheduled_messages",
        ["contact_id", sa.text("scheduled_at DESC")],
        postgresql_where=sa.text("kind IN ('reply', 'letter') AND message_id IS NULL"),
    )
    op.create_index(
        "ix_whatsapp_messages_unread",
        "whatsapp_messages",
        ["user_id", "contact_id"],
        postgresql_where=sa.text("NOT is_outgoing AND read_at IS NULL"),
    )
    _change_contacts()
    _create_replies()
    _create_files()
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    for table in ("whatsapp_messages", "scheduled_messages"):
        name = f"ck_{table}_kind_known"
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (kind IN ({listed}))")


def _change_contacts() -> None:
    op.add_column("whatsapp_contacts", sa.Column("talked_at", INSTANT, nullable=True))
    op.add_column(
        "whatsapp_contacts",
        sa.Column(
            "name_hashes",
            sa.ARRAY(sa.LargeBinary()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.execute(
        "UPDATE whatsapp_contacts AS c SET talked_at = m.at FROM ("
        "SELECT contact_id, max(happened_at) AS at FROM whatsapp_messages GROUP BY contact_id"
        ") AS m WHERE m.contact_id = c.id"
    )
    op.create_index(
        "ix_whatsapp_contacts_talks",
        "whatsapp_contacts",
        ["user_id", sa.text("talked_at DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("talked_at IS NOT NULL"),
    )
    op.create_index(
        "ix_whatsapp_contacts_name", "whatsapp_contacts", ["name_hashes"], postgresql_using="gin"
    )


def _create_replies() -> None:
    op.create_table(
        "whatsapp_quick_replies",
        *_common(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_whatsapp_quick_replies_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_quick_replies")),
    )
    op.create_index(
        "uq_whatsapp_quick_replies_title",
        "whatsapp_quick_replies",
        ["user_id", sa.text("lower(title)")],
        unique=True,
    )


def _create_files() -> None:
    op.create_table(
        "whatsapp_files",
        *_common(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mimetype", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_whatsapp_files_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_files")),
    )
    op.create_index("ix_whatsapp_files_user", "whatsapp_files", ["user_id", "added_at"])
    op.create_index("ix_whatsapp_files_expiry", "whatsapp_files", ["expires_at"])


def _common() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_whatsapp_contacts_name", table_name="whatsapp_contacts")
    op.drop_index("ix_whatsapp_contacts_talks", table_name="whatsapp_contacts")
    op.drop_column("whatsapp_contacts", "name_hashes")
    op.drop_column("whatsapp_contacts", "talked_at")
    op.drop_index("ix_whatsapp_messages_unread", table_name="whatsapp_messages")
    op.drop_index("ix_scheduled_messages_thread", table_name="scheduled_messages")
    op.drop_column("scheduled_messages", "media")
    for table in ("whatsapp_messages", "scheduled_messages"):
        op.execute(f"UPDATE {table} SET kind = 'reply' WHERE kind = 'letter'")  # noqa: S608
    _allow_kinds(OLD_KINDS)
