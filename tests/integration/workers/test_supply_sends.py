"""Stock changes on their way to the sandbox: seen there, never twice, at the present price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.supply import service as supply
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.supply import SupplyChange

if TYPE_CHECKING:
    from worker_stage import Stage


async def _edit(stage: Stage, product: Product, **edit: Any) -> str:
    """Change the first point that sells the product; return that point."""
    point = next(
        row["storeId"] for row in product.availabilities or [] if row["available"] == "yes"
    )
    actor = Actor(Role.USER, stage.user_id, "seller@example.kz")
    async with stage.db.write() as tx:
        wanted: Any = {point: edit}
        assert await supply.change_supply(
            tx, actor, product.id, wanted, seen={}, now=stage.clock.now()
        )
    return str(point)


async def _change(stage: Stage) -> SupplyChange:
    async with stage.db.read() as tx:
        rows = await tx.scalars(select(SupplyChange).order_by(col(SupplyChange.created_at).desc()))
        return rows.all()[0]


async def _sold_in_both_cities(stage: Stage) -> Product:
    stage.sandbox.market.freeze_rivals()
    for product in await stage.products():
        rows = product.availabilities or []
        if product.is_on_sale and sum(row["available"] == "yes" for row in rows) > 1:
            return product
    raise AssertionError("no product is sold at two points")


def _accepted(stage: Stage) -> list[dict[str, Any]]:
    return [e for e in stage.sandbox.journal.entries if e["kind"] == "accepted"]


async def test_an_edit_reaches_the_cabinet_with_present_prices_and_the_other_points(
    stage: Stage,
) -> None:
    product = await _sold_in_both_cities(stage)
    listing = stage.sandbox.market.listing_of_store(stage.merchant, product.kaspi_sku)
    assert listing is not None
    prices, codes = dict(listing.prices), set(listing.stocks)
    listing.prices = {city: price + 7 for city, price in prices.items()}  # changed by hand since
    point = await _edit(stage, product, stockCount=5, preOrder=3)

    await stage.drain()

    (sent,) = _accepted(stage)
    served = ("710000000", "750000000")
    assert sent["city_prices"] == {city: prices[city] + 7 for city in served}
    assert (await _change(stage)).status == PriceStatus.SENT
    stage.clock.jump(95)
    await stage.drain()
    assert (await _change(stage)).status == PriceStatus.CONFIRMED
    stock = listing.stocks[point.split("_", 1)[1]]
    assert (stock["stockCount"], stock["preOrder"]) == (5, 3)
    assert set(listing.stocks) == codes
    assert len(_accepted(stage)) == 1


async def test_it_is_sent_while_the_bot_is_stopped(stage: Stage) -> None:
    product = await _sold_in_both_cities(stage)
    await stage.set_settings(is_enabled=False)
    await _edit(stage, product, stockCount=5)

    await stage.drain()

    assert (await _change(stage)).status == PriceStatus.SENT
    assert len(_accepted(stage)) == 1


async def test_a_lost_answer_is_proved_in_the_cabinet_and_not_sent_again(stage: Stage) -> None:
    product = await _sold_in_both_cities(stage)
    await _edit(stage, product, stockCount=5)
    stage.sandbox.fault("reset_after", "process", count=1)

    await stage.drain()
    assert (await _change(stage)).status == PriceStatus.UNKNOWN
    await stage.drain()
    stage.clock.jump(125)
    await stage.drain()

    assert (await _change(stage)).status == PriceStatus.CONFIRMED
    assert len(_accepted(stage)) == 1


async def test_a_change_that_kaspi_never_shows_is_tried_twice_then_refused(stage: Stage) -> None:
    product = await _sold_in_both_cities(stage)
    await _edit(stage, product, stockCount=5)
    stage.sandbox.fault("ignored", "process", count=2)
    for _ in range(2):
        await stage.drain()
        for wait in (95, 150, 305):
            stage.clock.jump(wait)
            await stage.drain()

    change = await _change(stage)
    assert (change.status, change.attempt) == (PriceStatus.REFUSED, 2)
    assert "не видно" in (change.note or "")
    assert len(_accepted(stage)) == 2


async def test_a_429_keeps_the_change_for_later(stage: Stage) -> None:
    product = await _sold_in_both_cities(stage)
    await _edit(stage, product, stockCount=5)
    stage.sandbox.fault("status", "process", status=429, count=1)

    await stage.drain()
    await stage.drain()

    change = await _change(stage)
    assert (change.status, change.attempt) == (PriceStatus.QUEUED, 0)
    assert len([e for e in stage.sandbox.journal.entries if e.get("route") == "process"]) == 1


async def test_a_price_on_its_way_is_waited_for_and_both_arrive(stage: Stage) -> None:
    product = await _sold_in_both_cities(stage)
    await stage.switch_on()
    for other in await stage.products():
        if other.id != product.id:
            await stage.set_product(other.id, bot_active=False)
    card = product.external_kaspi_id or ""
    rival = stage.sandbox.market.rivals_on(card)[0]
    stage.sandbox.market.clear_rivals(card)
    stage.sandbox.market.set_rival(card, rival.merchant.uid, (product.price or 0) // 100 * 9 // 10)
    worker = await stage.worker(once=True)
    await worker.checker.claim(await worker._ready(is_forced=True), worker.shard_keys)
    await worker.checker.finish()
    await worker.send()
    await worker.lane.wait()
    (row,) = await stage.history(product.id)
    assert row.status == PriceStatus.SENT

    point = await _edit(stage, product, stockCount=5)
    await stage.drain()
    waiting = await _change(stage)
    assert waiting.status == PriceStatus.QUEUED
    assert "новую цену" in (waiting.note or "")

    for wait in (95, 40, 95):
        stage.clock.jump(wait)
        await worker.confirm()
        await stage.drain()
    assert (await stage.history(product.id))[0].status == PriceStatus.CONFIRMED
    assert (await _change(stage)).status == PriceStatus.CONFIRMED
    listing = stage.sandbox.market.listing_of_store(stage.merchant, product.kaspi_sku)
    assert listing is not None
    assert listing.prices["750000000"] == (row.new_price or 0) // 100
    assert listing.stocks[point.split("_", 1)[1]]["stockCount"] == 5
    assert stage.sandbox.audit().sent_twice == []


async def test_a_price_that_leaves_takes_the_waiting_change_along(stage: Stage) -> None:
    product = await _sold_in_both_cities(stage)
    async with stage.db.read() as tx:
        cities = (
            await tx.scalars(
                select(ProductCityPrice).where(col(ProductCityPrice.product_id) == product.id)
            )
        ).all()
    await stage.switch_on()
    card = product.external_kaspi_id or ""
    rival = stage.sandbox.market.rivals_on(card)[0]
    stage.sandbox.market.clear_rivals(card)
    stage.sandbox.market.set_rival(card, rival.merchant.uid, (product.price or 0) // 100 * 9 // 10)
    worker = await stage.worker(once=True)
    while await worker.checker.claim(await worker._ready(is_forced=True), worker.shard_keys):
        await worker.checker.finish()
    await _edit(stage, product, stockCount=5)
    async with stage.db.write() as tx:
        for change in (await tx.scalars(select(SupplyChange))).all():
            change.try_at = stage.clock.now().replace(year=2030)
    await worker.send()
    await worker.lane.wait()

    (sent,) = [e for e in _accepted(stage) if e["sku"] == product.kaspi_sku]
    assert (await _change(stage)).status == PriceStatus.SENT
    assert 5 in [row.get("stockCount") for row in sent["availabilities"]]
    assert {city.city_id for city in cities} <= set(sent["city_prices"])
