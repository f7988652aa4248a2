"""All SQL of markets: snapshots kept by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import ARRAY, Text, cast, func, text, true
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.pricing import MarketSnapshot
from cube_demper.models.rivalry import MarketLook, MarketMove

_INSERT_IF_NEW = text(
    """
    INSERT INTO market_snapshots (card, city_id, seen_at, total, offers)
    SELECT new.card, new.city_id, new.seen_at, new.total, new.offers
    FROM (
        SELECT CAST(:card AS text) AS card, CAST(:city_id AS text) AS city_id,
            CAST(:seen_at AS timestamptz) AS seen_at, CAST(:total AS int) AS total,
            CAST(:offers AS jsonb) AS offers
    ) AS new
    WHERE (
        SELECT last.offers FROM market_snapshots AS last
        WHERE last.card = new.card AND last.city_id = new.city_id
        ORDER BY last.seen_at DESC LIMIT 1
    ) IS DISTINCT FROM new.offers
    ON CONFLICT DO NOTHING
    """
)


async def insert_if_new(tx: WriteTx, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the looks whose offers differ from the last kept one of their card and city."""
    if rows:
        await (await tx.connection()).execute(
            _INSERT_IF_NEW,
            [row | {"offers": orjson.dumps(row["offers"]).decode()} for row in rows],
        )


async def find_latest(
    tx: ReadTx, card: str, city_id: str, before: datetime | None = None
) -> MarketSnapshot | None:
    """Return the last kept look at a card in a city (before a moment, when given)."""
    kept = select(MarketSnapshot).where(
        col(MarketSnapshot.card) == card, col(MarketSnapshot.city_id) == city_id
    )
    if before is not None:
        kept = kept.where(col(MarketSnapshot.seen_at) < before)
    return await tx.scalar(kept.order_by(col(MarketSnapshot.seen_at).desc()).limit(1))


async def list_since(
    tx: ReadTx, card: str, city_id: str, since: datetime, limit: int
) -> Sequence[MarketSnapshot]:
    """Return the newest kept looks since then, oldest first, at most `limit`."""
    rows = await tx.scalars(
        select(MarketSnapshot)
        .where(
            col(MarketSnapshot.card) == card,
            col(MarketSnapshot.city_id) == city_id,
            col(MarketSnapshot.seen_at) >= since,
        )
        .order_by(col(MarketSnapshot.seen_at).desc())
        .limit(limit)
    )
    return list(reversed(rows.all()))


async def lock_partitions(tx: WriteTx) -> None:
    """Let one process at a time make and drop months."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('market_snapshots'))"))


async def list_partitions(tx: ReadTx) -> list[str]:
    """Return the names of the months' tables."""
    rows = await tx.scalars(
        text(
            "SELECT relid::regclass::text FROM pg_partition_tree('market_snapshots')"
            " WHERE isleaf AND relid::regclass::text <> 'market_snapshots_other'"
        )
    )
    return list(rows.all())


async def create_partition(tx: WriteTx, name: str, start: date, end: date) -> None:
    """Make the table of a month, unless the default one already holds looks of it."""
    is_taken = await tx.scalar(
        text(
            "SELECT EXISTS (SELECT 1 FROM market_snapshots_other"
            " WHERE seen_at >= CAST(:start AS date) AND seen_at < CAST(:end AS date))"
        ),
        {"start": start, "end": end},
    )
    if is_taken:
        return
    await tx.execute(
        text(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF market_snapshots"
            f" FOR VALUES FROM ('{start:%Y-%m-%d}') TO ('{end:%Y-%m-%d}')"
        )
    )


async def drop_partition(tx: WriteTx, name: str) -> None:
    """Drop the table of a month that is older than what is kept."""
    await tx.execute(text(f"DROP TABLE IF EXISTS {name}"))


async def delete_before(tx: WriteTx, before: date) -> None:
    """Delete what the default table still holds from before."""
    await tx.execute(
        text("DELETE FROM market_snapshots_other WHERE seen_at < CAST(:before AS date)"),
        {"before": before},
    )


async def list_recorded(
    tx: ReadTx, card: str, city_id: str, *, after: datetime, until: datetime, limit: int
) -> Sequence[tuple[MarketSnapshot, datetime | None]]:
    """Return kept looks later than `after`, oldest first, each with the time of the look before it."""
    before = (
        select(func.max(col(MarketMove.seen_after)))
        .where(
            col(MarketMove.card) == col(MarketSnapshot.card),
            col(MarketMove.city_id) == col(MarketSnapshot.city_id),
            col(MarketMove.seen_at) == col(MarketSnapshot.seen_at),
        )
        .correlate(MarketSnapshot)
        .scalar_subquery()
    )
    rows = await tx.execute(
        select(MarketSnapshot, before)
        .where(
            col(MarketSnapshot.card) == card,
            col(MarketSnapshot.city_id) == city_id,
            col(MarketSnapshot.seen_at) > after,
            col(MarketSnapshot.seen_at) <= until,
        )
        .order_by(col(MarketSnapshot.seen_at))
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in rows.all()]


async def count_recorded(tx: ReadTx, card: str, city_id: str, since: datetime) -> int:
    """Count the kept looks since then."""
    return (
        await tx.scalar(
            select(func.count()).where(
                col(MarketSnapshot.card) == card,
                col(MarketSnapshot.city_id) == city_id,
                col(MarketSnapshot.seen_at) >= since,
            )
        )
        or 0
    )


async def looked_last(tx: ReadTx, card: str, city_id: str) -> datetime | None:
    """Return when the card was last looked at, whether or not that look was kept."""
    return await tx.scalar(
        select(col(MarketLook.seen_at)).where(
            col(MarketLook.card) == card, col(MarketLook.city_id) == city_id
        )
    )


async def list_latest(
    tx: ReadTx, cards: Sequence[str], city_id: str, since: datetime
) -> Sequence[MarketSnapshot]:
    """Return the last kept look at each of these cards since then; cards without one are absent."""
    asked = select(func.unnest(cast(list(cards), ARRAY(Text))).label("card")).subquery()
    latest = (
        select(MarketSnapshot)
        .where(
            col(MarketSnapshot.card) == asked.c.card,
            col(MarketSnapshot.city_id) == city_id,
            col(MarketSnapshot.seen_at) >= since,
        )
        .order_by(col(MarketSnapshot.seen_at).desc())
        .limit(1)
        .lateral()
    )
    rows = await tx.scalars(
        select(aliased(MarketSnapshot, latest)).select_from(asked.join(latest, true()))
    )
    return rows.all()
