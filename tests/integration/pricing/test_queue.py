"""The queue of a store in the database: its order, its forecast, its proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from records import NOON, add_decision, add_product, add_store, add_user, seller

from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.pricing import queueing, service
from cube_demper.domain.pricing.worth import URGENT, standing
from cube_demper.domain.stores import service as stores
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiStore
from cube_demper.models.supply import SupplyChange

ASTANA = "710000000"
_POINTS = [
    {"id": "1_PP1", "cityId": "750000000", "cityName": "Алматы", "enabled": True},
    {"id": "1_PP2", "cityId": ASTANA, "cityName": "Астана", "enabled": True},
]


async def _queued(
    tx: WriteTx, store: KaspiStore, worth: int = 0, *, waits: float = 5, **columns: Any
) -> Product:
    product = await add_product(tx, store)
    since = NOON - timedelta(minutes=waits)
    await add_decision(
        tx,
        product,
        PriceStatus.QUEUED,
        worth=standing(worth, since, since),
        queued_at=since,
        created_at=since,
        **columns,
    )
    return product


async def _sent(tx: WriteTx, product: Product, *ago: float, **columns: Any) -> None:
    for minutes in ago:
        at = NOON - timedelta(minutes=minutes)
        await add_decision(
            tx,
            product,
            columns.get("status", PriceStatus.CONFIRMED),
            **{
                "sent_at": at,
                "queued_at": at,
                "created_at": at,
                "send_id": uuid4(),
                "confirmed_at": at + timedelta(seconds=40),
                **{name: value for name, value in columns.items() if name != "status"},
            },
        )


async def test_worth_goes_first_and_waiting_makes_up_for_it(db: Database) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx))
        other = await add_store(tx, await add_user(tx))
        little = await _queued(tx, store, 60)
        much = await _queued(tx, store, 600)
        old = await _queued(tx, store, 0, waits=16)
        urgent = await _queued(tx, store, URGENT * 2, waits=0)
        await _queued(tx, other, 900)
        await _sent(tx, await add_product(tx, store), 1, 2, 3, 4, 5, 6, 7, 26, 28)
    async with db.read() as tx:
        found = await queueing.next_products(tx, store.id, NOON, most=10, room=250, limit=250)
        first = await queueing.next_products(tx, store.id, NOON, most=2, room=250, limit=250)
        scarce = await queueing.next_products(tx, store.id, NOON, most=10, room=3, limit=10)
        free = await queueing.next_products(tx, store.id, NOON, most=10, room=3, limit=11)
    assert found == [urgent.id, old.id, much.id, little.id]
    assert first == [urgent.id, old.id]
    assert scarce == [urgent.id]  # eight left within 27 minutes, the ninth and tenth are kept
    assert free == [urgent.id, old.id]


async def test_a_product_goes_by_the_best_of_its_cities(db: Database) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx))
        one_city = await _queued(tx, store, 600)
        two_cities = await _queued(tx, store, 0)
        await add_decision(
            tx,
            two_cities,
            PriceStatus.QUEUED,
            city_id=ASTANA,
            worth=standing(900, *[NOON - timedelta(minutes=5)] * 2),
        )
    async with db.read() as tx:
        found = await queueing.next_products(tx, store.id, NOON, most=10, room=250, limit=250)
    assert found == [two_cities.id, one_city.id]


async def test_an_ample_budget_foretells_nothing(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        product = await _queued(tx, store)
        await _sent(tx, product, 1, 2, 3)
    async with db.read() as tx:
        assert await service.changes_forecasts(tx, seller(user), NOON, limit=20) == {}
        assert await service.queue_place(tx, seller(user), product.id, NOON, limit=20) is None


async def test_a_spent_budget_foretells_when_the_queue_ends_and_where_a_product_stands(
    db: Database,
) -> None:
    async with db.write() as tx:
        user, stranger = await add_user(tx), await add_user(tx)
        store = await add_store(tx, user)
        best, middle, last = [await _queued(tx, store, worth) for worth in (900, 600, 0)]
        urgent = await _queued(tx, store, URGENT * 2)
        await _sent(tx, best, *range(1, 10))
        await _sent(tx, best, 45, 50)
    actor = seller(user)
    async with db.read() as tx:
        found = await service.changes_forecasts(tx, actor, NOON, limit=10)
        places = {
            product.id: await service.queue_place(tx, actor, product.id, NOON, limit=10)
            for product in (best, middle, last, urgent)
        }
        foreign = await service.queue_place(tx, seller(stranger), last.id, NOON, limit=10)
        others = await service.changes_forecasts(tx, seller(stranger), NOON, limit=10)
    (forecast,) = found.values()
    assert (forecast.used, forecast.queued, forecast.needed) == (9, 4, 12)
    assert (forecast.too_many, forecast.ends_at) == (0, NOON + timedelta(minutes=23))
    assert places[urgent.id] is None  # the reserve is for it
    told = places[last.id]
    assert told is not None
    assert (told.place, told.queued, told.leaves_at) == (4, 4, NOON + timedelta(minutes=23))
    assert (foreign, others) == (None, {})


async def test_an_agreed_suggestion_goes_before_all_but_prices_out_of_bounds(
    db: Database,
) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        await _queued(tx, store, 9_000, waits=600)
        outside = await _queued(tx, store, URGENT * 6)
        product = await add_product(tx, store)
        suggestion = await add_decision(tx, product, PriceStatus.SUGGESTED)
    async with db.write() as tx:
        await service.queue_suggestion(tx, seller(user), suggestion.id, NOON)
    async with db.read() as tx:
        found = await queueing.next_products(tx, store.id, NOON, most=2, room=250, limit=250)
        row = await tx.get(PriceHistory, suggestion.id)
    assert found == [outside.id, product.id]
    assert row is not None
    assert row.queued_at == NOON


async def test_the_proof_is_the_median_of_a_day_and_what_was_never_shown(db: Database) -> None:
    async with db.write() as tx:
        user, stranger = await add_user(tx), await add_user(tx)
        store = await add_store(tx, user, points=_POINTS)
        product, mended = await add_product(tx, store), await add_product(tx, store)
        for minutes, seconds in ((10, 20), (20, 40), (30, 90), (25 * 60, 900)):
            seen = NOON - timedelta(minutes=minutes) + timedelta(seconds=seconds)
            await _sent(tx, product, minutes, confirmed_at=seen)
        lost: dict[str, Any] = {"status": PriceStatus.REFUSED, "confirmed_at": None}
        await _sent(tx, product, 15, city_id=ASTANA, unseen_at=NOON, **lost)
        await _sent(tx, product, 16, unseen_at=None, **lost)  # Kaspi said no
        await _sent(tx, mended, 50, unseen_at=NOON, **lost)
        await _sent(tx, mended, 40, confirmed_at=NOON)
    async with db.read() as tx:
        proofs = await service.store_proofs(tx, seller(user), NOON)
        assert await service.store_proofs(tx, seller(stranger), NOON) == {}
    proof = proofs[store.id]
    assert (proof.seen, proof.usual) == (4, timedelta(seconds=65))
    assert [(row.product_id, row.city) for row in proof.not_shown] == [(product.id, "Астана")]


async def _stock(tx: WriteTx, product: Product, status: PriceStatus, **columns: Any) -> None:
    given = {"edits": {"1_PP1": {"stockCount": 3}}, "try_at": NOON, "created_at": NOON}
    tx.add(
        SupplyChange(
            product_id=product.id, store_id=product.store_id, status=status, **(given | columns)
        )
    )
    await tx.flush()


async def test_stock_that_leaves_without_a_price_is_foretold_and_counted(db: Database) -> None:
    async with db.write() as tx:
        user, stranger = await add_user(tx), await add_user(tx)
        store = await add_store(tx, user)
        price = await _queued(tx, store, 600)
        both, carried = await _queued(tx, store, 300), await _queued(tx, store, 0)
        first, second = await add_product(tx, store), await add_product(tx, store)
        for number in range(1, 8):
            at, send = NOON - timedelta(minutes=number), uuid4()
            sent = {"send_id": send, "sent_at": at, "created_at": at, "try_at": None}
            await _stock(tx, await add_product(tx, store), PriceStatus.CONFIRMED, **sent)
        at, send = NOON - timedelta(minutes=8), uuid4()  # a price took this one along
        columns: dict[str, Any] = {"send_id": send, "sent_at": at, "created_at": at}
        await add_decision(tx, price, PriceStatus.CONFIRMED, queued_at=at, **columns)
        await _stock(tx, price, PriceStatus.CONFIRMED, **columns)
        for number, product in enumerate((first, second, both)):
            try_at = NOON - timedelta(seconds=30 - number)
            await _stock(tx, product, PriceStatus.QUEUED, try_at=try_at)
        await _stock(tx, carried, PriceStatus.QUEUED, try_at=NOON + timedelta(seconds=30))
    actor = seller(user)
    async with db.read() as tx:
        found = await service.changes_forecasts(tx, actor, NOON, limit=10)
        place = await service.queue_place(tx, actor, price.id, NOON, limit=10)
        stock = [
            await service.stock_place(tx, actor, it.id, NOON, limit=10)
            for it in (first, second, both)
        ]
        foreign = await service.stock_place(tx, seller(stranger), both.id, NOON, limit=10)
        others = await service.changes_forecasts(tx, seller(stranger), NOON, limit=10)
        status = await stores.bot_status(tx, actor, NOON, changes_limit=10)
        leaving = await queueing.next_products(tx, store.id, NOON, most=10, room=2, limit=10)
    (forecast,) = found.values()
    assert (forecast.used, forecast.queued, forecast.stock) == (8, 6, 3)
    assert forecast.needed == 3 + 3 + 1 + 7 + 1  # queued prices, queued stock, and what has left
    assert (stock[0], stock[1]) == (None, None)  # the reserve is for them, too
    assert stock[2] is not None
    assert (stock[2].place, stock[2].leaves_at) == (3, NOON + timedelta(minutes=22))
    assert place is not None
    assert (place.place, place.queued) == (4, 6)
    assert place.leaves_at > stock[2].leaves_at
    assert (foreign, others) == (None, {})
    assert status.stores[0].changes_used == 8
    assert leaving == [price.id]  # eight of nine that are not kept have left
