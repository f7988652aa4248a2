"""The overview's figures: what is counted, what is not, and whose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlmodel import select

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.overview import service as overview
from cube_demper.domain.overview.schemas import Yesterday
from cube_demper.domain.stores import service as stores
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import KaspiStore
from cube_demper.models.trust import PlaceTally

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


async def _shop(db: Database) -> tuple[User, KaspiStore, Product]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        return user, store, await add_product(tx, store)


async def _sent(
    db: Database, product: Product, old: int, new: int, *, ago: timedelta = HOUR, **columns: Any
) -> None:
    at = NOON - ago
    given = {
        "old_price": old,
        "new_price": new,
        "send_id": uuid4(),
        "created_at": at,
        "sent_at": at,
        "confirmed_at": at,
    }
    status = columns.pop("status", PriceStatus.CONFIRMED)
    async with db.write() as tx:
        await add_decision(tx, product, status, **(given | columns))


async def _yesterday(db: Database, user: User, **options: Any) -> Yesterday:
    async with db.read() as tx:
        return await overview.yesterday(tx, seller(user), NOON, **options)


async def test_prices_raised_and_lowered_are_those_sent_from_the_home_city(db: Database) -> None:
    user, _, product = await _shop(db)
    send = uuid4()
    await _sent(db, product, 1_000_000, 990_000, send_id=send)
    await _sent(db, product, 1_000_000, 990_000, send_id=send, city_id="710000000")
    await _sent(db, product, 990_000, 1_010_000, ago=HOUR / 2)
    await _sent(db, product, 1_000_000, 900_000, ago=25 * HOUR)
    day = await _yesterday(db, user)
    assert (day.raised, day.lowered) == (1, 1)


async def test_the_shift_is_from_before_the_first_change_to_the_last_price(db: Database) -> None:
    user, store, product = await _shop(db)
    await _sent(db, product, 1_000_000, 990_000, ago=3 * HOUR)
    await _sent(db, product, 990_000, 970_000, ago=2 * HOUR)
    await _sent(db, product, 970_000, 500_000, status=PriceStatus.REFUSED)
    async with db.write() as tx:
        other = await add_product(tx, store)
    await _sent(db, other, 500_000, 510_000)
    day = await _yesterday(db, user)
    assert (day.shift, day.cheaper, day.dearer) == (-20_000, 1, 1)
    assert (day.returned, day.unseen) == (0, 0)


async def test_on_the_first_minutes_sent_prices_count_and_are_said_to_be_unseen(
    db: Database,
) -> None:
    """The window shows a price minutes after Kaspi took it: «не менялись» would be a lie until then."""
    user, store, product = await _shop(db)
    await _sent(db, product, 1_000_000, 990_000, status=PriceStatus.SUPERSEDED, ago=2 * HOUR)
    await _sent(db, product, 990_000, 980_000, status=PriceStatus.SENT)
    async with db.write() as tx:
        back = await add_product(tx, store)
    await _sent(db, back, 1_000_000, 990_000, ago=2 * HOUR)
    await _sent(db, back, 990_000, 1_000_000)
    day = await _yesterday(db, user)
    assert (day.shift, day.cheaper, day.dearer, day.returned) == (-20_000, 1, 0, 1)
    assert (day.unseen, day.moved) == (1, 2)


async def test_the_figures_of_a_day_agree_with_one_another(db: Database) -> None:
    user, store, product = await _shop(db)
    await _sent(db, product, 1_000_000, 990_000, status=PriceStatus.SUPERSEDED, ago=2 * HOUR)
    await _sent(db, product, 990_000, 980_000, status=PriceStatus.UNKNOWN)
    await _sent(db, product, 980_000, 500_000, status=PriceStatus.REFUSED)
    async with db.write() as tx:
        other = await add_product(tx, store)
    await _sent(db, other, 900_000, 910_000, city_id="710000000")
    day = await _yesterday(db, user)
    async with db.read() as tx:
        changes = (await stores.day_of_bots(tx, seller(user), NOON)).changes
        latest = await stores.latest_changes(tx, seller(user))
    assert (changes, day.raised, day.lowered) == (3, 0, 2)
    assert len(latest) == changes
    assert day.moved == 1


async def test_a_first_place_is_won_when_the_window_showed_it(db: Database) -> None:
    user, store, product = await _shop(db)
    won = {"place": 3, "target_place": 1}
    await _sent(db, product, 1_000_000, 990_000, decision=won)
    await _sent(db, product, 990_000, 980_000, decision=won)
    async with db.write() as tx:
        others = [await add_product(tx, store) for _ in range(3)]
    await _sent(db, others[0], 1_000_000, 990_000, decision=won, status=PriceStatus.SENT)
    await _sent(db, others[1], 1_000_000, 990_000, decision={"place": 1, "target_place": 1})
    await _sent(db, others[2], 1_000_000, 990_000)
    assert (await _yesterday(db, user)).won == 1


async def test_guarded_goods_count_once_however_often(db: Database) -> None:
    user, _, product = await _shop(db)
    async with db.write() as tx:
        for reason in ("below_floor_hold", "suspicious_fall", "price_is_right"):
            await add_decision(tx, product, PriceStatus.HELD, change_reason=reason)
    assert (await _yesterday(db, user)).guarded == 1


async def test_the_figures_are_the_sellers_own_and_of_one_store_when_asked(db: Database) -> None:
    user, store, product = await _shop(db)
    stranger, other, _ = await _shop(db)
    await _sent(db, product, 1_000_000, 990_000)
    assert await _yesterday(db, stranger) == Yesterday()
    assert await _yesterday(db, stranger, store_id=store.id) == Yesterday()
    assert (await _yesterday(db, user, store_id=store.id)).lowered == 1
    assert await _yesterday(db, user, store_id=other.id) == Yesterday()


async def _count(db: Database, at: Any) -> None:
    async with db.write() as tx:
        await overview.count_places(tx, SYSTEM, at)


async def test_places_are_counted_by_half_hours_of_goods_seen_lately(db: Database) -> None:
    user, store, product = await _shop(db)
    async with db.write() as tx:
        row = await tx.get_one(Product, product.id)
        row.position, row.last_check_time = 1, NOON
        for place, seen in ((2, NOON), (7, NOON), (1, NOON - 30 * HOUR), (None, NOON)):
            await add_product(tx, store, position=place, last_check_time=seen)
        await add_product(tx, store, position=1, last_check_time=NOON, bot_active=False)
        stopped = await add_store(tx, user, bot={"is_enabled": False})
        await add_product(tx, stopped, position=1, last_check_time=NOON)
    await _count(db, NOON + timedelta(minutes=7))
    await _count(db, NOON + timedelta(minutes=29))
    async with db.read() as tx:
        (tally,) = await tx.scalars(select(PlaceTally))
        places = await overview.places_held(tx, seller(user), NOON + HOUR, WEEK)
    assert (tally.at, tally.bots) == (NOON, 4)
    (point,) = places.points
    assert (point.first, point.second_third, point.lower, point.known) == (1, 1, 1, 3)


async def test_two_stores_are_added_up_and_a_month_has_wider_steps(db: Database) -> None:
    user, store, _ = await _shop(db)
    async with db.write() as tx:
        second = await add_store(tx, user)
        for half_hours in range(0, 30 * 48, 8):
            at = NOON - timedelta(minutes=30 * half_hours)
            for it, first in ((store, 3), (second, 4)):
                tx.add(
                    PlaceTally(
                        store_id=it.id, at=at, bots=9, first=first, second_third=1, lower=0,
                        at_floor=0,
                    )
                )  # fmt: skip
    async with db.read() as tx:
        month = await overview.places_held(tx, seller(user), NOON, timedelta(days=30))
        one = await overview.places_held(tx, seller(user), NOON, WEEK, store.id)
    assert {point.first for point in month.points} == {7}
    assert 150 < len(month.points) < 340
    assert {point.first for point in one.points} == {3}


async def test_more_first_places_than_a_day_ago_are_of_stores_at_work_then_and_now(
    db: Database,
) -> None:
    user, working, _ = await _shop(db)
    async with db.write() as tx:
        stopped, new = await add_store(tx, user), await add_store(tx, user)
        for store, ago, first in (
            (working, 25 * HOUR, 9),
            (working, 24 * HOUR, 3),
            (working, HOUR / 2, 8),
            (working, timedelta(), 5),
            (stopped, 24 * HOUR, 40),
            (stopped, 3 * HOUR, 40),
            (new, timedelta(), 70),
        ):
            tx.add(
                PlaceTally(
                    store_id=store.id, at=NOON - ago, bots=99, first=first, second_third=1,
                    lower=0, at_floor=0,
                )
            )  # fmt: skip
    async with db.read() as tx:
        assert await overview.more_first_places(tx, seller(user), NOON) == 2
        assert await overview.more_first_places(tx, seller(user), NOON, stopped.id) is None
        async with db.write() as other:
            stranger = seller(await add_user(other))
        assert await overview.more_first_places(tx, stranger, NOON) is None


async def test_only_the_product_itself_counts_and_forgets(db: Database) -> None:
    user, store, _ = await _shop(db)
    with pytest.raises(PermissionDenied):
        async with db.write() as tx:
            await overview.count_places(tx, seller(user), NOON)
    old = PlaceTally(
        store_id=store.id, at=NOON - timedelta(days=31), bots=1, first=1, second_third=0,
        lower=0, at_floor=0,
    )  # fmt: skip
    async with db.write() as tx:
        tx.add(old)
    await _count(db, NOON)
    async with db.read() as tx:
        assert not (await tx.scalars(select(PlaceTally))).all()
