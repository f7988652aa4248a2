"""Looks kept by month: only changes, thirty days, and never two processes in each other's way."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market import service as markets
from cube_demper.domain.market.schemas import DeliverySpeed, Market, Offer

NOW = datetime(2031, 3, 15, 12, tzinfo=UTC)


def _market(price: int, seen_at: datetime) -> Market:
    offer = Offer("11", "Мегадом", price, "1_1", 4.8, 12, DeliverySpeed.TOMORROW, 3)
    return Market("1", "750000000", (offer,), 1, seen_at)


async def _tables(db: Database) -> set[str]:
    async with db.read() as tx:
        rows = await tx.scalars(
            text("SELECT relid::regclass::text FROM pg_partition_tree('market_snapshots')")
        )
        return set(rows.all())


async def test_a_look_is_kept_only_when_its_offers_changed(db: Database) -> None:
    looks = [
        _market(price, NOW + timedelta(minutes=minute))
        for minute, price in enumerate((1_000, 1_000, 900, 900, 1_000))
    ]
    async with db.write() as tx:
        for look in looks:
            await markets.remember_markets(tx, SYSTEM, [look])

    async with db.read() as tx:
        kept = await markets.markets_since(tx, "1", "750000000", NOW)
        latest = await markets.latest_market(tx, "1", "750000000")
    assert [market.offers[0].price for market in kept] == [1_000, 900, 1_000]
    assert latest == looks[-1]


async def test_processes_that_start_together_make_the_months_once(db: Database) -> None:
    async def keep() -> None:
        async with db.write() as tx:
            await markets.keep_partitions(tx, SYSTEM, date(2031, 3, 15))

    await asyncio.gather(*(keep() for _ in range(5)))

    assert {"market_snapshots_2031_03", "market_snapshots_2031_04"} <= await _tables(db)


async def test_a_month_is_dropped_thirty_days_after_its_end(db: Database) -> None:
    for day in (date(2032, 1, 10), date(2032, 3, 1), date(2032, 3, 2)):
        async with db.write() as tx:
            await markets.keep_partitions(tx, SYSTEM, day)
        tables = await _tables(db)
        assert ("market_snapshots_2032_01" in tables) == (day < date(2032, 3, 2))


async def test_looks_of_a_month_without_a_table_are_kept_and_stop_nothing(db: Database) -> None:
    async with db.write() as tx:
        await markets.remember_markets(tx, SYSTEM, [_market(700, NOW.replace(year=2033))])
    async with db.write() as tx:
        await markets.keep_partitions(tx, SYSTEM, date(2033, 3, 15))
        latest = await markets.latest_market(tx, "1", "750000000")

    assert latest is not None
    assert latest.offers[0].price == 700
