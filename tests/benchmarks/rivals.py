"""What rivals cost: CPU a look for keeping moves, and the profiles of a store with 5,000 goods."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.market import service as markets
from cube_demper.domain.market.rivals import service as rivals
from cube_demper.domain.market.rivals.page_schemas import RivalQuery
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.stores import KaspiStore
from tests.benchmarks._stage import servers

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
GOODS, MOVES, SELLERS, BATCH, TURNS = 5_000, 60, 8, 40, 60

_LOOKS = f"""
INSERT INTO market_looks (card, city_id, seen_at, prices)
SELECT n::text, '750000000', :now, jsonb_build_object('MINE', 900000) ||
    (SELECT jsonb_object_agg('R' || (n * 7 + k) % 900, 890000 + k * 1000)
     FROM generate_series(1, {SELLERS}) AS k)
FROM generate_series(1, {GOODS}) AS n
"""  # noqa: S608 - our own numbers
_MOVES = f"""
INSERT INTO market_moves
    (card, city_id, merchant_id, name, seen_after, seen_at, old_price, new_price)
SELECT n::text, '750000000',
    CASE WHEN m % 3 = 0 THEN 'MINE' ELSE 'R' || (n * 7 + m % {SELLERS} + 1) % 900 END,
    'Магазин', CAST(:now AS timestamptz) - m * interval '11 hours' - interval '1 minute',
    CAST(:now AS timestamptz) - m * interval '11 hours', 900000 - m * 100, 899900 - m * 100
FROM generate_series(1, {GOODS}) AS n, generate_series(1, {MOVES}) AS m
"""  # noqa: S608 - our own numbers


def main() -> None:
    """Measure on a Postgres of its own and print."""
    with servers() as running:
        asyncio.run(_measure(Database(running.database_url, name="bench")))


async def _measure(db: Database) -> None:
    _say(f"keeping moves: {await _looks(db):.3f} ms of CPU a look, {BATCH} at once")
    owner = await _fill(db)
    started, cpu = time.perf_counter(), time.process_time()
    await rivals.count_next(db, SYSTEM, NOW)
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    _say(f"profiles of {GOODS} goods, {GOODS * MOVES} moves: {took:.2f} s, CPU {cpu:.2f} s")
    times = []
    for _ in range(21):
        started = time.perf_counter()
        async with db.read() as tx:
            page = await rivals.list_rivals(tx, Actor(Role.USER, owner), RivalQuery(sort="moves"))
        times.append(time.perf_counter() - started)
    _say(f"one page of {page.total} rivals: {sorted(times)[10] * 1000:.1f} ms (median)")
    await db.close()


async def _looks(db: Database) -> float:
    """Look at 40 cards over and over; each fourth market has changed."""
    batches = [[_market(card, turn) for card in range(BATCH)] for turn in range(TURNS)]
    cpu = 0.0
    for batch in batches:
        async with db.write() as tx:
            started = time.process_time()
            await markets._follow_moves(tx, batch)
            cpu += time.process_time() - started
    return cpu * 1000 / (BATCH * TURNS)


def _market(card: int, turn: int) -> Market:
    steps = (card + turn) // 4
    offers = tuple(
        Offer(f"R{k}", f"Магазин {k}", 900_000 + k * 1000 - (steps * 100 if k < 2 else 0))
        for k in range(20)
    )
    return Market(str(card), "750000000", offers, 20, NOW + timedelta(seconds=turn))


async def _fill(db: Database) -> UUID:
    async with db.write() as tx:
        user = User(email="b@example.kz", password_hash="-", referral_code="bench")
        tx.add(user)
        await tx.flush()
        store = KaspiStore(user_id=user.id, merchant_id="MINE", name="Лавка")
        tx.add(store)
        await tx.flush()
        tx.add_all(
            Product(
                store_id=store.id,
                kaspi_product_id=str(number),
                kaspi_sku=f"S{number}",
                external_kaspi_id=str(number),
                name=f"Товар {number}",
                min_price=800_000,
            )
            for number in range(1, GOODS + 1)
        )
        await tx.execute(text("TRUNCATE market_looks, market_moves"))
        await tx.execute(text(_LOOKS), {"now": NOW})
        await tx.execute(text(_MOVES), {"now": NOW})
        await tx.execute(text("ANALYZE market_moves"))
    return user.id


def _say(words: str) -> None:
    sys.stdout.write(f"  {words}\n")


if __name__ == "__main__":
    main()
