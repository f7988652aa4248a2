"""SQL of what support did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, text

from cube_demper.db.session import ReadTx

_BY_PERSON = text(
    """
    WITH answered AS (
        SELECT answered_by AS user_id, count(*) AS answered,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY answer_seconds) AS median,
               count(*) FILTER (WHERE answered_at > answer_due_at) AS late
        FROM support_rounds WHERE answered_at >= :since AND answered_at < :until GROUP BY 1
    ), closed AS (
        SELECT closed_by AS user_id, count(*) AS closed FROM support_rounds
        WHERE closed_at >= :since AND closed_at < :until GROUP BY 1
    ), rated AS (
        SELECT coalesce(closed_by, answered_by) AS user_id, avg(rating) AS rating, count(*) AS ratings
        FROM support_rounds WHERE rated_at >= :since AND rated_at < :until GROUP BY 1
    ), mine AS (
        SELECT assigned_to AS user_id, count(*) AS open_now FROM support_chats
        WHERE status <> 'closed' AND assigned_to IS NOT NULL GROUP BY 1
    )
    SELECT u.id AS user_id, u.full_name, u.email, coalesce(a.answered, 0) AS answered,
           coalesce(c.closed, 0) AS closed, coalesce(m.open_now, 0) AS open_now, a.median,
           coalesce(a.late, 0) AS late, r.rating, coalesce(r.ratings, 0) AS ratings
    FROM users u
    LEFT JOIN answered a ON a.user_id = u.id
    LEFT JOIN closed c ON c.user_id = u.id
    LEFT JOIN rated r ON r.user_id = u.id
    LEFT JOIN mine m ON m.user_id = u.id
    WHERE u.role IN ('support', 'admin') AND (CAST(:only AS uuid) IS NULL OR u.id = :only)
      AND (u.role = 'support' OR a.user_id IS NOT NULL OR c.user_id IS NOT NULL
           OR m.user_id IS NOT NULL OR u.id = :only)
    ORDER BY coalesce(a.answered, 0) DESC, u.full_name, u.email
    LIMIT 200
    """
)
_BY_DAY = text(
    """
    SELECT day, sum(opened)::int AS opened, sum(answered)::int AS answered,
           sum(closed)::int AS closed, sum(late)::int AS late
    FROM (
        SELECT (opened_at AT TIME ZONE 'Asia/Almaty')::date AS day, 1 AS opened, 0 AS answered,
               0 AS closed, 0 AS late
        FROM support_rounds WHERE opened_at >= :since AND opened_at < :until
        UNION ALL
        SELECT (answered_at AT TIME ZONE 'Asia/Almaty')::date, 0, 1, 0,
               (answered_at > answer_due_at)::int
        FROM support_rounds WHERE answered_at >= :since AND answered_at < :until
          AND (CAST(:only AS uuid) IS NULL OR answered_by = :only)
        UNION ALL
        SELECT (closed_at AT TIME ZONE 'Asia/Almaty')::date, 0, 0, 1, 0
        FROM support_rounds WHERE closed_at >= :since AND closed_at < :until
          AND (CAST(:only AS uuid) IS NULL OR closed_by = :only)
    ) AS deeds
    GROUP BY day ORDER BY day
    """
)


async def by_person(
    tx: ReadTx, since: datetime, until: datetime, only: UUID | None
) -> Sequence[RowMapping]:
    """Return a row for each person of support (`only`: for this one)."""
    given = {"since": since, "until": until, "only": only}
    return (await tx.execute(_BY_PERSON, given)).mappings().all()


async def by_day(
    tx: ReadTx, since: datetime, until: datetime, only: UUID | None
) -> Sequence[RowMapping]:
    """Return a row for each day (Almaty) that had anything."""
    given = {"since": since, "until": until, "only": only}
    return (await tx.execute(_BY_DAY, given)).mappings().all()
