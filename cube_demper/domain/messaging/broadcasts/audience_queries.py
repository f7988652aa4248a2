"""SQL of who a broadcast reaches: buyers by their orders, with why some of them are left out."""

# ruff: noqa: S608 - put together from constants of this module alone

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.messaging.broadcasts.schemas import Audience, Exclusion, Reach
from cube_demper.domain.messaging.rules import MISSING_NUMBER

_REFUSED_FOR: Final = timedelta(days=30)
_FITS: Final = """
    s.user_id = :owner AND o.status NOT IN ('CANCELLED', 'RETURNED')
    AND (CAST(:stores AS uuid[]) IS NULL OR o.store_id = ANY(:stores))
    AND (CAST(:since AS timestamptz) IS NULL OR o.ordered_at >= :since)
    AND (CAST(:until AS timestamptz) IS NULL OR o.ordered_at < :until)
    AND (CAST(:city AS text) IS NULL OR o.city_name = :city)
    AND ((CAST(:category AS text) IS NULL AND CAST(:product AS text) IS NULL) OR EXISTS (
        SELECT 1 FROM order_items i WHERE i.order_id = o.id AND i.quantity > 0
        AND (CAST(:category AS text) IS NULL OR i.category_name = :category)
        AND (CAST(:product AS text) IS NULL OR strpos(lower(i.name), lower(:product)) > 0)))
"""
# A message that has begun has its text's hash: what was sent to a person is found by that index.
_PEOPLE: Final = f"""
WITH bought AS (
    SELECT o.customer_phone_hash AS hash, max(o.ordered_at) AS last_at,
           (array_agg(o.id ORDER BY o.ordered_at DESC, o.id))[1] AS order_id
    FROM orders o JOIN kaspi_stores s ON s.id = o.store_id
    WHERE o.customer_phone_hash IS NOT NULL AND o.customer_phone IS NOT NULL AND {_FITS}
    GROUP BY o.customer_phone_hash HAVING count(*) >= :least
), people AS (
    SELECT b.*, c.id AS contact_id, c.heard_at, CASE
        WHEN c.opted_out_at IS NOT NULL THEN 'opted_out'
        WHEN NOT c.is_on_whatsapp AND c.checked_at > :missing_since THEN 'not_on_whatsapp'
        WHEN EXISTS (
            SELECT 1 FROM scheduled_messages q WHERE q.contact_id = c.id
            AND q.text_hash IS NOT NULL AND q.status = 'failed' AND q.begun_at > :refused_since
        ) THEN 'refused'
        WHEN CAST(:rested_since AS timestamptz) IS NOT NULL AND (EXISTS (
            SELECT 1 FROM scheduled_messages q WHERE q.contact_id = c.id
            AND q.text_hash IS NOT NULL AND q.kind = 'broadcast' AND q.begun_at > :rested_since
        ) OR EXISTS (
            SELECT 1 FROM broadcast_people p JOIN broadcasts x ON x.id = p.broadcast_id
            LEFT JOIN scheduled_messages w ON w.id = p.message_id
            WHERE p.contact_id = c.id AND x.status IN ('running', 'paused') AND p.reason IS NULL
            AND (p.queued_at IS NULL OR w.status IN ('waiting', 'sending'))
        )) THEN 'resting'
        WHEN CAST(:only_wrote AS boolean) AND c.heard_at IS NULL THEN 'never_wrote'
    END AS reason
    FROM bought b
    LEFT JOIN whatsapp_contacts c ON c.user_id = :owner AND c.phone_hash = b.hash
)
"""
_COUNT = text(
    _PEOPLE
    + """
    SELECT reason, count(*), count(*) FILTER (WHERE heard_at IS NULL) FROM people GROUP BY reason
    """
)
_HIDDEN = text(
    f"""
    SELECT count(*) FROM orders o JOIN kaspi_stores s ON s.id = o.store_id
    WHERE (o.customer_phone_hash IS NULL OR o.customer_phone IS NULL) AND {_FITS}
    """
)
# Who has written before comes first: their answers tell early whether the text is welcome.
_ORDER: Final = "heard_at DESC NULLS LAST, last_at DESC, hash"
_FIRST = text(
    _PEOPLE
    + f"""
    SELECT order_id, contact_id FROM people WHERE reason IS NULL ORDER BY {_ORDER} LIMIT :most
    """
)
_MEET = text(
    _PEOPLE
    + """
    INSERT INTO whatsapp_contacts (id, user_id, phone, phone_hash, name, name_hashes)
    SELECT gen_random_uuid(), CAST(:owner AS uuid), o.customer_phone, people.hash, o.customer_name,
           o.customer_name_hashes
    FROM people JOIN orders o ON o.id = people.order_id
    WHERE people.contact_id IS NULL AND people.reason IS NULL
    ON CONFLICT (user_id, phone_hash) DO NOTHING
    """
)
_FIX = text(
    _PEOPLE
    + f"""
    INSERT INTO broadcast_people (id, broadcast_id, contact_id, order_id, position)
    SELECT gen_random_uuid(), CAST(:broadcast AS uuid), contact_id, order_id,
           row_number() OVER (ORDER BY {_ORDER})
    FROM people WHERE reason IS NULL AND contact_id IS NOT NULL
    ON CONFLICT (broadcast_id, contact_id) DO NOTHING
    RETURNING 1
    """
)
_CATEGORIES = text(
    """
    SELECT DISTINCT i.category_name FROM order_items i JOIN orders o ON o.id = i.order_id
    JOIN kaspi_stores s ON s.id = o.store_id
    WHERE s.user_id = :owner AND i.category_name <> '' ORDER BY 1 LIMIT 200
    """
)
_CITIES = text(
    """
    SELECT DISTINCT o.city_name FROM orders o JOIN kaspi_stores s ON s.id = o.store_id
    WHERE s.user_id = :owner AND o.city_name <> '' ORDER BY 1 LIMIT 200
    """
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person of the audience. `contact_id` None: never written to or heard from."""

    order_id: UUID
    contact_id: UUID | None


async def count(tx: ReadTx, owner: UUID, audience: Audience, now: datetime) -> Reach:
    """Count whom the filter reaches, and whom it would without the exclusions."""
    given = _given(owner, audience, now)
    rows = (await tx.execute(_COUNT, given)).tuples().all()
    reached = next(((people, cold) for reason, people, cold in rows if reason is None), (0, 0))
    excluded = {Exclusion(reason): people for reason, people, _ in rows if reason is not None}
    hidden = int(await tx.scalar(_HIDDEN, given) or 0)
    return Reach(reached[0], reached[1], excluded, hidden)


async def first(
    tx: ReadTx, owner: UUID, audience: Audience, now: datetime, most: int
) -> list[Chosen]:
    """Return the people who would be written to first."""
    rows = await tx.execute(_FIRST, _given(owner, audience, now) | {"most": most})
    return [Chosen(*row) for row in rows.tuples().all()]


async def fix(
    tx: WriteTx, owner: UUID, broadcast_id: UUID, audience: Audience, now: datetime
) -> int:
    """Write down the people of a broadcast, making contacts of new ones; return how many."""
    given = _given(owner, audience, now)
    await tx.execute(_MEET, given)
    return len((await tx.execute(_FIX, given | {"broadcast": broadcast_id})).all())


async def categories(tx: ReadTx, owner: UUID) -> Sequence[str]:
    """Return the categories of what was bought, at most 200."""
    return (await tx.scalars(_CATEGORIES, {"owner": owner})).all()


async def cities(tx: ReadTx, owner: UUID) -> Sequence[str]:
    """Return the cities of buyers, at most 200."""
    return (await tx.scalars(_CITIES, {"owner": owner})).all()


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
