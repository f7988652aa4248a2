"""Deliveries of notifications, Telegram chats, staff, own-data archives; whose data an audit line is.

Revision: 2026_11_27_alerts, after 2026_11_26_worth
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_alerts"
down_revision = "2026_11_26_worth"
branch_labels = None
depends_on = None

TABLES = (
    "notification_wishes",
    "notification_deliveries",
    "telegram_links",
    "staff_members",
    "data_exports",
)
OPEN = sa.text("done_at IS NULL")
LIVE = sa.text("revoked_at IS NULL")
KINDS = ("email", "reset", "login")


def _moment(name: str) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _row() -> list[sa.Column]:
    key = sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    return [key, _moment("created_at"), _moment("updated_at")]


def _person(table: str, name: str = "user_id", *, nullable: bool = False) -> list[object]:
    return [
        sa.Column(name, sa.Uuid(), nullable=nullable),
        sa.ForeignKeyConstraint(
            [name], ["users.id"], name=op.f(f"fk_{table}_{name}"), ondelete="CASCADE"
        ),
    ]


def _texts(name: str) -> sa.Column:
    return sa.Column(
        name, postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
    )


def _wishes() -> None:
    table = "notification_wishes"
    op.create_table(
        table,
        *_row(),
        *_person(table),
        _texts("off"),
        sa.Column("digest_minutes", sa.Integer(), server_default=sa.text("30"), nullable=False),
        sa.Column("quiet_start", sa.Time(), server_default="22:00", nullable=True),
        sa.Column("quiet_end", sa.Time(), server_default="08:00", nullable=True),
        sa.CheckConstraint(
            "digest_minutes BETWEEN 5 AND 1440", name=op.f(f"ck_{table}_digest_minutes")
        ),
        sa.CheckConstraint(
            "num_nulls(quiet_start, quiet_end) IN (0, 2) AND quiet_start IS DISTINCT FROM quiet_end"
            " OR num_nulls(quiet_start, quiet_end) = 2",
            name=op.f(f"ck_{table}_quiet_hours"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("user_id", name=op.f(f"uq_{table}_user_id")),
    )


def _deliveries() -> None:
    table = "notification_deliveries"
    op.create_table(
        table,
        *_row(),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        *_person(table),
        sa.Column("channel", sa.String(), nullable=False),
        _instant("due_at", nullable=False),
        _instant("done_at"),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('app', 'mail', 'telegram')", name=op.f(f"ck_{table}_channel_known")
        ),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name=op.f(f"fk_{table}_notification_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "notification_id", "channel", name=op.f(f"uq_{table}_notification_id_channel")
        ),
    )
    op.create_index(
        "ix_notification_deliveries_open", table, ["user_id", "channel"], postgresql_where=OPEN
    )


def _telegram() -> None:
    table = "telegram_links"
    op.create_table(
        table,
        *_row(),
        *_person(table),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        _instant("blocked_at"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("user_id", name=op.f(f"uq_{table}_user_id")),
        sa.UniqueConstraint("chat_id", name=op.f(f"uq_{table}_chat_id")),
    )


def _staff() -> None:
    table = "staff_members"
    op.create_table(
        table,
        *_row(),
        *_person(table, "owner_id"),
        *_person(table, nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        _texts("rights"),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        _instant("expires_at", nullable=False),
        _instant("accepted_at"),
        _instant("revoked_at"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{table}_token_hash")),
    )
    op.create_index(
        "uq_staff_members_live",
        table,
        ["owner_id", sa.text("lower(email)")],
        unique=True,
        postgresql_where=LIVE,
    )
    op.create_index("ix_staff_members_user", table, ["user_id"], postgresql_where=LIVE)
    op.add_column("users", sa.Column("acts_for", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_users_acts_for"), "users", "users", ["acts_for"], ["id"], ondelete="SET NULL"
    )


def _exports() -> None:
    table = "data_exports"
    op.create_table(
        table,
        *_row(),
        *_person(table),
        _instant("ready_at"),
        _instant("expires_at"),
        _instant("taken_at"),
        sa.Column("archive", sa.LargeBinary(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{table}_token_hash")),
    )
    op.create_index("ix_data_exports_user_id", table, ["user_id", sa.text("created_at DESC")])


def _token_kinds(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_user_tokens_kind_known")
    op.drop_constraint(name, "user_tokens", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "user_tokens", f"kind IN ({listed})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for create in (_wishes, _deliveries, _telegram, _staff, _exports):
        create()
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION update_updated_at_column()"
        )
    _token_kinds((*KINDS, "telegram"))
    op.add_column("audit_log", sa.Column("owner_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE audit_log SET owner_id = actor_id WHERE actor_role = 'user'")
    op.create_index("ix_audit_log_owner", "audit_log", ["owner_id", sa.text("created_at DESC")])
    op.create_index(
        "ix_notifications_latest", "notifications", ["user_id", sa.text("created_at DESC"), "id"]
    )
    op.add_column("notifications", _instant("planned_at"))
    op.execute("UPDATE notifications SET planned_at = created_at")
    op.create_index(
        "ix_notifications_unplanned",
        "notifications",
        ["id"],
        postgresql_where=sa.text("planned_at IS NULL"),
    )
    op.add_column("products", _instant("first_lost_at"))
    op.create_index(
        "ix_products_first_lost",
        "products",
        ["first_lost_at"],
        postgresql_where=sa.text("first_lost_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_products_first_lost", table_name="products")
    op.drop_column("products", "first_lost_at")
    op.drop_index("ix_notifications_unplanned", table_name="notifications")
    op.drop_column("notifications", "planned_at")
    op.drop_index("ix_notifications_latest", table_name="notifications")
    op.drop_index("ix_audit_log_owner", table_name="audit_log")
    op.drop_column("audit_log", "owner_id")
    op.execute("DELETE FROM user_tokens WHERE kind = 'telegram'")
    _token_kinds(KINDS)
    op.drop_constraint(op.f("fk_users_acts_for"), "users", type_="foreignkey")
    op.drop_column("users", "acts_for")
    for table in reversed(TABLES):
        op.drop_table(table)
