"""The store's own price list: its address and content, requests for it, uploaded lists.

Revision: 2026_11_27_feed, after 2026_11_26_worth
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_27_feed"
down_revision = "2026_11_27_stores"
branch_labels = None
depends_on = None

TABLES = ("store_feeds", "feed_pulls", "feed_imports")


def _base() -> list[sa.Column]:
    now = sa.text("now()")
    moment = sa.DateTime(timezone=True)
    return [
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", moment, server_default=now, nullable=False),
        sa.Column("updated_at", moment, server_default=now, nullable=False),
    ]


def _list(name: str) -> sa.Column:
    kind = postgresql.JSONB(astext_type=sa.Text())
    return sa.Column(name, kind, server_default=sa.text("'[]'"), nullable=False)


def _owner(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    text_, moment = sa.String(), sa.DateTime(timezone=True)
    op.create_table(
        "store_feeds",
        *_base(),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("token", text_, nullable=False),
        sa.Column("rotated_at", moment, nullable=False),
        sa.Column("source", text_, nullable=False),
        sa.Column("published_at", moment, nullable=True),
        sa.Column("changed_at", moment, nullable=True),
        sa.Column("digest", text_, nullable=True),
        sa.Column("published_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("refusal", text_, nullable=True),
        sa.Column("refused_at", moment, nullable=True),
        _list("problems"),
        sa.Column("problem_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "source IN ('cabinet', 'list')", name=op.f("ck_store_feeds_source_known")
        ),
        _owner("store_feeds", "store_id", "kaspi_stores"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_feeds")),
        sa.UniqueConstraint("store_id", name=op.f("uq_store_feeds_store_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_store_feeds_token_hash")),
    )
    op.create_table(
        "feed_pulls",
        *_base(),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("outcome", text_, nullable=False),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("note", text_, nullable=True),
        sa.Column("user_agent", text_, nullable=False),
        sa.CheckConstraint(
            "outcome IN ('taken', 'unchanged', 'refused', 'broken')",
            name=op.f("ck_feed_pulls_outcome_known"),
        ),
        _owner("feed_pulls", "store_id", "kaspi_stores"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_pulls")),
    )
    op.create_index("ix_feed_pulls_store", "feed_pulls", ["store_id", sa.literal_column("at DESC")])
    op.create_table(
        "feed_imports",
        *_base(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", text_, nullable=False),
        sa.Column("status", text_, nullable=False),
        sa.Column("merchant_id", text_, nullable=False),
        sa.Column("merchant_name", text_, nullable=False),
        _list("points"),
        sa.Column("total", sa.Integer(), nullable=False),
        _list("problems"),
        sa.Column("problem_count", sa.Integer(), nullable=False),
        sa.Column("offers", sa.LargeBinary(), nullable=True),
        sa.Column("note", text_, nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "status IN ('ready', 'queued', 'done', 'failed')",
            name=op.f("ck_feed_imports_status_known"),
        ),
        _owner("feed_imports", "user_id", "users"),
        _owner("feed_imports", "store_id", "kaspi_stores"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_imports")),
    )
    op.create_index(
        "ix_feed_imports_user", "feed_imports", ["user_id", sa.literal_column("created_at DESC")]
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
