"""People are narrowed by their own row: plan, stores and payments are noted there by the database itself.

A list in the order of registration that is narrowed by other tables has to look at every person when those who
fit came long ago. Noted at the end of the transaction that changes them, so that no row is held for it meanwhile.
Payments are listed by an index of the order that they are shown in.

Revision: 2026_11_30_directory, after 2026_11_30_tries
"""

from alembic import op

revision = "2026_11_30_directory"
down_revision = "2026_11_30_tries"
branch_labels = None
depends_on = None

COLUMNS = {
    "plan": "VARCHAR",
    "plan_until": "TIMESTAMPTZ",
    "plan_before": "VARCHAR",
    "plan_before_until": "TIMESTAMPTZ",
    "stores": "INTEGER NOT NULL DEFAULT 0",
    "stores_lost": "INTEGER NOT NULL DEFAULT 0",
    "has_paid": "BOOLEAN NOT NULL DEFAULT false",
}
# What a person's row should say, read from where it is decided.
FACTS = """
    SELECT u.id, CASE WHEN s.is_trial THEN 'trial' ELSE s.plan END AS plan,
        COALESCE(s.grace_until, s.current_period_end) AS plan_until,
        s.first_plan AS plan_before, s.first_until AS plan_before_until,
        k.stores, k.stores_lost,
        EXISTS (SELECT FROM payments AS p WHERE p.user_id = u.id AND p.paid_at IS NOT NULL) AS has_paid
    FROM users AS u
    LEFT JOIN subscriptions AS s ON s.user_id = u.id AND s.status = 'active'
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS stores, count(*) FILTER (WHERE needs_reauth)::int AS stores_lost
        FROM kaspi_stores WHERE user_id = u.id
    ) AS k
"""
SET = f"({', '.join(COLUMNS)}) = ({', '.join(f'it.{name}' for name in COLUMNS)})"
DIFFERS = " OR ".join(f"users.{name} IS DISTINCT FROM it.{name}" for name in COLUMNS)
NOTE = f"UPDATE users SET {SET} FROM ({FACTS}) AS it WHERE users.id = it.id AND ({DIFFERS})"  # noqa: S608 # ours
TRIGGERS = {
    "subscriptions": "UPDATE OF user_id, plan, status, is_trial, current_period_end, grace_until,"
    " first_plan, first_until",
    "kaspi_stores": "UPDATE OF user_id, needs_reauth",
    "payments": "UPDATE OF user_id, paid_at",
}
ORDER = "(created_at DESC, id DESC)"
NARROWED = "role, is_blocked, deleted_at, email_confirmed_at, " + ", ".join(COLUMNS)
INDEXES = {
    "ix_users_latest": f"{ORDER} INCLUDE ({NARROWED})",
    "ix_users_plan": f"{ORDER} INCLUDE ({NARROWED}) WHERE plan IS NOT NULL",
    "ix_users_stores_lost": f"{ORDER} WHERE stores_lost > 0",
    "ix_users_stores": f"{ORDER} WHERE stores > 0",
    "ix_users_paid": f"{ORDER} INCLUDE ({NARROWED}) WHERE has_paid",
    "ix_users_deleted": f"{ORDER} WHERE deleted_at IS NOT NULL",
    "ix_users_unconfirmed": f"{ORDER} WHERE email_confirmed_at IS NULL",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE users ADD COLUMN {name} {kind}")
    op.execute(
        # The lock in a statement of its own: the next one then sees what whoever held the row has done.
        "CREATE FUNCTION note_facts_of_user(person uuid) RETURNS void LANGUAGE sql AS $$"
        " SELECT FROM users WHERE id = person FOR NO KEY UPDATE;"
        f" {NOTE} AND it.id = person $$"
    )
    op.execute(
        """
        CREATE FUNCTION note_facts_of_owner() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'DELETE' THEN PERFORM note_facts_of_user(NEW.user_id); END IF;
            IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND OLD.user_id <> NEW.user_id THEN
                PERFORM note_facts_of_user(OLD.user_id);
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(NOTE)
    for table, change in TRIGGERS.items():
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_note_facts AFTER INSERT OR DELETE OR {change} ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_facts_of_owner()"
        )
    op.execute("DROP INDEX ix_users_latest")
    for name, what in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON users {what}")
    op.execute(
        "CREATE INDEX ix_payments_shown ON payments ((COALESCE(paid_at, created_at)) DESC, id)"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP INDEX ix_payments_shown")
    for table in TRIGGERS:
        op.execute(f"DROP TRIGGER {table}_note_facts ON {table}")
    op.execute("DROP FUNCTION note_facts_of_owner()")
    op.execute("DROP FUNCTION note_facts_of_user(uuid)")
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for name in COLUMNS:
        op.execute(f"ALTER TABLE users DROP COLUMN {name}")
    op.execute(f"CREATE INDEX ix_users_latest ON users {ORDER}")
