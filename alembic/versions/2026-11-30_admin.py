"""Admins: who did what from where and never otherwise, the second factor, tokens of programs, finding people.

Revision: 2026_11_30_admin
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_admin"
down_revision = "2026_11_30_friends"
branch_labels = None
depends_on = None

_KINDS = ("email", "reset", "login", "telegram")
_ROW = (
    ("created_at", sa.DateTime(timezone=True)),
    ("updated_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _audit()
    _token_kinds((*_KINDS, "second", "visit"))
    op.add_column("user_tokens", sa.Column("issued_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_user_tokens_issued_by"),
        "user_tokens",
        "users",
        ["issued_by"],
        ["id"],
        ondelete="CASCADE",
    )
    op.add_column(
        "user_sessions", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("users", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("CREATE INDEX ix_users_email_prefix ON users (lower(email) text_pattern_ops)")
    op.execute(
        "CREATE INDEX ix_users_name_words ON users USING gin (to_tsvector('simple', full_name))"
    )
    op.execute("CREATE INDEX ix_users_latest ON users (created_at DESC, id DESC)")
    op.execute(
        "CREATE INDEX ix_users_staff ON users (created_at DESC, id DESC) WHERE role <> 'user'"
    )
    op.execute(
        "CREATE INDEX ix_users_shut_out ON users (created_at DESC, id DESC) WHERE is_blocked"
    )
    op.execute("CREATE INDEX ix_kaspi_stores_lost ON kaspi_stores (user_id) WHERE needs_reauth")
    _tables()


def _audit() -> None:
    op.add_column("audit_log", sa.Column("before", sa.dialects.postgresql.JSONB(), nullable=True))
    op.add_column("audit_log", sa.Column("after", sa.dialects.postgresql.JSONB(), nullable=True))
    op.add_column("audit_log", sa.Column("ip", sa.String(), server_default="", nullable=False))
    op.add_column("audit_log", sa.Column("impersonator_id", sa.Uuid(), nullable=True))
    op.execute("CREATE INDEX ix_audit_log_latest ON audit_log (created_at DESC, id DESC)")
    op.execute("CREATE INDEX ix_audit_log_actor ON audit_log (actor_id, created_at DESC, id DESC)")
    op.execute("CREATE INDEX ix_audit_log_action ON audit_log (action, created_at DESC, id DESC)")
    op.execute(
        "CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE ON audit_log"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit()"
    )
    op.execute(
        "CREATE TRIGGER audit_log_is_never_emptied BEFORE TRUNCATE ON audit_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit()"
    )


def _token_kinds(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_user_tokens_kind_known")
    op.drop_constraint(name, "user_tokens")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "user_tokens", f"kind IN ({listed})")


def _tables() -> None:
    _table(
        "second_factors",
        _person(),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.UniqueConstraint("user_id", name=op.f("uq_second_factors_user_id")),
    )
    _table(
        "recovery_codes",
        _person(),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])
    _table(
        "admin_tokens",
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        _person(),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ip", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("token_hash", name=op.f("uq_admin_tokens_token_hash")),
    )
    op.create_index("ix_admin_tokens_user_id", "admin_tokens", ["user_id"])


def _person() -> sa.Column[object]:
    return sa.Column("user_id", sa.Uuid(), nullable=False)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        *(
            sa.Column(column, kind, server_default=sa.text("now()"), nullable=False)
            for column, kind in _ROW
        ),
        *parts,
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f(f"fk_{name}_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.execute(
        f"CREATE TRIGGER {name}_updated_at BEFORE UPDATE ON {name}"
        " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("admin_tokens", "recovery_codes", "second_factors"):
        op.drop_table(name)
    for name in ("shut_out", "staff", "latest", "name_words", "email_prefix"):
        op.drop_index(f"ix_users_{name}", table_name="users")
    op.drop_index("ix_kaspi_stores_lost", table_name="kaspi_stores")
    op.drop_column("users", "deleted_at")
    op.drop_column("user_sessions", "proved_at")
    op.drop_column("user_tokens", "issued_by")
    op.execute("DELETE FROM user_tokens WHERE kind IN ('second', 'visit')")
    _token_kinds(_KINDS)
    op.execute("DROP TRIGGER audit_log_is_never_emptied ON audit_log")
    op.execute("DROP TRIGGER audit_log_is_append_only ON audit_log")
    op.execute("DROP FUNCTION refuse_change_of_audit()")
    for name in ("latest", "actor", "action"):
        op.drop_index(f"ix_audit_log_{name}", table_name="audit_log")
    for name in ("impersonator_id", "ip", "after", "before"):
        op.drop_column("audit_log", name)
