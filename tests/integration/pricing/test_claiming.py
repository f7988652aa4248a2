"""Claims: two shards at once, stores that cannot be served, plans, turns of the keys."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from records import NOON, add_product, add_store, add_user, limit_bots
from sqlalchemy import func, select, text, update
from sqlmodel import col

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.pricing import checking
from cube_demper.domain.pricing.turns import Turn
from cube_demper.domain.stores import service as stores
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.stores import DempingSettings, KaspiStore

EVERY = range(checking.SHARDS)
_GOODS = text(
    """
    INSERT INTO products (store_id, kaspi_product_id, kaspi_sku, external_kaspi_id, name, min_price,
        bot_active, bot_enabled_at, next_check_at)
    SELECT :store, n::text, 'SKU-' || n, n::text, 'Товар', 100000, true, :now, :due
    FROM generate_series(1, :count) AS n
    """
)


async def _add_goods(db: Database, store: KaspiStore, count: int, *, late: int = 1) -> None:
    due = NOON - timedelta(seconds=late)
    async with db.write() as tx:
        given = {"store": store.id, "count": count, "now": NOON, "due": due}
        await tx.execute(_GOODS, given)


async def _add_store(db: Database, **user: Any) -> KaspiStore:
    async with db.write() as tx:
        return await add_store(tx, await add_user(tx, **user))


async def _claim(
    db: Database,
    *,
    keys: Sequence[int] = EVERY,
    limit: int = 100,
    overdue: timedelta = timedelta(),
    now: Any = NOON,
    turn: Turn | None = None,
) -> list[Product]:
    """Claim as a worker does: the stores that are ready first."""
    async with db.read() as tx:
        ready = {store.id: store for store in await stores.ready_stores(tx, SYSTEM, now)}
    wanted = checking.Claim(
        uuid4(), keys, now - overdue, timedelta(seconds=90), limit, turn or Turn()
    )
    async with db.write() as tx:
        due = await checking.claim(tx, ready, wanted, now)
        ids = [one.product.id for card in due for one in card.products]
        rows = await tx.scalars(select(Product).where(col(Product.id).in_(ids)))
        return list(rows.all())


async def _unpark(db: Database) -> int:
    async with db.read() as tx:
        ready = await stores.ready_stores(tx, SYSTEM, NOON)
        is_needed = await checking.has_parked(tx, ready)
    async with db.write() as tx:
        count = await checking.unpark(tx, ready)
    assert is_needed is (count > 0)
    return count


async def _parked(db: Database) -> int:
    async with db.read() as tx:
        query = select(func.count()).where(col(Product.parked_at).is_not(None))
        return await tx.scalar(query) or 0


def _shard(index: int, count: int = 2) -> list[int]:
    return [key for key in EVERY if key % count == index]


async def test_two_shards_at_once_take_all_and_nothing_twice(db: Database) -> None:
    await _add_goods(db, await _add_store(db), 600)

    async def drain(index: int) -> list[UUID]:
        taken: list[UUID] = []
        while rows := await _claim(db, keys=_shard(index), limit=50):
            taken += [row.id for row in rows]
        return taken

    first, second = await asyncio.gather(drain(0), drain(1))
    assert len(first) + len(second) == len({*first, *second}) == 600


async def test_two_copies_of_a_shard_share_it(db: Database) -> None:
    await _add_goods(db, await _add_store(db), 300)
    batches = await asyncio.gather(*(_claim(db, limit=100) for _ in range(6)))
    ids = [row.id for rows in batches for row in rows]
    assert len(ids) == len(set(ids))
    rest = await _claim(db, limit=300)
    assert len(ids) + len(rest) == 300


async def test_a_shard_sees_its_own_keys_only(db: Database) -> None:
    await _add_goods(db, await _add_store(db), 200)
    rows = await _claim(db, keys=_shard(1), limit=200)
    assert rows
    assert {(row.shard_key or 0) % 2 for row in rows} == {1}


async def test_of_one_key_the_oldest_goes_first(db: Database) -> None:
    store = await _add_store(db)
    for late in (10, 30, 20):
        await _add_goods_of_key(db, store, late)
    rows = await _claim(db, limit=2)
    assert sorted(row.next_check_at for row in rows) == [
        NOON - timedelta(seconds=30),
        NOON - timedelta(seconds=20),
    ]


async def _add_goods_of_key(db: Database, store: KaspiStore, late: int, key: int = 7) -> None:
    """Add one product whose id falls on this shard key."""
    drawn = text(
        "SELECT id FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 30000)) drawn"
        " WHERE hashtext(id::text) & 1023 = :key LIMIT 1"
    )
    async with db.write() as tx:
        number = (await tx.scalars(drawn, {"key": key})).one()
        await add_product(tx, store, id=number, next_check_at=NOON - timedelta(seconds=late))


async def test_no_key_waits_for_ever_behind_full_ones(db: Database) -> None:
    """Goods come due anew as fast as they are claimed; still everything has its turn."""
    await _add_goods(db, await _add_store(db), 400)
    seen: set[UUID] = set()
    turn = Turn()
    for number in range(80):
        rows = await _claim(db, limit=32, turn=turn)
        seen |= {row.id for row in rows}
        async with db.write() as tx:
            mine = [row.id for row in rows]
            due = NOON - timedelta(microseconds=1000 - number)
            again = {"claimed_until": None, "next_check_at": due}
            await tx.execute(update(Product).where(col(Product.id).in_(mine)).values(**again))
    assert len(seen) == 400


async def test_small_claims_serve_a_crowded_key_as_often_as_the_others(db: Database) -> None:
    """Twelve goods on one key, one on each of twelve others: a little over a round looks at all."""
    store, turn = await _add_store(db), Turn()
    for key in range(12):
        await _add_goods_of_key(db, store, late=10, key=key)
        await _add_goods_of_key(db, store, late=10, key=100)
    seen: set[UUID] = set()
    for _ in range(7):
        rows = await _claim(db, limit=4, turn=turn)
        seen |= {row.id for row in rows}
        async with db.write() as tx:
            mine = [row.id for row in rows]
            again = {"claimed_until": None, "next_check_at": NOON - timedelta(seconds=1)}
            await tx.execute(update(Product).where(col(Product.id).in_(mine)).values(**again))
    assert len(seen) == 24


async def test_a_lease_ends_by_itself(db: Database) -> None:
    await _add_goods(db, await _add_store(db), 3)
    assert len(await _claim(db)) == 3
    assert await _claim(db, now=NOON + timedelta(seconds=89)) == []
    assert len(await _claim(db, now=NOON + timedelta(seconds=91))) == 3


async def test_only_what_is_overdue_by_that_much_is_taken(db: Database) -> None:
    store = await _add_store(db)
    await _add_goods(db, store, 5, late=61)
    await _add_goods_of_key(db, store, late=59)
    rows = await _claim(db, overdue=timedelta(seconds=60))
    assert len(rows) == 5


async def _break(db: Database, store: KaspiStore, how: str) -> None:
    changes: dict[str, tuple[Any, Any, dict[str, Any]]] = {
        "sign_in": (KaspiStore, col(KaspiStore.id) == store.id, {"needs_reauth": True}),
        "off": (KaspiStore, col(KaspiStore.id) == store.id, {"is_active": False}),
        "stopped": (
            DempingSettings,
            col(DempingSettings.store_id) == store.id,
            {"is_enabled": False},
        ),
        "blocked": (User, col(User.id) == store.user_id, {"is_blocked": True}),
    }
    table, which, values = changes[how]
    async with db.write() as tx:
        await tx.execute(update(table).where(which).values(**values))


@pytest.mark.parametrize("how", ["sign_in", "off", "stopped", "blocked"])
async def test_goods_of_a_store_that_cannot_be_served_are_parked_once(
    db: Database, how: str
) -> None:
    broken, healthy = await _add_store(db), await _add_store(db)
    await _add_goods(db, broken, 500, late=600)
    await _add_goods(db, healthy, 20)
    await _break(db, broken, how)

    rows = await _claim(db, limit=20)

    assert [row.store_id for row in rows] == [healthy.id] * 20
    assert await _parked(db) == 500
    assert await _claim(db, limit=20) == []


async def test_50000_due_goods_of_broken_stores_in_front_cost_their_parking_and_no_more(
    db: Database,
) -> None:
    broken, healthy = await _add_store(db), await _add_store(db)
    await _add_goods(db, broken, 50_000, late=3600)
    await _break(db, broken, "sign_in")
    await _add_goods(db, healthy, 100)
    taken, claims, turn = 0, 0, Turn()
    while taken < 100 and claims < 100:
        taken += len(await _claim(db, limit=96, turn=turn))
        claims += 1
    assert taken == 100
    while await _parked(db) < 50_000:
        before = await _parked(db)
        await _claim(db, limit=96)
        assert await _parked(db) > before
    async with db.read() as tx:
        plan = await tx.scalars(
            text(
                "EXPLAIN (ANALYZE, TIMING OFF) SELECT id FROM products WHERE bot_active"
                " AND external_kaspi_id IS NOT NULL AND parked_at IS NULL AND shard_key = 5"
                " AND next_check_at <= '2026-11-22 07:00Z' AND claimed_until IS NULL"
            )
        )
        walked = "\n".join(plan.all())
    assert "ix_products_due" in walked
    removed = [int(count) for count in re.findall(r"Rows Removed by Filter: (\d+)", walked)]
    assert sum(removed) <= taken  # the goods just claimed, where the shard has some


async def test_parked_goods_come_back_with_their_store(db: Database) -> None:
    store = await _add_store(db)
    await _add_goods(db, store, 30, late=600)
    await _break(db, store, "stopped")
    assert await _claim(db) == []
    assert await _unpark(db) == 0

    async with db.write() as tx:
        await tx.execute(update(DempingSettings).values(is_enabled=True))
    assert await _unpark(db) == 30
    rows = await _claim(db)
    assert len(rows) == 30
    assert {row.next_check_at for row in rows} == {NOON - timedelta(seconds=600)}


async def test_goods_beyond_the_plan_are_parked_and_come_back_when_it_grows(db: Database) -> None:
    async with db.write() as tx:
        await limit_bots(tx, 3)
        store = await add_store(tx, await add_user(tx))
        made = [
            await add_product(tx, store, bot_enabled_at=NOON - timedelta(minutes=10 - number))
            for number in range(5)
        ]
    assert {row.id for row in await _claim(db)} == {product.id for product in made[:3]}
    assert await _parked(db) == 2
    assert await _unpark(db) == 0

    async with db.write() as tx:
        await limit_bots(tx, 4)
    assert await _unpark(db) == 1
    assert [row.id for row in await _claim(db)] == [made[3].id]


async def test_a_place_within_the_plan_that_becomes_free_is_taken(db: Database) -> None:
    async with db.write() as tx:
        await limit_bots(tx, 1)
        store = await add_store(tx, await add_user(tx))
        first = await add_product(tx, store, bot_enabled_at=NOON - timedelta(minutes=2))
        second = await add_product(tx, store, bot_enabled_at=NOON - timedelta(minutes=1))
    assert [row.id for row in await _claim(db)] == [first.id]
    async with db.write() as tx:
        switched_off = update(Product).where(col(Product.id) == first.id)
        await tx.execute(switched_off.values(bot_active=False))
    assert await _unpark(db) == 1
    assert [row.id for row in await _claim(db)] == [second.id]


async def test_nobody_waits_for_a_row_that_is_locked(db: Database) -> None:
    store = await _add_store(db)
    await _add_goods(db, store, 4)
    async with db.write() as holding:
        locked = await holding.scalars(select(Product.id).limit(1).with_for_update())
        held = locked.one()
        rows = await _claim(db)
    assert len(rows) == 3
    assert held not in {row.id for row in rows}
