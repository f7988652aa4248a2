"""A line of a payout report keeps its cells alone; what they are called is kept once, by its report.

A report may be cancelled.

Revision: 2026_11_28_payout, after 2026_11_28_inbox
"""

from alembic import op

revision = "2026_11_28_payout"
down_revision = "2026_11_28_inbox"
branch_labels = None
depends_on = None

STATUSES = ("reading", "columns", "matching", "ready", "refused")


def _allow(*statuses: str) -> None:
    op.drop_constraint(op.f("ck_payout_reports_status_known"), "payout_reports", type_="check")
    listed = ", ".join(f"'{it}'" for it in statuses)
    op.create_check_constraint(
        op.f("ck_payout_reports_status_known"), "payout_reports", f"status IN ({listed})"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _allow(*STATUSES, "cancelled")
    op.execute(
        """
        UPDATE payout_lines l SET raw = coalesce((
            SELECT jsonb_agg(
                coalesce((
                    SELECT pair->1 FROM jsonb_array_elements(l.raw) pair
                    WHERE pair->>0 = heading.value->>'name' LIMIT 1
                ), '""') ORDER BY heading.ordinality
            ) FROM jsonb_array_elements(r.headings) WITH ORDINALITY heading
        ), '[]')
        FROM payout_reports r WHERE r.id = l.report_id
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("UPDATE payout_reports SET status = 'refused' WHERE status = 'cancelled'")
    _allow(*STATUSES)
    op.execute(
        """
        UPDATE payout_lines l SET raw = coalesce((
            SELECT jsonb_agg(
                jsonb_build_array(heading.value->'name', cell.value) ORDER BY heading.ordinality
            )
            FROM jsonb_array_elements(r.headings) WITH ORDINALITY heading
            JOIN jsonb_array_elements(l.raw) WITH ORDINALITY cell USING (ordinality)
            WHERE cell.value <> '""'
        ), '[]')
        FROM payout_reports r WHERE r.id = l.report_id
        """
    )
