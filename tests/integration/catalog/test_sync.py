"""The walk over a cabinet: what it saves, what it never touches, what it does not believe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import pytest
from records import NOON, add_product, add_store, add_user, seller
from sqlalchemy import update
from sqlmodel import col, select

from cube_demper.core.errors import ContractChanged, PermissionDenied, Unreachable
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog import sync
from cube_demper.domain.catalog.errors import StoreGone
from cube_demper.domain.catalog.schemas import CabinetPage, CabinetProduct, Point
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.catalog.syncs.schemas import PAGE_SIZE, SyncRun
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.stores import KaspiStore
from cube_demper.models.syncing import SyncState

ALMATY, ASTANA = "750000000", "710000000"


def good(number: int, **facts: object) -> CabinetProduct:
    given: dict[str, object] = {
        "sku": f"S{number:05}",
        "offer_id": f"offer{number}",
        "card": str(100_000 + number),
        "title": f"Чайник {number}",
        "model": f"Модель {number}",
        "brand": "Тау",
        "category": "Чайники",
        "image_url": "https://img/1.jpg",
        "is_on_sale": True,
        "price": 1_000_000,
        "city_prices": {ALMATY: 1_000_000, ASTANA: 1_100_000},
        "availabilities": (
            {
                "storeId": "1_PP1",
                "available": "yes",
                "stockCount": 3,
                "stockSpecified": True,
                "preOrder": None,
            },
        ),
    }
    return CabinetProduct(**(given | facts))  # type: ignore[arg-type]


def point(name: str, city: str) -> Point:
    return {"id": f"1_{name}", "name": name, "cityId": city, "cityName": city, "enabled": True}


@dataclass
class FakeCabinet:
    """A cabinet whose list is a Python list; `spoil` may answer a page in its stead."""

    goods: list[CabinetProduct]
    hidden: list[CabinetProduct] = field(default_factory=list)
    places: tuple[Point, ...] = (point("PP1", ALMATY), point("PP2", ASTANA))
    spoil: Callable[[int], CabinetPage | None] = lambda _number: None
    asked: list[int] = field(default_factory=list)

    async def points(self) -> tuple[Point, ...]:
        return self.places

    async def page(self, number: int) -> CabinetPage:
        self.asked.append(number)
        if (spoilt := self.spoil(number)) is not None:
            return spoilt
        shown = self.goods[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]
        return CabinetPage(tuple(shown), len(self.goods))

    async def details(self, skus: Sequence[str]) -> tuple[CabinetProduct, ...]:
        return tuple(it for it in (*self.goods, *self.hidden) if it.sku in skus)


async def new_store(db: Database) -> KaspiStore:
    async with db.write() as tx:
        return await add_store(tx, await add_user(tx))


async def read(db: Database, store: KaspiStore, cabinet: FakeCabinet, minute: int = 0) -> SyncRun:
    now = NOON + timedelta(minutes=minute)
    await sync.sync_store(db, SYSTEM, store.id, cabinet, now)
    return await last_run(db, store)


async def last_run(db: Database, store: KaspiStore) -> SyncRun:
    async with db.read() as tx:
        return (await syncs.last_runs(tx, SYSTEM, [store.id]))[store.id]


async def products(db: Database, store: KaspiStore) -> dict[str, Product]:
    async with db.read() as tx:
        query = select(Product).where(col(Product.store_id) == store.id)
        return {it.kaspi_sku: it for it in (await tx.scalars(query)).all()}


async def open_run(db: Database, store: KaspiStore, minute: int = 0) -> UUID:
    async with db.write() as tx:
        return (await syncs.ask(tx, SYSTEM, store.id, NOON + timedelta(minutes=minute))).id


async def walk(
    db: Database, run_id: UUID, cabinet: FakeCabinet, *, pages: int = 10_000, minute: int = 0
) -> SyncRun | None:
    """Go on for at most so many pages."""
    left = iter(range(pages - 1))
    now = NOON + timedelta(minutes=minute)
    return await sync.go_on(
        db, SYSTEM, run_id, cabinet, lambda: now, must_rest=lambda: next(left, None) is None
    )


async def test_new_changed_and_removed_goods_are_counted_and_all_of_it_is_read(
    db: Database,
) -> None:
    store = await new_store(db)
    first = await read(db, store, FakeCabinet([good(n) for n in range(250)]))
    assert (first.state, first.goods_read, first.added, first.pages) == ("done", 250, 250, 3)
    goods = [good(n) for n in range(1, 251)]
    goods[0] = replace(goods[0], title="Чайник с подсветкой")
    second = await read(db, store, FakeCabinet(goods), minute=5)
    assert (second.added, second.changed, second.removed) == (1, 1, 1)
    known = await products(db, store)
    assert known["S00001"].name == "Чайник с подсветкой"
    assert [sku for sku, it in known.items() if not it.is_on_sale] == ["S00000"]
    async with db.read() as tx:
        fresh = await tx.get_one(KaspiStore, store.id)
        prices = (await tx.scalars(select(ProductCityPrice.price))).all()
    assert fresh.synced_at == NOON + timedelta(minutes=5)
    assert [it["name"] for it in fresh.points] == ["PP1", "PP2"]
    assert len(prices) == 251
    assert set(prices) == {1_100_000}


async def test_nothing_that_the_seller_set_is_overwritten(db: Database) -> None:
    store = await new_store(db)
    await read(db, store, FakeCabinet([good(1), good(2)]))
    set_by_seller = {
        "bot_active": True,
        "min_price": 900_000,
        "max_price": 1_500_000,
        "cost_price": 700_000,
        "base_price": 1_000_000,
        "price_step_override": 500,
        "demping_strategy": "always_first",
        "rival_filters": {"min_rating": 4.0},
        "delivery_filter": "till_3_days",
        "is_priority": True,
        "pre_order_days": 4,
        "price": 990_000,
    }
    async with db.write() as tx:
        here = col(Product.kaspi_sku) == "S00001"
        await tx.execute(update(Product).where(here).values(**set_by_seller))
    dearer = {"price": 1_300_000, "city_prices": {ALMATY: 1_300_000}}
    await read(db, store, FakeCabinet([good(1, **dearer), good(2, **dearer)]), minute=5)
    known = await products(db, store)
    kept, plain = known["S00001"], known["S00002"]
    assert {name: getattr(kept, name) for name in set_by_seller} == set_by_seller
    assert plain.price == 1_300_000, "without a bot nobody else follows the cabinet's price"


async def test_what_the_cabinet_does_not_say_stays_known(db: Database) -> None:
    store = await new_store(db)
    await read(db, store, FakeCabinet([good(1)]))
    blank = dict.fromkeys(("brand", "model", "category", "image_url", "card", "price"))
    silent = good(1, title="S00001", availabilities=None, city_prices={}, **blank)
    run = await read(db, store, FakeCabinet([silent]), minute=5)
    known = (await products(db, store))["S00001"]
    assert (known.name, known.brand, known.price) == ("Чайник 1", "Тау", 1_000_000)
    assert known.availabilities
    assert run.removed == 0


async def test_a_walk_that_was_killed_goes_on_from_its_page(db: Database) -> None:
    store = await new_store(db)
    cabinet = FakeCabinet([good(n) for n in range(450)])
    run_id = await open_run(db, store)
    await walk(db, run_id, cabinet, pages=2)
    half = await last_run(db, store)
    assert (half.state, half.next_page, half.goods_read) == (SyncState.RUNNING, 2, 200)
    ended = await walk(db, run_id, cabinet, minute=3)
    assert ended is not None
    assert (ended.state, ended.goods_read, ended.removed) == (SyncState.DONE, 450, 0)
    assert cabinet.asked == [0, 1, 2, 3, 4]


async def test_two_workers_on_one_run_save_each_page_once(db: Database) -> None:
    store = await new_store(db)
    goods = [good(n) for n in range(300)]
    run_id = await open_run(db, store)
    await walk(db, run_id, FakeCabinet(goods), pages=1)
    other = FakeCabinet(goods)

    class Late(FakeCabinet):
        async def page(self, number: int) -> CabinetPage:
            page = await super().page(number)
            if number == 1:
                await walk(db, run_id, other)  # the other takes over and ends while we wait
            return page

    ended = await walk(db, run_id, Late(goods))
    assert ended is not None
    assert (ended.state, ended.goods_read, ended.added) == (SyncState.DONE, 300, 300)


async def test_a_cancelled_run_takes_nothing_off_sale_and_is_resumed(db: Database) -> None:
    store = await new_store(db)
    await read(db, store, FakeCabinet([good(n) for n in range(300)]))
    cabinet = FakeCabinet([good(n) for n in range(100, 300)])
    run_id = await open_run(db, store, minute=10)
    await walk(db, run_id, cabinet, pages=1, minute=10)
    async with db.read() as tx:
        owner = await tx.get_one(KaspiStore, store.id)
    async with db.write() as tx:
        actor = seller(await tx.get_one(User, owner.user_id))
        assert await syncs.cancel(tx, actor, store.id, NOON + timedelta(minutes=11))
    ended = await walk(db, run_id, cabinet, minute=12)
    assert ended is not None
    assert ended.state == SyncState.CANCELLED
    assert all(it.is_on_sale for it in (await products(db, store)).values())
    assert await open_run(db, store, minute=20) == run_id
    ended = await walk(db, run_id, cabinet, minute=20)
    assert ended is not None
    assert (ended.state, ended.removed) == (SyncState.DONE, 100)
    assert cabinet.asked == [0, 1]


async def test_goods_that_moved_between_pages_are_not_taken_off_sale(db: Database) -> None:
    store = await new_store(db)
    goods = [good(n) for n in range(150)]
    await read(db, store, FakeCabinet(goods))
    shifted = FakeCabinet(goods[:100] + goods[103:], hidden=goods[100:103])
    run = await read(db, store, shifted, minute=5)
    assert (run.state, run.removed) == (SyncState.DONE, 0)


async def test_an_empty_list_is_believed_only_the_second_time(db: Database) -> None:
    store = await new_store(db)
    await read(db, store, FakeCabinet([good(n) for n in range(40)]))
    doubted = await read(db, store, FakeCabinet([]), minute=5)
    assert (doubted.state, doubted.removed, doubted.suspected) == (SyncState.FAILED, 0, 40)
    assert "40 из 40" in doubted.trouble
    assert all(it.is_on_sale for it in (await products(db, store)).values())
    run = await read(db, store, FakeCabinet([]), minute=10)
    assert (run.state, run.removed) == (SyncState.DONE, 40)


async def test_a_list_that_hides_goods_on_sale_is_never_believed(db: Database) -> None:
    store = await new_store(db)
    goods = [good(n) for n in range(40)]
    await read(db, store, FakeCabinet(goods))
    for minute in (5, 10, 15):
        run = await read(db, store, FakeCabinet([], hidden=goods), minute=minute)
        assert (run.state, run.removed) == (SyncState.FAILED, 0)
    assert all(it.is_on_sale for it in (await products(db, store)).values())


async def test_a_cabinet_without_goods_is_no_failure(db: Database) -> None:
    run = await read(db, await new_store(db), FakeCabinet([]))
    assert (run.state, run.total, run.goods_read) == (SyncState.DONE, 0, 0)


async def test_a_page_that_contradicts_its_total_changes_nothing(db: Database) -> None:
    store = await new_store(db)
    goods = [good(n) for n in range(150)]
    cut = CabinetPage(tuple(goods[:60]), 150)
    with pytest.raises(ContractChanged):
        await read(db, store, FakeCabinet(goods, spoil=lambda number: cut if not number else None))
    assert not await products(db, store)
    run = await read(db, store, FakeCabinet(goods), minute=1)
    assert (run.state, run.goods_read) == (SyncState.DONE, 150)


async def test_points_that_vanished_stop_the_run_and_stay_known(db: Database) -> None:
    store = await new_store(db)
    await read(db, store, FakeCabinet([good(1)]))
    with pytest.raises(ContractChanged):
        await read(db, store, FakeCabinet([good(1)], places=()), minute=5)
    async with db.read() as tx:
        assert len((await tx.get_one(KaspiStore, store.id)).points) == 2


async def test_a_run_is_given_up_in_words_and_not_before_it_was_tried_again(db: Database) -> None:
    store = await new_store(db)
    run_id = await open_run(db, store)
    async with db.write() as tx:
        assert await sync.failed(tx, SYSTEM, run_id, Unreachable("Kaspi молчит."), NOON)
        assert await sync.failed(tx, SYSTEM, run_id, ContractChanged("Страница."), NOON)
        assert not await sync.failed(tx, SYSTEM, run_id, ContractChanged("Страница."), NOON)
    run = await last_run(db, store)
    assert (run.state, run.trouble) == (SyncState.FAILED, "Страница.")


async def test_the_same_product_twice_on_a_page_is_saved_once(db: Database) -> None:
    store = await new_store(db)
    run = await read(db, store, FakeCabinet([good(1), good(1, title="Новое имя")]))
    assert (run.state, run.added) == (SyncState.DONE, 1)
    assert (await products(db, store))["S00001"].name == "Новое имя"


async def test_only_the_owner_asks_and_cancels_and_only_the_product_walks(db: Database) -> None:
    store = await new_store(db)
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
        await add_product(tx, store)
    for call in (syncs.ask, syncs.cancel):
        async with db.write() as tx:
            with pytest.raises(StoreGone):
                await call(tx, stranger, store.id, NOON)
    async with db.read() as tx:
        with pytest.raises(StoreGone):
            await syncs.last_runs(tx, stranger, [store.id])
    with pytest.raises(PermissionDenied):
        await sync.sync_store(db, stranger, store.id, FakeCabinet([]), NOON)
    with pytest.raises(PermissionDenied):
        async with db.write() as tx:
            await sync.failed(tx, stranger, store.id, Unreachable(), NOON)


async def test_a_second_wish_joins_the_run_that_is_going_on(db: Database) -> None:
    store = await new_store(db)
    assert await open_run(db, store) == await open_run(db, store, minute=1)
    async with db.write() as tx:
        assert not await syncs.ask_quietly(tx, store.id, NOON + timedelta(minutes=5))
