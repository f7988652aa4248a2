"""Places kept over time, replays of rules, the first steps of a seller.

Revision: 2026_11_27_trust, after 2026_11_26_worth
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_trust"
down_revision = "2026_11_27_alerts"
branch_labels = None
depends_on = None

TABLES = ("place_tallies", "replay_runs", "replay_results")
SUGGESTED = sa.text("status = 'suggested'")
GUARDED = sa.text(
    "change_reason IN ('below_floor_hold', 'at_floor', 'below_floor_to_floor', 'suspicious_fall')"
)
STATUSES = "status IN ('queued', 'running', 'done', 'cancelled')"


def _instant(name: str, *, nullable: bool = False, is_now: bool = False) -> sa.Column:
    default = sa.text("now()") if is_now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def _key(name: str) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _int(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _big(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _belongs(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("users", _instant("first_steps_closed_at", nullable=True))
    op.create_table(
        "place_tallies",
        _key("store_id"),
        _instant("at"),
        *(_int(name) for name in ("bots", "first", "second_third", "lower", "at_floor")),
        _instant("updated_at", is_now=True),
        _belongs("place_tallies", "store_id", "kaspi_stores"),
        sa.PrimaryKeyConstraint("store_id", "at", name=op.f("pk_place_tallies")),
    )
    _create_replays()
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )
    op.create_index(
        "ix_price_history_suggested",
        "price_history",
        ["store_id", "created_at"],
        postgresql_where=SUGGESTED,
    )
    op.create_index(
        "ix_price_history_guarded",
        "price_history",
        ["store_id", "created_at"],
        postgresql_where=GUARDED,
    )


def _create_replays() -> None:
    op.create_table(
        "replay_runs",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        _instant("created_at", is_now=True),
        _instant("updated_at", is_now=True),
        _key("user_id"),
        _key("store_id"),
        sa.Column("product_ids", postgresql.JSONB(), nullable=True),
        sa.Column("rule", postgresql.JSONB(), nullable=False),
        _instant("since"),
        _instant("until"),
        sa.Column("status", sa.String(), nullable=False),
        _int("total"),
        _int("done"),
        _instant("finished_at", nullable=True),
        sa.CheckConstraint(STATUSES, name=op.f("ck_replay_runs_status_known")),
        _belongs("replay_runs", "user_id", "users"),
        _belongs("replay_runs", "store_id", "kaspi_stores"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay_runs")),
    )
    op.create_index(
        "ix_replay_runs_user", "replay_runs", ["user_id", sa.literal_column("created_at DESC")]
    )
    op.create_table(
        "replay_results",
        _key("run_id"),
        _key("product_id"),
        *(
            _big(name)
            for name in (
                "recorded_s",
                "real_first_s",
                "tried_first_s",
                "real_floor_s",
                "tried_floor_s",
            )
        ),
        _big("real_price", nullable=True),
        _big("tried_price", nullable=True),
        _int("real_changes"),
        _int("tried_changes"),
        _instant("updated_at", is_now=True),
        _belongs("replay_results", "run_id", "replay_runs"),
        _belongs("replay_results", "product_id", "products"),
        sa.PrimaryKeyConstraint("run_id", "product_id", name=op.f("pk_replay_results")),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_price_history_guarded", table_name="price_history")
    op.drop_index("ix_price_history_suggested", table_name="price_history")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("users", "first_steps_closed_at")
