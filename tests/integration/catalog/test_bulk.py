"""One change for many goods: numbers first, the rest told why, and taken back where untouched."""

from __future__ import annotations

from uuid import UUID

import pytest
from records import NOON, add_product, add_products, add_store, add_user, seller
from sqlmodel import select

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import Database
from cube_demper.domain.catalog import service
from cube_demper.domain.catalog.edit_schemas import (
    Base,
    Bound,
    BoundChange,
    BulkChange,
    BulkReport,
    PriorityChange,
    Refusal,
    StepChange,
    StrategyChange,
    TermsChange,
)
from cube_demper.domain.catalog.list_schemas import ProductFilter, Selection
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.stores import KaspiStore

EVERYTHING = Selection(everything=ProductFilter())


async def _shop(db: Database) -> tuple[User, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        return user, await add_store(tx, user)


async def _change(db: Database, user: User, change: BulkChange) -> BulkReport:
    async with db.read() as tx:
        preview = await service.preview_bulk(tx, seller(user), EVERYTHING, change, NOON)
    async with db.write() as tx:
        report = await service.bulk_change(tx, seller(user), EVERYTHING, change, NOON)
    assert (preview.changed, preview.same, preview.refused) == (
        report.changed,
        report.same,
        report.refused,
    )
    return report


async def _goods(db: Database) -> dict[UUID, Product]:
    async with db.read() as tx:
        return {row.id: row for row in await tx.scalars(select(Product))}


async def test_a_long_change_tells_how_far_it_is_and_is_taken_back_whole(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        await add_products(tx, store, 1_200)
    told: list[tuple[int, int]] = []

    async def tell(done: int, total: int) -> None:
        told.append((done, total))

    async def stop(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    change = PriorityChange(True)
    with pytest.raises(KeyboardInterrupt):
        async with db.write() as tx:
            await service.bulk_change(tx, seller(user), EVERYTHING, change, NOON, on_progress=stop)
    assert not any(it.is_priority for it in (await _goods(db)).values())
    async with db.write() as tx:
        report = await service.bulk_change(
            tx, seller(user), EVERYTHING, change, NOON, on_progress=tell
        )
    assert report.changed == 1_200
    assert told == [(0, 1_200), (1_000, 1_200), (1_200, 1_200)]
    assert all(it.is_priority for it in (await _goods(db)).values())


async def test_min_prices_below_each_price(db: Database) -> None:
    user, store = await _shop(db)
    blank = {"min_price": None, "bot_active": False}
    async with db.write() as tx:
        even = await add_product(tx, store, price=1_000_000, **blank)
        odd = await add_product(tx, store, price=1_234_500, **blank)
        has = await add_product(tx, store, price=1_000_000, min_price=500_000)
        unknown = await add_product(tx, store, price=None, **blank)
        low_cap = await add_product(tx, store, price=1_000_000, max_price=800_000, **blank)
        penny = await add_product(tx, store, price=1_050, **blank)
    report = await _change(db, user, BoundChange(Bound.MIN, percent=85, only_blank=True))
    goods = await _goods(db)
    assert report.changed == 2
    assert goods[even.id].min_price == 850_000
    assert goods[odd.id].min_price == 1_049_400
    assert goods[has.id].min_price == 500_000
    assert goods[even.id].next_check_at == NOON
    assert [goods[it.id].min_price for it in (unknown, low_cap, penny)] == [None, None, None]
    assert report.refused == {
        Refusal.HAS_MIN: 1,
        Refusal.PRICE_UNKNOWN: 1,
        Refusal.MIN_OVER_MAX: 1,
        Refusal.MIN_TOO_LOW: 1,
    }


async def test_strategy_and_step_for_all(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        product = await add_product(tx, store, strategy_params={"top_n": 9, "kept": 1})
    assert (await _change(db, user, StrategyChange("stay_top_n", 4))).changed == 1
    assert (await _change(db, user, StrategyChange("stay_top_n", 4))).same == 1
    assert (await _change(db, user, StepChange(500))).changed == 1
    kept = (await _goods(db))[product.id]
    assert kept.strategy_params == {"top_n": 4, "kept": 1}
    assert (kept.demping_strategy, kept.price_step_override) == ("stay_top_n", 500)


async def test_max_prices_above_each_cost(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        known = await add_product(tx, store, cost_price=700_050, min_price=900_000)
        unknown = await add_product(tx, store, cost_price=None)
        low = await add_product(tx, store, cost_price=500_000, min_price=900_000)
    report = await _change(db, user, BoundChange(Bound.MAX, percent=150, base=Base.COST))
    goods = await _goods(db)
    assert goods[known.id].max_price == 1_050_000
    assert [goods[it.id].max_price for it in (unknown, low)] == [None, None]
    assert report.refused == {Refusal.COST_UNKNOWN: 1, Refusal.MAX_UNDER_MIN: 1}


async def test_priority_for_all_and_back(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        product = await add_product(tx, store)
    report = await _change(db, user, PriorityChange(is_priority=True))
    assert (await _goods(db))[product.id].is_priority
    assert report.undo_id is not None
    async with db.write() as tx:
        assert await service.undo(tx, seller(user), report.undo_id, NOON) == 1
    assert not (await _goods(db))[product.id].is_priority


async def test_undo_restores_what_nobody_has_changed_since(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        untouched = await add_product(tx, store, min_price=700_000)
        touched = await add_product(tx, store, min_price=600_000)
    report = await _change(db, user, BoundChange(Bound.MIN, price=800_000))
    assert report.undo_id is not None
    async with db.write() as tx:
        change = TermsChange(min_price=650_000)
        await service.change_terms(tx, seller(user), touched.id, change, NOON)
        assert await service.undo(tx, seller(user), report.undo_id, NOON) == 1
    goods = await _goods(db)
    assert goods[untouched.id].min_price == 700_000
    assert goods[touched.id].min_price == 650_000


async def test_undo_never_takes_the_last_bound_of_a_working_bot(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        product = await add_product(tx, store, min_price=None, bot_active=False)
    report = await _change(db, user, BoundChange(Bound.MIN, price=800_000))
    async with db.write() as tx:
        selection = Selection(ids=(product.id,))
        await service.switch_bot(tx, seller(user), selection, on=True, now=NOON)
    assert report.undo_id is not None
    async with db.write() as tx:
        assert await service.undo(tx, seller(user), report.undo_id, NOON) == 0
    assert (await _goods(db))[product.id].min_price == 800_000


@pytest.mark.parametrize(
    "change",
    [
        StrategyChange("cheapest"),
        StrategyChange("stay_top_n", 0),
        StepChange(0),
        StepChange(150),
        BoundChange(Bound.MIN),
        BoundChange(Bound.MIN, price=-100),
        BoundChange(Bound.MIN, price=150_050),
        BoundChange(Bound.MAX, percent=1001),
        BoundChange(Bound.MIN, percent=0),
    ],
)
async def test_a_change_that_suits_nobody_is_refused(db: Database, change: BulkChange) -> None:
    user, _ = await _shop(db)
    async with db.write() as tx:
        with pytest.raises(InvalidInput):
            await service.bulk_change(tx, seller(user), EVERYTHING, change, NOON)
