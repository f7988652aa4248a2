"""SQL of who a broadcast reaches: buyers by their orders, with why some of them are left out."""

# ruff: noqa: S608 - put together from constants of this module alone

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.messaging.broadcasts.schemas import Audience, Chosen, Exclusion, Reach
from cube_demper.domain.messaging.rules import MISSING_NUMBER

_REFUSED_FOR: Final = timedelta(days=30)
_NARROW: Final = {
    "stores": "o.store_id = ANY(:stores)",
    "since": "o.ordered_at >= :since",
    "until": "o.ordered_at < :until",
    "city": "o.city_name = :city",
}
_GOODS: Final = {
    "category": "i.category_name = :category",
    "product": "strpos(lower(i.name), lower(:product)) > 0",
}
_FITS: Final = """
WITH fits AS MATERIALIZED (
    SELECT o.id, o.ordered_at,
           CASE WHEN o.customer_phone IS NOT NULL THEN o.customer_phone_hash END AS hash
    FROM orders o
    WHERE o.store_id = ANY(ARRAY(SELECT id FROM kaspi_stores WHERE user_id = :owner))
    AND o.status NOT IN ('CANCELLED', 'RETURNED') {narrowed}
), """
# What a person was refused or got is asked for once for all of them, not for each.
_PEOPLE: Final = """
bought AS (
    SELECT hash, max(ordered_at) AS last_at {and_order} FROM fits WHERE hash IS NOT NULL
    GROUP BY hash HAVING count(*) >= :least
), people AS (
    SELECT b.*, c.id AS contact_id, c.heard_at, CASE
        WHEN c.opted_out_at IS NOT NULL THEN 'opted_out'
        WHEN NOT c.is_on_whatsapp AND c.checked_at > :missing_since THEN 'not_on_whatsapp'
        WHEN c.id IN (
            SELECT q.contact_id FROM scheduled_messages q WHERE q.user_id = :owner
            AND q.status = 'failed' AND q.begun_at > :refused_since
        ) THEN 'refused'
        WHEN CAST(:rested_since AS timestamptz) IS NOT NULL AND c.id IN (
            SELECT p.contact_id FROM broadcasts x JOIN broadcast_people p ON p.broadcast_id = x.id
            LEFT JOIN scheduled_messages q ON q.id = p.message_id
            WHERE x.user_id = :owner AND p.reason IS NULL AND (
                q.begun_at > :rested_since OR (
                    x.status IN ('running', 'paused')
                    AND (p.queued_at IS NULL OR q.status IN ('waiting', 'sending'))
                )
            )
        ) THEN 'resting'
        WHEN CAST(:only_wrote AS boolean) AND c.heard_at IS NULL THEN 'never_wrote'
    END AS reason
    FROM bought b
    LEFT JOIN whatsapp_contacts c ON c.user_id = :owner AND c.phone_hash = b.hash
)"""
# Who has written before comes first: their answers tell early whether the text is welcome.
_ORDER: Final = "heard_at DESC NULLS LAST, last_at DESC, hash"
_LOOK: Final = f"""{_PEOPLE.format(and_order="")}, first AS (
    SELECT hash, contact_id FROM people WHERE reason IS NULL ORDER BY {_ORDER} LIMIT :most
)
SELECT 'people' AS what, reason, count(*), count(*) FILTER (WHERE heard_at IS NULL),
       CAST(NULL AS uuid), CAST(NULL AS uuid)
FROM people GROUP BY reason
UNION ALL SELECT 'hidden', NULL, count(*), 0, NULL, NULL FROM fits WHERE hash IS NULL
UNION ALL SELECT 'first', NULL, 0, 0, contact_id, (
    SELECT f.id FROM fits f WHERE f.hash = first.hash ORDER BY f.ordered_at DESC, f.id LIMIT 1
) FROM first
"""
_WHOLE: Final = _PEOPLE.format(
    and_order=", (array_agg(id ORDER BY ordered_at DESC, id))[1] AS order_id"
)
_MEET: Final = f"""{_WHOLE}
INSERT INTO whatsapp_contacts (id, user_id, phone, phone_hash, name, name_hashes)
SELECT gen_random_uuid(), CAST(:owner AS uuid), o.customer_phone, people.hash, o.customer_name,
       o.customer_name_hashes
FROM people JOIN orders o ON o.id = people.order_id
WHERE people.contact_id IS NULL AND people.reason IS NULL
ON CONFLICT (user_id, phone_hash) DO NOTHING
"""
_FIX: Final = f"""{_WHOLE}, written AS (
    INSERT INTO broadcast_people (id, broadcast_id, contact_id, order_id, position)
    SELECT gen_random_uuid(), CAST(:broadcast AS uuid), contact_id, order_id,
           row_number() OVER (ORDER BY {_ORDER})
    FROM people WHERE reason IS NULL AND contact_id IS NOT NULL
    ON CONFLICT (broadcast_id, contact_id) DO NOTHING
    RETURNING 1
) SELECT count(*) FROM written
"""
# Of each store's last 5,000 orders: all of a big seller's items take seconds to read.
_LATEST: Final = """
    FROM kaspi_stores s CROSS JOIN LATERAL (
        SELECT id, city_name FROM orders WHERE store_id = s.id ORDER BY ordered_at DESC LIMIT 5000
    ) o
"""
_CATEGORIES = text(
    f"""
    SELECT DISTINCT i.category_name {_LATEST} JOIN order_items i ON i.order_id = o.id
    WHERE s.user_id = :owner AND i.category_name <> '' ORDER BY 1 LIMIT 200
    """
)
_CITIES = text(
    f"""
    SELECT DISTINCT o.city_name {_LATEST}
    WHERE s.user_id = :owner AND o.city_name <> '' ORDER BY 1 LIMIT 200
    """
)


async def look(
    tx: ReadTx, owner: UUID, audience: Audience, now: datetime, most: int
) -> tuple[Reach, list[Chosen]]:
    """Count whom the filter reaches and would reach; return also those who are written to first."""
    given = _given(owner, audience, now)
    rows = (await tx.execute(_statement(_LOOK, given), given | {"most": most})).all()
    counts = {row.reason: row for row in rows if row.what == "people"}
    people, cold = counts.pop(None)[2:4] if None in counts else (0, 0)
    excluded = {Exclusion(reason): row[2] for reason, row in counts.items()}
    hidden = sum(row[2] for row in rows if row.what == "hidden")
    first = [Chosen(row[5], row[4]) for row in rows if row.what == "first"]
    return Reach(people, cold, excluded, hidden), first


async def fix(
    tx: WriteTx, owner: UUID, broadcast_id: UUID, audience: Audience, now: datetime
) -> int:
    """Write down the people of a broadcast, making contacts of new ones; return how many."""
    given = _given(owner, audience, now)
    await tx.execute(_statement(_MEET, given), given)
    found = await tx.scalar(_statement(_FIX, given), given | {"broadcast": broadcast_id})
    return int(found or 0)


async def categories(tx: ReadTx, owner: UUID) -> Sequence[str]:
    """Return the categories of what was bought lately, at most 200."""
    return (await tx.scalars(_CATEGORIES, {"owner": owner})).all()


async def cities(tx: ReadTx, owner: UUID) -> Sequence[str]:
    """Return the cities of the latest buyers, at most 200."""
    return (await tx.scalars(_CITIES, {"owner": owner})).all()


def _statement(rest: str, given: Mapping[str, Any]) -> TextClause:
    """Narrow by what is asked for alone: the planner meets no condition that is not there."""
    narrowed = [sql for name, sql in _NARROW.items() if given[name] is not None]
    if goods := [sql for name, sql in _GOODS.items() if given[name] is not None]:
        bought = " AND ".join(goods)
        narrowed.append(
            f"o.id IN (SELECT i.order_id FROM order_items i WHERE i.quantity > 0 AND {bought})"
        )
    return text(_FITS.format(narrowed="".join(f" AND {it}" for it in narrowed)) + rest)


def _given(owner: UUID, audience: Audience, now: datetime) -> dict[str, Any]:
    rest = audience.rest_days
    return {
        "owner": owner,
        "stores": list(audience.store_ids) or None,
        "since": _midnight(audience.since),
        "until": _midnight(audience.until, days=1),
        "city": audience.city or None,
        "category": audience.category or None,
        "product": audience.product or None,
        "least": audience.least_orders,
        "only_wrote": audience.only_wrote,
        "missing_since": now - MISSING_NUMBER,
        "refused_since": now - _REFUSED_FOR,
        "rested_since": now - timedelta(days=rest) if rest else None,
    }


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=days), time(), ALMATY).astimezone(UTC)
