"""Goods of pre-orders that came, parcels taken back; no key of a session's own that nobody used.

Revision: 2026_11_28_orders6, after 2026_11_28_payout
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_orders6"
down_revision = "2026_11_28_payout"
branch_labels = None
depends_on = None

KINDS = ("accept", "assemble", "send_code", "complete", "cancel", "reduce")
REFUSALS = (
    "wrong_code", "code_spent", "code_unsure", "cancelled", "completed", "unsigned", "moved_on",
    "no_token", "no_right", "unreachable", "not_done", "other",
)  # fmt: skip


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("orders", sa.Column("goods_came_at", sa.DateTime(timezone=True), nullable=True))
    _know("kind", (*KINDS, "arrive", "take_back"))
    _know("refusal", (*REFUSALS, "unsure"))
    op.drop_column("whatsapp_sessions", "hmac_key")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("whatsapp_sessions", sa.Column("hmac_key", sa.String(), nullable=True))
    # An older version has no words for these; what was done at Kaspi stays done.
    op.execute("DELETE FROM order_actions WHERE kind IN ('arrive', 'take_back')")
    _know("refusal", REFUSALS)
    _know("kind", KINDS)
    op.drop_column("orders", "goods_came_at")


def _know(column: str, words: tuple[str, ...]) -> None:
    name = op.f(f"ck_order_actions_{column}_known")
    op.drop_constraint(name, "order_actions", type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(name, "order_actions", f"{column} IN ({listed})")
