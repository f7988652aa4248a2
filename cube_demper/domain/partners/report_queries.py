"""SQL of a partner's figures by day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx

# A day is Almaty's: a click at 23:30 there belongs to that evening, not to the next UTC day.
_DAYS: Final = text(
    """
    SELECT day, sum(clicks)::int AS clicks, sum(sign_ups)::int AS sign_ups,
        sum(payments)::int AS payments, sum(earned)::bigint AS earned
    FROM (
        SELECT day, sum(clicks) AS clicks, 0 AS sign_ups, 0 AS payments, 0 AS earned
        FROM partner_click_days
        WHERE partner_id = :partner AND verdict = 'counted' AND day BETWEEN :first AND :last
        GROUP BY 1
        UNION ALL
        SELECT (signed_up_at AT TIME ZONE 'Asia/Almaty')::date, 0, count(*), 0, 0
        FROM partner_leads
        WHERE partner_id = :partner AND signed_up_at >= :since AND signed_up_at < :until
        GROUP BY 1
        UNION ALL
        SELECT (at AT TIME ZONE 'Asia/Almaty')::date, 0, 0,
            count(*) FILTER (WHERE kind = 'commission'), sum(amount)
        FROM partner_transactions
        WHERE partner_id = :partner AND kind IN ('commission', 'take_back') AND status <> 'denied'
            AND at >= :since AND at < :until
        GROUP BY 1
    ) parts
    GROUP BY day
    """
).bindparams(bindparam("partner", type_=Uuid()))
_LEFT_OUT: Final = text(
    """
    SELECT verdict, sum(clicks)::int FROM partner_click_days
    WHERE partner_id = :partner AND verdict <> 'counted' AND day BETWEEN :first AND :last
    GROUP BY verdict
    """
).bindparams(bindparam("partner", type_=Uuid()))


async def figures_by_day(
    tx: ReadTx, partner_id: UUID, first: date, last: date
) -> dict[date, dict[str, Any]]:
    """Return the figures of each Almaty day from `first` to `last` that has any."""
    given = {
        "partner": partner_id,
        "first": first,
        "last": last,
        "since": datetime.combine(first, time(), ALMATY),
        "until": datetime.combine(last + timedelta(days=1), time(), ALMATY),
    }
    rows = (await tx.execute(_DAYS, given)).mappings().all()
    return {row["day"]: dict(row) for row in rows}


async def clicks_left_out(tx: ReadTx, partner_id: UUID, first: date, last: date) -> dict[str, int]:
    """Count the clicks of these Almaty days that do not count, by their reason."""
    given = {"partner": partner_id, "first": first, "last": last}
    return dict((await tx.execute(_LEFT_OUT, given)).tuples().all())
