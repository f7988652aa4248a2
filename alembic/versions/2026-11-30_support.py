"""The talk with support: chats, their rounds and messages, files, replies at hand, labels, desks.

Revision: 2026_11_30_support, after 2026_11_29_cast
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_support"
down_revision = "2026_11_30_pages"
branch_labels = None
depends_on = None

TABLES = (
    "support_labels", "support_replies", "support_chats", "support_desks", "support_chat_labels",
    "support_messages", "support_rounds", "support_files",
)  # fmt: skip


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "support_labels",
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
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("tone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_labels")),
    )
    op.create_index(
        "uq_support_labels_title",
        "support_labels",
        [sa.literal_column("lower(title)")],
        unique=True,
    )
    op.create_table(
        "support_replies",
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
        sa.Column("shortcut", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_replies")),
    )
    op.create_index(
        "uq_support_replies_shortcut",
        "support_replies",
        [sa.literal_column("lower(shortcut)")],
        unique=True,
    )
    op.create_table(
        "support_chats",
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
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("rounds", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("talked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_unread", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("staff_unread", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("user_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("staff_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_number", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'open', 'closed', 'reopened')",
            name=op.f("ck_support_chats_status_known"),
        ),
        sa.CheckConstraint(
            "user_unread >= 0 AND staff_unread >= 0", name=op.f("ck_support_chats_unread")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to"],
            ["users.id"],
            name=op.f("fk_support_chats_assigned_to"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_support_chats_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_support_chats_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_chats")),
        sa.UniqueConstraint("user_id", name=op.f("uq_support_chats_user_id")),
    )
    op.create_index(
        "ix_support_chats_assigned",
        "support_chats",
        ["assigned_to"],
        unique=False,
        postgresql_where=sa.text("assigned_to IS NOT NULL"),
    )
    op.create_index(
        "ix_support_chats_latest",
        "support_chats",
        [sa.literal_column("talked_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(op.f("ix_support_chats_owner_id"), "support_chats", ["owner_id"], unique=False)
    op.create_index(
        "ix_support_chats_status",
        "support_chats",
        ["status", sa.literal_column("talked_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "support_desks",
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
        sa.Column("is_available", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("most_chats", sa.Integer(), server_default=sa.text("10"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "most_chats BETWEEN 1 AND 100", name=op.f("ck_support_desks_most_chats")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_support_desks_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_desks")),
        sa.UniqueConstraint("user_id", name=op.f("uq_support_desks_user_id")),
    )
    op.create_table(
        "support_chat_labels",
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
        sa.Column("chat_id", sa.Uuid(), nullable=False),
        sa.Column("label_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["support_chats.id"],
            name=op.f("fk_support_chat_labels_chat_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["label_id"],
            ["support_labels.id"],
            name=op.f("fk_support_chat_labels_label_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_chat_labels")),
        sa.UniqueConstraint(
            "chat_id", "label_id", name=op.f("uq_support_chat_labels_chat_id_label_id")
        ),
    )
    op.create_index(
        op.f("ix_support_chat_labels_label_id"), "support_chat_labels", ["label_id"], unique=False
    )
    op.create_table(
        "support_messages",
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
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("chat_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('russian'::regconfig, body)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "kind IN ('user', 'staff', 'note', 'event')",
            name=op.f("ck_support_messages_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_support_messages_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["support_chats.id"],
            name=op.f("fk_support_messages_chat_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_messages")),
        sa.UniqueConstraint("chat_id", "key", name=op.f("uq_support_messages_chat_id_key")),
        sa.UniqueConstraint("number", name=op.f("uq_support_messages_number")),
    )
    op.create_index(
        "ix_support_messages_page",
        "support_messages",
        ["chat_id", sa.literal_column("number DESC")],
        unique=False,
    )
    op.create_index(
        "ix_support_messages_words",
        "support_messages",
        ["words"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "support_rounds",
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
        sa.Column("chat_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolve_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_seconds", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("rating_words", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_support_rounds_rating")),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["users.id"],
            name=op.f("fk_support_rounds_answered_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["support_chats.id"],
            name=op.f("fk_support_rounds_chat_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"],
            ["users.id"],
            name=op.f("fk_support_rounds_closed_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_rounds")),
        sa.UniqueConstraint("chat_id", "number", name=op.f("uq_support_rounds_chat_id_number")),
    )
    op.create_index(
        "ix_support_rounds_due",
        "support_rounds",
        ["resolve_due_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_support_rounds_opened",
        "support_rounds",
        [sa.literal_column("opened_at DESC")],
        unique=False,
    )
    op.create_table(
        "support_files",
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
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mimetype", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["support_messages.id"],
            name=op.f("fk_support_files_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_support_files_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_files")),
    )
    op.create_index(
        "ix_support_files_added", "support_files", ["user_id", "added_at"], unique=False
    )
    op.create_index("ix_support_files_expiry", "support_files", ["expires_at"], unique=False)
    op.create_index("ix_support_files_message", "support_files", ["message_id"], unique=False)
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_support_files_message", table_name="support_files")
    op.drop_index("ix_support_files_expiry", table_name="support_files")
    op.drop_index("ix_support_files_added", table_name="support_files")
    op.drop_table("support_files")
    op.drop_index("ix_support_rounds_opened", table_name="support_rounds")
    op.drop_index(
        "ix_support_rounds_due",
        table_name="support_rounds",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("support_rounds")
    op.drop_index(
        "ix_support_messages_words", table_name="support_messages", postgresql_using="gin"
    )
    op.drop_index("ix_support_messages_page", table_name="support_messages")
    op.drop_table("support_messages")
    op.drop_index(op.f("ix_support_chat_labels_label_id"), table_name="support_chat_labels")
    op.drop_table("support_chat_labels")
    op.drop_table("support_desks")
    op.drop_index("ix_support_chats_status", table_name="support_chats")
    op.drop_index(op.f("ix_support_chats_owner_id"), table_name="support_chats")
    op.drop_index("ix_support_chats_latest", table_name="support_chats")
    op.drop_index(
        "ix_support_chats_assigned",
        table_name="support_chats",
        postgresql_where=sa.text("assigned_to IS NOT NULL"),
    )
    op.drop_table("support_chats")
    op.drop_index("uq_support_replies_shortcut", table_name="support_replies")
    op.drop_table("support_replies")
    op.drop_index("uq_support_labels_title", table_name="support_labels")
    op.drop_table("support_labels")
